"""Handovers and letters to update are found by index, however many years there have been.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nearly every letter has been sent: its state alone finds them all."""
    op.drop_index(op.f("ix_letter_refresh_at"), "letter")
    op.create_index(
        "ix_letter_state_refresh_at",
        "letter",
        ["state", "refresh_at"],
        unique=False,
        sqlite_where=sa.text("refresh_at IS NOT NULL"),
        postgresql_where=sa.text("refresh_at IS NOT NULL"),
    )
    for column in ("valid_from", "valid_to"):
        op.create_index(op.f(f"ix_ownership_{column}"), "ownership", [column], unique=False)


def downgrade() -> None:
    """Undo the above."""
    for column in ("valid_to", "valid_from"):
        op.drop_index(op.f(f"ix_ownership_{column}"), "ownership")
    op.drop_index("ix_letter_state_refresh_at", "letter")
    op.create_index(op.f("ix_letter_refresh_at"), "letter", ["refresh_at"], unique=False)

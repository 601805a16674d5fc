"""A conversation takes a letter or an update a second; what a sweep looks for is found by index.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No letter has been updated in the last second."""
    op.add_column("letter", sa.Column("updated_at", sqltypes.UTCDateTime(), nullable=True))
    op.create_index(op.f("ix_review_round_publishes"), "review_round", ["publishes"], unique=False)


def downgrade() -> None:
    """Undo the above."""
    op.drop_index(op.f("ix_review_round_publishes"), "review_round")
    op.drop_column("letter", "updated_at")

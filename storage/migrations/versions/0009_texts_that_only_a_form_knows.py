"""Texts that only a form knows, of a plan and of an initiative.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TABLES = ("plan", "initiative")


def upgrade() -> None:
    """Give both a column of JSON, by the keys of the form."""
    for table in _TABLES:
        op.add_column(table, sa.Column("details", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    """Undo the above."""
    for table in _TABLES:
        op.drop_column(table, "details")

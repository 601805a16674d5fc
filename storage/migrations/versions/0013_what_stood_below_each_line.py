"""Which items stood below which line of a letter that has several lines of one round.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of letters sent before, nothing is known but what they named as a whole."""
    op.add_column("letter_line", sa.Column("item_ids", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Undo the above."""
    op.drop_column("letter_line", "item_ids")

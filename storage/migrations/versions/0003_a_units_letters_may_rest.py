"""A unit's letters may rest until a day.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No unit rests to begin with."""
    op.add_column("unit", sa.Column("paused_until", sa.Date(), nullable=True))


def downgrade() -> None:
    """Undo the above."""
    op.drop_column("unit", "paused_until")

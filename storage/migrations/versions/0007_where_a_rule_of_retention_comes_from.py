"""A rule of retention says where the office takes it from.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No unit has set a rule yet."""
    op.add_column("retention", sa.Column("basis", sa.Text(), nullable=True))


def downgrade() -> None:
    """Undo the above."""
    op.drop_column("retention", "basis")

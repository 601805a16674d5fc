"""A note that somebody sends by hand to who is late.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Who sent it, about which round, and the sentence of their own."""
    op.create_table(
        "nudge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_nudge_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["review_round.id"], name=op.f("fk_nudge_round_id_review_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudge")),
    )
    op.create_index(op.f("ix_nudge_round_id"), "nudge", ["round_id"])
    op.create_index(op.f("ix_nudge_person_id"), "nudge", ["person_id"])


def downgrade() -> None:
    """Undo the above."""
    op.drop_index(op.f("ix_nudge_person_id"), table_name="nudge")
    op.drop_index(op.f("ix_nudge_round_id"), table_name="nudge")
    op.drop_table("nudge")

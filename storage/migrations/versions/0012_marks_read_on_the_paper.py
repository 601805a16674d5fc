"""What coordinators read on the paper, where a published file lost a mark.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row a mark."""
    op.create_table(
        "paper_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check_in_id", sa.Integer(), nullable=False),
        sa.Column("question", sqltypes.AutoString(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_in_id"], ["check_in.id"], name=op.f("fk_paper_mark_check_in_id_check_in")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_paper_mark_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_mark")),
        sa.UniqueConstraint(
            "check_in_id", "question", name=op.f("uq_paper_mark_check_in_id_question")
        ),
    )


def downgrade() -> None:
    """Undo the above."""
    op.drop_table("paper_mark")

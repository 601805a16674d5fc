"""Tables for a year's work in Slack.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is confirmed, sent back, planned or switched on to begin with."""
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("deputy_id", sa.Integer(), nullable=True),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("cancelled_at", sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["deputy_id"], ["person.id"], name=op.f("fk_absence_deputy_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["person.id"], name=op.f("fk_absence_entered_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_absence_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index(op.f("ix_absence_deputy_id"), "absence", ["deputy_id"], unique=False)
    op.create_index(op.f("ix_absence_person_id"), "absence", ["person_id"], unique=False)
    op.create_table(
        "digest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sqltypes.AutoString(), nullable=False),
        sa.Column("channel", sqltypes.AutoString(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("by_section", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_digest_set_by_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_digest_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
        sa.UniqueConstraint("unit_id", name=op.f("uq_digest_unit_id")),
    )
    op.create_table(
        "disposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("form", sqltypes.AutoString(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_disposal_person_id_person")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_disposal_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposal")),
    )
    op.create_index(op.f("ix_disposal_unit_id"), "disposal", ["unit_id"], unique=False)
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sqltypes.AutoString(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sqltypes.AutoString(), nullable=False),
        sa.Column("digest", sqltypes.AutoString(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("undo", sa.JSON(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("applied_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("undone_at", sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["person.id"], name=op.f("fk_import_batch_entered_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_import_batch_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_index(op.f("ix_import_batch_unit_id"), "import_batch", ["unit_id"], unique=False)
    op.create_table(
        "retention",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_retention_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention")),
        sa.UniqueConstraint("unit_id", name=op.f("uq_retention_unit_id")),
    )
    op.create_table(
        "consultation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sqltypes.AutoString(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["person.id"], name=op.f("fk_consultation_answered_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_consultation_initiative_id_initiative"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_consultation_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["review_round.id"], name=op.f("fk_consultation_round_id_review_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
    )
    op.create_index(op.f("ix_consultation_person_id"), "consultation", ["person_id"], unique=False)
    op.create_index(op.f("ix_consultation_round_id"), "consultation", ["round_id"], unique=False)
    op.create_index(
        "uq_consultation_open",
        "consultation",
        ["round_id", "initiative_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.create_table(
        "initiative_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("follows_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["follows_id"], ["initiative.id"], name=op.f("fk_initiative_link_follows_id_initiative")
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_initiative_link_initiative_id_initiative"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_initiative_link")),
        sa.UniqueConstraint("initiative_id", name=op.f("uq_initiative_link_initiative_id")),
    )
    op.create_index(
        op.f("ix_initiative_link_follows_id"), "initiative_link", ["follows_id"], unique=False
    )
    op.create_table(
        "planned_date",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_planned_date_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["review_round.id"], name=op.f("fk_planned_date_round_id_review_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_date")),
        sa.UniqueConstraint(
            "round_id", "person_id", name=op.f("uq_planned_date_round_id_person_id")
        ),
    )
    op.create_index(op.f("ix_planned_date_person_id"), "planned_date", ["person_id"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check_in_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sqltypes.AutoString(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_in_id"], ["check_in.id"], name=op.f("fk_decision_check_in_id_check_in")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_decision_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("check_in_id", "number", name=op.f("uq_decision_check_in_id_number")),
    )
    op.add_column(
        "check_in", sa.Column("confirmed_level", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column("check_in", sa.Column("sent_back_due", sa.Date(), nullable=True))
    op.add_column("initiative", sa.Column("added_on", sa.Date(), nullable=True))
    op.add_column(
        "review_round", sa.Column("levels", sa.Integer(), server_default="0", nullable=False)
    )


def downgrade() -> None:
    """Undo the above."""
    op.drop_column("review_round", "levels")
    op.drop_column("initiative", "added_on")
    op.drop_column("check_in", "sent_back_due")
    op.drop_column("check_in", "confirmed_level")
    op.drop_table("decision")
    op.drop_index(op.f("ix_planned_date_person_id"), "planned_date")
    op.drop_table("planned_date")
    op.drop_index(op.f("ix_initiative_link_follows_id"), "initiative_link")
    op.drop_table("initiative_link")
    op.drop_index(
        "uq_consultation_open",
        "consultation",
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.drop_index(op.f("ix_consultation_round_id"), "consultation")
    op.drop_index(op.f("ix_consultation_person_id"), "consultation")
    op.drop_table("consultation")
    op.drop_table("retention")
    op.drop_index(op.f("ix_import_batch_unit_id"), "import_batch")
    op.drop_table("import_batch")
    op.drop_index(op.f("ix_disposal_unit_id"), "disposal")
    op.drop_table("disposal")
    op.drop_table("digest")
    op.drop_index(op.f("ix_absence_person_id"), "absence")
    op.drop_index(op.f("ix_absence_deputy_id"), "absence")
    op.drop_table("absence")

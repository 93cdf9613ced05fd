"""Messages and clocks: deliveries, contacts, notices, when a case's clocks are looked at next, automatic dispatch.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0004_messages.sql"
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("notify_at IS NOT NULL AND status NOT IN ('archived', 'rejected', 'merged')")


def upgrade() -> None:
    op.add_column("outbox", sa.Column("dedupe", sa.Text()))
    op.create_index("uq_outbox_dedupe", "outbox", ["prefecture", "dedupe"], unique=True)
    op.add_column("cases", sa.Column("notify_at", MOMENT, server_default=sa.text("'-infinity'")))
    op.create_index("ix_cases_notify", "cases", ["notify_at"], postgresql_where=OPEN)
    op.create_table(
        "delivery",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("prefecture", sa.Text(), nullable=False),
        sa.Column("outbox_id", sa.BigInteger(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("case_no", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer()),
        sa.Column("payload", postgresql.JSON(astext_type=sa.Text()), nullable=False),
        sa.Column("path", sa.Text(collation="C"), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("next_try_at", MOMENT, nullable=False),
        sa.Column("leased_until", MOMENT),
        sa.Column("sent_at", MOMENT),
        sa.Column("last_error", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    op.create_index(
        "ix_delivery_due", "delivery", ["route", "next_try_at"], postgresql_where=sa.text("state = 'waiting'")
    )
    op.create_index("ix_delivery_state", "delivery", ["state", "id"])
    op.create_table(
        "contact",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_contact_organisation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organisation_id", "channel", "address", name=op.f("pk_contact")),
    )
    op.create_table(
        "case_notice",
        sa.Column("prefecture", sa.Text(), nullable=False),
        sa.Column("case_no", sa.Text(collation="C"), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("prefecture", "case_no", "step", "began_at", "level", name=op.f("pk_case_notice")),
    )
    op.create_table(
        "auto_dispatch",
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["category"], ["category.code"], name=op.f("fk_auto_dispatch_category"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_auto_dispatch_user_id")),
        sa.PrimaryKeyConstraint("category", name=op.f("pk_auto_dispatch")),
    )
    # The driver's own cursor: SQLAlchemy would read ':' and '%' in the functions' bodies as parameters.
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(SQL.read_text("utf-8"))

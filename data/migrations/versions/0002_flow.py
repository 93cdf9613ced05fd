"""The full flow: where a case was queued, when it has to be settled, who gave it up, pauses, extensions, merges.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0002_flow.sql"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for column in (
        sa.Column("queued_at", MOMENT),
        sa.Column("settle_from", MOMENT),
        sa.Column("settle_due_at", MOMENT),
        sa.Column("sender_path", sa.Text(collation="C")),
        sa.Column("left_by", sa.ARRAY(sa.Integer()), server_default="{}", nullable=False),
        sa.Column("co_handlers", sa.ARRAY(sa.Integer()), server_default="{}", nullable=False),
        sa.Column("binding", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("paused_until", MOMENT),
        sa.Column("extension_until", MOMENT),
        sa.Column("mediations", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("first_mediation", sa.Text()),
        sa.Column("satisfaction", sa.SmallInteger()),
        sa.Column("merged_into", sa.Text(collation="C")),
        sa.Column("needs", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
    ):
        op.add_column("cases", column)
    op.add_column("organisation", sa.Column("skills", sa.ARRAY(sa.Text()), server_default="{}", nullable=False))
    # The driver's own cursor: SQLAlchemy would read ':' and '%' in the functions' bodies as parameters.
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(SQL.read_text("utf-8"))
    for name in ("queued_at", "settle_from"):
        op.alter_column("cases", name, nullable=False)
    op.create_index(
        "ix_cases_co_handlers",
        "cases",
        ["co_handlers"],
        postgresql_using="gin",
        postgresql_where=sa.text("co_handlers <> '{}'"),
    )
    op.create_index(
        "ix_cases_paused", "cases", ["prefecture", "paused_until"], postgresql_where=sa.text("status = 'paused'")
    )

"""The dispatch desk: claims, presence, possible duplicates.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0003_desk.sql"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "case_claim",
        sa.Column("prefecture", sa.Text(), nullable=False),
        sa.Column("case_no", sa.Text(collation="C"), nullable=False),
        sa.Column("path", sa.Text(collation="C"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("tab", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("prefecture", "case_no", name=op.f("pk_case_claim")),
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "case_presence",
        sa.Column("prefecture", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("tab", sa.Text(), nullable=False),
        sa.Column("case_no", sa.Text(collation="C"), nullable=False),
        sa.Column("path", sa.Text(collation="C"), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("prefecture", "user_id", "tab", name=op.f("pk_case_presence")),
        prefixes=["UNLOGGED"],
    )
    op.create_index("ix_case_presence_case", "case_presence", ["prefecture", "case_no"])
    # The driver's own cursor: SQLAlchemy would read ':' and '%' in the functions' bodies as parameters.
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(SQL.read_text("utf-8"))

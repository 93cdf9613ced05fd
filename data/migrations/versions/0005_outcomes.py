"""What bodies have done with each category, day by day; the reasons for choosing another body than the first.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0005_outcomes.sql"
COUNTS = ("mediated", "at_first", "settled", "reopened", "judged", "on_time")


def upgrade() -> None:
    op.create_table(
        "body_day",
        sa.Column("prefecture", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.PrimaryKeyConstraint("prefecture", "category", "day", "organisation_id", name=op.f("pk_body_day")),
    )
    op.create_index(
        "ix_case_event_choice",
        "case_event",
        ["prefecture", "at"],
        postgresql_where=sa.text("(details ->> 'choice') IS NOT NULL"),
    )
    # The driver's own cursor: SQLAlchemy would read ':' and '%' in the functions' bodies as parameters.
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(SQL.read_text("utf-8"))

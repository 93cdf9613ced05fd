"""The spans of a moment are found by the moment.

Revision ID: 0036
Revises: 0035
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0036_past_span.sql"


def upgrade() -> None:
    # The driver's own cursor: SQLAlchemy would read ':' and '%' in the functions' bodies as parameters.
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(SQL.read_text("utf-8"))

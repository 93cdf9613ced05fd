"""What processes remember is forgotten when it changes; the first page of open cases is read off an index.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0016_reads.sql"


def upgrade() -> None:
    # The driver's own cursor: SQLAlchemy would read ':' and '%' in the functions' bodies as parameters.
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(SQL.read_text("utf-8"))

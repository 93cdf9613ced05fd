"""The access log: who came and who read, append-only and chained.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0009_access_log.sql"


def upgrade() -> None:
    # the driver's own cursor: SQLAlchemy would read ':' and '%' in the functions' bodies as parameters
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(SQL.read_text("utf-8"))

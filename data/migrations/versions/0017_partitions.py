"""Statements about one prefecture are planned for one partition.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0017_partitions.sql"


def upgrade() -> None:
    # The driver's own cursor: SQLAlchemy would read ':' and '%' in the functions' bodies as parameters.
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(SQL.read_text("utf-8"))

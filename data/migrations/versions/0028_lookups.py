"""Search by a body and the cases that may be the same matter, in less time.

Revision ID: 0028
Revises: 0027
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0028_lookups.sql"


def upgrade() -> None:
    # The driver's own cursor: SQLAlchemy would read ':' and '%' in the functions' bodies as parameters.
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(SQL.read_text("utf-8"))

"""One search: words of names and cases in indexes, pinyin of all names.

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from data.pinyin import spell_names

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0022_search.sql"


def upgrade() -> None:
    # The driver's own cursor: SQLAlchemy would read ':' and '%' in the functions' bodies as parameters.
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(SQL.read_text("utf-8"))
    # what is spelt is called as before: nothing that is remembered of names is another
    op.execute("ALTER TABLE organisation DISABLE TRIGGER raise_figures")
    spell_names(op.get_bind())
    op.execute("ALTER TABLE organisation ENABLE TRIGGER raise_figures")

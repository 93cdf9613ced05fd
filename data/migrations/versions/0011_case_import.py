"""Imported cases know their row: updates of nightly exports.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0011_known_times.sql"

# Cases that came before: known by their number, their feed not known. What was not made by the import, nor by the
# software at the import, is what somebody here did.
FILL = """
INSERT INTO case_import (prefecture, case_no, version)
SELECT e.prefecture, e.case_no,
       coalesce((SELECT min(t.version) - 1 FROM case_event t
                  WHERE t.prefecture = e.prefecture AND t.case_no = e.case_no AND t.version > 1
                    AND (t.role <> 'system' OR (t.details ->> 'rule') IS NOT NULL)),
                (SELECT c.version FROM cases c WHERE c.prefecture = e.prefecture AND c.case_no = e.case_no))
  FROM case_event e
 WHERE e.version = 1 AND (e.details ->> 'imported') = 'true'
"""


def upgrade() -> None:
    op.create_table(
        "case_import",
        sa.Column("prefecture", sa.Text(), nullable=False),
        sa.Column("case_no", sa.Text(collation="C"), nullable=False),
        sa.Column("feed", sa.Text(), server_default="", nullable=False),
        sa.Column("row_key", sa.Text(collation="C"), nullable=True),
        sa.Column("row_digest", sa.Text(collation="C"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("prefecture", "case_no", name="pk_case_import"),
        sa.ForeignKeyConstraint(
            ["prefecture", "case_no"],
            ["cases.prefecture", "cases.case_no"],
            name="fk_case_import_prefecture",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "ix_case_import_row_key",
        "case_import",
        ["prefecture", "row_key"],
        postgresql_where=sa.text("row_key IS NOT NULL"),
    )
    op.create_index("ix_case_import_feed", "case_import", ["prefecture", "feed"])
    # the owner's alone: nobody of the application reads or writes it
    op.execute("ALTER TABLE case_import ENABLE ROW LEVEL SECURITY")
    op.execute(FILL)
    # the driver's own cursor: SQLAlchemy would read ':' and '%' in the function's body as parameters
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(SQL.read_text("utf-8"))

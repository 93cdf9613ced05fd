"""Routes of messages pause with a reason; deliveries know since when they wait and how often they were not understood;
an imported case knows since when our clocks run for it.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0012_clocks_since.sql"
MOMENT = sa.DateTime(timezone=True)
SEEN = "(SELECT scope_messages())"
#: The whole deployment's: the system, and an admin whose area is a root (one code in its path).
WHOLE = "(SELECT scope_messages()) AND (SELECT scope('hi')) <> '' AND (SELECT scope('lo')) !~ '/.'"


def upgrade() -> None:
    op.create_table(
        "message_route",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("adapter", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="working", nullable=False),
        sa.Column("refusal", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("by_user", sa.Text(), server_default="", nullable=False),
        sa.Column("streak", sa.Text(), server_default="", nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("probes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("probe_at", MOMENT),
        sa.Column("told_at", MOMENT),
        sa.Column("last_success_at", MOMENT),
        sa.Column("last_try_at", MOMENT),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_message_route")),
    )
    op.add_column("delivery", sa.Column("queued_at", MOMENT, server_default=sa.text("now()"), nullable=False))
    op.add_column("delivery", sa.Column("unclear", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("delivery", sa.Column("pauses", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("cases", sa.Column("clocks_since", MOMENT))
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(SQL.read_text("utf-8"))
    op.execute("ALTER TABLE message_route ENABLE ROW LEVEL SECURITY")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON message_route TO gridboard_app")
    op.execute(f"CREATE POLICY seen ON message_route FOR SELECT TO gridboard_app USING ({SEEN})")
    op.execute(f"CREATE POLICY changed ON message_route FOR UPDATE TO gridboard_app USING ({WHOLE}) WITH CHECK ({WHOLE})")
    op.execute(f"CREATE POLICY announced ON message_route FOR INSERT TO gridboard_app WITH CHECK ({WHOLE})")
    op.execute(f"CREATE POLICY forgotten ON message_route FOR DELETE TO gridboard_app USING ({WHOLE})")

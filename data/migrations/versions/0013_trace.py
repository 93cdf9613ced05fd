"""What was reported stands in the chain; the application changes only the columns that commands change.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
MOMENT = sa.DateTime(timezone=True)
CODE = sa.Text(collation="C")


def upgrade() -> None:
    # one value a row: the whole table is written anew, once
    op.add_column(
        "cases",
        sa.Column(
            "salt",
            sa.LargeBinary(),
            server_default=sa.text("decode(replace(gen_random_uuid()::text, '-', ''), 'hex')"),
            nullable=False,
        ),
    )
    op.add_column("chain_head", sa.Column("seal_n", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("chain_head", sa.Column("seal_hash", sa.LargeBinary(), server_default="", nullable=False))
    op.create_table(
        "case_seal",
        sa.Column("prefecture", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("case_no", CODE, nullable=False),
        sa.Column("event_seq", sa.BigInteger()),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("details", postgresql.JSON(astext_type=sa.Text()), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("prefecture", "n", name=op.f("pk_case_seal")),
    )
    op.create_index("ix_case_seal_case", "case_seal", ["prefecture", "case_no", "n"])
    op.create_table(
        "case_mark",
        sa.Column("prefecture", sa.Text(), nullable=False),
        sa.Column("case_no", CODE, nullable=False),
        sa.Column("marks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("changing", sa.Text()),
        sa.Column("broken", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("prefecture", "case_no", name=op.f("pk_case_mark")),
    )
    op.create_table(
        "anchor_head",
        sa.Column("prefecture", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("prefecture", name=op.f("pk_anchor_head")),
    )
    # The driver's own cursor: SQLAlchemy would read ':' and '%' in the functions' bodies as parameters.
    for name in ("0013_seals.sql",):
        with op.get_bind().connection.cursor() as cursor:
            cursor.execute((SQL / name).read_text("utf-8"))

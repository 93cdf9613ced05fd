"""Guesses at passwords are counted right across processes, under keyed hashes of account and address.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "login_guess",
        sa.Column("account", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("open_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("account", "source", name=op.f("pk_login_guess")),
        prefixes=["UNLOGGED"],
    )
    op.create_index("ix_login_guess_source", "login_guess", ["source", "last_at"])
    op.create_index("ix_login_guess_last_at", "login_guess", ["last_at"])
    op.create_table(
        "login_secret",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_secret")),
    )
    op.execute(
        "INSERT INTO login_secret (id, secret) VALUES"
        " (1, decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'))"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON login_guess TO gridboard_app")
    op.execute("GRANT SELECT ON login_secret TO gridboard_app")

"""A deployment has an identity: its anchors are told from those of another one in the same folder.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "INSERT INTO deployment (key, value) VALUES ('identity', to_json(replace(gen_random_uuid()::text, '-', '')))"
        " ON CONFLICT (key) DO NOTHING"
    )

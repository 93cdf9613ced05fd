"""Categories also have the name that residents call them by.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("category", sa.Column("plain_names", postgresql.JSON(astext_type=sa.Text()), server_default="{}", nullable=False))

"""What a day brought is read off the acts of that day.

Revision ID: 0026
Revises: 0025
"""

from __future__ import annotations

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_case_event_at", "case_event", ["prefecture", "at"])
    op.create_index("ix_tier_change_at", "tier_change", ["at"])

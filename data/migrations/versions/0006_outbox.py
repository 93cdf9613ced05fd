"""Messages: whom a delivery has reached already; an admin sees those of its own area, addresses are the system's.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WITHIN = (
    "(SELECT scope_messages()) AND path >= (SELECT scope('lo')) AND path < (SELECT scope('hi'))"
)  # fmt: skip
#: Nobody but the system has the whole range (rules/access.py).
SYSTEM = "(SELECT scope_messages()) AND (SELECT scope('hi')) = '~'"


def upgrade() -> None:
    op.add_column("delivery", sa.Column("reached", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False))
    op.execute("DROP POLICY messages ON delivery")
    op.execute(f"CREATE POLICY messages ON delivery TO gridboard_app USING ({WITHIN}) WITH CHECK ({WITHIN})")
    op.execute("DROP POLICY messages ON contact")
    op.execute(f"CREATE POLICY messages ON contact TO gridboard_app USING ({SYSTEM})")
    op.execute("DROP POLICY messages ON outbox")
    op.execute(f"CREATE POLICY messages ON outbox FOR UPDATE TO gridboard_app USING ({SYSTEM}) WITH CHECK (true)")
    op.execute("REVOKE DELETE ON delivery FROM gridboard_app")

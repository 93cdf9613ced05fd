"""Boundary versions by outline: unchanged ones raise nothing; a trace that is whole in a case's new area.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Empty for what stands there: the next import of areas draws every level once more, and fills it in.
    op.add_column("area_level", sa.Column("outline_digest", sa.Text()))
    # An event keeps the path that its case had: whoever sees a case that new boundaries gave another area sees all of its
    # trace, and not the part since then alone. Roles that see no trace at all have no end of their range.
    op.execute("DROP POLICY within_scope ON case_event")
    op.execute(
        """
        CREATE POLICY within_scope ON case_event FOR SELECT TO gridboard_app USING (
            (path >= (SELECT scope('event_lo')) AND path < (SELECT scope('event_hi')))
            OR (((SELECT scope_organisation()) IS NOT NULL OR (SELECT scope('event_hi')) <> '') AND EXISTS (
                SELECT 1 FROM cases c WHERE c.prefecture = case_event.prefecture AND c.case_no = case_event.case_no)))
        """
    )

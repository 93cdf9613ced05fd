"""Alembic's environment: runs on the connection that `data.schema` hands in; leaves partitions alone."""

from __future__ import annotations

from alembic import context
from geoalchemy2 import alembic_helpers

from data.migrations.filter import include_object
from data.models import Base


def run() -> None:
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Base.metadata,
        include_object=include_object,
        process_revision_directives=alembic_helpers.writer,
        render_item=alembic_helpers.render_item,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()

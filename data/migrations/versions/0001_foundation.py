"""The foundation: areas, organisations, cases with their trace, tiers, accounts, roll-ups, row level security.

Revision ID: 0001
Revises: 
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    bind = op.get_bind()
    for extension in ("postgis", "btree_gist", "pg_trgm"):
        bind.exec_driver_sql(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    create_tables()
    for name in ("0001_functions.sql", "0001_security.sql"):
        run_script(SQL / name)


def run_script(path: Path) -> None:
    """The driver's own cursor: SQLAlchemy would read ':' and '%' in the functions' bodies as parameters."""
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(path.read_text("utf-8"))


def create_tables() -> None:
    op.create_table('area_count',
    sa.Column('prefecture', sa.Text(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('path', sa.Text(collation='C'), nullable=False),
    sa.Column('open_n', sa.Integer(), nullable=False),
    sa.Column('waiting_n', sa.Integer(), nullable=False),
    sa.Column('unlocated_n', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('prefecture', 'area_id', name=op.f('pk_area_count'))
    )
    op.create_table('area_day',
    sa.Column('prefecture', sa.Text(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('path', sa.Text(collation='C'), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('reported', sa.Integer(), nullable=False),
    sa.Column('settled', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('prefecture', 'area_id', 'day', name=op.f('pk_area_day'))
    )
    op.create_table('area_level',
    sa.Column('depth', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('names', postgresql.JSON(astext_type=sa.Text()), nullable=False),
    sa.Column('has_centre', sa.Boolean(), nullable=False),
    sa.Column('boundary_version', sa.Integer(), server_default='1', nullable=False),
    sa.PrimaryKeyConstraint('depth', name=op.f('pk_area_level')),
    sa.UniqueConstraint('code', name=op.f('uq_area_level_code'))
    )
    op.create_table('area_month',
    sa.Column('prefecture', sa.Text(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('path', sa.Text(collation='C'), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('category', sa.Text(), nullable=False),
    sa.Column('reported', sa.Integer(), nullable=False),
    sa.Column('settled', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('prefecture', 'area_id', 'month', 'category', name=op.f('pk_area_month'))
    )
    op.create_geospatial_table('base_feature',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('names', postgresql.JSON(astext_type=sa.Text()), nullable=False),
    sa.Column('rank', sa.SmallInteger(), nullable=False),
    sa.Column('geom', Geometry(srid=4326, dimension=2, spatial_index=False, from_text='ST_GeomFromEWKT', name='geometry', nullable=False), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_base_feature'))
    )
    op.create_index(op.f('ix_base_feature_kind'), 'base_feature', ['kind'], unique=False)
    op.create_table('case_serial',
    sa.Column('prefecture', sa.Text(), nullable=False),
    sa.Column('prefix', sa.Text(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('prefecture', 'prefix', name=op.f('pk_case_serial'))
    )
    op.create_table('category',
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('names', postgresql.JSON(astext_type=sa.Text()), nullable=False),
    sa.Column('three_class', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('ord', sa.SmallInteger(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_category'))
    )
    op.create_table('chain_head',
    sa.Column('prefecture', sa.Text(), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('prefecture', name=op.f('pk_chain_head'))
    )
    op.create_table('deployment',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('value', postgresql.JSON(astext_type=sa.Text()), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_deployment'))
    )
    op.create_table('idempotency',
    sa.Column('prefecture', sa.Text(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('request_hash', sa.Text(), nullable=False),
    sa.Column('response', postgresql.JSON(astext_type=sa.Text()), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('prefecture', 'user_id', 'key', name=op.f('pk_idempotency'))
    )
    op.create_table('outbox',
    sa.Column('prefecture', sa.Text(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('case_no', sa.Text(), nullable=False),
    sa.Column('topic', sa.Text(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('payload', postgresql.JSON(astext_type=sa.Text()), nullable=False),
    sa.Column('path', sa.Text(collation='C'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.SmallInteger(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('prefecture', 'id', name=op.f('pk_outbox')),
    postgresql_partition_by='LIST (prefecture)'
    )
    op.create_index('ix_outbox_unsent', 'outbox', ['prefecture', 'id'], unique=False, postgresql_where=sa.text('sent_at IS NULL'))
    op.create_table('place_category',
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('names', postgresql.JSON(astext_type=sa.Text()), nullable=False),
    sa.Column('icon', sa.Text(), server_default='map-pin', nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_place_category'))
    )
    op.create_geospatial_table('area',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('short_name', sa.Text(), nullable=False),
    sa.Column('names', postgresql.JSON(astext_type=sa.Text()), nullable=False),
    sa.Column('pinyin', sa.Text(), server_default='', nullable=False),
    sa.Column('level', sa.Text(), nullable=False),
    sa.Column('depth', sa.SmallInteger(), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('path', sa.Text(collation='C'), nullable=False),
    sa.Column('ancestor_ids', sa.ARRAY(sa.Integer()), nullable=False),
    sa.Column('leaf', sa.Boolean(), nullable=False),
    sa.Column('prefecture', sa.Text(), nullable=False),
    sa.Column('geom', Geometry(geometry_type='MULTIPOLYGON', srid=4326, dimension=2, spatial_index=False, from_text='ST_GeomFromEWKT', name='geometry', nullable=False), nullable=False),
    sa.Column('lon', sa.Double(), nullable=False),
    sa.Column('lat', sa.Double(), nullable=False),
    sa.Column('bbox', sa.ARRAY(sa.Float()), nullable=False),
    sa.Column('area_km2', sa.Double(), nullable=False),
    sa.Column('households', sa.Integer(), server_default='0', nullable=False),
    sa.Column('synthetic', sa.Boolean(), server_default='false', nullable=False),
    sa.ForeignKeyConstraint(['level'], ['area_level.code'], name=op.f('fk_area_level')),
    sa.ForeignKeyConstraint(['parent_id'], ['area.id'], name=op.f('fk_area_parent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_area')),
    sa.UniqueConstraint('code', name=op.f('uq_area_code'))
    )
    op.create_geospatial_index('ix_area_geom', 'area', ['geom'], unique=False, postgresql_using='gist', postgresql_ops={})
    op.create_index(op.f('ix_area_level'), 'area', ['level'], unique=False)
    op.create_index(op.f('ix_area_parent_id'), 'area', ['parent_id'], unique=False)
    op.create_index('ix_area_path', 'area', ['path'], unique=True)
    op.create_index('ix_area_pinyin', 'area', ['pinyin'], unique=False, postgresql_using='gin', postgresql_ops={'pinyin': 'gin_trgm_ops'})
    op.create_geospatial_table('area_shape',
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('band', sa.SmallInteger(), nullable=False),
    sa.Column('level', sa.Text(), nullable=False),
    sa.Column('path', sa.Text(collation='C'), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('geom', Geometry(srid=3857, dimension=2, spatial_index=False, from_text='ST_GeomFromEWKT', name='geometry', nullable=False), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_area_shape_area_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('area_id', 'band', name=op.f('pk_area_shape'))
    )
    op.create_index('ix_area_shape_tile', 'area_shape', ['level', 'band', 'geom'], unique=False, postgresql_using='gist')
    op.create_table('display',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_display_area_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_display')),
    sa.UniqueConstraint('name', name=op.f('uq_display_name')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_display_token_hash'))
    )
    op.create_geospatial_table('key_place',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('prefecture', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('names', postgresql.JSON(astext_type=sa.Text()), nullable=False),
    sa.Column('category', sa.Text(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('path', sa.Text(collation='C'), nullable=False),
    sa.Column('lon', sa.Double(), nullable=False),
    sa.Column('lat', sa.Double(), nullable=False),
    sa.Column('geom', Geometry(geometry_type='POINT', srid=4326, dimension=2, spatial_index=False, from_text='ST_GeomFromEWKT', name='geometry', nullable=False), nullable=False),
    sa.Column('synthetic', sa.Boolean(), server_default='false', nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_key_place_area_id')),
    sa.ForeignKeyConstraint(['category'], ['place_category.code'], name=op.f('fk_key_place_category')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_key_place')),
    sa.UniqueConstraint('code', name=op.f('uq_key_place_code'))
    )
    op.create_geospatial_index('ix_key_place_geom', 'key_place', ['geom'], unique=False, postgresql_using='gist', postgresql_ops={})
    op.create_index('ix_key_place_path', 'key_place', ['path'], unique=False)
    op.create_table('organisation',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('prefecture', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('names', postgresql.JSON(astext_type=sa.Text()), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('path', sa.Text(collation='C'), nullable=False),
    sa.Column('lon', sa.Double(), nullable=True),
    sa.Column('lat', sa.Double(), nullable=True),
    sa.Column('capacity', sa.Integer(), server_default='20', nullable=False),
    sa.Column('active', sa.Boolean(), server_default='true', nullable=False),
    sa.Column('post', sa.Text(), server_default='', nullable=False),
    sa.Column('posts', postgresql.JSON(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_organisation_area_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation')),
    sa.UniqueConstraint('code', name=op.f('uq_organisation_code'))
    )
    op.create_index('ix_organisation_path', 'organisation', ['path'], unique=False)
    op.create_index('uq_organisation_centre', 'organisation', ['area_id'], unique=True, postgresql_where=sa.text("kind = 'centre'"))
    op.create_table('tier',
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('path', sa.Text(collation='C'), nullable=False),
    sa.Column('tier', sa.Text(), nullable=False),
    sa.Column('score', sa.Double(), nullable=False),
    sa.Column('rule_version', sa.Text(), nullable=False),
    sa.Column('inputs', postgresql.JSON(astext_type=sa.Text()), nullable=False),
    sa.Column('contributions', postgresql.JSON(astext_type=sa.Text()), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('evaluated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('override_tier', sa.Text(), nullable=True),
    sa.Column('override_reason', sa.Text(), nullable=True),
    sa.Column('override_until', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_tier_area_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('area_id', name=op.f('pk_tier'))
    )
    op.create_index('ix_tier_path', 'tier', ['path'], unique=False)
    op.create_table('tier_change',
    sa.Column('seq', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('path', sa.Text(collation='C'), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('tier', sa.Text(), nullable=False),
    sa.Column('score', sa.Double(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_tier_change_area_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_tier_change'))
    )
    op.create_table('tier_history',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('path', sa.Text(collation='C'), nullable=False),
    sa.Column('tier', sa.Text(), nullable=False),
    sa.Column('score', sa.Double(), nullable=False),
    sa.Column('rule_version', sa.Text(), nullable=False),
    sa.Column('inputs', postgresql.JSON(astext_type=sa.Text()), nullable=False),
    sa.Column('contributions', postgresql.JSON(astext_type=sa.Text()), nullable=False),
    sa.Column('evaluated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_tier_history_area_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tier_history'))
    )
    op.create_index('ix_tier_history_area', 'tier_history', ['area_id', 'evaluated_at'], unique=False)
    op.create_table('app_user',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('username', sa.Text(), nullable=False),
    sa.Column('password_hash', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('locale', sa.Text(), nullable=True),
    sa.Column('active', sa.Boolean(), server_default='true', nullable=False),
    sa.Column('demo', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_app_user_area_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_app_user_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_app_user')),
    sa.UniqueConstraint('username', name=op.f('uq_app_user_username'))
    )
    op.create_geospatial_table('cases',
    sa.Column('prefecture', sa.Text(), nullable=False),
    sa.Column('case_no', sa.Text(collation='C'), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('category', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), server_default='', nullable=False),
    sa.Column('severity', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('path', sa.Text(collation='C'), nullable=False),
    sa.Column('lon', sa.Double(), nullable=True),
    sa.Column('lat', sa.Double(), nullable=True),
    sa.Column('geom', Geometry(geometry_type='POINT', srid=4326, dimension=2, spatial_index=False, from_text='ST_GeomFromEWKT', name='geometry'), nullable=True),
    sa.Column('centre_id', sa.Integer(), nullable=False),
    sa.Column('centre_path', sa.Text(collation='C'), nullable=False),
    sa.Column('holder_id', sa.Integer(), nullable=False),
    sa.Column('holder_path', sa.Text(collation='C'), nullable=False),
    sa.Column('sender_id', sa.Integer(), nullable=True),
    sa.Column('responsible_id', sa.Integer(), nullable=True),
    sa.Column('reporter_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('status_since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('returned_n', sa.SmallInteger(), server_default='0', nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_cases_area_id')),
    sa.ForeignKeyConstraint(['category'], ['category.code'], name=op.f('fk_cases_category')),
    sa.ForeignKeyConstraint(['centre_id'], ['organisation.id'], name=op.f('fk_cases_centre_id')),
    sa.ForeignKeyConstraint(['holder_id'], ['organisation.id'], name=op.f('fk_cases_holder_id')),
    sa.ForeignKeyConstraint(['reporter_id'], ['organisation.id'], name=op.f('fk_cases_reporter_id')),
    sa.ForeignKeyConstraint(['responsible_id'], ['organisation.id'], name=op.f('fk_cases_responsible_id')),
    sa.ForeignKeyConstraint(['sender_id'], ['organisation.id'], name=op.f('fk_cases_sender_id')),
    sa.PrimaryKeyConstraint('prefecture', 'case_no', name=op.f('pk_cases')),
    postgresql_partition_by='LIST (prefecture)'
    )
    op.create_index('ix_cases_holder_open', 'cases', ['prefecture', 'holder_id'], unique=False, postgresql_where=sa.text("status NOT IN ('archived', 'rejected', 'merged')"))
    op.create_index('ix_cases_open_due', 'cases', ['prefecture', 'due_at', 'case_no'], unique=False, postgresql_where=sa.text("status NOT IN ('archived', 'rejected', 'merged')"))
    op.create_geospatial_index('ix_cases_open_geom', 'cases', ['geom'], unique=False, postgresql_using='gist', postgresql_where=sa.text("status NOT IN ('archived', 'rejected', 'merged')"), postgresql_ops={})
    op.create_index('ix_cases_open_path', 'cases', ['prefecture', 'path', 'due_at'], unique=False, postgresql_where=sa.text("status NOT IN ('archived', 'rejected', 'merged')"))
    op.create_index('ix_cases_path_reported', 'cases', ['prefecture', 'path', 'reported_at'], unique=False)
    op.create_index('ix_cases_reported', 'cases', ['prefecture', 'reported_at', 'case_no'], unique=False)
    op.create_index('ix_cases_settled', 'cases', ['prefecture', 'settled_at', 'case_no'], unique=False, postgresql_where=sa.text('settled_at IS NOT NULL'))
    op.create_index('ix_cases_waiting_due', 'cases', ['prefecture', 'due_at', 'case_no'], unique=False, postgresql_where=sa.text("status = 'waiting'"))
    op.create_table('duty',
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('category', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['category'], ['category.code'], name=op.f('fk_duty_category')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_duty_organisation_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organisation_id', 'category', name=op.f('pk_duty'))
    )
    op.create_index(op.f('ix_duty_category'), 'duty', ['category'], unique=False)
    op.create_table('case_event',
    sa.Column('prefecture', sa.Text(), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('case_no', sa.Text(collation='C'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('act', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('by_organisation_id', sa.Integer(), nullable=True),
    sa.Column('from_status', sa.Text(), nullable=True),
    sa.Column('to_status', sa.Text(), nullable=False),
    sa.Column('from_organisation_id', sa.Integer(), nullable=True),
    sa.Column('to_organisation_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('details', postgresql.JSON(astext_type=sa.Text()), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('path', sa.Text(collation='C'), nullable=False),
    sa.Column('prev_hash', sa.LargeBinary(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['prefecture', 'case_no'], ['cases.prefecture', 'cases.case_no'], name=op.f('fk_case_event_prefecture_case_no')),
    sa.PrimaryKeyConstraint('prefecture', 'seq', name=op.f('pk_case_event')),
    postgresql_partition_by='LIST (prefecture)'
    )
    op.create_index('uq_case_event_version', 'case_event', ['prefecture', 'case_no', 'version'], unique=True)
    op.create_table('login_session',
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('csrf_token', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['app_user.id'], name=op.f('fk_login_session_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_login_session'))
    )
    op.create_index('ix_login_session_user', 'login_session', ['user_id'], unique=False)


def downgrade() -> None:
    raise NotImplementedError("the first migration is not undone: drop the database instead")

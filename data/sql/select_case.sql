-- the columns of a case with its names; what it is taken from follows (join_case.sql, data/queries/cases.py)
SELECT c.prefecture, c.case_no, c.kind, c.category, coalesce(k.names ->> :locale, k.names ->> 'zh_CN', c.category) AS category_name,
       c.title, c.description, c.severity, c.source, c.status, c.area_id, c.path, c.lon, c.lat, c.centre_id, c.centre_path,
       c.holder_id, c.holder_path, c.sender_id, c.responsible_id, c.version, c.reported_at, c.status_since, c.due_at,
       c.settled_at, c.closed_at, c.returned_n, c.queued_at, c.settle_from, c.settle_due_at, c.sender_path, c.left_by, c.co_handlers, c.binding,
       c.paused_until, c.extension_until, c.mediations, c.first_mediation, c.satisfaction, c.merged_into, c.needs, c.clocks_since, c.reporter_id, a.code AS area_code, coalesce(a.names ->> :locale, a.name) AS area_name,
       coalesce(o.names ->> :locale, o.name) AS holder_name

SELECT c.prefecture, c.case_no, c.kind, c.category, coalesce(k.names ->> :locale, k.names ->> 'zh_CN', c.category) AS category_name,
       c.title, c.description, c.severity, c.source, c.status, c.area_id, c.path, c.lon, c.lat, c.centre_id, c.centre_path,
       c.holder_id, c.holder_path, c.sender_id, c.responsible_id, c.version, c.reported_at, c.status_since, c.due_at,
       c.settled_at, c.closed_at, c.returned_n, a.code AS area_code, coalesce(a.names ->> :locale, a.name) AS area_name,
       coalesce(o.names ->> :locale, o.name) AS holder_name

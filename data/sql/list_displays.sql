-- row level security of areas: the displays of the viewer's area; those in use first. One that has not asked for three minutes
-- shows nothing, or nobody looks at it: a wall asks every few seconds, which is noted once a minute
SELECT d.id, d.name, d.area_id, a.code AS area, coalesce(a.names ->> :locale, a.name) AS area_name, d.created_at, d.revoked_at, n.seen_at,
       CASE WHEN d.revoked_at IS NOT NULL THEN 'revoked' WHEN n.seen_at IS NULL THEN 'new'
            WHEN n.seen_at > now() - interval '3 minutes' THEN 'live' ELSE 'silent' END AS state
  FROM display d JOIN area a ON a.id = d.area_id LEFT JOIN display_seen n ON n.display_id = d.id
 WHERE CAST(:id AS integer) IS NULL OR d.id = :id
 ORDER BY d.revoked_at DESC NULLS FIRST, d.name

-- the conditions follow from match_access_log.sql
SELECT l.seq, l.at, l.act, l.outcome, l.via, l.account, l.role, l.organisation_id, l.area, l.case_no, l.object, l.address, l.n,
       l.details, encode(l.hash, 'hex') AS hash, coalesce(o.names ->> :locale, o.name) AS organisation_name,
       coalesce(a.names ->> :locale, a.name, '') AS area_name
  FROM access_log l LEFT JOIN organisation o ON o.id = l.organisation_id LEFT JOIN area a ON a.code = l.area
 WHERE (CAST(:before AS bigint) IS NULL OR l.seq < :before) AND

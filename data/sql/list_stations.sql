-- holders of the case, in the order of the trace; the prefecture as in list_events.sql
SELECT coalesce(o.names ->> :locale, o.name) AS name, o.lon, o.lat, o.path, e.at
  FROM case_event e JOIN organisation o ON o.id = e.to_organisation_id
 WHERE e.case_no = :case_no AND (CAST(:prefecture AS text) IS NULL OR e.prefecture = :prefecture)
 ORDER BY e.seq

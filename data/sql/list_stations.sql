-- whoever had the case, in the order of the trace
SELECT coalesce(o.names ->> :locale, o.name) AS name, o.lon, o.lat, o.path, e.at
  FROM case_event e JOIN organisation o ON o.id = e.to_organisation_id
 WHERE e.case_no = :case_no ORDER BY e.seq

-- the prefecture, where it is known, is the partition; else each is looked into
SELECT e.seq, e.case_no, e.at, e.act, e.role, e.by_organisation_id, e.from_status, e.to_status, e.from_organisation_id,
       e.to_organisation_id, e.reason, e.details, e.version, e.hash, coalesce(b.names ->> :locale, b.name) AS by_name,
       coalesce(f.names ->> :locale, f.name) AS from_name, coalesce(t.names ->> :locale, t.name) AS to_name
  FROM case_event e
  LEFT JOIN organisation b ON b.id = e.by_organisation_id
  LEFT JOIN organisation f ON f.id = e.from_organisation_id
  LEFT JOIN organisation t ON t.id = e.to_organisation_id
 WHERE e.case_no = :case_no AND (CAST(:prefecture AS text) IS NULL OR e.prefecture = :prefecture)
 ORDER BY e.seq

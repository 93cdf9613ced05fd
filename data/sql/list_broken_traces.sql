-- cases whose versions have a gap, and those whose row differs from their last event
WITH told AS (
    SELECT prefecture, case_no, count(*) AS n, min(version) AS first, max(version) AS last, max(seq) AS seq
      FROM case_event GROUP BY prefecture, case_no
)
SELECT t.prefecture, t.case_no, t.seq, t.last AS version,
       format('its trace has %s of %s versions', t.n, t.last) AS what
  FROM told t WHERE t.first <> 1 OR t.n <> t.last
UNION ALL
SELECT c.prefecture, c.case_no, e.seq, c.version,
       CASE WHEN e.seq IS NULL THEN 'the case has no trace'
            WHEN e.version <> c.version THEN format('the case is of version %s, its trace ends with %s', c.version, e.version)
            ELSE format('the case stands as %s with holder %s, its trace says %s with %s',
                        c.status, c.holder_id, e.to_status, e.to_organisation_id) END
  FROM cases c
  LEFT JOIN told t ON t.prefecture = c.prefecture AND t.case_no = c.case_no
  LEFT JOIN case_event e ON e.prefecture = t.prefecture AND e.seq = t.seq
 WHERE e.seq IS NULL OR e.version <> c.version OR e.to_status <> c.status OR e.to_organisation_id <> c.holder_id
UNION ALL
SELECT t.prefecture, t.case_no, t.seq, t.last, 'the case of this trace is missing'
  FROM told t WHERE NOT EXISTS (SELECT 1 FROM cases c WHERE c.prefecture = t.prefecture AND c.case_no = t.case_no)
 ORDER BY 1, 2

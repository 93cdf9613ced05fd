-- what search_cases (migration 0022) found, under row level security; the way to each from one's own area
SELECT f.rank, c.case_no, c.title, c.kind, c.status, a.code, a.within, a.place
  FROM search_cases(:prefecture, CAST(:words AS tsquery[]), :ending, :near, :most) WITH ORDINALITY f (case_no, rank, n)
  JOIN cases c ON c.prefecture = :prefecture AND c.case_no = f.case_no
  LEFT JOIN LATERAL (
       SELECT own.code, string_to_array(rtrim(own.path, '/'), '/') AS within,
              -- one by one: with `= ANY` the planner walks over all areas in scope for each case
              (SELECT string_agg(up.name, ' › ' ORDER BY up.depth) FROM unnest(own.ancestor_ids) above (id)
                 JOIN LATERAL (SELECT coalesce(names ->> :locale, name) AS name, depth FROM area
                                WHERE area.id = above.id AND code <> :own OFFSET 0) up ON true) AS place
         FROM area own WHERE own.id = c.area_id OFFSET 0) a ON true
 ORDER BY f.n

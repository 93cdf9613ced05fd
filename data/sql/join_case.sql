-- one look-up a row: the planner cannot tell how many areas a policy lets through, and would join all of them
  LEFT JOIN category k ON k.code = c.category
  LEFT JOIN LATERAL (SELECT code, name, names FROM area WHERE area.id = c.area_id OFFSET 0) a ON true
  LEFT JOIN organisation o ON o.id = c.holder_id

  FROM cases c
  LEFT JOIN category k ON k.code = c.category
  LEFT JOIN area a ON a.id = c.area_id
  LEFT JOIN organisation o ON o.id = c.holder_id

-- of areas above the leaves, what their leaves add up to
SELECT up.id, up.code, up.households, sum(leaf.households) AS n
  FROM area leaf
  JOIN area up ON up.id = ANY (leaf.ancestor_ids)
 WHERE leaf.leaf AND NOT up.leaf
 GROUP BY up.id

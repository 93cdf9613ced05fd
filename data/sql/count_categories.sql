-- only what was reported in these months: a category that was settled alone has no bar
SELECT m.category, k.kind, coalesce(k.names ->> :locale, k.names ->> 'zh_CN', k.code) AS name,
       sum(m.reported)::int AS reported, sum(m.settled)::int AS settled
  FROM area_month m JOIN category k ON k.code = m.category
 WHERE m.prefecture = :prefecture AND m.area_id = :area AND m.month >= :first AND m.month <= :last
 GROUP BY m.category, k.kind, k.code HAVING sum(m.reported) > 0 ORDER BY reported DESC, m.category

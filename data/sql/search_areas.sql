-- pinyin holds initials and full spelling, each after a blank
SELECT a.code, coalesce(a.names ->> :locale, a.name) AS name, a.level,
       (SELECT string_agg(coalesce(up.names ->> :locale, up.name), ' › ' ORDER BY up.depth)
          FROM area up WHERE up.id = ANY (a.ancestor_ids) AND up.id <> a.id) AS hint
  FROM area a
 WHERE lower(a.name) LIKE '%' || :q || '%' OR lower(a.names ->> 'en') LIKE '%' || :q || '%'
    OR lower(a.code) LIKE :q || '%' OR (' ' || a.pinyin) LIKE '% ' || :q || '%'
 ORDER BY (lower(a.name) LIKE :q || '%') DESC, a.depth, a.code
 LIMIT :limit

-- reasons are told with a dispatch alone; a case that the viewer cannot see is not counted
SELECT e.details ->> 'choice' AS choice, c.category, coalesce(k.names ->> :locale, k.names ->> 'zh_CN', k.code) AS category_name,
       e.to_organisation_id AS organisation, coalesce(o.names ->> :locale, o.name) AS name, count(*) AS n,
       max(e.at) AS last_at
  FROM case_event e
  JOIN cases c ON c.prefecture = e.prefecture AND c.case_no = e.case_no
  JOIN category k ON k.code = c.category
  JOIN organisation o ON o.id = e.to_organisation_id
 WHERE (e.details ->> 'choice') IS NOT NULL AND e.at >= :since AND e.at <= :until AND e.path >= :lo AND e.path < :hi
 GROUP BY 1, 2, 3, 4, 5 ORDER BY n DESC, choice, c.category, organisation

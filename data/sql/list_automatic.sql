-- every category, with the account that switched it on
SELECT k.code, k.kind, coalesce(k.names ->> :locale, k.names ->> 'zh_CN', k.code) AS name, a.since, u.username AS by
  FROM category k LEFT JOIN auto_dispatch a ON a.category = k.code LEFT JOIN app_user u ON u.id = a.user_id
 ORDER BY k.ord, k.code

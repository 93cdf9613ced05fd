-- In the reader's language; a deployment may have its names in one language only.
SELECT kind, code, coalesce(names ->> :locale, names ->> 'zh_CN', code) AS name,
       coalesce(plain_names ->> :locale, names ->> :locale, plain_names ->> 'zh_CN', names ->> 'zh_CN', code) AS plain_name
  FROM category ORDER BY kind, ord, code

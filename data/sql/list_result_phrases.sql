-- in one language; null where the deployment has none in it
SELECT results -> :locale FROM category WHERE code = :category

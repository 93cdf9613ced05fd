SELECT results -> :locale FROM category WHERE code = :category

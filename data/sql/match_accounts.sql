-- what a search of accounts matches, among those that row level security of areas shows; nothing where a value is not given
      (CAST(:q AS text) IS NULL OR u.username ILIKE :q OR o.name ILIKE :q OR o.names ->> :locale ILIKE :q OR a.name ILIKE :q)
  AND (CAST(:role AS text) IS NULL OR u.role = :role)
  AND (CAST(:lo AS text) IS NULL OR (a.path >= :lo AND a.path < :hi))
  AND (CAST(:state AS text) IS NULL OR (:state = 'disabled') = (NOT u.active))
  AND (CAST(:state AS text) IS NULL OR :state = 'disabled' OR (:state = 'initial') = u.must_change)

-- what a search of the access log matches; nothing where a value is not given
      (CAST(:who AS text) IS NULL OR l.account ILIKE :who OR (l.account = '' AND l.via ILIKE :who))
  AND (CAST(:what AS text) IS NULL OR l.act = :what OR starts_with(l.act, :what || '.'))
  AND (CAST(:outcome AS text) IS NULL OR l.outcome = :outcome)
  AND (CAST(:case_no AS text) IS NULL OR l.case_no = :case_no)
  AND (CAST(:lo AS text) IS NULL OR (l.path >= :lo AND l.path < :hi))
  AND (CAST(:since AS timestamptz) IS NULL OR l.at >= :since)
  AND (CAST(:until AS timestamptz) IS NULL OR l.at < :until)

-- for an import of areas, by the owner: every case with a point, and what an act of the trace records of it
SELECT prefecture, case_no, area_id, status, holder_id, version, lon, lat
  FROM cases WHERE lon IS NOT NULL ORDER BY prefecture, case_no

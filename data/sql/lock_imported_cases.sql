-- a case that is claimed is left for the next night
SELECT case_no, version
  FROM cases
 WHERE prefecture = :prefecture AND case_no = ANY(:numbers)
 ORDER BY case_no FOR UPDATE SKIP LOCKED

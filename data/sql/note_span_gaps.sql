-- the cases of a load, whose past is made of their trace afterwards (data/commands/case_spans.py)
INSERT INTO span_gap (prefecture, case_no)
SELECT DISTINCT prefecture, case_no FROM case_event WHERE prefecture = :prefecture AND seq >= :seq
ON CONFLICT DO NOTHING

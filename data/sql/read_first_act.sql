-- when the trace begins, and whether some of the past is still to be made of it
SELECT first_act(:prefecture) AS first, EXISTS (SELECT 1 FROM span_gap) AS gaps

-- How many other accounts failed lately from this source, counted no further than it matters.
SELECT count(*) FROM (
    SELECT 1 FROM login_guess
     WHERE source = :source AND last_at >= :forgotten AND failures > 0 AND account <> :account
     LIMIT :most
) AS named

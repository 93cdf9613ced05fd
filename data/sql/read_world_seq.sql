-- numbers are given under a lock held to commit, so the greatest visible one is complete below
SELECT greatest((SELECT coalesce(max(seq), 0) FROM chain_head), (SELECT coalesce(max(seq), 0) FROM tier_change))

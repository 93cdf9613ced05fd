-- tiers that changed after a number of the world
SELECT seq, path, code, tier FROM tier_change
 WHERE seq > :seq AND path >= :lo AND path < :hi
 ORDER BY seq
 LIMIT :limit

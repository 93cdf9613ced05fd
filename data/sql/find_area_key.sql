-- what all other queries about an area need of it, and the time zone in which its days begin
SELECT id, code, level, path, prefecture, leaf, depth, deployment_timezone() AS timezone FROM area WHERE code = :code

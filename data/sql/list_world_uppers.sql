-- every area above the leaves within an area, itself too
SELECT a.code, a.path FROM area a WHERE NOT a.leaf AND a.path >= :lo AND a.path < :hi ORDER BY a.path

-- key places within an area by their leaf
SELECT p.area_id, p.category FROM key_place p JOIN area a ON a.id = p.area_id WHERE a.leaf AND p.path >= :lo AND p.path < :hi

-- figures of the leaves within an area
SELECT g.area_id, g.name, g.value FROM area_figure g JOIN area a ON a.id = g.area_id WHERE a.leaf AND g.path >= :lo AND g.path < :hi

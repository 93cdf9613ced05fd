-- drawn only for the version asked for
SELECT boundary_version, CASE WHEN boundary_version = :version THEN area_tile(:level, :band, :z, :x, :y) END AS tile
  FROM area_level WHERE code = :level

-- string_agg: ten times as fast as jsonb_agg
SELECT '{"type":"FeatureCollection","features":[' || coalesce(string_agg(
           '{"type":"Feature","properties":' || json_build_object('name', name, 'names', names, 'rank', rank)::text
           || ',"geometry":' || ST_AsGeoJSON(geom, 5) || '}', ',' ORDER BY rank, id), '') || ']}'
  FROM base_feature WHERE kind = :kind

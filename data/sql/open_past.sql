-- for this transaction alone. The planner cannot tell how many rows a view of the past has, and would go through it again for each
-- row of a table beside it: without a copy to go through it makes a hash
SELECT set_config('gridboard.as_of', :as_of, true), set_config('search_path', 'past, public', true), set_config('enable_material', 'off', true)

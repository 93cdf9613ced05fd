-- through a function: the same for all viewers, so that answers can be cached by it
SELECT seq, seals, areas, figures FROM world_stamp()

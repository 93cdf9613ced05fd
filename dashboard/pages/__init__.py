"""Pages, one file each: their layout, before anything is read about an area or a case."""

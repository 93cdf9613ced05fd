"""One file a page: what stands on it, before anything is read about an area or a case."""

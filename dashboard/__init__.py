"""Pages and panels as functions that return components."""

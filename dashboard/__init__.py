"""What one sees: pages and panels as functions that return components."""

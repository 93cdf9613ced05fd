"""What screens and programs read. Each takes the Connection of one snapshot, so that all its answers agree."""

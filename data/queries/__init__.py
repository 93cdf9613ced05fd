"""Queries of screens and programs. Each takes the Connection of one snapshot, so that their answers agree."""

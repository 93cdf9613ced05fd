"""The synthetic demonstration: a real prefecture with invented outlines, organisations, places and cases."""

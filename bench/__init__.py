"""Measurements of the figures that the project aims for; `make bench` prints a table and writes bench/results.json."""

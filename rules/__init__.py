"""Decisions, without a database or a screen: standard library only."""

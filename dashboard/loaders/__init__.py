"""Loaders: facts for a panel from one snapshot of the database, as view models."""

"""Commands: one transaction each, decided by rules/, settled by the database."""

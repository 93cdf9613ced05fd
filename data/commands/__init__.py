"""What changes the world: one transaction a command, decided by rules/, settled by the database."""

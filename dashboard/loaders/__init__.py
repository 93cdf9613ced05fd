"""Facts for a panel, read from one snapshot of the database, as the plain views that the panels draw."""

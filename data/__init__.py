"""The only door to PostGIS: models, migrations, queries, commands, the live feed and the loaders."""

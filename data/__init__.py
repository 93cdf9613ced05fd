"""PostGIS: models, migrations, queries, commands, live feed, outbox, jobs, audit and the private server."""

"""The commands behind manage.py, one file a subject."""

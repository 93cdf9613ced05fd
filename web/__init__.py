"""HTTP: login, security headers and origin checks, tiles, the live stream, the JSON API."""

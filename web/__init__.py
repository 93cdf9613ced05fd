"""What programs and browsers call: login, headers and origin checks, tiles, the live stream, the JSON API."""

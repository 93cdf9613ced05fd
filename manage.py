"""The command line of Gridboard: hands over to cli/."""

from __future__ import annotations

from cli.main import main

if __name__ == "__main__":
    main()

# PYTHON_ARGCOMPLETE_OK
"""Runs the command line as ``python -m alembic``."""

from __future__ import annotations

from .config import main

if __name__ == "__main__":
    main(prog="alembic")

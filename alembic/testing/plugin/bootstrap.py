"""Door: what a test run loads before all else.

Nothing has to be: with SQLAlchemy's pytest plugin the kit finds out by itself that it
runs under it. The module is here for a ``conftest.py`` that imports it.
"""

from __future__ import annotations

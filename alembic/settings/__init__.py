"""Options as users write them: alembic.ini, pyproject.toml, or no file at all."""

from __future__ import annotations

from .config import Config

__all__ = ["Config"]

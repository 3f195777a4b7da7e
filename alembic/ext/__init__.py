"""Plugins that come with Alembic and run only where they are asked for."""

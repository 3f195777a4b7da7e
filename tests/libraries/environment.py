"""The env.py of the projects: what ``models.py`` offers, on ``DATABASE_URL``.

A copy of it lies in the folder ``migrations`` of each project that has no other.
"""

from __future__ import annotations

import os
from logging.config import fileConfig

import models
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from alembic import context

if context.config.config_file_name:
    fileConfig(context.config.config_file_name, disable_existing_loggers=False)

options = {
    "target_metadata": models.metadata,
    "compare_server_default": True,
    **getattr(models, "OPTIONS", {}),
}
url = os.environ["DATABASE_URL"]

if context.is_offline_mode():
    context.configure(url=url, literal_binds=True, **options)
    with context.begin_transaction():
        context.run_migrations()
else:
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            context.run_migrations()

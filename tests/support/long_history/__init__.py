"""A history that uses every operation, to be run on a database in several ways.

Its revisions stand in ``versions``; what several of them need stands here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import op
from alembic.config import Config
from tests.support.versions import has

VERSIONS = Path(__file__).parent / "versions"

ENV = """\
from alembic import context

config = context.config
if context.is_offline_mode():
    context.configure(
        dialect_name=config.attributes["dialect"],
        literal_binds=True,
        transaction_per_migration=config.attributes["per_migration"],
    )
    with context.begin_transaction():
        context.run_migrations()
else:
    with config.attributes["engine"].connect() as connection:
        context.configure(
            connection=connection,
            transaction_per_migration=config.attributes["per_migration"],
        )
        with context.begin_transaction():
            context.run_migrations()
"""


def project(folder: Path, **attributes: Any) -> Config:
    """Return the configuration of a project with this history.

    :param folder: where its env.py is written.
    :param attributes: ``engine``, ``dialect``, ``per_migration``.
    """
    folder.mkdir(exist_ok=True)
    (folder / "env.py").write_text(ENV, encoding="utf-8")
    (folder / "script.py.mako").touch()
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("version_locations", str(VERSIONS))
    config.set_main_option("path_separator", "newline")
    config.attributes.update(attributes)
    return config


def on(*dialects: str) -> bool:
    """Tell whether the revision runs on one of some dialects; MariaDB is as MySQL."""
    name = op.get_context().dialect.name
    return ("mysql" if name == "mariadb" else name) in dialects


def words() -> str:
    """Return a text with everything in it that scripts and clients trip over."""
    return 'it\'s "50%" %s %(x)s \\ \\n :x ::y ?; -- no\n/* */ GO\n/\n`$1` é漢'


# IF [NOT] EXISTS of tables and indexes came with SQLAlchemy 1.4
if_exists = {"if_exists": True} if has("1.4") else {}
if_not_exists = {"if_not_exists": True} if has("1.4") else {}
has_computed = has("1.3.11")
has_identity = has("1.4")
has_uuid = has("2.0")

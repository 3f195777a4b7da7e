"""alembic.autogenerate.coverage: every plugin is known to it."""

from __future__ import annotations

from alembic import plugins
from alembic.autogenerate import coverage


def test_each_built_in_plugin_says_what_it_compares() -> None:
    """So that one which is switched off can be named."""
    names = [name for name, _ in plugins._BUILT_IN]
    ours = [name for name in names if name.startswith("alembic.autogenerate.")]
    assert sorted(ours) == sorted(
        f"alembic.autogenerate.{name}" for name in coverage._OF_PLUGIN
    )
    assert coverage._PLUGINS_OF_SOME.keys() <= coverage._OF_PLUGIN.keys()

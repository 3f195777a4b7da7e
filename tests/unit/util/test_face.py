"""alembic.util: a face that loads what stands behind it when it is touched."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

from alembic import util


@pytest.mark.parametrize("name", util.__all__)
def test_each_name_is_that_of_its_module(name: str) -> None:
    """Every name is the object of the same name in the module where it lives."""
    found = getattr(util, name)
    if name in util._HOMES:
        module = importlib.import_module(f"alembic.util.{util._HOMES[name]}")
        assert found is getattr(module, name)
    assert name in dir(util)


def test_modules_are_attributes() -> None:
    """Each module of the room can be reached as an attribute without being imported."""
    modules = {found.name for found in pkgutil.iter_modules(util.__path__)}
    private = {"collector", "import_path", "interruption", "paths"}
    private |= {"plain_template", "progress", "unwarned"}
    assert modules - private - set(util._MODULES) == set()
    assert util.exc.CommandError is util.CommandError


def test_unknown_name() -> None:
    """A name that is not there is an AttributeError that says so."""
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        util.nothing  # noqa: B018

"""Folders that come to `sys.path` and leave it."""

from __future__ import annotations

import sys

import pytest

from alembic.util.import_path import first_on_sys_path
from alembic.util.import_path import put_first


@pytest.fixture(autouse=True)
def own_sys_path(monkeypatch):
    monkeypatch.setattr(sys, "path", ["/one", "/two"])


def test_a_folder_is_there_during_the_block():
    with first_on_sys_path(["/new"]):
        assert sys.path == ["/new", "/one", "/two"]
    assert sys.path == ["/one", "/two"]


def test_a_folder_that_was_there_before_stays():
    with first_on_sys_path(["/two"]):
        assert sys.path == ["/one", "/two"]
    assert sys.path == ["/one", "/two"]


def test_the_last_of_two_blocks_takes_the_folder_away():
    with first_on_sys_path(["/new"]):
        with first_on_sys_path(["/new"]):
            pass
        assert sys.path == ["/new", "/one", "/two"]
    assert sys.path == ["/one", "/two"]


def test_a_folder_that_the_block_took_away_itself():
    with first_on_sys_path(["/new"]):
        sys.path.remove("/new")
    assert sys.path == ["/one", "/two"]


def test_an_import_that_is_under_way_misses_nothing():
    """As in another thread: importing walks through the list step by step."""
    with first_on_sys_path(["/new"]):
        walk = iter(sys.path)
        seen = [next(walk)]
    assert seen + list(walk) == ["/new", "/one", "/two"]


def test_a_folder_that_is_put_there_to_stay():
    """Whoever put it there first, it is not taken away with a block."""
    with first_on_sys_path(["/new"]):
        put_first(["/new", "/newer"])
    with first_on_sys_path(["/new"]):
        pass
    assert sys.path == ["/newer", "/new", "/one", "/two"]


def test_a_folder_is_put_there_while_no_other_leaves(monkeypatch):
    """Leaving makes a new list: what is put into the old one would be lost."""
    from alembic.util import import_path

    def put(folders):
        assert import_path._lock.locked()
        return []

    monkeypatch.setattr(import_path, "_put", put)
    put_first(["/new"])
    with first_on_sys_path(["/new"]):
        assert not import_path._lock.locked()

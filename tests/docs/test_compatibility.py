"""The tables of the chapter on compatibility say what the scenarios say."""

from __future__ import annotations

import pytest

from tests.peer.differences import DRIVEN
from tests.peer.differences import LIBRARIES
from tests.peer.differences import written
from tests.support.transcript import ROOT


@pytest.mark.parametrize("name", ["differences.csv", "libraries.csv"])
def test_tables_are_up_to_date(name):
    """`python -m tests.peer.differences` writes what is there."""
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == written()[name]


@pytest.mark.parametrize("module", sorted(set(DRIVEN.values())))
def test_libraries_are_driven(module):
    """What the table names is a test."""
    assert "\ndef test_" in (LIBRARIES / f"{module}.py").read_text()


def test_every_test_of_a_library_is_in_the_table():
    """No library is driven without a line."""
    assert {path.stem for path in LIBRARIES.glob("test_*.py")} == set(DRIVEN.values())

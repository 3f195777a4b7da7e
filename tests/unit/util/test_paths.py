"""alembic.util.paths: paths as text are what pathlib would have made of them."""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from alembic.util.paths import absolute


@given(st.lists(st.sampled_from(["/", ".", "..", "a", "b.c", "//"])).map("".join))
def test_absolute_as_pathlib_writes_it(text: str) -> None:
    """Dots and doubled separators go, and `..` stays, exactly as with pathlib."""
    assert absolute(text) == str(Path(text).absolute())


def test_absolute_takes_paths() -> None:
    """A path object does as well as text."""
    assert absolute(Path("a") / "b") == os.path.join(os.getcwd(), "a", "b")

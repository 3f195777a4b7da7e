"""Claims about the collector of cyclic garbage: whose process it may change."""

from __future__ import annotations

import subprocess
import sys

import pytest

_START = (
    "import gc; gc.set_threshold(700, 10, 10)\n"
    # Python 3.12 begins with some objects frozen
    "frozen = gc.get_freeze_count()\n"
)

_SHOW = "print(gc.get_threshold()[0], gc.get_freeze_count() > frozen)"


def _run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, check=True
    )
    return done.stdout.decode().splitlines()[-1]


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("collector.relax()", "50000 True"),
        ("", "700 False"),
        ("gc.disable(); collector.relax()", "700 False"),
        ("gc.set_threshold(500); collector.relax()", "500 False"),
        ("collector.relax(); collector.expect_garbage()", "2000 True"),
        ("collector.expect_garbage()", "700 False"),
        (
            "collector.relax(); gc.set_threshold(500); collector.expect_garbage()",
            "500 True",
        ),
    ],
)
def test_only_a_process_of_ours_is_changed(before: str, expected: str) -> None:
    """The collector is left alone unless asked, and where somebody has set it."""
    code = f"{_START}from alembic.util import collector\n{before}\n"
    assert _run(f"{code}collector.keep_what_is_loaded(); {_SHOW}") == expected


@pytest.mark.parametrize(
    ("before", "expected"), [("", "True"), ("collector.make_way()", "False")]
)
def test_what_others_leave_behind_is_cleared_away(before: str, expected: str) -> None:
    """Once code of the project may have run, nothing more is kept."""
    code = (
        "import gc; from alembic.util import collector\n"
        f"collector.relax(); {before}\n"
        "count = gc.get_freeze_count(); left_behind = [[]]\n"
        "collector.keep_what_is_loaded(); print(gc.get_freeze_count() > count)"
    )
    assert _run(code) == expected


def test_a_program_that_passes_words_is_left_alone() -> None:
    """``main(argv=[...])`` is a call from another program's process."""
    code = (
        f"{_START}from alembic.config import main\n"
        "try: main(argv=['--version'])\n"
        "except SystemExit: pass\n"
    )
    assert _run(code + _SHOW) == "700 False"

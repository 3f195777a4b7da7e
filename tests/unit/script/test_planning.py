"""Plans: files that are executed, and errors as people see them."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from typing import Tuple

import pytest

from alembic.script import ScriptDirectory
from alembic.script.planning import downgrade_steps
from alembic.script.planning import stamp_steps
from alembic.script.planning import upgrade_steps
from alembic.util.exc import CommandError
from tests.support.histories import Folder
from tests.support.histories import history
from tests.support.histories import ODD_HISTORIES

BRANCHES = Folder(ODD_HISTORIES["three labelled branches"])


def _write(folder: Path, id_: str, down: Any, body: str = "") -> None:
    folder.joinpath("versions", f"{id_}.py").write_text(
        f'"""{id_}"""\nrevision = {id_!r}\ndown_revision = {down!r}\n{body}\n'
        "def upgrade():\n    pass\n\ndef downgrade():\n    pass\n"
    )


@pytest.fixture(name="folder")
def folder_fixture(tmp_path: Path) -> Path:
    """A script directory whose third revision is broken."""
    tmp_path.joinpath("versions").mkdir()
    marks = "import pathlib\npathlib.Path(__file__ + '.ran').touch()"
    _write(tmp_path, "one", None, marks)
    _write(tmp_path, "two", "one", marks)
    _write(tmp_path, "three", "two", "1 / 0")
    return tmp_path


def _ran(folder: Path) -> set[str]:
    return {path.name.split(".")[0] for path in folder.glob("versions/*.ran")}


def test_only_planned_files_are_executed(folder: Path) -> None:
    """Files that a plan does not need are not executed."""
    script = ScriptDirectory(folder)
    assert script.get_heads() == ["three"]
    assert _ran(folder) == set()
    steps = script._upgrade_revs("two", ("one",))
    assert [str(step) for step in steps] == ["upgrade one -> two, two"]
    assert _ran(folder) == {"two"}


def test_broken_file_is_found_before_anything_runs(folder: Path) -> None:
    """A broken file further up is an error of the plan."""
    script = ScriptDirectory(folder)
    with pytest.raises(
        CommandError,
        match=r"Can't load revision file .*three\.py, line 4: ZeroDivisionError",
    ):
        script._upgrade_revs("head", ())


def test_revision_without_a_function(folder: Path) -> None:
    """A file that lacks the function is named."""
    folder.joinpath("versions", "three.py").write_text(
        "revision = 'three'\ndown_revision = 'two'\ndef upgrade():\n    pass\n"
    )
    script = ScriptDirectory(folder)
    assert len(script._upgrade_revs("head", "two")) == 1
    with pytest.raises(
        CommandError, match=r"Revision three has no function downgrade\(\); add one to"
    ):
        script._downgrade_revs("two", ("three",))


@pytest.mark.parametrize("plan", [upgrade_steps, stamp_steps])
def test_unknown_revision_in_the_database(plan: Any) -> None:
    """An identifier that only the database knows comes with the cure."""
    with pytest.raises(CommandError) as caught:
        plan(BRANCHES, "red@head", ("deadbeef",))
    text = str(caught.value)
    assert text.startswith(
        "Can't locate revision identified by 'deadbeef'; the database"
    )
    assert "alembic stamp --purge" in text
    assert "\n" not in text


@pytest.mark.parametrize(
    ("plan", "name", "text"),
    [
        (
            upgrade_steps,
            "head",
            "Multiple head revisions are present for given argument 'head'; please "
            "specify a specific target revision, '<branchname>@head' to narrow to a "
            "specific head, or 'heads' for all heads",
        ),
        (
            stamp_steps,
            "head",
            "Multiple heads are present; please specify a single target revision",
        ),
        (
            upgrade_steps,
            "gren1",
            "Can't locate revision identified by 'gren1'; did you mean 'green1'?",
        ),
        (
            upgrade_steps,
            "qqqq",
            "Can't locate revision identified by 'qqqq'; 'alembic history' lists those "
            "that there are",
        ),
        (
            downgrade_steps,
            "re",
            "Can't locate revision identified by 're': it is the beginning of several, "
            "red1, red2, red; write more of it",
        ),
        (
            upgrade_steps,
            "red@blue1",
            "Can't locate revision identified by 'blue1': revision blue1 is not a "
            "member of branch 'red'",
        ),
        (
            downgrade_steps,
            "blue1",
            "Destination blue1 is not a valid downgrade target from current head(s)",
        ),
        (
            downgrade_steps,
            ("red1", "root"),
            "A downgrade goes to one revision, but several were given: red1, root; run "
            "it once for each of them",
        ),
        (
            upgrade_steps,
            "+9",
            "Relative revision +9 didn't produce 9 migrations; 'alembic history -i' shows "
            "where the database is and what lies around it",
        ),
    ],
)
def test_errors_for_people(plan: Any, name: Any, text: str) -> None:
    """Every error of a plan is a line for a person."""
    with pytest.raises(CommandError) as caught:
        plan(BRANCHES, name, ("red1",))
    assert str(caught.value) == text


def test_unreadable_history() -> None:
    """A cycle, or a parent that does not exist, is a line for a person too."""
    with pytest.raises(
        CommandError, match=r"^Cycle is detected in revisions \(a, b\)$"
    ):
        upgrade_steps(Folder(history(("a", "b"), ("b", "a"))), "heads", ())
    gone = Folder(history(("a", "gone")))
    with pytest.warns(UserWarning, match="Revision gone referenced from"):
        assert gone.revision_map.heads == ("a",)
    with pytest.raises(CommandError, match="names 'gone' as its down_revision"):
        upgrade_steps(gone, "heads", ())


@pytest.mark.parametrize(
    ("rows", "target", "moves"),
    [
        ((), "red2", [((), ("red2",))]),
        ((), "base", []),
        (("red2",), "red2", []),
        (("red2",), "base", [(("red2",), ())]),
        (("red2",), None, [(("red2",), ())]),
        (("red2",), (), [(("red2",), ())]),
        (("red2", "blue1"), "red@base", [(("red2",), ())]),
        (("red2", "blue1"), "red1", [(("red2",), ("red1",))]),
        (("red1", "green1"), "root", [(("red1", "green1"), ("root",))]),
        (("root",), ("red1", "blue1"), [(("root",), ("red1",)), ((), ("blue1",))]),
        (("root", "green9"), "red1", None),
        (("red1",), "+1", [(("red1",), ("red2",))]),
        (("red2",), "-1", [(("red2",), ("red1",))]),
        (("red2",), "red@-2", [(("red2",), ("root",))]),
        ((), ("red1", "red2", "root"), [((), ("red2",))]),
        (
            ("red1",),
            "heads",
            [(("red1",), ("red2",)), ((), ("green2",)), ((), ("blue1",))],
        ),
    ],
)
def test_stamps(rows: Tuple[str, ...], target: Any, moves: Any) -> None:
    """A stamp moves the rows of its own branch and leaves the others."""
    if moves is None:
        with pytest.raises(CommandError, match="identified by 'green9'"):
            stamp_steps(BRANCHES, target, rows)
        return
    steps = stamp_steps(BRANCHES, target, rows)
    assert [(step.from_, step.to_) for step in steps] == moves

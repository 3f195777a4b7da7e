"""ScriptDirectory: folders, configuration, names and new files."""

from __future__ import annotations

import os
import re
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from typing import Dict
from typing import List

import pytest

from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.script.base import ScriptDirectory as OldScriptDirectory
from alembic.script.revision import RevisionMap
from alembic.util.exc import CommandError
from tests.support.histories import ODD_HISTORIES
from tests.support.histories import scripts

TEMPLATE = '''"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}
"""
from alembic import op
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
'''


@pytest.fixture(name="folder")
def folder_fixture(tmp_path: Path) -> Path:
    """A script directory without revisions."""
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "script.py.mako").write_text(TEMPLATE)
    (folder / "env.py").write_text("")
    return folder


def _write(path: Path, id_: str, down: Any = None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"revision = {id_!r}\ndown_revision = {down!r}\n")


def _odd(folder: Path, name: str) -> ScriptDirectory:
    script = ScriptDirectory(folder)
    script.revision_map = RevisionMap(lambda: scripts(ODD_HISTORIES[name]))
    return script


def _ids(found: Any) -> List[str]:
    return [one.revision for one in found]


# -- folders


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    """A missing folder is an error that names the cure."""
    with pytest.raises(
        CommandError,
        match=r"^Path doesn't exist: .*nope\.  Please use the 'init' command to create "
        r"a new scripts folder\.$",
    ):
        OldScriptDirectory(tmp_path / "nope")


def test_version_locations(folder: Path) -> None:
    """Locations are absolute, ``versions`` by default, and may be set later."""
    script = ScriptDirectory(folder)
    assert script.versions == str(folder / "versions")
    assert script._version_locations == [folder / "versions"]
    assert script.env_py_location == str(folder / "env.py")
    _write(folder / "more" / "b.py", "b", "a")
    _write(folder / "versions" / "a.py", "a")
    # as env.py files do
    script.version_locations = [str(folder / "versions"), str(folder / "more")]
    assert script.get_heads() == ["b"]
    with pytest.raises(CommandError, match="Multiple version_locations present"):
        script.versions  # noqa: B018
    script.version_locations = str(folder / "more")
    assert script.versions == str(folder / "more")


def test_location_in_a_package(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A location may be named as ``package:folder``."""
    _write(tmp_path / "location_pkg" / "revs" / "a.py", "a")
    (tmp_path / "location_pkg" / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    script = ScriptDirectory(folder, version_locations=["location_pkg:revs"])
    assert script.get_current_head() == "a"


def test_subfolders(folder: Path) -> None:
    """Subfolders are looked into on request; a file that is met twice counts once."""
    _write(folder / "versions" / "a.py", "a")
    _write(folder / "versions" / "sub" / "b.py", "b", "a")
    assert ScriptDirectory(folder).get_heads() == ["a"]
    assert ScriptDirectory(folder, recursive_version_locations=True).get_heads() == [
        "b"
    ]
    locations = [folder / "versions", folder / "versions" / "sub"]
    twice = ScriptDirectory(
        folder, version_locations=locations, recursive_version_locations=True
    )
    with pytest.warns(UserWarning, match=r"b\.py loaded twice! ignoring\. Please"):
        assert twice.get_heads() == ["b"]


def test_compiled_files(folder: Path) -> None:
    """Compiled files count only where sources are not expected."""
    import py_compile

    _write(folder / "versions" / "a.py", "a")
    source = folder / "versions" / "a.py"
    py_compile.compile(str(source), str(source) + "c")
    source.unlink()
    assert ScriptDirectory(folder).get_heads() == []
    script = ScriptDirectory(folder, sourceless=True)
    assert script.get_heads() == ["a"]
    assert script.get_revision("a").path.endswith("a.pyc")


def test_new_files_are_seen_by_a_new_map(folder: Path) -> None:
    """A program may read the folder anew by making the map anew."""
    script = ScriptDirectory(folder)
    assert script.get_heads() == []
    _write(folder / "versions" / "a.py", "a")
    assert script.get_heads() == []
    script.revision_map = RevisionMap(script._load_revisions)
    assert script.get_heads() == ["a"]


def test_run_env(folder: Path) -> None:
    """env.py is executed; without one the error says what is missing."""
    (folder / "env.py").write_text(
        "import pathlib\npathlib.Path(__file__).with_name('ran').touch()\n"
    )
    script = ScriptDirectory(folder)
    script.run_env()
    assert (folder / "ran").exists()
    (folder / "env.py").unlink()
    with pytest.raises(CommandError, match="Can't find Python file .*env.py; every"):
        script.run_env()


# -- configuration


def _config(tmp_path: Path, **options: str) -> Config:
    ini = tmp_path / "alembic.ini"
    lines = "".join(f"{name} = {value}\n" for name, value in options.items())
    ini.write_text(f"[alembic]\npath_separator = newline\n{lines}")
    return Config(str(ini))


def test_from_config(folder: Path, tmp_path: Path) -> None:
    """Every option finds its way."""
    config = _config(
        tmp_path,
        script_location="%(here)s/migrations",
        file_template="%%(year)d_%%(rev)s",
        truncate_slug_length="7",
        timezone="UTC",
        sourceless="true",
        output_encoding="latin-1",
        recursive_version_locations="yes",
        version_locations="%(here)s/one\n  %(here)s/two",
    )
    script = ScriptDirectory.from_config(config)
    assert script.dir == str(folder)
    assert script.file_template == "%(year)d_%(rev)s"
    assert script.truncate_slug_length == 7
    assert script.timezone == "UTC"
    assert script.sourceless
    assert script.output_encoding == "latin-1"
    assert script.recursive_version_locations
    assert script._version_locations == [tmp_path / "one", tmp_path / "two"]
    assert script.hooks == []


def test_defaults_of_a_config(folder: Path, tmp_path: Path) -> None:
    """What is not configured has its default."""
    config = _config(tmp_path, script_location="%(here)s/migrations")
    script = ScriptDirectory.from_config(config)
    assert script.file_template == "%(rev)s_%(slug)s"
    assert script.truncate_slug_length == 40
    assert script.timezone is None
    assert script.output_encoding == "utf-8"
    assert script._version_locations == [folder / "versions"]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({}, "No 'script_location' key found in configuration"),
        ({"script_location": "%(here)s/nope"}, "Path doesn't exist: .*nope"),
        ({"script_location": "no_such_pkg:x"}, "no_such_pkg"),
        (
            {"script_location": "%(here)s/migrations", "truncate_slug_length": "x"},
            "'truncate_slug_length' must be a whole number, not 'x'",
        ),
    ],
)
def test_wrong_options(
    folder: Path, tmp_path: Path, options: Dict[str, str], text: str
) -> None:
    """A wrong option is named."""
    with pytest.raises(CommandError, match=text):
        ScriptDirectory.from_config(_config(tmp_path, **options))


def test_prepended_paths(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Configured folders are put on the path, once."""
    monkeypatch.setattr(sys, "path", ["kept"])
    config = _config(
        tmp_path,
        script_location="%(here)s/migrations",
        prepend_sys_path="%(here)s\n  src",
    )
    ScriptDirectory.from_config(config)
    ScriptDirectory.from_config(config)
    assert sys.path == [str(tmp_path), "src", "kept"]


# -- names


def test_ends(folder: Path) -> None:
    """Heads and bases, and the errors when there are several."""
    script = _odd(folder, "a base that depends")
    assert script.get_heads() == ["a1", "b2"]
    assert script.get_heads(consider_depends_on=True) == ["b2"]
    assert script.get_bases() == ["a1", "b1"]
    with pytest.raises(CommandError) as caught:
        script.get_current_head()
    assert str(caught.value) == (
        "The script directory has multiple heads (due to branching).Please use "
        "get_heads(), or merge the branches using alembic merge."
    )
    with pytest.raises(
        CommandError, match=r"multiple bases\. Please use get_bases\(\)"
    ):
        script.get_base()
    line = _odd(folder, "a line")
    assert (line.get_current_head(), line.get_base()) == ("d", "a")
    empty = _odd(folder, "empty")
    assert (empty.get_current_head(), empty.get_base()) == (None, None)


def test_lookups(folder: Path) -> None:
    """Names give scripts; unknown ones give errors for people."""
    script = _odd(folder, "three labelled branches")
    assert script.get_revision("red@head").revision == "red2"
    assert script.get_revision("base") is None
    assert _ids(script.get_revisions(("root", "blue"))) == ["root", "blue1"]
    for look in (script.get_revision, script.get_revisions):
        with pytest.raises(CommandError, match="Can't locate revision identified by"):
            look("nope")
    across = _odd(folder, "dependencies across branches")
    assert {s.revision for s in across.get_all_current(("b2",))} == {"a2", "b2"}
    with pytest.raises(CommandError, match="the database says"):
        across.get_all_current(("nope",))


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("red@head", "red2"),
        ("root", "root"),
        ("heads", ("red2", "green2", "blue1")),
        ("base", None),
        (None, None),
        (("red1", "green1"), "red1"),
        ("nope", "nope"),
    ],
)
def test_revision_numbers(folder: Path, name: Any, number: Any) -> None:
    """A name becomes what the version table holds."""
    assert _odd(folder, "three labelled branches").as_revision_number(name) == number


def test_walking(folder: Path) -> None:
    """A walk has both ends; a range that is none is an error that names it."""
    script = _odd(folder, "a merge of three")
    assert _ids(script.walk_revisions())[0] == "after"
    assert _ids(script.walk_revisions("y1", "all")) == ["all", "y2", "y1"]
    assert _ids(script.iterate_revisions("all", "y1")) == ["all", "y2"]
    with pytest.raises(CommandError) as caught:
        list(script.walk_revisions("x1", "y2"))
    assert str(caught.value) == (
        "Requested range x1:y2 does not refer to ancestor/descendant revisions along "
        "the same branch"
    )


# -- new files


def test_first_and_next(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A new revision is written, announced, and part of the history at once."""
    script = ScriptDirectory(folder)
    first = script.generate_revision("aaaa", "add a table")
    assert first is not None
    path = folder / "versions" / "aaaa_add_a_table.py"
    assert first.path == str(path)
    assert capsys.readouterr().out == f"Generating {path} ...  done\n"
    assert first.doc == "add a table"
    second = script.generate_revision("bbbb", None, refresh=True)
    assert second is not None
    assert second.down_revision == "aaaa"
    assert second.doc == "empty message"
    assert script.get_heads() == ["bbbb"]
    assert ScriptDirectory(folder).get_heads() == ["bbbb"]


def test_quiet(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is printed when nothing is to be printed."""
    script = ScriptDirectory(folder, messaging_opts={"quiet": True})
    script.generate_revision("aaaa", "x")
    assert capsys.readouterr().out == ""


def test_branches_labels_and_dependencies(folder: Path) -> None:
    """What is asked for is written, labels as labels and names as identifiers."""
    script = ScriptDirectory(folder)
    script.generate_revision("aaaa", "x", branch_labels="left")
    script.generate_revision("bbbb", "x", head="base", branch_labels=["right", "r"])
    new = script.generate_revision(
        "cccc", "x", head="left@head", depends_on=["right", "bb"]
    )
    assert new is not None
    assert new.down_revision == "aaaa"
    assert new.dependencies == ("right", "bbbb")
    merged = script.generate_revision("dddd", "x", head=("bbbb", "cccc"))
    assert merged is not None
    assert merged.down_revision == ("bbbb", "cccc")
    assert merged.branch_labels == {"left", "right", "r"}
    again = ScriptDirectory(folder)
    assert again.get_revision("bbbb").branch_labels == {"right", "r"}
    assert again.get_current_head() == "dddd"


def test_splice(folder: Path) -> None:
    """A branch from a revision that is no head has to be asked for."""
    script = ScriptDirectory(folder)
    script.generate_revision("aaaa", "x")
    script.generate_revision("bbbb", "x")
    with pytest.raises(CommandError) as caught:
        script.generate_revision("cccc", "x", head="aaaa")
    assert str(caught.value) == (
        "Revision aaaa is not a head revision; please specify --splice to create a new "
        "branch from this revision"
    )
    script.generate_revision("cccc", "x", head="aaaa", splice=True)
    with pytest.raises(CommandError) as caught:
        script.generate_revision("dddd", "x")
    assert str(caught.value) == (
        "Multiple heads are present; please specify the head revision on which the new "
        "revision should be based, or perform a merge."
    )


REFUSED: Dict[str, Dict[str, Any]] = {
    "has 33 characters, and the version table holds 32": {"revid": "x" * 33},
    r"Character\(s\) '\+, -, @' not allowed in revision identifier 'a-1\+@'": {
        "revid": "a-1+@"
    },
    "has characters that are not allowed: '/'": {"revid": "a/b"},
    r"has characters that are not allowed: '\\n'": {"revid": "a\nb"},
    "has characters that are not allowed: ' '": {"revid": "a b"},
    "must begin with a letter or a digit": {"revid": "../../x"},
    "'head' has a meaning of its own": {"revid": "head"},
    "Revision id '' must begin": {"revid": ""},
    r"Revision id 'aaaa' is taken by revision aaaa \(.*aaaa_x\.py\)": {"revid": "aaaa"},
    "Revision id 'label' is taken by revision aaaa": {"revid": "label"},
    "Branch name 'label' in revision bbbb already used by revision aaaa": {
        "branch_labels": "label"
    },
    "Branch name 'aaaa' in revision bbbb already used by revision aaaa": {
        "branch_labels": ["aaaa"]
    },
    "Branch name 'bbbb' in revision bbbb already used by revision bbbb": {
        "branch_labels": ["bbbb"]
    },
    "Branch label 'a@b' has characters that are not allowed: '@'": {
        "branch_labels": "a@b"
    },
    "Branch label 'heads' has a meaning of its own": {"branch_labels": "heads"},
    "Can't locate revision identified by 'nope'": {"head": "nope"},
    "Can't locate revision identified by 'no'": {"depends_on": "no"},
    "Path .*elsewhere is not represented in current version locations": {
        "version_path": "elsewhere"
    },
    "Can't use file_template '%\\(nope\\)s': KeyError: 'nope'; its tokens are": {
        "file_template": "%(nope)s"
    },
    "makes .*, which is outside of": {"file_template": "../%(rev)s"},
}


@pytest.mark.parametrize("text", REFUSED)
def test_refused_revisions(folder: Path, text: str) -> None:
    """A revision that cannot be is refused in one line, and nothing is written."""
    script = ScriptDirectory(folder)
    script.generate_revision("aaaa", "x", branch_labels="label")
    before = sorted(folder.rglob("*"))
    options = {"revid": "bbbb", "message": "y", **REFUSED[text]}
    with pytest.raises(CommandError, match=text) as caught:
        script.generate_revision(**options)
    assert "\n" not in str(caught.value)
    assert sorted(folder.rglob("*")) == before
    assert script.get_heads() == ["aaaa"]


def test_file_that_is_there(folder: Path) -> None:
    """A file of the same name is never overwritten."""
    path = folder / "versions" / "aaaa_x.py"
    _write(path, "other")
    before = path.read_text()
    script = ScriptDirectory(folder)
    with pytest.raises(CommandError, match=r"aaaa_x\.py exists already and is left"):
        script.generate_revision("aaaa", "x")
    assert path.read_text() == before


def test_templates(folder: Path) -> None:
    """A template that is missing or wrong is an error, and nothing is written."""
    template = folder / "script.py.mako"
    for text, reason in {
        "${nope.x}": r"Template rendering failed: .*script\.py\.mako, line 1",
        "x = 1\n": "does not write the revision id 'aaaa'",
        "revision = 'fixed'\ndown_revision = None\n": "does not write the revision id",
    }.items():
        template.write_text(text)
        with pytest.raises(CommandError, match=reason):
            ScriptDirectory(folder).generate_revision("aaaa", "x")
    template.unlink()
    with pytest.raises(CommandError, match="Can't find the template .*script.py.mako"):
        ScriptDirectory(folder).generate_revision("aaaa", "x")
    assert list((folder / "versions").iterdir()) == []


def test_broken_body(folder: Path) -> None:
    """What is to be corrected by hand is written, and the error says where."""
    script = ScriptDirectory(folder)
    with pytest.raises(CommandError, match=r"aaaa_x\.py has been written, but .* line"):
        script.generate_revision("aaaa", "x", upgrades="op.add_column(<what>)")
    assert "<what>" in (folder / "versions" / "aaaa_x.py").read_text()


def test_disk_that_fails(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure while writing leaves no half-written file."""

    def full(*arg: Any, **kw: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "link", full)
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(CommandError, match="Can't write .*: No space left on device"):
        ScriptDirectory(folder).generate_revision("aaaa", "x")
    assert list((folder / "versions").iterdir()) == []


def test_several_locations(folder: Path) -> None:
    """A file goes to the location that was asked for, else to where its parent is."""
    locations = [folder / "versions", folder / "more"]
    script = ScriptDirectory(folder, version_locations=locations)
    with pytest.raises(
        CommandError,
        match="^Multiple version locations present, please specify --version-path",
    ):
        script.generate_revision("aaaa", "x")
    first = script.generate_revision("aaaa", "x", version_path=folder / "more")
    second = script.generate_revision("bbbb", "x")
    assert first is not None
    assert second is not None
    assert Path(first.path).parent == Path(second.path).parent == folder / "more"


def test_folders_in_names(folder: Path) -> None:
    """A name with folders makes them; a folder that is not looked into is told."""
    script = ScriptDirectory(
        folder, file_template="%(year)d/%(rev)s", recursive_version_locations=True
    )
    new = script.generate_revision("aaaa", "x")
    assert new is not None
    assert re.search(r"/versions/\d{4}/aaaa\.py$", new.path)
    assert ScriptDirectory(folder).get_heads() == []
    script.recursive_version_locations = False
    with pytest.warns(UserWarning, match="recursive_version_locations = true"):
        script.generate_revision("bbbb", "x")


def test_rev_path(folder: Path) -> None:
    """The name of a file is made of tokens."""
    script = ScriptDirectory(folder)
    when = datetime(2024, 3, 7, 5, 6, 9)
    script.file_template = "%(year)d_%(month).2d_%(day).2d_%(hour).2d%(minute).2d_%(second).2d-%(rev)s_%(slug)s"
    assert script._rev_path("/v", "abc", "Some, Message! with-dash", when) == Path(
        "/v/2024_03_07_0506_09-abc_some_message_with_dash.py"
    )
    script.file_template = "%(epoch)s"
    epoch = int(when.timestamp())
    assert script._rev_path("/v", "abc", None, when) == Path(f"/v/{epoch}.py")


@pytest.mark.parametrize("how", ["a subclass", "the class", "the object"])
def test_files_named_in_another_way(folder: Path, monkeypatch: Any, how: str) -> None:
    """Who puts a function in the place of `_rev_path` decides what files are called."""

    def mine(self: Any, path: Any, rev_id: str, *rest: Any) -> Path:
        return Path(path, f"mine_{rev_id}.py")

    class Mine(ScriptDirectory):
        _rev_path = mine

    script = (Mine if how == "a subclass" else ScriptDirectory)(folder)
    if how == "the class":
        monkeypatch.setattr(ScriptDirectory, "_rev_path", mine)
    elif how == "the object":
        monkeypatch.setattr(script, "_rev_path", mine.__get__(script))
    new = script.generate_revision("aaaa", "x")
    assert new is not None
    assert new.path == str(folder / "versions" / "mine_aaaa.py")


@pytest.mark.parametrize(
    ("message", "length", "slug"),
    [
        (None, None, ""),
        ("!!!", None, ""),
        ("A" * 100, None, "a" * 40 + "_"),
        ("word " * 30, None, "word_" * 8),
        ("hello there world", 10, "hello_"),
        ("Ünïcode ßtraße 日本", None, "ünïcode_ßtraße_日本"),
        ("../../etc/passwd", None, "etc_passwd"),
        ("%(rev)s ${x}", None, "rev_s_x"),
        ("a\\b\0c", None, "a_b_c"),
    ],
)
def test_slugs(folder: Path, message: Any, length: Any, slug: str) -> None:
    """A slug has nothing but words."""
    script = ScriptDirectory(
        folder, file_template="%(slug)s", truncate_slug_length=length
    )
    path = script._rev_path("/v", "abc", message, datetime(2024, 1, 1))
    assert path == Path(f"/v/{slug}.py")


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("UTC", "UTC"),
        ("utc", "UTC"),
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
    ],
)
def test_time_zones(folder: Path, zone: str, name: str) -> None:
    """Dates of creation are in the configured zone, however it is spelled."""
    pytest.importorskip("zoneinfo")
    created = ScriptDirectory(folder, timezone=zone)._generate_create_date()
    assert str(created.tzinfo) == name
    assert ScriptDirectory(folder)._generate_create_date().tzinfo is None


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("nope", "^Can't locate timezone: nope$"),
        ("Europe/Berlim", "^Can't locate timezone: .*; did you mean Europe/Berlin"),
        ("../etc/passwd", "^Can't locate timezone: "),
    ],
)
def test_unknown_time_zones(folder: Path, zone: str, text: str) -> None:
    """An unknown zone is refused."""
    pytest.importorskip("zoneinfo")
    with pytest.raises(CommandError, match=text):
        ScriptDirectory(folder, timezone=zone)._generate_create_date()


def test_no_data_about_time_zones(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without data about zones the error says what to install."""
    zoneinfo = pytest.importorskip("zoneinfo")

    def missing(key: str) -> None:
        raise zoneinfo.ZoneInfoNotFoundError(key)

    monkeypatch.setattr(zoneinfo, "ZoneInfo", missing)
    monkeypatch.setattr(zoneinfo, "available_timezones", set)
    with pytest.raises(CommandError, match="pip install tzdata"):
        ScriptDirectory(folder, timezone="Europe/Berlin")._generate_create_date()
    utc = ScriptDirectory(folder, timezone="UTC")._generate_create_date()
    assert utc.utcoffset() is not None

"""alembic.ini.example, the templates and the code agree on the options there are."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from alembic.settings import Config

ROOT = Path(__file__).resolve().parents[3]

READERS = {
    "_path_list",
    "_setting",
    "get_alembic_boolean_option",
    "get_alembic_option",
    "get_main_option",
}


def options_in_code() -> set:
    """Return every option that our code asks a Config for by name."""
    found = set()
    for path in (ROOT / "alembic").rglob("*.py"):
        if "templates" in path.parts or "testing" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "attr", "") in READERS
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(node.args[0].value)
    return found


def options_in_example() -> set:
    """Return every option that the example shows under [alembic], commented or not."""
    text = (ROOT / "alembic.ini.example").read_text(encoding="utf-8")
    section = text.partition("[alembic]\n")[2].partition("\n[")[0]
    return set(re.findall(r"^(?:# )?([\w.]+) =", section, re.M))


def test_example_documents_every_option_that_the_code_reads():
    """And nothing that no code and no template reads."""
    in_code = options_in_code() | {"path_separator", "version_path_separator"}
    assert {"script_location", "timezone", "version_locations"} <= in_code
    by_templates = {"databases", "sqlalchemy.url", "sqlalchemy.echo"}
    assert options_in_example() == in_code | by_templates


def test_example_can_be_read():
    """It is a valid configuration."""
    config = Config(ROOT / "alembic.ini.example")
    assert config.get_main_option("script_location").endswith("/migrations")
    assert config.get_prepend_sys_paths_list() == ["."]
    assert config.get_hooks_list() == []


@pytest.mark.parametrize(
    "template", ["async", "generic", "multidb", "pyproject", "pyproject_async"]
)
def test_templates_show_known_options_only(template):
    """A template mentions no option that nobody reads."""
    folder = ROOT / "alembic" / "templates" / template
    known = options_in_example()
    for path in folder.glob("*.mako"):
        if path.name == "script.py.mako":
            continue
        text = path.read_text(encoding="utf-8")
        section = text.partition("alembic]\n")[2].partition("\n[")[0]
        shown = set(re.findall(r"^(?:# )?([a-z][\w.]+) =", section, re.M))
        shown -= {"name", "type", "executable", "options"}
        assert shown, path
        assert shown <= known, path


@pytest.mark.parametrize("template", ["generic", "async", "multidb"])
def test_options_that_a_template_comments_out_hold_their_defaults(template, tmp_path):
    """Taking the # away from a line with a default changes nothing."""
    path = ROOT / "alembic" / "templates" / template / "alembic.ini.mako"
    text = path.read_text(encoding="utf-8")
    for option, default in [
        ("recursive_version_locations", "false"),
        ("truncate_slug_length", "40"),
        ("revision_environment", "false"),
        ("sourceless", "false"),
        ("output_encoding", "utf-8"),
    ]:
        assert f"\n# {option} = {default}\n" in text

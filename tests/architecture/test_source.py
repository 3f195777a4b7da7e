"""What every source file of the package keeps to."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "alembic"
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "templates" not in path.parts)
NAMES = [path.relative_to(PACKAGE).as_posix() for path in FILES]

# logger names that people configure and scripts read; nothing else logs
LOGGERS = {
    "alembic",
    "alembic.autogenerate",
    "alembic.autogenerate.compare.comments",
    "alembic.autogenerate.compare.constraints",
    "alembic.autogenerate.compare.server_defaults",
    "alembic.autogenerate.compare.tables",
    "alembic.autogenerate.compare.types",
    "alembic.autogenerate.render",
    "alembic.config",
    "alembic.ddl.impl",
    "alembic.ddl.postgresql",
    "alembic.ext.checkconstraint_byname",
    "alembic.operations.batch",
    "alembic.runtime.migration",
    "alembic.runtime.plugins",
    "alembic.script",
    "alembic.util.messaging",
}


@pytest.fixture(params=FILES, ids=NAMES)
def source(request):
    """One source file after the other."""
    return request.param


def test_parses_on_the_oldest_python(source):
    """The grammar is that of Python 3.8."""
    ast.parse(source.read_text(encoding="utf-8"), feature_version=(3, 8))


def test_says_what_it_is_for(source):
    """A module opens with a docstring, and annotations are not evaluated."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    assert len(tree.body) == 1 or any(
        isinstance(node, ast.ImportFrom) and node.module == "__future__"
        for node in tree.body
    )


# names that hold a version, or whether it is of a release or newer
SQLALCHEMY_VERSIONS = r"sqla_\d\w*|version_tuple|sa\.__version__"
PYTHON_VERSIONS = r"py3\d+|version_info|hexversion|python_version\w*"


def versions_asked_for(text, names):
    """Return the names of some pattern that a source uses."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            owner = getattr(node.value, "id", "")
            prefix = "sa." if owner in ("sa", "sqlalchemy") else ""
            found |= {node.attr, prefix + node.attr}
        elif isinstance(node, ast.ImportFrom):
            prefix = "sa." if node.module == "sqlalchemy" else ""
            found |= {prefix + alias.name for alias in node.names}
    return {name for name in found if re.fullmatch(names, name)}


def test_asks_for_versions_only_where_they_live(source):
    """SQLAlchemy's version is asked for in sqla/, Python's in util/compat.py."""
    name = source.relative_to(PACKAGE).as_posix()
    text = source.read_text(encoding="utf-8")
    if not name.startswith(("sqla/", "util/sqla_compat", "util/__init__")):
        assert versions_asked_for(text, SQLALCHEMY_VERSIONS) == set()
    if name != "util/compat.py":
        assert versions_asked_for(text, PYTHON_VERSIONS) == set()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("from ..sqla.version import sqla_1_4", SQLALCHEMY_VERSIONS),
        ("from ..sqla import version\nversion.sqla_2_0_25", SQLALCHEMY_VERSIONS),
        ("from alembic.sqla.version import version_tuple", SQLALCHEMY_VERSIONS),
        ("import sqlalchemy as sa\nsa.__version__", SQLALCHEMY_VERSIONS),
        ("from sqlalchemy import __version__", SQLALCHEMY_VERSIONS),
        ("import sys\nsys.version_info >= (3, 9)", PYTHON_VERSIONS),
        ("from sys import version_info", PYTHON_VERSIONS),
        ("from ..util import compat\nif compat.py310: pass", PYTHON_VERSIONS),
        ("import platform\nplatform.python_version_tuple()", PYTHON_VERSIONS),
    ],
)
def test_sees_who_asks_for_a_version(text, names):
    """However it is imported and called."""
    assert versions_asked_for(text, names)


def test_logs_under_a_known_name(source):
    """Logger names are interface: constants from one list."""
    text = source.read_text(encoding="utf-8")
    for argument in re.findall(r"getLogger\(([^)]*)\)", text):
        assert ast.literal_eval(argument) in LOGGERS


def test_leaves_nothing_undone(source):
    """No note of unfinished work is left in the code."""
    text = source.read_text(encoding="utf-8")
    assert not re.search(r"\b(TODO|FIXME|XXX|HACK)\b", text)


def test_doors_are_imported_by_nobody_inside():
    """A door serves users; inside, everything is imported from its home."""
    doors = {
        "alembic.config",
        "alembic.op",
        "alembic.context",
        "alembic.runtime",
        "alembic.util.langhelpers",
        "alembic.util.sqla_compat",
        "alembic.script.base",
        "alembic.ddl._autogen",
    }
    offenders = []
    for path, name in zip(FILES, NAMES):
        module = "alembic." + name[:-3].replace("/", ".")
        module = re.sub(r"\.__init__$", "", module)
        if module in doors or module in ("alembic", "alembic.__main__"):
            continue
        package = module if name.endswith("__init__.py") else module.rpartition(".")[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ImportFrom):
                continue
            base = node.module or ""
            if node.level:
                parts = package.split(".")
                parts = parts[: len(parts) - node.level + 1]
                base = ".".join([*parts, base] if base else parts)
            wanted = {base} | {f"{base}.{alias.name}" for alias in node.names}
            for door in doors & wanted:
                if not module.startswith(("alembic.runtime", "alembic.testing")):
                    offenders.append(f"{name}:{node.lineno} imports {door}")
    # the face of util answers for its own two doors on first touch
    assert [o for o in offenders if not o.startswith("util/__init__.py")] == []

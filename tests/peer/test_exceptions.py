"""Exceptions beside Alembic 1.20.1: types, bases, attributes, and how texts begin."""

from __future__ import annotations

import re

import pytest

from tests.peer import commands_table as table
from tests.peer.peer import both

pytestmark = pytest.mark.peer

CONFIG = """
from alembic import command, util
from alembic.config import Config
from alembic.script import ScriptDirectory
config = Config("alembic.ini", stdout=open(os.devnull, "w"))
script = ScriptDirectory.from_config(config)
"""

MAP = """
from alembic.script.revision import Revision, RevisionMap
def of(*rows):
    return RevisionMap(lambda: [Revision(*row) for row in rows])
"""

CONTEXT = """
import io
from alembic.migration import MigrationContext
from alembic.operations import Operations
context = MigrationContext.configure(
    dialect_name="{}", opts=dict(as_sql=True, output_buffer=io.StringIO()))
op = Operations(context)
"""

OF_COMMANDS = {
    "upgrade to nothing": "command.upgrade(config, 'nope')",
    "upgrade to one of several heads": "command.upgrade(config, 'head')",
    "downgrade too far": "command.downgrade(config, '-9')",
    "upgrade of a range": "command.upgrade(config, 'a1:b2')",
    "downgrade without a range": "command.downgrade(config, 'a1', sql=True)",
    "stamp at nothing": "command.stamp(config, 'nope')",
    "show nothing": "command.show(config, 'nope')",
    "merge one": "command.merge(config, 'a1')",
    "revision on several heads": "command.revision(config, 'm')",
    "revision on no head": "command.revision(config, 'm', head='a1')",
    "not at head": "command.current(config, check_heads=True)",
    "check behind": "command.check(config)",
    "autogenerate behind": "command.revision(config, 'm', autogenerate=True, head='b2')",
    "no template": "command.init(config, 'new', template='nope')",
    "init where something is": "command.init(config, 'scripts')",
    "no such revision": "script.get_revision('nope')",
    "no such revisions": "script.get_revisions(('a1', 'nope'))",
    "several heads": "script.get_current_head()",
    "walk from nothing": "list(script.walk_revisions('nope', 'heads'))",
    "no folder": "ScriptDirectory('nowhere')",
    "history of no range": "command.history(config, 'a1')",
    "no script_location": "ScriptDirectory.from_config(Config())",
    "an option that is not": "result = config.get_main_option('nope')",
    "edit nothing": "command.edit(config, 'nope')",
}

OF_MAPS = {
    "ambiguous": "of(('abcd1', None), ('abcd2', 'abcd1')).get_revision('abcd')",
    "nothing": "of(('a', None)).get_revision('nope')",
    "cycle": "of(('a', 'b'), ('b', 'a')).heads",
    "cycle behind a base": "of(('a', None), ('b', 'c'), ('c', 'b')).heads",
    "own parent": "of(('a', 'a')).heads",
    "dependency on oneself": "of(('a', None, 'a')).heads",
    "cycle of dependencies": "of(('a', None, 'b'), ('b', 'a')).heads",
    "missing parent": "list(of(('b', 'a')).iterate_revisions('b', 'base'))",
    "character": "Revision('a@b', None)",
    "plus": "Revision('a+b', None)",
    "label with a colon": "Revision('a', None, None, 'x:y')",
    "several heads": "of(('a', None), ('b', 'a'), ('c', 'a')).get_current_head()",
    "head of several": "of(('a', None), ('b', 'a'), ('c', 'a')).get_revision('head')",
    "not on the way": "list(of(('a', None), ('b', None)).iterate_revisions('a', 'b'))",
    "no branch": "of(('a', None)).get_revisions('nope@head')",
}

OF_OPERATIONS = {
    "no such dialect": ("nope", "pass"),
    "change without a type": ("mysql", "op.alter_column('t', 'c', nullable=False)"),
    "constraint without a kind": ("mysql", "op.drop_constraint('c', 't')"),
    "constraint of an odd kind": ("mysql", "op.drop_constraint('c', 't', type_='x')"),
    "constraint on SQLite": ("sqlite", "op.create_unique_constraint('u', 't', ['a'])"),
    "alter on SQLite": ("sqlite", "op.alter_column('t', 'c', nullable=False)"),
    "no such operation": ("sqlite", "op.nothing()"),
    "operation without what runs it": ("sqlite", "op.invoke(ops.MigrateOperation())"),
    "no connection": ("postgresql", "result = op.get_bind()"),
    "registered twice": (
        "sqlite", "Operations.implementation_for(ops.AddColumnOp)(lambda *arg: None)",
    ),
}  # fmt: skip

SCENARIOS = [
    # first: there a command that fails leaves its context behind
    {"id": "proxy outside", "code": "op.execute('SELECT 1')"},
    {"id": "context outside", "code": "from alembic import context\ncontext.config"},
    *(
        {"id": f"command: {name}", "code": "import os\n" + CONFIG + code}
        for name, code in OF_COMMANDS.items()
    ),
    *({"id": f"map: {name}", "code": MAP + code} for name, code in OF_MAPS.items()),
    *(
        {"id": f"operation: {name}", "code": CONTEXT.format(dialect) + code}
        for name, (dialect, code) in OF_OPERATIONS.items()
    ),
]
for row in SCENARIOS:
    row["kind"] = "raised"
    row["files"] = table.PROJECTS["fork"]

# errors in which the other side falls over; here something clear is said or done
ACCIDENTS = ("AttributeError", "AssertionError", "KeyError", "IndexError")

# where the two differ on purpose: why, and what is raised here
MENDED = {
    "map: no branch": (
        "what stands before the @ can be nothing but a branch",
        "ResolutionError",
        "No such branch: 'nope'",
    ),
    "operation: no such dialect": (
        "a dialect that is not there is the user's affair",
        "CommandError",
        "nope",
    ),
}


@pytest.fixture(scope="module")
def outcomes():
    """What both sides raised, by scenario."""
    return both(SCENARIOS)


@pytest.mark.parametrize("name", [row["id"] for row in SCENARIOS])
def test_exceptions_agree(outcomes, name):
    """A program that catches or reads the one finds the other."""
    theirs, ours = outcomes[name]
    said = " ".join(ours.get("text", ()))
    if name in MENDED:
        why, type_, words = MENDED[name]
        assert (ours["type"], words in said) == (type_, True), why
        assert ours != theirs, "no difference is left: take it out of MENDED"
        return
    if theirs["type"] in ACCIDENTS and "outside" not in name:
        assert ours["type"] not in ACCIDENTS or name.endswith("no such operation")
        return
    assert ours["type"] == theirs["type"]
    if ours["type"] is None:
        assert ours["value"] == theirs["value"]
        return
    assert set(theirs["bases"]) <= set(ours["bases"])
    assert set(theirs["attributes"]) <= set(ours["attributes"])
    # where it happened may stand before, what to do next behind
    assert plain(" ".join(theirs["text"])).rstrip(".") in plain(said)


def plain(text):
    """Leave out where either side is installed, and addresses."""
    text = re.sub(r"<class 'alembic\.[\w.]+\.(\w+)'>", r"<\1>", text)
    text = re.sub(r"<alembic\.[\w.]+ object at \w+>", "<object>", text)
    return re.sub(r"/\S*/alembic/templates/", "<templates>/", text)

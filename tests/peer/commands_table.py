"""What is typed on the command line, and in what kind of project."""

from __future__ import annotations

from typing import Any
from typing import Dict
from typing import List

ENV = """
import os
from alembic import context
from sqlalchemy import create_engine
from sqlalchemy import MetaData
options = dict(target_metadata=MetaData(), EXTRA)
if context.is_offline_mode():
    dialect = context.get_x_argument(as_dictionary=True).get("dialect", "sqlite")
    context.configure(dialect_name=dialect, literal_binds=True, **options)
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine("sqlite:///d.db").connect() as connection:
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            context.run_migrations()
"""

MAKO = '''"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}
"""
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}
from alembic import op
import sqlalchemy as sa
def upgrade():
    ${upgrades if upgrades else "pass"}
def downgrade():
    ${downgrades if downgrades else "pass"}
'''

REVISION = '''"""{message}

Revision ID: {id}
Revises: {down}
Create Date: 2024-01-02 03:04:05
"""
revision = {id!r}
down_revision = {down!r}
branch_labels = {labels!r}
depends_on = {needs!r}
from alembic import op
import sqlalchemy as sa
def upgrade():
    {up}
def downgrade():
    {back}
'''


def revision(
    id_: str, down: Any = None, labels: Any = None, needs: Any = None, **bodies: str
) -> Dict[str, str]:
    """Return the file of a revision."""
    text = REVISION.format(
        id=id_,
        down=down,
        labels=labels,
        needs=needs,
        message=f"about {id_}",
        up=bodies.get("up", "pass"),
        back=bodies.get("back", "pass"),
    )
    return {f"scripts/versions/{id_}_.py": text}


def project(*revisions: Dict[str, str], ini: str = "", extra: str = "") -> Dict:
    """Return the files of a project."""
    files = {
        "alembic.ini": (
            "[alembic]\nscript_location = scripts\npath_separator = os\n" + ini
        ),
        "scripts/env.py": ENV.replace("EXTRA", extra),
        "scripts/script.py.mako": MAKO,
        "scripts/versions/.keep": "",
    }
    for one in revisions:
        files.update(one)
    return files


LINE = (revision("a1"), revision("b2", "a1"), revision("c3", "b2"))
FORK = (
    revision("a1"),
    revision("b2", "a1", ("left",)),
    revision("c3", "a1", ("right",)),
    revision("d4", "c3", None, "b2"),
)
MERGED = (*FORK, revision("e5", ("b2", "d4")), revision("f6", "e5"))
TABLES = (
    revision(
        "a1",
        up="op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), "
        "sa.Column('name', sa.String(20), nullable=False), "
        "sa.Column('at', sa.DateTime, server_default=sa.func.now()))",
        back="op.drop_table('t')",
    ),
    revision(
        "b2",
        "a1",
        up="op.bulk_insert(sa.table('t', sa.column('id', sa.Integer), "
        "sa.column('name', sa.String)), [{'id': 1, 'name': \"it's\"}]); "
        "op.add_column('t', sa.Column('more', sa.Numeric(10, 2)))",
        back="op.drop_column('t', 'more')",
    ),
    revision(
        "c3",
        "b2",
        up="op.create_index('ix_t', 't', ['name']); "
        "op.execute(\"UPDATE t SET name = 'x'\")",
        back="op.drop_index('ix_t', 't')",
    ),
)
PROJECTS = {
    "empty": project(),
    "line": project(*LINE),
    "fork": project(*FORK),
    "merged": project(*MERGED),
    "tables": project(*TABLES),
}

# commands that only look, tried in every project at several places
LOOKING: List[str] = [
    "heads", "heads -v", "heads --resolve-dependencies", "branches", "branches -v",
    "history", "history -v", "history -r a1:", "history -r :b2", "history -r a1:b2",
    "history -r -1:", "history -i", "history -r current:", "history -r nope:",
    "history -r a1", "show a1", "show head", "show heads", "show base", "show nope",
    "show a", "show current", "current", "current -v", "current --check-heads", "check",
]  # fmt: skip

# commands that move, each from the beginning
MOVING: List[List[str]] = [
    ["upgrade head"], ["upgrade heads"], ["upgrade +1"], ["upgrade +2"],
    ["upgrade +9"], ["upgrade a1"], ["upgrade a1+1"], ["upgrade b"],
    ["upgrade left@head"], ["upgrade right@head"], ["upgrade right@+1"],
    ["upgrade nope"], ["upgrade nope@head"], ["upgrade a1:b2"], ["upgrade"],
    ["upgrade heads", "downgrade base"], ["upgrade heads", "downgrade a1"],
    ["upgrade b2", "downgrade -1"], ["upgrade b2", "downgrade -3"],
    ["upgrade heads", "downgrade left@base"], ["upgrade heads", "downgrade b2"],
    ["upgrade heads", "downgrade nope"], ["downgrade base"], ["downgrade -1"],
    ["downgrade"], ["downgrade b2 --sql"],
    ["stamp head"], ["stamp heads"], ["stamp a1"], ["stamp base"], ["stamp nope"],
    ["stamp a1 b2"], ["upgrade heads", "stamp base"],
    ["upgrade heads", "stamp --purge a1"], ["stamp head --sql"],
    ["ensure_version"], ["ensure_version --sql"],
]  # fmt: skip

# commands that write files
WRITING: List[List[str]] = [
    ["revision --rev-id n1 -m hello"],
    ["revision --rev-id n1 -m hello --head a1"],
    ["revision --rev-id n1 -m hello --head a1 --splice"],
    ["revision --rev-id n1 -m hello --head base"],
    ["revision --rev-id n1 -m hello --head base --branch-label new"],
    ["revision --rev-id n1 -m hello --head nope"],
    ["revision --rev-id n1 -m hello --depends-on a1 --head heads"],
    ["revision --rev-id n1 -m hello --branch-label left"],
    ["revision --rev-id n@1 -m hello"],
    ["revision --rev-id a1 -m hello"],
    ["revision --rev-id n1 -m hello --autogenerate"],
    ["upgrade heads", "revision --rev-id n1 -m hello --autogenerate"],
    ["revision --rev-id n1 -m hello --sql"],
    ["revision --rev-id n1"],
    ["revision --rev-id n1 -m Grüße_und/mehr,hier"],
    ["merge heads --rev-id n1 -m both"],
    ["merge b2 c3 --rev-id n1 -m both"],
    ["merge a1 --rev-id n1 -m both"],
    ["merge nope --rev-id n1 -m both"],
    ["merge"],
    ["nonsense"], [""], ["--version"], ["list_templates"], ["-c other.ini heads"],
    ["-n other heads"], ["edit nope"], ["init scripts"],
]  # fmt: skip

DIALECTS = ("sqlite", "postgresql", "mysql", "mssql", "oracle")
SCRIPTS: List[str] = [
    "upgrade head --sql",
    "upgrade a1:c3 --sql",
    "upgrade b2:head --sql",
    "downgrade c3:base --sql",
    "downgrade c3:a1 --sql",
    "stamp head --sql",
    "stamp a1:c3 --sql",
]

# keys of the configuration, each with what it changes
KEYS: Dict[str, Any] = {
    "file_template": ("file_template = %%(year)d_%%(rev)s-%%(slug)s\n", ["revision --rev-id n1 -m HelloThere"]),
    "file_template with folders": ("file_template = %%(rev)s/%%(slug)s\nrecursive_version_locations = true\n", ["revision --rev-id n1 -m x", "heads"]),
    "truncate_slug_length": ("truncate_slug_length = 8\n", ["revision --rev-id n1 -m 'a_long_message_it_is'"]),
    "timezone": ("timezone = utc\nfile_template = %%(rev)s\n", ["revision --rev-id n1 -m x"]),
    "timezone that is not": ("timezone = Nowhere/Here\n", ["revision --rev-id n1 -m x"]),
    "revision_environment": ("revision_environment = true\n", ["revision --rev-id n1 -m x"]),
    "sourceless": ("sourceless = true\n", ["heads"]),
    "version_locations": ("version_locations = %(here)s/scripts/versions:%(here)s/more\n", ["heads", "revision --rev-id n1 -m x --head base --version-path more", "heads"]),
    "version_locations by comma": ("version_locations = scripts/versions,more\n", ["heads"]),
    "output_encoding": ("output_encoding = latin-1\n", ["revision --rev-id n1 -m Grüße"]),
    "hook exec": ("\n[post_write_hooks]\nhooks = one\none.type = exec\none.executable = sed\none.options = -i s/pass/return/ REVISION_SCRIPT_FILENAME\n", ["revision --rev-id n1 -m x"]),
    "hook module": ("\n[post_write_hooks]\nhooks = one\none.type = module\none.module = compileall\none.options = -q REVISION_SCRIPT_FILENAME\n", ["revision --rev-id n1 -m x"]),
    "hook that fails": ("\n[post_write_hooks]\nhooks = one\none.type = exec\none.executable = false\n", ["revision --rev-id n1 -m x"]),
    "hook of no type": ("\n[post_write_hooks]\nhooks = one\n", ["revision --rev-id n1 -m x"]),
    "hook of an unknown type": ("\n[post_write_hooks]\nhooks = one\none.type = nothing\n", ["revision --rev-id n1 -m x"]),
    "hook without an executable": ("\n[post_write_hooks]\nhooks = one\none.type = exec\n", ["revision --rev-id n1 -m x"]),
    "hook of an entry point that is not": ("\n[post_write_hooks]\nhooks = one\none.type = console_scripts\none.entrypoint = nothing\n", ["revision --rev-id n1 -m x"]),
    "script_location that is not": ("\n[other]\nscript_location = nowhere\n", ["-n other heads"]),
    "no script_location": ("\n[other]\n", ["-n other heads"]),
}  # fmt: skip

# the same in pyproject.toml, beside no other file
TOML: Dict[str, Any] = {
    "plain": ('script_location = "scripts"\n', ["heads", "upgrade head", "current"]),
    "here": ('script_location = "%(here)s/scripts"\n', ["heads"]),
    "lists": (
        'script_location = "scripts"\n'
        'version_locations = ["%(here)s/scripts/versions", "%(here)s/more"]\n',
        ["heads", "revision --rev-id n1 -m x --head base --version-path more"],
    ),
    "template": (
        'script_location = "scripts"\nfile_template = "%%(rev)s-%%(slug)s"\n'
        "truncate_slug_length = 4\n",
        ["revision --rev-id n1 -m 'one two three'"],
    ),
    "hook": (
        'script_location = "scripts"\n[[tool.alembic.post_write_hooks]]\n'
        'name = "one"\ntype = "exec"\nexecutable = "sed"\n'
        'options = "-i s/pass/return/ REVISION_SCRIPT_FILENAME"\n',
        ["revision --rev-id n1 -m x"],
    ),
    "nothing": ("", ["heads"]),
}

# where the two differ on purpose: scenario, line, why, and how this project ends
MENDED = [
    ("", "history -r -1:", "a range that begins with a dash is no option", (0, 255)),
    ("", "show a$|upgrade b$", "the beginning of an identifier is enough", (0, 255)),
    ("empty", "history -r a1:b2", "of two that are missing the first is named", (255,)),
    ("", "stamp a1 b2", "of two on one line the later one is the head", (0, 255)),
    (
        "",
        "(up|down)grade (nope|left|right)@",
        "a label that does not exist is not taken for nothing to do",
        (255,),
    ),
    ("", "revision --rev-id a1", "two files of one identifier are not made", (255,)),
    (
        "fork.*at heads",
        "current --check-heads|current -c",
        "what a head depends on has been applied with it",
        (0,),
    ),
    ("fork", "merge heads", "all heads are merged", (0,)),
    ("fork", "revision --rev-id n@1", "that heads are several is said first", (255,)),
    (
        "(fork|merged)",
        "revision .*--branch-label left",
        "a label that is taken is refused before a file is written",
        (255,),
    ),
    (
        "oracle",
        "(upgrade head|stamp head) --sql",
        "a script has nobody to return values to",
        (0,),
    ),
    (
        "key output_encoding",
        "",
        "a file that Python cannot read is one line, not a traceback",
        (255,),
    ),
]

TEMPLATES = ("generic", "async", "multidb", "pyproject", "pyproject_async")

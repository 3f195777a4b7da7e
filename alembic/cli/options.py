"""Every flag and argument of the command line: its spelling and its help."""

from __future__ import annotations

from .. import command

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any
    from typing import Dict
    from typing import Tuple

    Keyword = Tuple[Any, ...]
    """The spellings of a flag, then a dictionary for `ArgumentParser.add_argument`."""


POSITIONALS: Dict[str, Dict[str, Any]] = {
    "directory": {"help": "the folder to create; its name goes into the configuration"},
    "rev": {
        "help": "a revision: its identifier or the beginning of it, 'head', "
        "'<label>@head', or 'current' for that of the database"
    },
    "revision": {
        "help": "where to go: a revision, 'head', 'heads', 'base', '<label>@head', or "
        "'+2', '-1' from here; with --sql also a range '<from>:<to>'"
    },
    "revisions": {
        "nargs": "+",
        "help": "the revisions, separated by spaces; 'heads' stands for all heads",
    },
}
"""Arguments without a flag, by the name of the parameter that they fill."""

EXAMPLES: Dict[Any, str] = {
    command.downgrade: "Example: alembic downgrade -1",
    command.edit: "Example: alembic edit head",
    command.history: "Example: alembic history -r base:current",
    command.init: "Example: alembic init migrations",
    command.merge: "Example: alembic merge heads -m 'join the branches'",
    command.revision: "Example: alembic revision --autogenerate -m 'add customers'",
    command.show: "Example: alembic show head",
    command.stamp: "Example: alembic stamp head",
    command.upgrade: "Example: alembic upgrade head",
}
"""What people type most, for the end of a command's help and of its complaints."""

RENAMED_POSITIONALS: Dict[Any, Dict[str, str]] = {
    command.stamp: {"revision": "revisions"}
}
"""Parameters that go by another name on the command line, by function."""

COMMAND_LINE_ONLY: Dict[Any, Tuple[str, ...]] = {
    command.downgrade: (
        "lock_wait",
        "no_lock",
        "table_lock_timeout",
        "statement_timeout",
    ),
    command.resolve: ("lock_wait", "no_lock"),
    command.revision: ("allow_mass_drop",),
    command.stamp: ("lock_wait", "no_lock"),
    command.upgrade: (
        "lock_wait",
        "no_lock",
        "table_lock_timeout",
        "statement_timeout",
    ),
}
"""Flags that are no parameter of the function but reach `Config.cmd_opts`."""

KEYWORDS: Dict[str, Keyword] = {
    "allow_mass_drop": (
        "--allow-mass-drop",
        {
            "action": "store_true",
            "help": "with --autogenerate, accept a file that drops most tables",
        },
    ),
    "history.applied": (
        "--applied",
        {
            "action": "store_true",
            "help": "list what ran on the database and when, as its record has it "
            "(option record_table); with -v also who ran it and how long it took",
        },
    ),
    "applied": (
        "--applied",
        {
            "action": "store_true",
            "help": "the statement that was cut off took effect; when none was, what "
            "was run is right as it is",
        },
    ),
    "autogenerate": (
        "--autogenerate",
        {
            "action": "store_true",
            "help": "fill the file with the differences between the models and the "
            "database",
        },
    ),
    "branch_label": (
        "--branch-label",
        {"type": str, "help": "a name for the branch that the new revision opens"},
    ),
    "check_heads": (
        "-c",
        "--check-heads",
        {
            "action": "store_true",
            "help": "fail unless every head revision is applied to the database",
        },
    ),
    "depends_on": (
        "--depends-on",
        {
            "action": "append",
            "help": "a revision that must be applied before the new one; may be given "
            "several times",
        },
    ),
    "head": (
        "--head",
        {
            "type": str,
            "help": "the revision, or <label>@head, on which the new one is based",
        },
    ),
    "indicate_current": (
        "-i",
        "--indicate-current",
        {
            "action": "store_true",
            "help": "mark the revisions at which the database is",
        },
    ),
    "lock_wait": (
        "--lock-wait",
        {
            "type": float,
            "metavar": "SECONDS",
            "help": "how long to wait for another migration of the database to end",
        },
    ),
    "message": (
        "-m",
        "--message",
        {
            "type": str,
            "help": "what the revision does; goes into the file and its name",
        },
    ),
    "no_lock": (
        "--no-lock",
        {
            "action": "store_true",
            "help": "do not wait for other migrations of the database, nor let them "
            "wait",
        },
    ),
    "package": (
        "--package",
        {
            "action": "store_true",
            "help": "put an empty __init__.py into the new folder and its versions",
        },
    ),
    "purge": (
        "--purge",
        {
            "action": "store_true",
            "help": "empty the version table first, whatever is in it",
        },
    ),
    "resolve_dependencies": (
        "--resolve-dependencies",
        {
            "action": "store_true",
            "help": "leave out heads on which another revision depends",
        },
    ),
    "rev_id": (
        "--rev-id",
        {
            "type": str,
            "help": "the identifier of the new revision, instead of a random one",
        },
    ),
    "rev_range": (
        "-r",
        "--rev-range",
        {
            "action": "store",
            "help": "which revisions to list, as [start]:[end]; 'current' stands for "
            "the database",
        },
    ),
    "rolled_back": (
        "--rolled-back",
        {
            "action": "store_true",
            "help": "the statement that was cut off did not take effect, or was undone",
        },
    ),
    "splice": (
        "--splice",
        {
            "action": "store_true",
            "help": "allow a revision that is no head, which opens a new branch",
        },
    ),
    "sql": (
        "--sql",
        {
            "action": "store_true",
            "help": "print the SQL and leave the database alone",
        },
    ),
    "statement_timeout": (
        "--statement-timeout",
        {
            "type": float,
            "metavar": "SECONDS",
            "help": "how long one statement may run; 0 for no limit",
        },
    ),
    "table_lock_timeout": (
        "--table-lock-timeout",
        {
            "type": float,
            "metavar": "SECONDS",
            "help": "how long one statement may wait for a lock that others hold, "
            "before everything is rolled back and tried again; 0 for no limit",
        },
    ),
    "tag": (
        "--tag",
        {
            "type": str,
            "help": "a text for env.py, which finds it with context.get_tag_argument()",
        },
    ),
    "template": (
        "-t",
        "--template",
        {
            "default": "generic",
            "type": str,
            "help": "which template to start from; see list_templates "
            "(default: generic)",
        },
    ),
    "verbose": (
        "-v",
        "--verbose",
        {
            "action": "store_true",
            "help": "show every revision in full",
        },
    ),
    "check.verbose": (
        "-v",
        "--verbose",
        {
            "action": "store_true",
            "help": "also name what is not compared, and why",
        },
    ),
    "version_path": (
        "--version-path",
        {
            "type": str,
            "help": "which of the version locations the file goes into",
        },
    ),
}
"""Flags of commands, by the name of the parameter that they fill.

One that means something else for one command is named ``<command>.<parameter>``.
"""

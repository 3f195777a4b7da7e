"""What a comparison does not see: by its options, its plugins and the database.

A difference that is found can be refused; one that nobody looks for should at least
have been named. What comparators meet in the database at hand and leave alone they note
themselves, in ``AutogenContext.left_alone``.
"""

from __future__ import annotations

from typing import Dict
from typing import Iterator
from typing import List
from typing import Tuple

from alembic.autogenerate.autogen_context import AutogenContext
from alembic.autogenerate.autogen_context import NotCompared
from alembic.autogenerate.normalize import SUPPORTED
from alembic.plugins import selected_plugins
from alembic.sqla.reflection import reports_collation
from alembic.sqla.reflection import reports_deferral_on_sqlite
from alembic.sqla.reflection import reports_index_options
from alembic.sqla.reflection import reports_operator_classes

_Rows = Tuple[Tuple[str, str], ...]

_FAMILY = "alembic.autogenerate."

_OF_PLUGIN: Dict[str, str] = {
    "schemas": "everything",
    "tables": "tables and columns",
    "types": "types of columns",
    "constraints": "indexes, unique constraints, foreign keys and NOT NULL",
    "defaults": "server defaults, identities and computed columns",
    "comments": "comments of tables and columns",
    "normalize": "expressions that the database writes in its own way",
    "new_schemas": "schemas that do not exist yet",
    "sequences": "sequences that do not exist yet",
    "enums": "values of PostgreSQL's enumerations",
    "primary_keys": "columns of primary keys",
    "checks": "CHECK constraints",
    "exclusions": "EXCLUDE constraints",
    "validity": "NOT VALID constraints",
    "views": "whether a view reads what is dropped or gets another type",
    "collations": "collations of columns",
    "table_options": "engine, character set and storage of tables",
    "computed": "expressions of computed columns",
}
"""What each plugin compares; without it nobody does."""

_PLUGINS_OF_SOME: Dict[str, Tuple[str, ...]] = {
    "collations": ("sqlite", "mysql", "mariadb"),
    "enums": ("postgresql",),
    "exclusions": ("postgresql",),
    "normalize": SUPPORTED,
    "sequences": ("postgresql", "mysql", "mariadb"),
    "table_options": ("postgresql", "mysql", "mariadb"),
    "validity": ("postgresql",),
    "views": ("postgresql",),
}
"""The plugins that compare nothing on other dialects than these."""

_BY_ITS_NAME = "two are the same whatever they are called"
_NO_MODEL = "SQLAlchemy's models do not describe them"
_NOT_REFLECTED = "SQLAlchemy does not read it from the database"
_ONLY_CREATED = "only whether it exists is compared"
_ONLY_ON_CREATE = "what the model says is for CREATE TABLE only"

_EVERYWHERE: _Rows = (
    ("order of columns", "a column is added behind the others"),
    ("names of primary keys and foreign keys", _BY_ITS_NAME),
    ("views, functions, triggers, rights", _NO_MODEL),
)

_OF_DIALECT: Dict[str, _Rows] = {
    "postgresql": (
        ("options of sequences", _ONLY_CREATED),
        ("sequences that no model names", "most are made by hand or by an extension"),
        ("base type, default and constraints of domains", _ONLY_CREATED),
        ("partitioning, inheritance, tablespace, access method", _ONLY_ON_CREATE),
        ("storage parameters of tables that the model does not name", "they are kept"),
        ("tablespace of indexes", _NOT_REFLECTED),
        ("partitions, and tables of extensions", "no model declares them"),
        (
            "NOT VALID in the model",
            "a constraint that the database has validated stays so",
        ),
    ),
    "mysql": (
        (
            "options of tables but engine, character set and collation",
            _ONLY_ON_CREATE,
        ),
        ("options of tables that the model does not name", "they are kept"),
        ("partitioning", _ONLY_ON_CREATE),
        ("options of sequences", _ONLY_CREATED),
        ("sequences that no model names", "they may belong to somebody else"),
        ("ascending or descending columns of indexes", _NOT_REFLECTED),
        ("type of indexes, such as BTREE or HASH", _NOT_REFLECTED),
        ("display width of integers", "it changes neither values nor storage"),
        ("MATCH and DEFERRABLE of foreign keys", "the database ignores them"),
        ("AUTO_INCREMENT", "the models' autoincrement is a matter of CREATE TABLE"),
    ),
    "sqlite": (
        ("comments of tables and columns", "SQLite has none"),
        ("AUTOINCREMENT, WITHOUT ROWID and STRICT", _ONLY_ON_CREATE),
        ("virtual tables, and the tables that they keep", "no model declares them"),
        ("ON CONFLICT clauses", _NOT_REFLECTED),
        ("MATCH of foreign keys", "SQLite ignores it"),
        (
            "CHECK constraints without a name that no model declares",
            "they cannot be dropped by name",
        ),
        ("names of unique constraints that the model leaves unnamed", _BY_ITS_NAME),
    ),
}
_OF_DIALECT["mariadb"] = _OF_DIALECT["mysql"]

_ELSEWHERE: _Rows = (
    (
        "expressions that the database writes in its own way",
        "it is not asked, their text is compared",
    ),
    ("options of tables", "they are compared on PostgreSQL, MySQL and MariaDB"),
    ("collations of columns", "they are compared on PostgreSQL, MySQL and SQLite"),
)
"""For all dialects but those above."""


def not_compared(autogen_context: AutogenContext) -> List[NotCompared]:
    """Return what a comparison did not compare.

    :param autogen_context: the comparison, after it was made.
    """
    found = [
        *_by_plugins(autogen_context),
        *_by_options(autogen_context),
        *_by_version(autogen_context),
        *_by_dialect(autogen_context),
        *autogen_context.left_alone,
    ]
    return list(dict.fromkeys(found))


def _by_plugins(autogen_context: AutogenContext) -> Iterator[NotCompared]:
    selected = set(selected_plugins(autogen_context.plugin_selection))
    takes_over = "alembic.ext.checkconstraint_byname" in selected
    dialect = autogen_context.dialect.name
    for name, what in _OF_PLUGIN.items():
        if dialect not in _PLUGINS_OF_SOME.get(name, (dialect,)):
            continue
        if _FAMILY + name not in selected and not (name == "checks" and takes_over):
            why = f"autogenerate_plugins leaves {_FAMILY}{name} out"
            yield NotCompared(what, why)
    if takes_over:
        yield NotCompared(
            "expressions of CHECK constraints",
            "alembic.ext.checkconstraint_byname compares names",
        )


def _by_options(autogen_context: AutogenContext) -> Iterator[NotCompared]:
    opts = autogen_context.opts
    if not opts.get("compare_type", True):
        yield NotCompared("types of columns", "compare_type is False")
    if not opts.get("compare_server_default", False):
        yield NotCompared("server defaults", "compare_server_default is not set")
    if not opts.get("include_schemas", False):
        yield NotCompared(
            "what only the database has in schemas but the default one",
            "include_schemas is not set",
        )
    for option in ("include_name", "include_object"):
        if opts.get(option) is not None:
            yield NotCompared(f"what {option} leaves out", "it decides")


def _by_version(autogen_context: AutogenContext) -> Iterator[NotCompared]:
    name = autogen_context.dialect.name
    if name == "sqlite" and not reports_deferral_on_sqlite:
        yield NotCompared("DEFERRABLE of foreign keys", "SQLAlchemy 1.4 reads it")
    if name != "postgresql":
        return
    if not reports_index_options:
        yield NotCompared(
            "expressions, conditions and methods of indexes",
            "SQLAlchemy 2.0 reads them",
        )
    if not reports_operator_classes:
        yield NotCompared("operator classes of indexes", "SQLAlchemy 2.1 reads them")
    if not reports_collation:
        yield NotCompared("collations of columns", "SQLAlchemy 2.1 reads them")


def _by_dialect(autogen_context: AutogenContext) -> Iterator[NotCompared]:
    name = autogen_context.dialect.name
    rows = _OF_DIALECT.get(name, () if name in SUPPORTED else _ELSEWHERE)
    for what, why in (*_EVERYWHERE, *rows):
        yield NotCompared(what, why)

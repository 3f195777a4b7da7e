"""Tables of operations with the SQL they write, one case for all dialects."""

from __future__ import annotations

import warnings
from typing import Any
from typing import Callable
from typing import Dict
from typing import List
from typing import Union

import pytest

from tests.support.recorder import Recorder
from tests.support.versions import has
from tests.support.versions import needs
from tests.support.versions import reason

DIALECTS = ("postgresql", "mysql", "mariadb", "mssql", "oracle", "sqlite")

pinned = needs("2.0")
"""For tables that say how SQLAlchemy 2 writes its part of the SQL."""

WRITTEN_SINCE = {
    ("add_column_boolean", "oracle"): "2.1",
    ("add_column_computed", "postgresql"): "2.1",
    ("add_column_default_text", "mysql"): "2.1",
    ("add_column_default_text", "mariadb"): "2.1",
    ("add_column_default_text", "sqlite"): "2.0.20",
    ("alter_boolean", "oracle"): "2.1",
    ("alter_from_boolean", "oracle"): "2.1",
    ("create_table_boolean", "oracle"): "2.1",
    ("create_unique_nulls_not_distinct", "*"): "2.0.16",
    ("drop_index_with_options", "mssql"): "2.1",
}
"""The SQLAlchemy that first writes a case as it is written down, by dialect."""

Outcome = Union[str, List[str]]
"""The statements, or the name of the error that refuses the operation."""


def outcome(dialect: str, call: Callable[[Any], Any], **opts: Any) -> Outcome:
    """Return what a call of ``op`` writes on a dialect.

    :param dialect: the name of the dialect.
    :param call: called with an ``op`` in ``--sql`` mode.
    :param opts: options of its context.
    """
    recorder = Recorder(dialect, **opts)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", DeprecationWarning)
        try:
            call(recorder.op)
        except Exception as error:
            return type(error).__name__
    return recorder.statements


def skip_if_written_later(name: str, dialect: str) -> None:
    """Skip a case that the installed SQLAlchemy writes in an older way."""
    for key in ((name, dialect), (name, "*")):
        version = WRITTEN_SINCE.get(key)
        if version is not None and not has(version):
            pytest.skip(reason(version))


def wanted(expected: Dict[str, Outcome], dialect: str) -> Outcome:
    """Return what a case says of a dialect.

    :param expected: the outcome by dialect; ``*`` is for those not named, and
        ``mariadb`` is as ``mysql``.
    """
    if dialect == "mariadb" and dialect not in expected:
        dialect = "mysql"
    return expected.get(dialect, expected["*"])


def block(sql: str, *codes: int) -> str:
    """Return how Oracle runs a statement and lets some errors pass."""
    return (
        f"BEGIN EXECUTE IMMEDIATE '{sql}'; EXCEPTION WHEN OTHERS THEN IF SQLCODE NOT IN "
        f"({', '.join(str(code) for code in codes)}) THEN RAISE; END IF; END"
    )


def prepared(view: str, name: str, found: str, missing: str, schema: str = "") -> str:
    """Return how MySQL runs one statement where something is there, else another.

    :param view: the view of ``information_schema`` that lists it, for table ``t``.
    :param name: the condition for its name.
    """
    place = f"'{schema}'" if schema else "DATABASE()"
    return (
        f"SET @alembic_statement = IF( EXISTS ( SELECT 1 FROM information_schema.{view} "
        f"WHERE table_schema = {place} AND table_name = 't' AND {name} ), "
        f"'{found}', '{missing}' ); PREPARE alembic_statement FROM @alembic_statement; "
        "EXECUTE alembic_statement; DEALLOCATE PREPARE alembic_statement"
    )

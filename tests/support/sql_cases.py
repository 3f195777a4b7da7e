"""Tables of operations with the SQL they write, one case for all dialects."""

from __future__ import annotations

import warnings
from typing import Any
from typing import Callable
from typing import Dict
from typing import List
from typing import Union

import pytest

from alembic.sqla.version import sqla_2_1
from tests.support.recorder import Recorder

DIALECTS = ("postgresql", "mysql", "mariadb", "mssql", "oracle", "sqlite")

pinned = pytest.mark.skipif(
    not sqla_2_1, reason="the SQL is written down as the newest SQLAlchemy writes it"
)
"""For tests whose expectations hold for the newest SQLAlchemy only."""

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
        try:
            call(recorder.op)
        except Exception as error:
            return type(error).__name__
    return recorder.statements


def wanted(expected: Dict[str, Outcome], dialect: str) -> Outcome:
    """Return what a case says of a dialect.

    :param expected: the outcome by dialect; ``*`` is for those not named, and
        ``mariadb`` is as ``mysql``.
    """
    if dialect == "mariadb" and dialect not in expected:
        dialect = "mysql"
    return expected.get(dialect, expected["*"])

"""What a database can do: decides which tests of the suite run on it.

A package with a dialect subclasses `SuiteRequirements` and overrides what it knows
better, with the words of ``sqlalchemy.testing.exclusions``::

    class Requirements(SuiteRequirements):
        @property
        def comments(self):
            return exclusions.closed()
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from typing import Callable

from sqlalchemy.testing import exclusions as _exclusions
from sqlalchemy.testing.requirements import Requirements

from ..sqla import pytest_plugin
from ..sqla.defaults import Computed
from ..sqla.defaults import Identity

# it has no types
exclusions: Any = _exclusions


def is_enabled(requirement: Any, engine: Any) -> bool:
    """Tell whether a requirement is met.

    :param requirement: a rule of ``sqlalchemy.testing.exclusions``, or a plain bool.
    :param engine: the engine of the database in question.
    """
    if isinstance(requirement, bool):
        return requirement
    found = SimpleNamespace(
        db=engine, db_opts={}, options=None, file_config=None, test_schema=None
    )
    return bool(requirement.enabled_for_config(found))


def _by(fact: Callable[[Any], Any], reason: str) -> Any:
    """Return a property that is open where a fact about the dialect holds."""

    def rule(self: Any) -> Any:
        def holds(config: Any) -> bool:
            return bool(fact(config.db.dialect))

        return exclusions.only_if(holds, reason)

    rule.__doc__ = f"The database {reason}."
    return property(rule)


def _flag(name: str, reason: str) -> Any:
    return _by(lambda dialect: getattr(dialect, name, False), reason)


def _not(names: str, reason: str) -> Any:
    return _by(lambda dialect: dialect.name not in names.split(), reason)


def _only(names: str, reason: str) -> Any:
    return _by(lambda dialect: dialect.name in names.split(), reason)


def _answers(method: str, reason: str) -> Any:
    """Return a property that is open where a dialect brings a way to reflect."""
    from sqlalchemy.engine.default import DefaultDialect

    def brought(dialect: Any) -> bool:
        plain = getattr(DefaultDialect, method, None)
        return getattr(type(dialect), method, plain) is not plain

    return _by(brought, reason)


class SuiteRequirements(Requirements):
    """One property for each ability; those here are told from the dialect."""

    # what it can hold
    schemas = _only("postgresql mssql", "has schemas, and a second one to test in")
    sequences = _flag("supports_sequences", "has sequences")
    comments = _flag("supports_comments", "has comments on tables and columns")
    computed_columns = _by(
        lambda dialect: Computed is not None and dialect.name != "default",
        "has computed columns",
    )
    identity_columns = _by(
        lambda dialect: (
            Identity is not None
            and getattr(dialect, "supports_identity_columns", False)
        ),
        "has identity columns",
    )
    identity_columns_alter = identity_columns
    materialized_views = _only("postgresql oracle", "has materialized views")
    autoincrement_on_composite_pk = _not("sqlite", "counts in a key of several columns")
    check_constraints_w_enforcement = _not("mysql", "enforces CHECK constraints")

    # what it can change
    alter_column = _not("sqlite", "can alter a column in place")
    fk_names = _not("sqlite", "keeps names of foreign keys, and drops by them")
    fk_onupdate = _not("oracle mssql", "has ON UPDATE")
    fk_onupdate_restrict = _not("oracle mssql", "has ON UPDATE RESTRICT")
    fk_ondelete_restrict = _not("oracle mssql", "has ON DELETE RESTRICT")
    fk_ondelete_noaction = _not("oracle", "has ON DELETE NO ACTION")
    fk_initially = _only("postgresql oracle", "has INITIALLY")
    fk_deferrable = _only("postgresql oracle", "has DEFERRABLE")
    foreign_key_match = _only("postgresql", "has MATCH")

    # what it tells
    unique_constraint_reflection = _answers(
        "get_unique_constraints", "tells its unique constraints"
    )
    foreign_key_constraint_reflection = _answers(
        "get_foreign_keys", "tells its foreign keys"
    )
    foreign_key_name_reflection = _answers(
        "get_foreign_keys", "tells the names of foreign keys"
    )
    check_constraint_reflection = _answers(
        "get_check_constraints", "tells its CHECK constraints"
    )
    reflects_pk_names = _answers("get_pk_constraint", "tells names of primary keys")
    reflects_fk_options = _only(
        "postgresql sqlite mysql mariadb oracle", "tells the options of foreign keys"
    )
    fk_ondelete_is_reflected = reflects_fk_options
    fk_onupdate_is_reflected = _only(
        "postgresql sqlite mysql mariadb", "tells ON UPDATE"
    )
    fk_deferrable_is_reflected = _only("postgresql", "tells DEFERRABLE")
    integer_subtype_comparisons = _not("oracle sqlite", "keeps kinds of integers apart")
    no_name_normalize = _by(
        lambda dialect: not getattr(dialect, "requires_name_normalize", False),
        "keeps names as they are written",
    )
    computed_columns_warn_no_persisted = _only(
        "postgresql", "may leave out whether a computed column is stored"
    )

    # what its driver can do
    asyncio = _flag("is_async", "is reached through an asynchronous driver")
    autocommit_isolation = _only(
        "postgresql mysql mariadb mssql sqlite", "can be told to commit by itself"
    )

    # what this SQLAlchemy does
    @property
    def sqlalchemy_2_1(self) -> Any:
        """SQLAlchemy is 2.1 or newer."""
        return exclusions.open() if pytest_plugin.IS_2_1 else exclusions.closed()

    @property
    def sqlalchemy_copies_fk_ck_dialect_kwargs(self) -> Any:
        """A copy of a foreign key or a CHECK keeps the options of a dialect."""
        return exclusions.open() if pytest_plugin.IS_2_1 else exclusions.closed()

    @property
    def windows(self) -> Any:
        """The tests run on Windows."""
        import os

        return exclusions.open() if os.name == "nt" else exclusions.closed()

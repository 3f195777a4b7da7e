"""Autogenerate: a change of a model is found, made, found no more, and taken back."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Dict
from typing import NamedTuple
from typing import Tuple

import pytest
from sqlalchemy import Column
from sqlalchemy import ForeignKey
from sqlalchemy import ForeignKeyConstraint
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import MetaData
from sqlalchemy import Numeric
from sqlalchemy import String
from sqlalchemy import Table
from sqlalchemy import text
from sqlalchemy import UniqueConstraint

from ...autogenerate.api import produce_migrations
from ...operations.base import Operations
from ...sqla import connections
from ...sqla.defaults import Computed
from ...sqla.defaults import Identity
from .base import PREFIX
from .base import SuiteTest

ONE = f"{PREFIX}_one"
TWO = f"{PREFIX}_two"

Parts = Callable[[], Tuple[Any, ...]]


class Case(NamedTuple):
    """What stands in the table besides its key, before and after the change."""

    before: Parts
    after: Parts
    expected: str
    needs: Tuple[str, ...] = ()
    arguments: Dict[str, Any] = {}


def _computed(sql: str) -> Any:
    return Column("c", Integer, Computed(sql, persisted=True))


CASES: Dict[str, Case] = {
    "nothing": Case(
        lambda: (Column("c", String(20)),), lambda: (Column("c", String(20)),), ""
    ),
    "column-added": Case(lambda: (), lambda: (Column("c", String(20)),), "add_column"),
    "column-removed": Case(
        lambda: (Column("c", String(20)),), lambda: (), "remove_column"
    ),
    "nullable": Case(
        lambda: (Column("c", String(20)),),
        lambda: (Column("c", String(20), nullable=False),),
        "modify_nullable",
    ),
    "length": Case(
        lambda: (Column("c", String(20)),),
        lambda: (Column("c", String(40)),),
        "modify_type",
    ),
    "precision": Case(
        lambda: (Column("c", Numeric(8, 2)),),
        lambda: (Column("c", Numeric(12, 4)),),
        "modify_type",
    ),
    "default-added": Case(
        lambda: (Column("c", Integer),),
        lambda: (Column("c", Integer, server_default="5"),),
        "modify_default",
    ),
    "default-changed": Case(
        lambda: (Column("c", Integer, server_default=text("5")),),
        lambda: (Column("c", Integer, server_default=text("6")),),
        "modify_default",
    ),
    "index-added": Case(
        lambda: (Column("c", String(20)),),
        lambda: (Column("c", String(20)), Index(f"{PREFIX}_ix", "c")),
        "add_index",
    ),
    "index-made-unique": Case(
        lambda: (Column("c", String(20)), Index(f"{PREFIX}_ix", "c")),
        lambda: (Column("c", String(20)), Index(f"{PREFIX}_ix", "c", unique=True)),
        "remove_index add_index",
    ),
    "unique-constraint-added": Case(
        lambda: (Column("c", String(20)),),
        lambda: (
            Column("c", String(20)),
            UniqueConstraint("c", name=f"{PREFIX}_uq"),
        ),
        "add_constraint",
        ("unique_constraint_reflection",),
    ),
    "foreign-key-added": Case(
        # MySQL would make an index of its own, and keep it
        lambda: (Column("c", Integer), Index(f"{PREFIX}_ix", "c")),
        lambda: (
            Column("c", Integer),
            Index(f"{PREFIX}_ix", "c"),
            ForeignKeyConstraint(["c"], [f"{TWO}.id"], name=f"{PREFIX}_fk"),
        ),
        "add_fk",
        ("foreign_key_constraint_reflection",),
    ),
    "foreign-key-cascades": Case(
        lambda: (Column("c", Integer, ForeignKey(f"{TWO}.id", name=f"{PREFIX}_fk")),),
        lambda: (
            Column(
                "c",
                Integer,
                ForeignKey(f"{TWO}.id", name=f"{PREFIX}_fk", ondelete="CASCADE"),
            ),
        ),
        "remove_fk add_fk",
        ("fk_ondelete_is_reflected",),
    ),
    "comment-of-column": Case(
        lambda: (Column("c", Integer),),
        lambda: (Column("c", Integer, comment="what it's for"),),
        "modify_comment",
        ("comments",),
    ),
    "comment-of-table": Case(
        lambda: (),
        lambda: (),
        "add_table_comment",
        ("comments",),
        {"comment": "what it's for"},
    ),
    "computed-unchanged": Case(
        lambda: (Column("n", Integer), _computed("n + 1")),
        lambda: (Column("n", Integer), _computed("n + 1")),
        "",
        ("computed_columns",),
    ),
    "identity-unchanged": Case(
        lambda: (Column("c", Integer, Identity(start=5), nullable=False),),
        lambda: (Column("c", Integer, Identity(start=5), nullable=False),),
        "",
        ("identity_columns",),
    ),
    "identity-changed": Case(
        lambda: (Column("c", Integer, Identity(always=True), nullable=False),),
        lambda: (Column("c", Integer, Identity(always=False), nullable=False),),
        "modify_default",
        ("identity_columns_alter",),
    ),
}


def _model(parts: Parts, **arguments: Any) -> MetaData:
    metadata = MetaData()
    Table(TWO, metadata, Column("id", Integer, primary_key=True))
    key = Column("id", Integer, primary_key=True, autoincrement=False)
    Table(ONE, metadata, key, *parts(), **arguments)
    return metadata


class TestAutogenerate(SuiteTest):
    """Each case is one change of a model."""

    @pytest.mark.parametrize("name", sorted(CASES))
    def test_change_is_found_and_made(self, name: str) -> None:
        """A change is found; what is proposed makes it; its reverse takes it back."""
        case = CASES[name]
        for need in case.needs:
            self.require(need)
        before = _model(case.before)
        self.create(before)
        assert self.differences(before) == []
        after = _model(case.after, **case.arguments)
        found = [
            each[0][0] if isinstance(each, list) else each[0]
            for each in self.differences(after)
        ]
        assert sorted(found) == sorted(case.expected.split())
        script = self._proposed(after)
        self._run(script.upgrade_ops)
        assert self.differences(_model(case.after, **case.arguments)) == []
        self._run(script.downgrade_ops)
        assert self.differences(_model(case.before)) == []

    def test_table_is_found_and_made(self) -> None:
        """A whole table with all its parts is made as the model says."""
        metadata = _model(
            lambda: (
                Column("c", String(20), nullable=False, server_default="x"),
                Column("d", Integer, ForeignKey(f"{TWO}.id", name=f"{PREFIX}_fk")),
                Index(f"{PREFIX}_ix", "c", "d"),
                UniqueConstraint("c", name=f"{PREFIX}_uq"),
            )
        )
        script = self._proposed(metadata)
        self._run(script.upgrade_ops)
        assert self.differences(metadata) == []
        self._run(script.downgrade_ops)
        assert self.columns_of_nothing()

    def columns_of_nothing(self) -> bool:
        """Tell whether the suite's tables are gone."""
        return not self.differences(MetaData())

    def _proposed(self, metadata: MetaData) -> Any:
        with connections.scope_for_ddl(self.connection):
            return produce_migrations(self.context(), metadata)

    def _run(self, container: Any) -> None:
        def work(operations: Operations) -> None:
            for operation in container.ops:
                if hasattr(operation, "ops"):
                    # SQLite alters little in place; elsewhere this is no detour
                    with operations.batch_alter_table(
                        operation.table_name, schema=operation.schema
                    ) as batch:
                        for each in operation.ops:
                            batch.invoke(each)
                else:
                    operations.invoke(operation)

        self.operate(work)

"""Operations: what each of them says is what the database then has."""

from __future__ import annotations

from typing import Any
from typing import Dict
from typing import List

from sqlalchemy import CheckConstraint
from sqlalchemy import Column
from sqlalchemy import column
from sqlalchemy import Integer
from sqlalchemy import MetaData
from sqlalchemy import String
from sqlalchemy import Table
from sqlalchemy import table
from sqlalchemy import text

from ...sqla import connections
from ...sqla.reflection import inspector_of
from .base import needs
from .base import PREFIX
from .base import SuiteTest

ONE = f"{PREFIX}_one"
TWO = f"{PREFIX}_two"


class TestOperations(SuiteTest):
    """Each test begins with a table of a key and a text."""

    def _begin(self) -> None:
        metadata = MetaData()
        for name in (ONE, TWO):
            Table(
                name,
                metadata,
                Column("id", Integer, primary_key=True, autoincrement=False),
                Column("c", String(20)),
            )
        self.create(metadata)

    def _told(self, kind: str) -> Any:
        with connections.scope_for_ddl(self.connection):
            return getattr(inspector_of(self.connection), f"get_{kind}")(ONE)

    def test_columns_come_and_go(self) -> None:
        """A column that is added is there; one that is dropped is not."""
        self._begin()
        self.operate(
            lambda op: op.add_column(ONE, Column("d", Integer, server_default="3"))
        )
        assert set(self.columns(ONE)) == {"id", "c", "d"}
        assert "3" in self.columns(ONE)["d"]["default"]
        self.operate(lambda op: op.drop_column(ONE, "c"))
        assert set(self.columns(ONE)) == {"id", "d"}

    @needs("alter_column")
    def test_column_is_altered(self) -> None:
        """Type, nullability, default and name are what was asked for."""
        self._begin()
        self.operate(
            lambda op: op.alter_column(
                ONE,
                "c",
                new_column_name="e",
                type_=String(40),
                existing_type=String(20),
                nullable=False,
                server_default="x",
            )
        )
        found = self.columns(ONE)["e"]
        assert found["type"].length == 40
        assert not found["nullable"]
        assert "x" in found["default"]

    def test_column_is_altered_in_batch(self) -> None:
        """A batch alters on every database, and keeps the rows."""
        self._begin()
        self.operate(lambda op: op.bulk_insert(_rows(), [{"id": 1, "c": "one"}]))

        def work(op: Any) -> None:
            with op.batch_alter_table(ONE) as batch:
                batch.alter_column(
                    "c", type_=String(40), existing_type=String(20), nullable=False
                )

        self.operate(work)
        found = self.columns(ONE)["c"]
        assert found["type"].length == 40
        assert not found["nullable"]
        assert self._all() == [(1, "one")]

    def test_table_is_renamed(self) -> None:
        """A table has its new name and its rows."""
        self._begin()
        self.operate(lambda op: op.rename_table(TWO, f"{PREFIX}_three"))
        assert set(self.columns(f"{PREFIX}_three")) == {"id", "c"}

    def test_table_is_created_and_dropped(self) -> None:
        """A table that is created is there; dropped, it is not."""
        self.operate(
            lambda op: op.create_table(
                ONE,
                Column("id", Integer, primary_key=True, autoincrement=False),
                CheckConstraint("id > 0", name=f"{PREFIX}_ck"),
            )
        )
        assert set(self.columns(ONE)) == {"id"}
        self.operate(lambda op: op.drop_table(ONE))
        with connections.scope_for_ddl(self.connection):
            assert ONE not in inspector_of(self.connection).get_table_names()

    def test_index_comes_and_goes(self) -> None:
        """An index that is created is there; dropped, it is not."""
        self._begin()
        self.operate(lambda op: op.create_index(f"{PREFIX}_ix", ONE, ["c"]))
        assert f"{PREFIX}_ix" in [each["name"] for each in self._told("indexes")]
        self.operate(lambda op: op.drop_index(f"{PREFIX}_ix", table_name=ONE))
        assert f"{PREFIX}_ix" not in [each["name"] for each in self._told("indexes")]

    @needs("unique_constraint_reflection")
    def test_unique_constraint_comes_and_goes(self) -> None:
        """In a batch, a unique constraint is made and dropped by its name."""
        self._begin()

        def create(op: Any) -> None:
            with op.batch_alter_table(ONE) as batch:
                batch.create_unique_constraint(f"{PREFIX}_uq", ["c"])

        def drop(op: Any) -> None:
            with op.batch_alter_table(ONE) as batch:
                batch.drop_constraint(f"{PREFIX}_uq", type_="unique")

        self.operate(create)
        [found] = self._told("unique_constraints")
        assert found["column_names"] == ["c"]
        self.operate(drop)
        assert self._told("unique_constraints") == []

    @needs("foreign_key_constraint_reflection", "fk_names")
    def test_foreign_key_comes_and_goes(self) -> None:
        """A foreign key is made and dropped by its name."""
        self._begin()
        name = f"{PREFIX}_fk"
        self.operate(lambda op: op.create_foreign_key(name, ONE, TWO, ["id"], ["id"]))
        [found] = self._told("foreign_keys")
        assert (found["name"], found["referred_table"]) == (name, TWO)
        self.operate(lambda op: op.drop_constraint(name, ONE, type_="foreignkey"))
        assert self._told("foreign_keys") == []

    @needs("comments")
    def test_comments_come_and_go(self) -> None:
        """A table's comment is made and dropped."""
        self._begin()
        self.operate(lambda op: op.create_table_comment(ONE, "what it's for"))
        assert self._told("table_comment")["text"] == "what it's for"
        self.operate(lambda op: op.drop_table_comment(ONE))
        assert not self._told("table_comment")["text"]

    def test_rows_are_inserted(self) -> None:
        """Rows have the values that were given, odd characters too."""
        self._begin()
        rows: List[Dict[str, Any]] = [
            {"id": 1, "c": "it's 100% :a"},
            {"id": 2, "c": None},
        ]
        self.operate(lambda op: op.bulk_insert(_rows(), rows))
        self.operate(lambda op: op.execute(f"UPDATE {ONE} SET c = ':b' WHERE id = 2"))
        assert self._all() == [(1, "it's 100% :a"), (2, ":b")]

    def _all(self) -> Any:
        with connections.scope_for_ddl(self.connection):
            found = self.connection.execute(
                text(f"SELECT id, c FROM {ONE} ORDER BY id")
            )
            return [tuple(row) for row in found]


def _rows() -> Any:
    return table(ONE, column("id", Integer), column("c", String))

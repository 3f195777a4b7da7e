"""Transactions: what begins, commits and rolls back around migrations."""

from __future__ import annotations

import io
from typing import Any
from typing import List

import pytest
from sqlalchemy import Column
from sqlalchemy import event
from sqlalchemy import Integer
from sqlalchemy import MetaData
from sqlalchemy import Table
from sqlalchemy import text

from ...migration.migration_context import MigrationContext
from ...sqla import connections
from .base import needs
from .base import PREFIX
from .base import SuiteTest

TABLE = f"{PREFIX}_rows"


class MigrationTransactionTest(SuiteTest):
    """The options decide what happens on the connection, or stands in the script."""

    @pytest.fixture(autouse=True)
    def _listen(self, _on_a_connection: None) -> None:
        metadata = MetaData()
        Table(
            TABLE,
            metadata,
            Column("n", Integer, primary_key=True, autoincrement=False),
            mysql_engine="InnoDB",
        )
        self.create(metadata)
        connections.rollback(self.connection)
        self.heard: List[str] = []

    def _fixture(self, **opts: Any) -> MigrationContext:
        """Return a context that tells what happens.

        :param opts: its options; with ``as_sql`` it writes a script.
        """
        if not opts.get("as_sql"):
            context = self.context(lock=False, **opts)
            for word in ("begin", "commit", "rollback"):
                event.listen(self.connection, word, self._hearing(word))
            event.listen(self.connection, "before_cursor_execute", self._hear_statement)
            return context
        return MigrationContext.configure(
            dialect=self.connection.dialect,
            opts={"output_buffer": io.StringIO(), **opts},
        )

    def _hearing(self, word: str) -> Any:
        def hear(connection: Any) -> None:
            self.heard.append(word)

        return hear

    def _hear_statement(
        self, conn: Any, cursor: Any, statement: str, params: Any, ctx: Any, many: Any
    ) -> None:
        if TABLE in statement:
            self.heard.append("insert")

    def _insert(self, context: MigrationContext, number: int) -> None:
        context.execute(f"INSERT INTO {TABLE} (n) VALUES ({number})")

    def _rows(self) -> List[int]:
        connections.rollback(self.connection)
        with connections.scope_for_ddl(self.connection):
            found = self.connection.execute(text(f"SELECT n FROM {TABLE} ORDER BY n"))
            return [row[0] for row in found]

    def _two_revisions(self, context: MigrationContext) -> None:
        with context.begin_transaction():
            for number in (1, 2):
                with context.begin_transaction(_per_migration=True):
                    self._insert(context, number)

    def _script(self, **opts: Any) -> MigrationContext:
        """Return a context that tells what it would write."""
        context = self._fixture(as_sql=True, **opts)
        impl: Any = context.impl
        impl.emit_begin = lambda: self.heard.append("begin")
        impl.emit_commit = lambda: self.heard.append("commit")
        impl.static_output = lambda text: self.heard.append("insert")
        return context

    def _assert_impl_steps(self, *steps: str) -> None:
        assert self.heard == list(steps)

    # -- around a run

    def test_transaction_per_all_transactional_ddl(self) -> None:
        """Where schema changes roll back, a run is one transaction."""
        self._two_revisions(self._fixture(transactional_ddl=True))
        self._assert_impl_steps("begin", "insert", "insert", "commit")
        assert self._rows() == [1, 2]

    def test_transaction_per_all_non_transactional_ddl(self) -> None:
        """Where they do not, each revision is committed."""
        self._two_revisions(self._fixture(transactional_ddl=False))
        self._assert_impl_steps(*("begin", "insert", "commit") * 2)
        assert self._rows() == [1, 2]

    def test_transaction_per_migration_transactional_ddl(self) -> None:
        """A transaction for each revision can be asked for."""
        context = self._fixture(transactional_ddl=True, transaction_per_migration=True)
        self._two_revisions(context)
        self._assert_impl_steps(*("begin", "insert", "commit") * 2)
        assert self._rows() == [1, 2]

    def test_transaction_per_migration_non_transactional_ddl(self) -> None:
        """Where each revision is committed anyhow, asking for it changes nothing."""
        context = self._fixture(transactional_ddl=False, transaction_per_migration=True)
        self._two_revisions(context)
        self._assert_impl_steps(*("begin", "insert", "commit") * 2)

    def test_transaction_per_all_sqlmode(self) -> None:
        """A script is one transaction."""
        self._two_revisions(self._script(transactional_ddl=True))
        self._assert_impl_steps("begin", "insert", "insert", "commit")

    def test_transaction_per_migration_sqlmode(self) -> None:
        """A script has one for each revision when that is asked for."""
        self._two_revisions(
            self._script(transactional_ddl=True, transaction_per_migration=True)
        )
        self._assert_impl_steps(*("begin", "insert", "commit") * 2)

    # -- the transaction that env.py is given

    def _begun(self) -> Any:
        context = self._fixture(transaction_per_migration=True)
        handle: Any = context.begin_transaction(_per_migration=True)
        self._insert(context, 1)
        return handle

    def test_proxy_transaction_rollback(self) -> None:
        """What is rolled back was not done."""
        self._begun().rollback()
        assert self._rows() == []

    def test_proxy_transaction_commit(self) -> None:
        """What is committed stays."""
        self._begun().commit()
        assert self._rows() == [1]

    def test_proxy_transaction_contextmanager_commit(self) -> None:
        """The end of the block commits."""
        with self._begun():
            pass
        assert self._rows() == [1]

    def test_proxy_transaction_contextmanager_rollback(self) -> None:
        """An error in the block rolls back, and is handed on."""
        with pytest.raises(ZeroDivisionError), self._begun():
            raise ZeroDivisionError
        assert self._rows() == []

    def test_proxy_transaction_contextmanager_explicit_rollback(self) -> None:
        """Rolled back in the block, there is nothing to commit at its end."""
        with self._begun() as handle:
            handle.rollback()
        assert self._rows() == []

    def test_proxy_transaction_contextmanager_explicit_commit(self) -> None:
        """Committed in the block, it is not committed again at its end."""
        with self._begun() as handle:
            handle.commit()
        assert self._rows() == [1]

    # -- a block outside of transactions

    @needs("autocommit_isolation")
    def test_autocommit_block(self) -> None:
        """What came before is committed, and so is the block; the rest is one more."""
        context = self._fixture(transaction_per_migration=True)

        def revision() -> None:
            with context.begin_transaction(_per_migration=True):
                self._insert(context, 1)
                with context.autocommit_block():
                    self._insert(context, 2)
                self._insert(context, 3)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            revision()
        assert self._rows() == [1, 2]

    @needs("autocommit_isolation")
    def test_autocommit_block_no_transaction(self) -> None:
        """Without a transaction around it, it leaves none behind."""
        context = self._fixture()
        with context.autocommit_block():
            self._insert(context, 1)
        assert not connections.in_transaction(context.connection)
        assert self._rows() == [1]

    def _script_with_block(self, transactional_ddl: bool) -> None:
        context = self._script(transactional_ddl=transactional_ddl)
        with context.begin_transaction(), context.begin_transaction(True):
            with context.autocommit_block():
                self._insert(context, 1)
            self._insert(context, 2)

    def test_autocommit_block_transactional_ddl_sqlmode(self) -> None:
        """A script commits before the block and begins after it."""
        self._script_with_block(True)
        self._assert_impl_steps(
            "begin", "commit", "insert", "begin", "insert", "commit"
        )

    def test_autocommit_block_nontransactional_ddl_sqlmode(self) -> None:
        """A script without transactions has nothing to commit."""
        self._script_with_block(False)
        self._assert_impl_steps("insert", "insert")

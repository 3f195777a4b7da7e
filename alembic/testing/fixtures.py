"""What tests of operations and commands stand on: SQL that is written down, not run."""

from __future__ import annotations

import io
import os
import re
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from typing import Dict
from typing import Iterator
from typing import List
from typing import Optional
from typing import Tuple
from unittest import mock

import pytest
from sqlalchemy import create_engine
from sqlalchemy import inspect
from sqlalchemy import MetaData

from .. import op
from ..environment.environment_context import EnvironmentContext
from ..migration.migration_context import MigrationContext
from ..operations.base import Operations
from ..sqla import connections
from ..sqla import pytest_plugin
from ..sqla.driver import dialect_of_url
from .assertions import _get_dialect
from .assertions import eq_
from .env import clear_staging_env
from .env import staging_directory

# -- operations


class _Lines(io.StringIO):
    """Receives a script, and keeps its statements apart."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: List[str] = []

    def write(self, piece: str) -> int:
        # a script is indented by blanks where a statement has tabs
        statement = re.sub(r"\n(?: {4})+|[\n\t]", "", piece.strip())
        self.lines.append(statement[:-1] if statement.endswith(";") else statement)
        return super().write(piece)


class OpContext(MigrationContext):
    """A `MigrationContext` that writes down what operations would run."""

    lines: _Lines

    def get_buf(self) -> _Lines:
        """Return the file that receives the SQL."""
        return self.lines

    def clear_assertions(self) -> None:
        """Forget what was written so far."""
        self.lines.lines[:] = []

    def assert_(self, *sql: str) -> None:
        """Assert that these statements were written, in this order, and no others.

        Line breaks and tabs do not count.
        """
        eq_(self.lines.lines, [re.sub(r"[\n\t]", "", each) for each in sql])

    def assert_contains(self, sql: str) -> None:
        """Assert that one of the statements written has this text in it."""
        if not any(sql in line for line in self.lines.lines):
            raise AssertionError(
                f"Could not locate fragment {sql!r} in {self.lines.lines!r}"
            )


def op_fixture(
    dialect: str = "default",
    as_sql: bool = False,
    naming_convention: Optional[Dict[str, Any]] = None,
    literal_binds: bool = False,
    native_boolean: Optional[bool] = None,
) -> OpContext:
    """Let `alembic.op` write down its statements instead of running them.

    ::

        context = op_fixture("postgresql")
        op.drop_column("account", "fax")
        context.assert_("ALTER TABLE account DROP COLUMN fax")

    It holds until the next call; `clear_op_fixture` ends it, and so does the end of a
    test of a `TestBase`.

    :param dialect: the name of a dialect.
    :param as_sql: as with ``--sql``; otherwise operations believe to have a connection.
    :param naming_convention: the convention of ``target_metadata``.
    :param literal_binds: values are written into the statements.
    :param native_boolean: whether the dialect is said to have a boolean type.
    :return: the context, which can tell what was written.
    """
    spoken = _get_dialect(dialect)
    if native_boolean is not None:
        spoken.supports_native_boolean = native_boolean
        spoken.non_native_boolean_check_constraint = not native_boolean
    lines = _Lines()
    opts: Dict[str, Any] = {}
    if naming_convention:
        opts["target_metadata"] = MetaData(naming_convention=naming_convention)
    if as_sql:
        opts.update(as_sql=True, output_buffer=lines)
    if literal_binds:
        opts["literal_binds"] = True
    context = OpContext(spoken, None if as_sql else _connection(spoken, lines), opts)
    context.lines = lines
    vars(op)["_proxy"] = Operations(context)
    return context


def clear_op_fixture() -> None:
    """Take back what `op_fixture` has put into `alembic.op`."""
    vars(op).pop("_proxy", None)


def _connection(dialect: Any, lines: _Lines) -> Any:
    def write(construct: Any, *multiparams: Any, **params: Any) -> Any:
        lines.write(str(construct.compile(dialect=dialect)))
        return mock.MagicMock()

    connection = connections.mock_connection(dialect, write)
    connection.in_transaction = lambda: False
    return connection


@contextmanager
def capture_context_buffer(**kw: Any) -> Iterator[Any]:
    """Catch the script of commands that run with ``sql=True`` inside the block.

    ::

        with capture_context_buffer() as buffer:
            command.upgrade(config, "head", sql=True)
        assert "CREATE TABLE" in buffer.getvalue()

    :param kw: options for ``context.configure()``, over those of env.py;
        ``bytes_io=True`` gives a buffer of bytes.
    """
    buffer: Any
    if kw.pop("bytes_io", False):
        buffer = io.BytesIO()
        target: Any = io.TextIOWrapper(buffer, "utf-8", write_through=True)
        kw.setdefault("output_buffer", target)
    else:
        buffer = io.StringIO()
        kw["output_buffer"] = buffer
    configure = EnvironmentContext.configure

    def configured(self: EnvironmentContext, *args: Any, **given: Any) -> None:
        given.update(kw)
        configure(self, *args, **given)

    with mock.patch.object(EnvironmentContext, "configure", configured):
        yield buffer


@contextmanager
def capture_engine_context_buffer(**kw: Any) -> Iterator[io.StringIO]:
    """Catch the statements of commands that run on a connection inside the block.

    env.py is given a SQLite database in memory.

    :param kw: options for ``context.configure()``, over those of env.py.
    """
    from sqlalchemy import event

    buffer = io.StringIO()
    engine = create_engine("sqlite://")

    @event.listens_for(engine, "before_cursor_execute")
    def hear(
        conn: Any, cursor: Any, statement: str, params: Any, ctx: Any, many: bool
    ) -> None:
        buffer.write(f"{statement}\n")

    configure = EnvironmentContext.configure

    with engine.connect() as connection:

        def configured(self: EnvironmentContext, *args: Any, **given: Any) -> None:
            given.update(connection=connection, **kw)
            configure(self, **given)

        with mock.patch.object(EnvironmentContext, "configure", configured):
            yield buffer
    engine.dispose()


def capture_db(dialect: str = "postgresql://") -> Tuple[Any, List[str]]:
    """Return an engine that runs nothing, and the list of what it was told to run.

    :param dialect: a URL, of which the dialect counts.
    """
    spoken = dialect_of_url(dialect)
    statements: List[str] = []

    def write(construct: Any, *multiparams: Any, **params: Any) -> None:
        statements.append(str(construct.compile(dialect=spoken)))

    return connections.mock_connection(spoken, write), statements


# -- bases of test classes


def _base() -> Any:
    """Return what test classes are made of, in this run of pytest."""
    if not pytest_plugin.is_active():
        return object

    class Base(pytest_plugin.base_class()):  # type: ignore[misc]
        @pytest.fixture
        def alembic_engine(self) -> Any:
            """The engine that SQLAlchemy's plugin was told to use."""
            return pytest_plugin.engine()

    return Base


class TestBase(_base()):  # type: ignore[misc]
    """A base for tests with pytest: fixtures, and order afterwards.

    ``alembic_engine``, a fixture that the tests' conftest.py brings, is the engine of
    ``connection`` and of what is built on it. Under SQLAlchemy's pytest plugin, which
    packages of dialects use, it is the engine of that plugin.

    Subclasses are taken for tests by pytest whatever their name is.
    """

    __test__ = False

    def __init_subclass__(cls, **kw: Any) -> None:
        super().__init_subclass__(**kw)
        # this class is none, those made of it are
        cls.__test__ = vars(cls).get("__test__", True)

    @pytest.fixture(autouse=True)
    def restore_operations(self) -> Iterator[None]:
        """Take `op_fixture` back after each test."""
        yield
        clear_op_fixture()

    @pytest.fixture
    def connection(self, alembic_engine: Any) -> Iterator[Any]:
        """A connection in a transaction, which is rolled back."""
        with alembic_engine.connect() as connection:
            transaction = connection.begin()
            try:
                yield connection
            finally:
                if transaction.is_active:
                    transaction.rollback()

    @pytest.fixture
    def metadata(self, alembic_engine: Any) -> Iterator[MetaData]:
        """A ``MetaData`` whose tables are dropped afterwards."""
        metadata = MetaData()
        yield metadata
        metadata.drop_all(alembic_engine)

    @pytest.fixture
    def migration_context(self, connection: Any) -> MigrationContext:
        """A `MigrationContext` on the connection."""
        return MigrationContext.configure(connection)

    @pytest.fixture
    def as_sql_migration_context(self, alembic_engine: Any) -> MigrationContext:
        """A `MigrationContext` that writes a script, for the engine's dialect."""
        return MigrationContext.configure(
            dialect=alembic_engine.dialect,
            opts={"as_sql": True, "output_buffer": io.StringIO()},
        )

    @pytest.fixture
    def ops_context(self, migration_context: MigrationContext) -> Iterator[Operations]:
        """Operations on the connection, which `alembic.op` speaks to meanwhile."""
        with Operations.context(migration_context) as operations:
            yield operations

    @pytest.fixture
    def clear_staging_dir(self) -> Iterator[None]:
        """Remove the scratch environment afterwards."""
        yield
        clear_staging_env()

    @pytest.fixture
    def pop_alembic_config_env(self) -> Iterator[None]:
        """Take the variable ``ALEMBIC_CONFIG`` away for the test."""
        before = os.environ.pop("ALEMBIC_CONFIG", None)
        yield
        os.environ.pop("ALEMBIC_CONFIG", None)
        if before is not None:
            os.environ["ALEMBIC_CONFIG"] = before

    @contextmanager
    def pushd(self, dirname: Any) -> Iterator[None]:
        """Work in another folder for a block."""
        before = Path.cwd()
        os.chdir(dirname)
        try:
            yield
        finally:
            os.chdir(before)


class TablesTest(TestBase):
    """A base for tests that share tables: `define_tables` puts them into a MetaData."""

    __test__ = False

    @classmethod
    def define_tables(cls, metadata: MetaData) -> None:
        """Put tables into the MetaData; for subclasses."""

    @pytest.fixture(autouse=True)
    def tables(self, alembic_engine: Any) -> Iterator[Any]:
        """The tables by name; they exist during the test."""
        metadata = MetaData()
        self.define_tables(metadata)
        metadata.create_all(alembic_engine)
        yield metadata.tables
        metadata.drop_all(alembic_engine)


class AlterColRoundTripFixture:
    """Alters a column on a real database and looks at what it has become.

    Mix it into a `TestBase`; call ``_run_alter_col`` with what the column is and what
    it is to become.
    """

    @pytest.fixture(autouse=True)
    def _round_trip(self, alembic_engine: Any) -> Iterator[None]:
        with alembic_engine.connect() as connection:
            self.conn = connection
            self.ctx = MigrationContext.configure(connection)
            self.op = Operations(self.ctx)
            self.metadata = MetaData()
            yield
            connections.rollback(connection)
            with connections.scope_for_ddl(connection):
                self.metadata.drop_all(connection)

    def _run_alter_col(
        self,
        from_: Dict[str, Any],
        to_: Dict[str, Any],
        compare: Optional[Dict[str, Any]] = None,
    ) -> None:
        """Make a column, alter it, and compare what the database says it is.

        :param from_: keyword arguments of ``Column`` for the column as it is made;
            ``type`` is its type.
        :param to_: the arguments that change.
        :param compare: what the database is to say, where that is not ``to_``.
        """
        from sqlalchemy import Column
        from sqlalchemy import String
        from sqlalchemy import Table

        made = {"name": "c", "type": String(50), **from_}
        arguments = {key: made[key] for key in made if key not in ("name", "type")}
        table = Table(
            "alembic_alter",
            self.metadata,
            Column(made["name"], made["type"], **arguments),
        )
        with connections.scope_for_ddl(self.conn):
            table.create(self.conn)
            changes = {
                {"name": "new_column_name", "type": "type_"}.get(key, key): value
                for key, value in to_.items()
            }
            self.op.alter_column(
                table.name,
                made["name"],
                existing_type=made["type"],
                existing_nullable=made.get("nullable"),
                existing_server_default=made.get("server_default", False),
                existing_comment=made.get("comment"),
                **changes,
            )
            wanted = {**made, **to_, **(compare or {})}
            [found] = inspect(self.conn).get_columns(table.name)
            eq_(found["name"], wanted["name"])
            eq_(found["nullable"], wanted.get("nullable", True))
            eq_(found.get("comment"), wanted.get("comment"))
            assert self._compare_type(found["type"], wanted["type"])
            if "server_default" in wanted:
                assert self._compare_server_default(
                    found["type"],
                    found["default"],
                    wanted["type"],
                    wanted["server_default"],
                )

    def _compare_type(self, t1: Any, t2: Any) -> bool:
        """Tell whether a reflected type is one that was asked for."""
        from sqlalchemy import Column

        return not self.ctx.impl.compare_type(Column("c", t1), Column("c", t2))

    def _compare_server_default(self, t1: Any, s1: Any, t2: Any, s2: Any) -> bool:
        """Tell whether a reflected default is one that was asked for."""
        from sqlalchemy import Column

        if s2 is None or s1 is None:
            return bool(s1 == s2)
        asked = self.ctx.impl.render_ddl_sql_expr(s2) if not isinstance(s2, str) else s2
        return str(s1).strip("()'\"").startswith(str(asked).strip("()'\"")) or not (
            self.ctx.impl.compare_server_default(
                Column("c", t1, server_default=s1),
                Column("c", t2, server_default=s2),
                asked,
                s1,
            )
        )


def _get_staging_directory() -> str:
    return staging_directory()

"""DefaultImpl: finding a dialect, running and writing statements."""

from __future__ import annotations

import importlib
import subprocess
import sys
import threading
from types import SimpleNamespace
from typing import Any
from typing import List

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column
from sqlalchemy import column
from sqlalchemy import create_engine
from sqlalchemy import DateTime
from sqlalchemy import func
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import JSON
from sqlalchemy import MetaData
from sqlalchemy import String
from sqlalchemy import Table
from sqlalchemy import table
from sqlalchemy import text
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.ext.compiler import compiles

import alembic.ddl
from alembic.ddl import DefaultImpl
from alembic.ddl.base import AddColumn
from alembic.ddl.base import alter_table
from alembic.ddl.impl import _impls
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.sqla.defaults import Computed
from alembic.sqla.defaults import has_identity
from alembic.sqla.defaults import Identity
from alembic.sqla.version import sqla_1_4
from alembic.sqla.version import sqla_2_0
from alembic.sqla.version import sqla_2_1
from alembic.util.exc import CommandError
from tests.support.recorder import Recorder


class Firebird(DefaultDialect):
    """A dialect that nobody ships."""

    name = "firebird_for_tests"
    supports_statement_cache = True


@pytest.fixture
def foreign_impl():
    """An implementation for a dialect of one's own, forgotten afterwards."""

    class FirebirdImpl(DefaultImpl):
        __dialect__ = "firebird_for_tests"
        transactional_ddl = True

    yield FirebirdImpl
    del _impls["firebird_for_tests"]


def test_dialect_of_others_registers_itself(foreign_impl) -> None:
    """A subclass with ``__dialect__`` serves that dialect from then on."""
    assert DefaultImpl.get_by_dialect(Firebird()) is foreign_impl
    context = MigrationContext.configure(
        dialect=Firebird(), opts={"as_sql": True, "output_buffer": sys.stdout}
    )
    assert isinstance(context.impl, foreign_impl)
    assert context.impl.transactional_ddl is True


def test_rule_of_others_writes_the_sql(foreign_impl, capsys) -> None:
    """A ``@compiles`` rule for a dialect of one's own is used for its elements."""

    @compiles(AddColumn, "firebird_for_tests")
    def add(element: AddColumn, compiler: Any, **kw: Any) -> str:
        head = alter_table(compiler, element.table_name, element.schema)
        return f"{head} ADD {compiler.get_column_specification(element.column)}"

    context = MigrationContext.configure(
        dialect=Firebird(), opts={"as_sql": True, "output_buffer": sys.stdout}
    )
    Operations(context).add_column("t", Column("c", Integer))
    assert capsys.readouterr().out == "ALTER TABLE t ADD c INTEGER;\n\n"


def test_unknown_dialect_is_named() -> None:
    """A dialect that nobody serves is an error that says what to do."""

    class Unknown:
        name = "nope"

    with pytest.raises(CommandError, match="__dialect__ = 'nope'"):
        DefaultImpl.get_by_dialect(Unknown())
    with pytest.raises(KeyError):
        _impls["nope"]


def test_dialects_are_imported_by_name() -> None:
    """Only the dialect that is used is imported; all are there as attributes."""
    code = (
        "import sys; from alembic.ddl.impl import DefaultImpl, _impls\n"
        "names = 'mysql mssql oracle postgresql sqlite'.split()\n"
        "loaded = lambda: [n for n in names if 'alembic.ddl.' + n in sys.modules]\n"
        "assert loaded() == [], loaded()\n"
        "assert _impls['mariadb'].__name__ == 'MariaDBImpl'\n"
        "assert loaded() == ['mysql'], loaded()\n"
        "import alembic.ddl\n"
        "assert alembic.ddl.sqlite.SQLiteImpl.__dialect__ == 'sqlite'\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert alembic.ddl.oracle.OracleImpl.__dialect__ == "oracle"
    with pytest.raises(AttributeError, match="no attribute 'db2'"):
        alembic.ddl.db2  # noqa: B018


def test_dialect_that_another_thread_imports(monkeypatch, tmp_path) -> None:
    """A class is handed out when its module is whole, with the rules for its SQL."""
    begun, go_on = threading.Event(), threading.Event()
    (tmp_path / "slow.py").write_text(
        "from alembic.ddl.impl import DefaultImpl\n"
        "from events_of_this_test import begun, go_on\n"
        "class SlowImpl(DefaultImpl):\n"
        "    __dialect__ = 'slow'\n"
        "    is_whole = False\n"
        "begun.set()\n"
        "assert go_on.wait(60)\n"
        "SlowImpl.is_whole = True\n"
    )
    events = SimpleNamespace(begun=begun, go_on=go_on)
    monkeypatch.setitem(sys.modules, "events_of_this_test", events)
    monkeypatch.setattr(alembic.ddl, "__path__", [str(tmp_path)])
    monkeypatch.setitem(_impls._modules, "slow", "slow")
    real = importlib.import_module

    def asked_for(name):
        go_on.set()
        return real(name)

    thread = threading.Thread(target=real, args=["alembic.ddl.slow"])
    thread.start()
    try:
        assert begun.wait(60)
        monkeypatch.setattr(importlib, "import_module", asked_for)
        assert _impls["slow"].is_whole
    finally:
        go_on.set()
        thread.join()
        _impls.pop("slow", None)
        sys.modules.pop("alembic.ddl.slow", None)
        vars(alembic.ddl).pop("slow", None)


def test_exclude_operation_keeps_its_old_place() -> None:
    """The operation that programs import from the dialect is there by name."""
    from alembic.operations import ops

    postgresql = alembic.ddl.postgresql
    assert postgresql.CreateExcludeConstraintOp is ops.CreateExcludeConstraintOp
    with pytest.raises(AttributeError):
        postgresql.NoSuchOp  # noqa: B018


class Executed:
    """A connection to SQLite and what was executed on it."""

    def __init__(self) -> None:
        self.engine = create_engine("sqlite://")
        self.connection = self.engine.connect()
        self.context = MigrationContext.configure(self.connection)
        self.op = Operations(self.context)

    def rows(self, sql: str) -> List[Any]:
        """Return the rows of a query."""
        return [tuple(row) for row in self.connection.execute(text(sql)).fetchall()]


@pytest.fixture
def executed():
    """A connection to an empty database in memory."""
    found = Executed()
    yield found
    found.connection.close()
    found.engine.dispose()


@pytest.mark.parametrize(
    "value",
    [
        '{"a":true}',
        "12:30:45",
        "::x",
        "a:b :c ':d",
        "100%",
        pytest.param(
            "%(x)s %s ?",
            marks=pytest.mark.skipif(
                sqla_2_0 and not sqla_2_1, reason="SQLAlchemy 2.0 fell over this"
            ),
        ),
        "C:\\temp",
        "x\ty\nz",
        "é:ü",
    ],
)
def test_colon_begins_no_parameter(executed, value: str) -> None:
    """A string of SQL reaches the database as it is written."""
    quoted = value.replace("'", "''")
    executed.op.execute(f"CREATE TABLE t AS SELECT '{quoted}' AS v")
    assert executed.rows("SELECT v FROM t") == [(value,)]


def test_escaped_colon_is_a_colon(executed) -> None:
    r"""A colon that was escaped for `text()`, ``\:``, still comes out as a colon."""
    executed.op.execute(r"CREATE TABLE t AS SELECT 'a\:b' AS v")
    assert executed.rows("SELECT v FROM t") == [("a:b",)]


@given(st.text(alphabet="a:\\ 1_'$é%", max_size=12))
def test_script_holds_the_string_as_it_is(value: str) -> None:
    """A script holds a string of SQL unchanged, but for escaped colons."""
    recorder = Recorder("sqlite")
    recorder.op.execute(f"x {value} x")
    if "\\:" not in value:
        assert recorder.text == f"x {value} x;\n\n"


def test_parameters_of_text_are_bound(executed) -> None:
    """``text()`` keeps its parameters, online and as literals in a script."""
    executed.op.execute(text("CREATE TABLE t AS SELECT 1 AS v"))
    executed.op.execute(text("UPDATE t SET v = :x").bindparams(x="a:b"))
    assert executed.rows("SELECT v FROM t") == [("a:b",)]
    recorder = Recorder("postgresql")
    recorder.op.execute(text("UPDATE t SET v = :x").bindparams(x="50%:b"))
    assert recorder.statements == ["UPDATE t SET v = '50%:b'"]


def test_options_of_an_execution_reach_it(executed) -> None:
    """Execution options count for their statement, not for the connection."""
    seen = []
    from sqlalchemy import event

    @event.listens_for(executed.engine, "before_cursor_execute")
    def look(conn, cursor, statement, parameters, context, executemany) -> None:
        seen.append(context.execution_options.get("mark"))

    executed.op.execute("SELECT 1", execution_options={"mark": "here"})
    executed.op.execute("SELECT 2")
    assert seen == ["here", None]


def test_schema_translation_reaches_columns() -> None:
    """``schema_translate_map`` counts for columns as it does for tables."""
    if not sqla_1_4:
        pytest.skip("the map is applied in another way")
    engine = create_engine("sqlite://")
    with engine.connect() as plain:
        plain.execute(text("ATTACH ':memory:' AS tenant"))
        connection = plain.execution_options(schema_translate_map={"s": "tenant"})
        op = Operations(MigrationContext.configure(connection))
        op.create_table("t", Column("a", Integer), schema="s")
        op.add_column("t", Column("b", Integer), schema="s")
        op.alter_column("t", "b", new_column_name="c", schema="s")
        columns = plain.execute(text("PRAGMA tenant.table_info(t)")).fetchall()
        assert [row[1] for row in columns] == ["a", "c"]
    engine.dispose()


def test_bulk_insert_wants_a_list_of_dictionaries(executed) -> None:
    """Rows that are no list of dictionaries are refused."""
    target = table("t", column("a"))
    with pytest.raises(TypeError, match="List expected"):
        executed.context.impl.bulk_insert(target, "rows")
    with pytest.raises(TypeError, match="List of dictionaries expected"):
        executed.context.impl.bulk_insert(target, ["row"])


def test_bulk_insert_online(executed) -> None:
    """Rows go in at once, or one by one so that they may hold expressions."""
    executed.op.execute("CREATE TABLE t (a INTEGER, b TEXT)")
    target = table("t", column("a", Integer), column("b", String))
    executed.op.bulk_insert(target, [{"a": 1, "b": "x:y"}, {"a": 2, "b": None}])
    executed.op.bulk_insert(target, [{"a": 3, "b": func.upper("q")}], multiinsert=False)
    executed.op.bulk_insert(target, [])
    assert executed.rows("SELECT a, b FROM t ORDER BY a") == [
        (1, "x:y"),
        (2, None),
        (3, "Q"),
    ]


def test_script_takes_no_parameters() -> None:
    """Parameters make no sense in a script, and are refused."""
    impl = Recorder("sqlite").context.impl
    with pytest.raises(TypeError, match="not allowed with as_sql"):
        impl._exec(text("x"), multiparams=[{"a": 1}])
    with pytest.raises(TypeError, match="not allowed with as_sql"):
        impl._exec(text("x"), params={"a": 1})


def test_literal_binds_are_for_scripts() -> None:
    """The option ``literal_binds`` is refused where nothing is written."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection, pytest.raises(CommandError, match="as_sql"):
        MigrationContext.configure(connection, opts={"literal_binds": True})
    engine.dispose()


def test_tabs_of_data_stay(executed) -> None:
    """A script indents with spaces and leaves the tabs of strings alone."""
    recorder = Recorder("postgresql")
    recorder.op.execute("SELECT 'a\tb'")
    assert recorder.text == "SELECT 'a\tb';\n\n"
    recorder = Recorder("postgresql")
    recorder.op.create_table("t", Column("a", Integer))
    assert recorder.text == "CREATE TABLE t (\n    a INTEGER\n);\n\n"


def test_statement_is_ended_once() -> None:
    """A statement that ends with the terminator gets no second one."""
    recorder = Recorder("sqlite")
    recorder.op.execute("DELETE FROM t;\n")
    assert recorder.text == "DELETE FROM t;\n\n"


@pytest.mark.parametrize(
    ("dialect_name", "option", "separator"),
    [
        ("mssql", "mssql_batch_separator", "BYE"),
        ("oracle", "oracle_batch_separator", ""),
    ],
)
def test_batch_separator_is_an_option(dialect_name, option, separator) -> None:
    """What stands between the statements of a script can be chosen."""
    recorder = Recorder(dialect_name, **{option: separator})
    recorder.op.drop_table("t")
    assert "GO" not in recorder.text
    assert "/" not in recorder.text
    assert separator in recorder.text


@pytest.mark.parametrize(
    ("dialect_name", "script"),
    [
        ("postgresql", "BEGIN;\n\nCOMMIT;\n\n"),
        ("mssql", "BEGIN TRANSACTION;\n\nCOMMIT;\n\nGO\n\n"),
        ("oracle", "SET TRANSACTION READ WRITE\n\n/\n\nCOMMIT\n\n/\n\n"),
    ],
)
def test_transaction_in_a_script(dialect_name: str, script: str) -> None:
    """Each database begins and ends a transaction in its own words."""
    recorder = Recorder(dialect_name)
    recorder.context.impl.emit_begin()
    recorder.context.impl.emit_commit()
    assert recorder.text == script


def test_concurrent_index_leaves_the_transaction_of_a_script() -> None:
    """CREATE INDEX CONCURRENTLY stands between COMMIT and BEGIN, if there are any."""
    recorder = Recorder("postgresql")
    with recorder.context.begin_transaction():
        recorder.op.drop_table("before")
        recorder.op.create_index("ix", "t", ["a"], postgresql_concurrently=True)
        recorder.op.drop_table("after")
    assert recorder.statements == [
        "BEGIN",
        "DROP TABLE before",
        "COMMIT",
        "CREATE INDEX CONCURRENTLY ix ON t (a)",
        "BEGIN",
        "DROP TABLE after",
        "COMMIT",
    ]
    recorder = Recorder("postgresql")
    recorder.op.drop_index("ix", "t", postgresql_concurrently=True)
    assert recorder.statements == ["DROP INDEX CONCURRENTLY ix"]


def test_concurrent_index_in_a_block_of_the_users() -> None:
    """Inside `autocommit_block()` there is no second COMMIT."""
    recorder = Recorder("postgresql")
    with recorder.context.begin_transaction(), recorder.context.autocommit_block():
        recorder.op.create_index("ix", "t", ["a"], postgresql_concurrently=True)
    assert recorder.statements == [
        "BEGIN",
        "COMMIT",
        "CREATE INDEX CONCURRENTLY ix ON t (a)",
        "BEGIN",
        "COMMIT",
    ]


def test_index_of_a_new_table_is_not_built_concurrently() -> None:
    """A table that nobody sees yet gets its indexes at once; the index is unchanged."""
    recorder = Recorder("postgresql")
    target = Table(
        "t",
        MetaData(),
        Column("a", Integer),
        Index("ix", "a", postgresql_concurrently=True),
    )
    recorder.context.impl.create_table(target)
    assert recorder.statements[-1] == "CREATE INDEX ix ON t (a)"
    (kept,) = target.indexes
    assert kept.dialect_options["postgresql"]["concurrently"] is True


def test_events_of_a_table_are_called(executed) -> None:
    """Listeners for the creation and removal of a table hear of it."""
    from sqlalchemy import event

    heard = []
    target = Table("t", MetaData(), Column("a", Integer))
    for name in ("before_create", "after_create", "before_drop", "after_drop"):
        event.listen(target, name, lambda *a, _name=name, **kw: heard.append(_name))
    executed.context.impl.create_table(target)
    executed.context.impl.drop_table(target)
    assert heard == ["before_create", "after_create", "before_drop", "after_drop"]


def test_version_table() -> None:
    """The version table has its name, schema and, if wanted, a primary key."""
    impl = Recorder("sqlite").context.impl
    made = impl.version_table_impl(
        version_table="v", version_table_schema="s", version_table_pk=True, more=1
    )
    assert (made.name, made.schema) == ("v", "s")
    assert made.c.version_num.type.length == 32
    assert made.c.version_num.nullable is False
    assert made.primary_key.name == "v_pkc"
    bare = impl.version_table_impl(
        version_table="v", version_table_schema=None, version_table_pk=False
    )
    assert list(bare.primary_key.columns) == []


def test_autoincrement_warns_only_where_it_is_lost() -> None:
    """The flag has no effect but on MySQL, which is said unless it restates a type."""
    recorder = Recorder("postgresql")
    with pytest.warns(UserWarning, match="only make sense for MySQL"):
        recorder.op.alter_column("t", "c", autoincrement=True)
    if has_identity:
        recorder.op.alter_column(
            "t", "c", server_default=Identity(), autoincrement=True
        )


@pytest.mark.skipif(not has_identity, reason="this SQLAlchemy has no Identity")
def test_identities_are_compared() -> None:
    """Options that the model sets count; what only the database says does not."""
    reflected = {
        "start": 1,
        "increment": 1,
        "minvalue": 1,
        "maxvalue": 2**31 - 1,
        "cycle": False,
        "cache": 1,
    }
    for dialect_name, meta, found, different in [
        ("postgresql", {}, reflected, set()),
        ("postgresql", {"start": 5}, reflected, {"start"}),
        ("postgresql", {"start": 1}, {}, set()),
        ("postgresql", {"always": True}, reflected, {"always"}),
        ("postgresql", {"nominvalue": True, "nomaxvalue": True}, reflected, set()),
        ("postgresql", {"nomaxvalue": True}, {"maxvalue": 10}, {"nomaxvalue"}),
        ("mssql", {"always": True, "cycle": True}, reflected, set()),
        ("mssql", {"increment": 2}, reflected, {"increment"}),
    ]:
        impl = Recorder(dialect_name).context.impl
        result = impl._compare_identity_default(Identity(**meta), Identity(**found))
        assert (result[0], result[2]) == (different, bool(different))
    impl = Recorder("postgresql").context.impl
    assert impl._compare_identity_default(None, Identity()) == (set(), set(), True)
    assert impl._compare_identity_default(None, None) == (set(), set(), False)


class Change:
    """One change of a batch, as `requires_recreate_in_batch` sees it."""

    def __init__(self, change: str, *args: Any, **kw: Any) -> None:
        self.batch = [(change, args, kw)]


@pytest.mark.parametrize(
    ("change", "needed"),
    [
        (Change("add_column", "t", Column("x", Integer)), False),
        (Change("add_column", "t", Column("x", Integer, server_default="5")), False),
        (
            Change(
                "add_column", "t", Column("x", DateTime, server_default=text("now()"))
            ),
            True,
        ),
        (Change("create_index", Index("ix")), False),
        (Change("drop_column", "t", Column("x", Integer)), True),
        (Change("alter_column", "t", "x", name="y"), True),
    ],
)
def test_sqlite_says_what_needs_a_new_table(change: Change, needed: bool) -> None:
    """Plain columns and indexes are added in place, the rest needs a new table."""
    impl = Recorder("sqlite").context.impl
    assert impl.requires_recreate_in_batch(change) is needed
    assert (
        Recorder("postgresql").context.impl.requires_recreate_in_batch(change) is False
    )


@pytest.mark.skipif(Computed is None, reason="this SQLAlchemy has no Computed")
def test_sqlite_adds_virtual_columns_only() -> None:
    """A stored computed column cannot be added in place, a virtual one can."""
    impl = Recorder("sqlite").context.impl
    virtual = Column("x", Integer, Computed("a"))
    stored = Column("x", Integer, Computed("a", persisted=True))
    assert impl.requires_recreate_in_batch(Change("add_column", "t", virtual)) is False
    assert impl.requires_recreate_in_batch(Change("add_column", "t", stored)) is True


def test_sqlite_casts_between_families() -> None:
    """Rows are cast when a column changes to another family, but not to JSON."""
    impl = Recorder("sqlite").context.impl
    old = Column("x", Integer)
    for type_, cast in [(String(), True), (Integer(), False), (JSON(), False)]:
        transfer = {"expr": old}
        impl.cast_for_batch_migrate(old, transfer, type_)
        assert (transfer["expr"] is not old) is cast


@pytest.mark.parametrize(
    ("default", "written"),
    [
        ("now()", "(now())"),
        ("(now())", "(now())"),
        ("'x'", "'x'"),
        ("5", "5"),
        ("-5", "(-5)"),
        ("CURRENT_TIMESTAMP", "(CURRENT_TIMESTAMP)"),
        ("'a' || 'b'", "'a' || 'b'"),
        (None, None),
    ],
)
def test_sqlite_puts_parentheses_back(default, written) -> None:
    """Reflected expressions get the parentheses back that SQLite takes off."""
    impl = Recorder("sqlite").context.impl
    record = {"default": default}
    impl._compat_autogen_column_reflect(None)(None, record)
    assert record["default"] == written


def test_sqlite_adds_and_drops_columns_if_needed(executed) -> None:
    """IF [NOT] EXISTS, which SQLite lacks for columns, is answered beforehand."""
    executed.op.execute("CREATE TABLE t (a INTEGER)")
    for _ in range(2):
        executed.op.add_column("t", Column("b", Integer), if_not_exists=True)
    for _ in range(2):
        executed.op.drop_column("t", "a", if_exists=True)
    assert [row[1] for row in executed.rows("PRAGMA table_info(t)")] == ["b"]


@pytest.mark.parametrize("dialect_name", ["mssql", "postgresql"])
def test_reflected_options_without_defaults(dialect_name: str) -> None:
    """Options of a reflected index that say nothing are left out."""
    impl = Recorder(dialect_name).context.impl
    empty = {f"{dialect_name}_include": []}
    assert (
        impl.adjust_reflected_dialect_options({"dialect_options": empty}, "index") == {}
    )
    full = {f"{dialect_name}_include": ["a"]}
    assert (
        impl.adjust_reflected_dialect_options({"dialect_options": full}, "index")
        == full
    )
    assert impl.adjust_reflected_dialect_options({"name": "ix"}, "index") == {}


@pytest.mark.parametrize(
    ("dialect_name", "sql", "normal"),
    [
        ("postgresql", "(now() + '1'::int)", "now+1"),
        ("postgresql", "(a)::numeric(10,2)", "a"),
        ("sqlite", "( A +'b' )", "a+b"),
        ("mysql", "`a`+[b]", "a+b"),
    ],
)
def test_computed_expressions_are_stripped(dialect_name, sql, normal) -> None:
    """A computed expression is compared without what databases add to it."""
    impl = Recorder(dialect_name).context.impl
    assert impl._normalize_computed_default(sql) == normal


def test_expressions_as_text() -> None:
    """An expression is written with its values, for an index in parentheses."""
    operation = column("a", String) + "50%"
    for dialect_name, plain, of_index in [
        ("sqlite", "a || '50%'", "a || '50%'"),
        ("postgresql", "a || '50%'", "(a || '50%')"),
        ("mysql", "concat(a, '50%')", "(concat(a, '50%'))"),
    ]:
        impl = Recorder(dialect_name).context.impl
        assert impl.render_ddl_sql_expr(operation) == plain
        assert impl.render_ddl_sql_expr(operation, is_index=True) == of_index

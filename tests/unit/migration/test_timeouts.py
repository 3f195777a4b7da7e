"""Limits as values, the statements that set them, and the errors that tell of them."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alembic.migration import MigrationContext
from alembic.migration.timeouts import count
from alembic.migration.timeouts import in_seconds
from alembic.migration.timeouts import Limits
from alembic.migration.timeouts import Patience
from alembic.migration.timeouts import RunTimeouts
from alembic.migration.timeouts.kinds import timeouts_for
from alembic.util.exc import CommandError
from tests.support.steps import execute
from tests.support.steps import FakeHistory


class Rows:
    """A result of one row."""

    def __init__(self, row):
        self.row = row

    def fetchone(self):
        return self.row

    def scalar(self):
        return self.row[0]

    def close(self):
        pass


class Connection:
    """A connection that writes down what it is sent."""

    def __init__(self, row=(), mariadb=False):
        self.sent = []
        self.row = row
        self.dialect = SimpleNamespace(
            is_mariadb=mariadb, _is_mariadb=mariadb, server_version_info=(10, 5)
        )

    def execute(self, statement, params=None):
        self.sent.append(str(statement))
        return Rows(self.row)

    exec_driver_sql = execute

    def in_transaction(self):
        return True


WRITTEN = {
    ("postgresql", False): [
        "SELECT set_config('lock_timeout', '1500', true), "
        "set_config('statement_timeout', '0', true)"
    ],
    ("mysql", False): [
        "SET SESSION lock_wait_timeout = 2, SESSION innodb_lock_wait_timeout = 2, "
        "SESSION max_execution_time = 0"
    ],
    ("mysql", True): [
        "SET SESSION lock_wait_timeout = 2, SESSION innodb_lock_wait_timeout = 2, "
        "SESSION max_statement_time = 0.0"
    ],
    ("sqlite", False): ["PRAGMA busy_timeout = 1500"],
    ("mssql", False): ["SET LOCK_TIMEOUT 1500"],
}


@pytest.mark.parametrize(("name", "mariadb"), sorted(WRITTEN))
def test_statements_of_each_database(name, mariadb):
    """What is sent for 1.5 seconds of waiting and no limit for statements."""
    connection = Connection(mariadb=mariadb)
    timeouts_for(name).write(connection, Limits(1.5, 0.0), local=True)
    assert connection.sent == WRITTEN[name, mariadb]


def test_what_is_read_is_set_back():
    """On SQL Server, whose values no test can see."""
    connection = Connection(row=(-1,))
    kind = timeouts_for("mssql")
    saved = kind.read(connection)
    kind.write(connection, Limits(0.0001, None), local=False)
    kind.restore(connection, saved, local=False)
    assert connection.sent == [
        "SELECT @@LOCK_TIMEOUT",
        "SET LOCK_TIMEOUT 1",
        "SET LOCK_TIMEOUT -1",
    ]


def error(*args, **attributes):
    """A driver's error."""
    found = Exception(*args)
    for name, value in attributes.items():
        setattr(found, name, value)
    return found


LOCK_ERRORS = [
    ("postgresql", error("x", sqlstate="55P03")),
    ("postgresql", error("x", pgcode="40P01")),
    ("mysql", error(1205, "Lock wait timeout exceeded")),
    ("mysql", error("x", errno=1213)),
    ("sqlite", error("database is locked")),
    ("mssql", error("42000", "[42000] Lock request time out (1222) (SQLExecDirectW)")),
    ("mssql", error(1222, b"Lock request time out")),
]
STATEMENT_ERRORS = [
    (
        "postgresql",
        error("canceling statement due to statement timeout", pgcode="57014"),
    ),
    ("mysql", error(1969, "max_statement_time exceeded")),
    ("mysql", error(3024, "maximum statement execution time exceeded")),
]
OTHER_ERRORS = [
    ("postgresql", error("canceling statement due to user request", pgcode="57014")),
    ("postgresql", error("x", sqlstate="42P01")),
    ("mysql", error(1064, "syntax")),
    ("sqlite", error("no such table: t")),
    ("mssql", error("42000", "[42000] Incorrect syntax (102)")),
    ("mssql", error(102, b"Incorrect syntax")),
]


@pytest.mark.parametrize(
    ("name", "original", "lock", "statement"),
    [
        *((name, found, True, False) for name, found in LOCK_ERRORS),
        *((name, found, False, True) for name, found in STATEMENT_ERRORS),
        *((name, found, False, False) for name, found in OTHER_ERRORS),
    ],
    ids=str,
)
def test_errors_of_each_driver(name, original, lock, statement):
    """A limit that was reached is told from everything else."""
    kind = timeouts_for(name)
    assert kind.is_lock_timeout(original) is lock
    assert kind.is_statement_timeout(original) is statement


@given(st.one_of(st.text(), st.booleans(), st.floats(), st.integers(), st.binary()))
def test_what_people_write(value):
    """Whatever is written is a number of seconds or one line that says what is one."""
    for read in (in_seconds, count):
        refused = ""
        found = None
        try:
            found = read("statement_timeout", value, "alembic.ini")
        except CommandError as error:
            refused = str(error)
        assert found is None or 0 <= found <= 10**9
        assert bool(refused) == (found is None)
        if refused:
            assert refused.startswith("statement_timeout = ")
            assert " in alembic.ini " in refused


def test_which_limit_goes_before_which():
    """What was typed, then what the revision says, then the configuration."""
    module = SimpleNamespace(table_lock_timeout=2, statement_timeout=2)
    step = SimpleNamespace(revision=SimpleNamespace(module=module, path="a.py"))
    timeouts = RunTimeouts(
        "postgresql",
        lambda: Connection(row=("0", "0")),
        typed=Limits(1, None),
        configured=Limits(3, 3),
        in_sessions=True,
    )
    timeouts.apply(step)
    assert timeouts.limits == Limits(1, 2)
    timeouts.apply(SimpleNamespace())
    assert timeouts.limits == Limits(1, 3)


def test_databases_without_limits(caplog):
    """Those that nobody knows are told of once, and run without."""
    caplog.set_level("INFO")
    connection = Connection()
    timeouts = RunTimeouts(
        "nodb",
        lambda: connection,
        typed=Limits(),
        configured=Limits(1, 2),
        in_sessions=True,
    )
    for _ in range(2):
        timeouts.apply(SimpleNamespace())
    timeouts.restore()
    assert connection.sent == []
    assert [record.getMessage() for record in caplog.records] == [
        "Going without table_lock_timeout and statement_timeout: nodb has none"
    ]


class Blocked(Exception):
    """An error of SQLAlchemy, as far as it is looked at."""

    orig = error("x", sqlstate="55P03")
    statement = "ALTER TABLE t"


@pytest.mark.parametrize(
    ("fails", "retries", "ends_well"), [(0, 0, True), (3, 3, True), (4, 3, False)]
)
def test_tries_and_pauses(monkeypatch, fails, retries, ends_well):
    """As many as asked for; each pause twice as long as the one before."""
    waited = []
    monkeypatch.setattr(Patience, "_wait", lambda self, s, tries: waited.append(s))
    timeouts = RunTimeouts(
        "postgresql", Connection, Limits(1, None), Limits(), in_sessions=True
    )
    timeouts.limits = Limits(1, None)
    patience = Patience(
        timeouts, SimpleNamespace(breaks=0), Connection, retries=retries, pause=0.5
    )
    left = iter([True] * fails)
    tried = []

    def attempt():
        tried.append(1)
        if next(left, False):
            raise Blocked

    if ends_well:
        patience.run(attempt, lambda: True)
    else:
        with pytest.raises(CommandError, match="4 times: x .SQL: ALTER TABLE t"):
            patience.run(attempt, lambda: True)
    assert len(tried) == min(fails, retries) + 1
    assert waited == [0.5, 1.0, 2.0][: min(fails, retries)]


class Revision(str):
    """An identifier of a revision whose file sets limits."""

    def __new__(cls, id_, **limits):
        found = super().__new__(cls, id_)
        found.module = SimpleNamespace(**limits)
        found.path = f"{id_}.py"
        return found


def script_of(dialect, **opts):
    """Return the statements of a script of four revisions."""
    a, d = Revision("a"), Revision("d")
    b, c = Revision("b", table_lock_timeout=1.5), Revision("c", statement_timeout=90)
    work = execute("WORK")

    def commits(context):
        work(context)
        with context.autocommit_block():
            work(context)
        work(context)

    history = FakeHistory([a, b, c, d], {a: work, b: commits, c: work, d: work})
    buffer = io.StringIO()
    context = MigrationContext.configure(
        dialect_name=dialect,
        opts={"as_sql": True, "output_buffer": buffer, "fn": history, **opts},
    )
    with context.begin_transaction():
        context.run_migrations()
    words = ("WORK", "SET ", "PRAGMA", "BEGIN", "COMMIT", "/*")
    lines = buffer.getvalue().splitlines()
    return [line.rstrip(";") for line in lines if line.startswith(words)]


IN_ONE = """\
BEGIN
WORK
SET LOCAL lock_timeout = '1500ms'
WORK
COMMIT
SET lock_timeout = '1500ms'
WORK
SET lock_timeout = DEFAULT
BEGIN
SET LOCAL lock_timeout = '1500ms'
WORK
SET LOCAL lock_timeout = DEFAULT
SET LOCAL statement_timeout = '90000ms'
WORK
SET LOCAL statement_timeout = DEFAULT
WORK
COMMIT
"""

BEHIND_POOLERS = """\
BEGIN
SET LOCAL statement_timeout = '40000ms'
WORK
COMMIT
BEGIN
SET LOCAL lock_timeout = '1500ms'
SET LOCAL statement_timeout = '40000ms'
WORK
COMMIT
WORK
BEGIN
SET LOCAL lock_timeout = '1500ms'
SET LOCAL statement_timeout = '40000ms'
WORK
COMMIT
BEGIN
SET LOCAL lock_timeout = DEFAULT
SET LOCAL statement_timeout = '90000ms'
WORK
COMMIT
BEGIN
SET LOCAL statement_timeout = '40000ms'
WORK
COMMIT
"""

ON_MYSQL = """\
WORK
SET SESSION lock_wait_timeout = 2, SESSION innodb_lock_wait_timeout = 2
WORK
WORK
WORK
SET SESSION lock_wait_timeout = DEFAULT, SESSION innodb_lock_wait_timeout = DEFAULT
/*!50704 SET SESSION max_execution_time = 90000 */
/*M!100101 SET SESSION max_statement_time = 90 */
WORK
/*!50704 SET SESSION max_execution_time = DEFAULT */
/*M!100101 SET SESSION max_statement_time = DEFAULT */
WORK
"""

ON_SQLITE = """\
PRAGMA busy_timeout = 3000
WORK
PRAGMA busy_timeout = 1500
WORK
WORK
WORK
PRAGMA busy_timeout = 3000
WORK
PRAGMA busy_timeout = 3000
WORK
PRAGMA busy_timeout = 0
"""

ON_MSSQL = """\
BEGIN TRANSACTION
SET LOCK_TIMEOUT 3000
WORK
SET LOCK_TIMEOUT 1500
WORK
COMMIT
WORK
BEGIN TRANSACTION
WORK
SET LOCK_TIMEOUT 3000
WORK
SET LOCK_TIMEOUT 3000
WORK
SET LOCK_TIMEOUT -1
COMMIT
"""


@pytest.mark.parametrize(
    ("dialect", "opts", "script"),
    [
        ("postgresql", {}, IN_ONE),
        (
            "postgresql",
            {
                "statement_timeout": 40,
                "transaction_per_migration": True,
                "lock": "transaction",
            },
            BEHIND_POOLERS,
        ),
        ("mysql", {}, ON_MYSQL),
        ("sqlite", {"table_lock_timeout": 3}, ON_SQLITE),
        ("mssql", {"table_lock_timeout": 3}, ON_MSSQL),
    ],
)
def test_scripts_hold_the_limits(dialect, opts, script):
    """Each revision begins with its own; nothing outlasts the script."""
    assert script_of(dialect, **opts) == script.splitlines()


def test_what_was_typed_for_a_script():
    """It goes before what a revision says."""
    lines = script_of("postgresql", typed={"table_lock_timeout": 5})
    found = {line for line in lines if "lock_timeout" in line and "LOCAL" in line}
    assert found == {"SET LOCAL lock_timeout = '5000ms'"}

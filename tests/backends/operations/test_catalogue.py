"""Every operation, with every argument, and what it changes in the catalogue."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import Dict
from typing import Iterator
from typing import List
from typing import NamedTuple
from typing import Set

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy import exc

from alembic.migration import MigrationContext
from alembic.operations import BatchOperations
from alembic.operations import Operations
from alembic.operations import ops
from alembic.sqla.connections import commit
from alembic.util.exc import CommandError
from tests.support import catalogue
from tests.support.versions import needs

pytestmark = [
    # SQLAlchemy's own words, such as parentheses around defaults, have changed since
    needs("2.0.40"),
    # SQLite's driver keeps decimals as floats; some operations warn
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]

TABLES = Path(__file__).parent / "catalogue"


class Case(NamedTuple):
    """A call, and what it changes on each backend."""

    place: str
    call: str
    changes: Dict[str, str]


def read(path: Path) -> Iterator[Case]:
    """Read a table: calls after ``>>>``, backends in brackets, then the changes.

    A line after ``-`` is gone from the catalogue, one after ``+`` has come; ``!`` is
    the error that refuses the call. Without any, nothing changes.
    """
    line_number = 1
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        call: List[str] = []
        changes: Dict[str, List[str]] = {}
        backends: List[str] = []
        for line in block.splitlines():
            if line.startswith((">>> ", "... ")):
                call.append(line[4:])
            elif re.fullmatch(r"\[[a-z ]+\]", line):
                backends = line[1:-1].split()
                changes.update((backend, []) for backend in backends)
            else:
                for backend in backends:
                    changes[backend].append(line)
        yield Case(
            f"{path.stem}:{line_number}",
            "\n".join(call),
            {backend: "\n".join(lines) for backend, lines in changes.items()},
        )
        line_number += block.count("\n") + 2


CASES = [case for path in sorted(TABLES.glob("*.txt")) for case in read(path)]


def start(op):
    """Make what all calls begin with."""
    op.create_table(
        "p",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.Integer),
        sa.UniqueConstraint("code", name="uq_code"),
    )
    op.create_table(
        "t",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.Integer),
        sa.Column(
            "b", sa.String(20), nullable=False, server_default="x", comment="old"
        ),
        sa.Column("c", sa.Integer),
        sa.Column("p_id", sa.Integer),
        sa.CheckConstraint("c > 0", name="ck_c"),
        sa.ForeignKeyConstraint(["p_id"], ["p.id"], name="fk_p"),
        sa.UniqueConstraint("c", name="uq_c"),
        sa.Index("ix_b", "b"),
        comment="old",
    )
    op.create_table(
        "n", sa.Column("a", sa.Integer, nullable=False), sa.Column("b", sa.Integer)
    )
    rows = op.create_table(
        "r",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("word", sa.String(20)),
    )
    op.bulk_insert(rows, [{"id": 1, "word": "12"}])


class Catalogue:
    """A database with the tables of `start`, to which calls are made."""

    def __init__(self, database):
        self.database = database
        name = database.url.rpartition("/")[2].partition("?")[0]
        self.other = f"{name}_other" if database.name == "mariadb" else catalogue.OTHER
        if database.name == "sqlite":
            event.listen(database.engine, "connect", self._attach)
        else:
            database.execute(f"CREATE SCHEMA {self.other}")
        self.run(start)

    def _attach(self, connection, record):
        path = self.database.folder / "other.db"
        connection.execute(f"ATTACH '{path}' AS {self.other}")

    def run(self, call):
        with self.database.engine.connect() as connection:
            context = MigrationContext.configure(connection)
            with context.begin_transaction(), Operations.context(context) as op:
                call(op)
            commit(connection)

    def lines(self):
        with self.database.engine.connect() as connection:
            return catalogue.lines(connection, self.other)

    def changed_by(self, call):
        """Return what a call changes, or the error that it ends with."""
        before = self.lines()
        names = {"sa": sa, "ops": ops, "OTHER": self.other}
        try:
            self.run(
                lambda op: exec(compile(call, "<table>", "exec"), {**names, "op": op})
            )
        except (CommandError, NotImplementedError, exc.SQLAlchemyError) as error:
            return f"! {type(error).__name__}"
        return "\n".join(catalogue.changes(before, self.lines()))


@pytest.mark.parametrize(
    ("case", "backend"),
    [
        pytest.param(case, backend, id=f"{case.place}-{backend}")
        for case in CASES
        for backend in case.changes
    ],
)
def test_call_changes_what_the_table_says(case, backend, request):
    """It does what it says, and nothing beside it."""
    database = Catalogue(request.getfixturevalue(backend))
    assert database.changed_by(case.call) == case.changes[backend]


KEYWORDS = {
    "op.create_table": ("schema", "comment", "prefixes", "info", "mysql_engine"),
    "op.drop_column": ("if_exists",),
    "op.alter_column": (
        "postgresql_using",
        "autoincrement",
        "existing_autoincrement",
    ),
    "op.create_unique_constraint": (
        "deferrable",
        "initially",
        "postgresql_nulls_not_distinct",
    ),
    "op.create_check_constraint": ("postgresql_not_valid",),
    "op.create_foreign_key": ("postgresql_not_valid",),
    "op.create_exclude_constraint": (
        *("where", "using", "deferrable", "initially", "schema"),
    ),
    "op.create_index": (
        *("postgresql_using", "postgresql_where", "postgresql_include"),
        *("postgresql_ops", "postgresql_with", "postgresql_concurrently"),
        *("postgresql_nulls_not_distinct", "sqlite_where"),
        *("mysql_length", "mysql_prefix", "mysql_using"),
    ),
    "op.drop_index": ("postgresql_concurrently",),
    "batch_op.create_index": ("unique",),
}
"""Arguments that no signature names."""


class Said(ast.NodeVisitor):
    """Collects which arguments the calls of a case give to which directives."""

    def __init__(self) -> None:
        self.arguments: Set[str] = set()

    def visit_Call(self, node: ast.Call) -> None:
        function = node.func
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            called = f"{function.value.id}.{function.attr}"
            self.arguments.add(called)
            self.arguments.update(
                f"{called}({keyword.arg})" for keyword in node.keywords
            )
        self.generic_visit(node)


def directives(cls, word):
    """Yield each directive and each of its named arguments that may be left out."""
    for name in sorted({*ops.DIRECTIVES, "execute", "batch_alter_table", "invoke"}):
        function = getattr(cls, name, None)
        if function is None or (name == "batch_alter_table" and word == "batch_op"):
            continue
        yield f"{word}.{name}"
        for parameter in inspect.signature(function).parameters.values():
            is_optional = parameter.default is not inspect.Parameter.empty
            if is_optional and parameter.kind is not inspect.Parameter.VAR_KEYWORD:
                yield f"{word}.{name}({parameter.name})"


def test_the_table_has_every_directive_and_argument():
    """What joins the vocabulary joins the tables."""
    said = Said()
    for case in CASES:
        said.visit(ast.parse(case.call))
    wanted = {*directives(Operations, "op"), *directives(BatchOperations, "batch_op")}
    wanted.update(
        f"{name}({word})" for name, words in KEYWORDS.items() for word in words
    )
    assert wanted - said.arguments == set()

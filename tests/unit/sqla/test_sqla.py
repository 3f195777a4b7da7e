"""What SQLAlchemy's versions do in different ways, asked in one way."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any
from typing import NoReturn

import pytest
from sqlalchemy import Boolean
from sqlalchemy import CHAR
from sqlalchemy import CheckConstraint
from sqlalchemy import Column
from sqlalchemy import column
from sqlalchemy import create_engine
from sqlalchemy import Enum
from sqlalchemy import ForeignKey
from sqlalchemy import ForeignKeyConstraint
from sqlalchemy import func
from sqlalchemy import Index
from sqlalchemy import inspect
from sqlalchemy import Integer
from sqlalchemy import MetaData
from sqlalchemy import Sequence
from sqlalchemy import String
from sqlalchemy import Table
from sqlalchemy import text
from sqlalchemy import UniqueConstraint
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import SAWarning

import alembic.sqla
from alembic.sqla import connections
from alembic.sqla import constraints
from alembic.sqla import defaults
from alembic.sqla import expressions
from alembic.sqla import foreign_keys
from alembic.sqla import names
from alembic.sqla import reflection
from alembic.sqla import scripts
from alembic.sqla import types
from alembic.sqla import urls
from alembic.sqla import version
from tests.support.versions import needs

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
}


@pytest.fixture
def connection():
    """A connection to an empty database in memory."""
    engine = create_engine("sqlite://")
    with engine.connect() as found:
        yield found
    engine.dispose()


@pytest.mark.parametrize(
    ("written", "parsed"),
    [("2.1.9", (2, 1, 9)), ("2.1.0b2", (2, 1, 0)), ("1.4", (1, 4)), ("x", ())],
)
def test_version_is_parsed(written: str, parsed: tuple) -> None:
    """The leading numbers of a version count, its suffix does not."""
    assert version.parse_version(written) == parsed


def test_every_version_flag_is_a_comparison() -> None:
    """A flag says whether SQLAlchemy is at least that version."""
    assert version.sqla_2_0 == (version.version_tuple >= (2, 0))
    assert version.sqla_2_1 <= version.sqla_2_0 <= version.sqla_1_4


def test_modules_know_no_other_package_of_ours() -> None:
    """This room is the ground: it imports nothing of ours from outside itself."""
    folder = Path(alembic.sqla.__file__).parent
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert node.level < 2, path
                assert not (node.module or "").startswith("alembic"), path


def test_name_is_none_given_or_promised() -> None:
    """A name is missing, a string, or the promise of a convention."""
    for name, is_defined, is_string in [
        (None, False, False),
        ("x", True, True),
        (names.conv("x"), True, True),
        (names.quoted_name("x", True), True, True),
        (names.NONE_NAME, True, False),
    ]:
        assert names.constraint_name_defined(name) is is_defined
        assert names.constraint_name_string(name) is is_string
        assert names.constraint_name_or_none(name) == (name if is_string else None)


def test_final_name_follows_the_convention() -> None:
    """The final name is the one DDL will have: by convention, and cut to the limit."""
    long = "a" * 70
    table = Table(
        "t",
        MetaData(naming_convention=CONVENTION),
        Column("a", Integer, unique=True, index=False),
        Column(long, Integer, index=True),
        CheckConstraint("a > 5", name="positive"),
    )
    plain = Table("p", MetaData(), Column("a", Integer, unique=True))
    (unique,) = [c for c in table.constraints if isinstance(c, UniqueConstraint)]
    (check,) = [c for c in table.constraints if isinstance(c, CheckConstraint)]
    (unnamed,) = [c for c in plain.constraints if isinstance(c, UniqueConstraint)]
    (index,) = table.indexes
    for dialect in (None, sqlite.dialect(), postgresql.dialect()):
        assert names.final_constraint_name(unique, dialect) == "uq_t_a"
        assert names.final_constraint_name(check, dialect) == "ck_t_positive"
        assert names.final_constraint_name(unnamed, dialect) is None
        assert names.constraint_is_named(unique, dialect)
        assert not names.constraint_is_named(unnamed, dialect)
    shortened = names.final_constraint_name(index, postgresql.dialect())
    assert shortened.startswith("ix_t_aaa")
    assert len(shortened) <= 63


def test_names_from_a_database_are_final() -> None:
    """Names that were fixed are not run through a convention again."""
    table = Table(
        "t",
        MetaData(naming_convention=CONVENTION),
        Column("a", Integer),
        UniqueConstraint("a", name="u"),
        Index("i", "a"),
    )
    names.conv_constraint_names(table)
    for item in [*table.indexes, *table.constraints]:
        assert item.name is None or isinstance(item.name, names.conv)


def test_checks_of_types_take_the_name_of_their_source() -> None:
    """The CHECK of a Boolean in a copy is called as it is in the original."""
    convention = {"ck": "ck_%(table_name)s_%(constraint_name)s"}
    source = Table("source", MetaData(naming_convention=convention))
    copy = Table(
        "copy", MetaData(), Column("b", Boolean(create_constraint=True, name="flag"))
    )
    names.name_type_bound_constraints(copy, source)
    (check,) = constraints.all_table_check_constraints(copy)
    assert check.name == "ck_source_flag"


def test_table_key() -> None:
    """A table's key in MetaData holds its schema, if it has one."""
    assert names.table_key("t", None) == "t"
    assert names.table_key("t", "s") == "s.t"
    metadata = MetaData()
    Table("t", metadata, schema="s")
    assert names.table_key("t", "s") in metadata.tables


def test_table_and_column_exist(connection) -> None:
    """Tables and columns are found, and missing ones are missing."""
    connections.execute(connection, text("CREATE TABLE t (a INTEGER)"))
    assert connections.has_table(connection, "t")
    assert not connections.has_table(connection, "u")
    assert connections.has_column(connection, "t", "a")
    assert not connections.has_column(connection, "t", "b")
    assert not connections.has_column(connection, "u", "a")


def test_transactions_are_begun_once(connection) -> None:
    """Beginning twice gives one transaction; ending without one does nothing."""
    connections.commit(connection)
    connections.rollback(connection)
    assert not connections.in_transaction(connection)
    first = connections.begin(connection)
    assert connections.in_transaction(connection)
    assert connections.begin(connection) is first
    connections.rollback(connection)
    assert not connections.in_transaction(connection)
    assert connections.in_transaction(None) is False


def test_scope_for_ddl_commits_its_own_only(connection) -> None:
    """A scope commits what it began, and leaves the caller's transaction alone."""
    if not version.sqla_1_4:
        pytest.skip("connections commit by themselves")
    with connections.scope_for_ddl(connection):
        connection.execute(text("SELECT 1"))
    assert not connections.in_transaction(connection)
    with connection.begin():
        with connections.scope_for_ddl(connection):
            connection.execute(text("SELECT 1"))
        assert connections.in_transaction(connection)
    with connections.scope_for_ddl(None):
        pass


def test_stand_in_for_a_connection() -> None:
    """What a stand-in is told to execute is handed on."""
    heard = []

    def refuse(how: str) -> NoReturn:
        raise AttributeError(how)

    stand_in = connections.mock_connection(
        sqlite.dialect(),
        lambda construct, *a, **kw: heard.append(str(construct)),
        refuse,
    )
    stand_in.execute("SELECT 1")
    Table("t", MetaData(), Column("a", Integer)).create(stand_in, checkfirst=False)
    assert heard[0] == "SELECT 1"
    assert "CREATE TABLE t" in heard[1]
    with pytest.raises(AttributeError, match=r"^\.begin$"):
        stand_in.begin()
    with pytest.raises(AttributeError, match=r"^sqlalchemy.inspect\(\)$"):
        inspect(stand_in)
    assert not hasattr(stand_in, "_private")


def test_table_is_reflected(connection) -> None:
    """A table is filled with what the database knows; queries go the same way."""
    create = text("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)")
    connections.execute(connection, create)
    inspector = reflection.inspector_of(connection)
    table = Table("t", MetaData())
    reflection.reflect_table(inspector, table)
    assert table.columns.keys() == ["a", "b"]
    row = reflection.execute_on_inspector(inspector, text("SELECT :x"), x=5).fetchone()
    assert row[0] == 5
    assert reflection.can_reflect_many(inspector) is version.sqla_2_0


def test_password_is_hidden() -> None:
    """A URL is shown without its password."""
    shown = urls.obfuscate("postgresql://me:se%40cret@host/db")
    assert shown == "postgresql://me:***@host/db"


def test_columns_and_table_of_constraints() -> None:
    """Every kind of constraint tells its table and columns."""
    table = Table(
        "t",
        MetaData(),
        Column("a", Integer, ForeignKey("p.id")),
        Column("b", Boolean(create_constraint=True, name="bb")),
        Column("c", Integer),
        UniqueConstraint("c", "a"),
        CheckConstraint("c > 5", name="ck"),
    )
    (fk,) = table.foreign_key_constraints
    (unique,) = [c for c in table.constraints if isinstance(c, UniqueConstraint)]
    bound = [c for c in table.constraints if constraints.is_type_bound(c)]
    assert constraints.table_of(fk) is table
    assert constraints.columns_of(fk) == [table.c.a]
    assert constraints.columns_of(unique) == [table.c.c, table.c.a]
    assert constraints.columns_of(Index("ix", table.c.a)) == [table.c.a]
    assert [constraints.columns_of(c) for c in bound] == [[table.c.b]]
    assert len(constraints.all_table_check_constraints(table)) == 2
    (made_by_type,) = bound
    postgresql_impl = type("Speaker", (), {"dialect": postgresql.dialect()})
    assert not constraints.is_written_by(made_by_type, postgresql_impl)
    assert constraints.is_written_by(unique, postgresql_impl)


def test_copy_belongs_to_no_table() -> None:
    """A copied column is like its original, in no table."""
    table = Table("t", MetaData(), Column("a", Integer, nullable=False))
    copy = constraints.copy_item(table.c.a)
    assert (copy.name, copy.nullable, copy.table) == ("a", False, None)


def test_column_is_taken_out_of_its_table() -> None:
    """A column that was taken out is no longer listed."""
    table = Table("t", MetaData(), Column("a", Integer), Column("b", Integer))
    constraints.drop_column_from_table(table, table.c.a)
    assert table.columns.keys() == ["b"]


def test_target_of_a_foreign_key() -> None:
    """Where a foreign key points to is told by its text, and by tables if there are."""
    metadata = MetaData()
    child = Table("c", metadata, Column("a", Integer, ForeignKey("s.p.id")), schema="s")
    (fk,) = child.foreign_keys
    assert foreign_keys.target_tokens(fk) == ("s", "p", "id")
    assert foreign_keys.target_table_key(fk) == "s.p"
    assert foreign_keys.target_is_named(fk)
    (constraint,) = child.foreign_key_constraints
    spec = ("s", "c", ["a"], "s", "p", ["id"], None, None, None, None)
    assert foreign_keys.foreign_key_spec(constraint) == spec
    parent = Table("p", metadata, Column("id", Integer, key="key"), schema="s")
    by_column = Table("d", metadata, Column("a", Integer, ForeignKey(parent.c.key)))
    (constraint,) = by_column.foreign_key_constraints
    assert foreign_keys.foreign_key_spec(constraint)[:6] == (
        *(None, "d", ["a"]),
        *("s", "p", ["id"]),
    )


def test_self_reference() -> None:
    """A foreign key to its own table is told from one to a namesake."""
    metadata = MetaData()
    tree = Table("t", metadata, Column("id", Integer), Column("up", ForeignKey("t.id")))
    other = Table(
        "t",
        metadata,
        Column("id", Integer),
        Column("up", ForeignKey("t.id")),
        schema="s",
    )
    assert foreign_keys.is_self_referential(*tree.foreign_key_constraints)
    (constraint,) = other.foreign_key_constraints
    assert isinstance(constraint, ForeignKeyConstraint)


def test_variants_and_families_of_types() -> None:
    """Variants are found by dialect, families are compared, texts compiled."""
    type_ = String(5).with_variant(Integer(), "sqlite")
    assert types.has_variants(type_)
    assert not types.has_variants(String())
    assert isinstance(types.resolve_variant(type_, sqlite.dialect()), Integer)
    assert isinstance(types.resolve_variant(type_, postgresql.dialect()), String)
    assert types.same_affinity(String(5), String(6))
    assert not types.same_affinity(String(5), Integer())
    assert types.compiled_type(String(5), postgresql.dialect()) == "VARCHAR(5)"
    assert types.compiled_type(type_, sqlite.dialect()) == "INTEGER"
    assert types.has_check_constraint(Boolean(create_constraint=True))
    assert not types.has_check_constraint(Enum("a", create_constraint=False))


@needs("2.0")
def test_types_of_plain_values_are_known_by_them() -> None:
    """Class and values make a type; what is more than values cannot be told."""

    class Own(String):
        pass

    assert types.value_of(String(5)) == types.value_of(String(5))
    assert types.value_of(String(1)) != types.value_of(String(True))
    assert types.value_of(String(5)) != types.value_of(CHAR(5))
    attached = Boolean()
    Table("t", MetaData(), Column("a", attached))
    assert "dispatch" in vars(attached)
    assert types.value_of(attached) == types.value_of(Boolean()) is not None
    assert types.value_of(Own(5)) is None
    assert types.value_of(Enum("a", "b")) is None
    assert types.value_of(String(5).with_variant(Integer(), "sqlite")) is None


def test_defaults_are_told_apart() -> None:
    """Computed, identity and plain defaults are told apart, on every version."""
    assert not defaults.is_computed("x", None)
    assert not defaults.is_identity("x", None)
    assert defaults.identity_options(None) == {}
    assert defaults.identity_options(Sequence("s", start=3)) == {"start": 3}
    if defaults.has_computed:
        assert defaults.is_computed(None, defaults.Computed("a"))
    if defaults.has_identity:
        identity = defaults.Identity(start=5, cycle=False)
        assert defaults.is_identity(identity)
        assert defaults.identity_options(identity) == {
            "always": False,
            "start": 5,
            "cycle": False,
        }


@pytest.mark.skipif(not defaults.has_identity, reason="no Identity")
def test_nullability_may_be_left_to_the_database() -> None:
    """A column that says nothing of NULL is known as such."""
    assert defaults.nullability_is_unset(Column("x", Integer, defaults.Identity()))
    assert not defaults.nullability_is_unset(Column("x", Integer, nullable=False))


def test_given_defaults() -> None:
    """None and False are no defaults; an expression is one, whatever it equals."""
    assert not defaults.is_given(None)
    assert not defaults.is_given(False)
    assert defaults.is_given("")
    assert defaults.is_given(func.now())


def test_elements_of_an_index() -> None:
    """Names, text and expressions become elements of a throw-away table's index."""
    table = Table("t", MetaData(), Column("a", Integer))
    assert expressions.textual_index_column(table, "a") is table.c.a
    made = expressions.textual_index_column(table, "b")
    assert table.c.b is made
    written = expressions.textual_index_column(table, text("lower(c)"))
    index = Index("ix", made, written)
    assert index.table is table
    from sqlalchemy.schema import CreateIndex

    assert str(CreateIndex(index)) == "CREATE INDEX ix ON t (b, lower(c))"
    with pytest.raises(ValueError, match="not of 5"):
        expressions.textual_index_column(table, 5)


def test_expressions_move_to_another_table() -> None:
    """A copied expression speaks of the columns of the other table."""
    source = Table("s", MetaData(), Column("a", Integer), Column("b", Integer))
    target = Table("t", MetaData(), Column("a", Integer))
    copy = expressions.copy_expression(source.c.a + source.c.b, target)
    assert str(copy) == "t.a + t.b"
    assert expressions.find_columns(copy) == {target.c.a, target.c.b}


def test_what_is_more_than_a_name() -> None:
    """Calls and text are expressions; a column is none, in whatever order."""
    table = Table("t", MetaData(), Column("a", Integer))
    for expression, expected in [
        (column("a"), False),
        (table.c.a, False),
        (table.c.a.desc(), False),
        (func.lower(table.c.a), True),
        (text("a"), True),
        ("a", True),
    ]:
        assert expressions.is_expression(expression) is expected
    assert expressions.is_expression_index(Index("ix", func.lower(table.c.a)))
    assert not expressions.is_expression_index(Index("ix", table.c.a.desc()))


def test_literal_parameter_is_written_out() -> None:
    """A literal parameter is part of the SQL on every dialect."""
    parameter = expressions.LiteralBindParameter(None, "it's", type_=String())
    for dialect in (sqlite.dialect(), postgresql.dialect()):
        assert str(parameter.compile(dialect=dialect)) == "'it''s'"


def test_script_dialect_leaves_the_original_alone() -> None:
    """A dialect for scripts doubles no percent sign, and the driver's still does."""
    original = postgresql.dialect(paramstyle="pyformat")
    for_scripts = scripts.script_dialect(original)
    statement = text("SELECT '50%'")
    assert scripts.sql_for_script(statement, for_scripts, False) == "SELECT '50%'"
    if version.sqla_1_4:
        assert str(statement.compile(dialect=original)) == "SELECT '50%%'"
    assert original.paramstyle == "pyformat"


@pytest.mark.parametrize("dialect", [postgresql.dialect(), mysql.dialect()])
def test_percent_signs_of_values_stay_in_a_script(dialect: Any) -> None:
    """Two beside each other are two, in a value as in text."""
    for_scripts = scripts.script_dialect(dialect)
    statement = column("x", String).like("50%%")
    assert scripts.sql_for_script(statement, for_scripts, False) == "x LIKE '50%%'"
    statement = text("SELECT '50%%'")
    assert scripts.sql_for_script(statement, for_scripts, False) == "SELECT '50%%'"


def test_open_parameter_stays_in_a_script() -> None:
    """A parameter without a value is left as it is written, ``:name``."""
    dialect = scripts.script_dialect(sqlite.dialect())
    statement = text("SELECT :x")
    assert scripts.sql_for_script(statement, dialect, False) == "SELECT :x"


@pytest.mark.parametrize(
    "sql",
    ["SELECT 1", "SELECT '10:30'", "SELECT 'a\\:b'", "SELECT '50%'", "SELECT x::int"],
)
def test_text_is_written_as_the_compiler_writes_it(sql: str) -> None:
    """A script holds of a text what its dialect makes of it."""
    dialect = scripts.script_dialect(postgresql.dialect())
    statement = expressions.literal_text(sql)
    expected = str(statement.compile(dialect=dialect)).replace("%%", "%")
    assert scripts.sql_for_script(statement, dialect, False) == expected


def test_text_is_written_by_a_dialects_own_compiler() -> None:
    """A dialect that has a way of its own to write text keeps it in scripts."""

    class Compiler(sqlite.dialect.statement_compiler):  # type: ignore[misc]
        def visit_textclause(self, textclause, **kw):  # type: ignore[no-untyped-def]
            return f"/* ours */ {super().visit_textclause(textclause, **kw)}"

    dialect = scripts.script_dialect(sqlite.dialect())
    dialect.statement_compiler = Compiler
    written = scripts.sql_for_script(text("SELECT 1"), dialect, False)
    assert written == "/* ours */ SELECT 1"


@needs("2.0")
def test_unique_constraints_beside_an_index_over_an_expression(connection) -> None:
    """Such an index is nothing to warn of while unique constraints are looked for."""
    for statement in (
        "CREATE TABLE t (a INTEGER UNIQUE, b TEXT)",
        "CREATE UNIQUE INDEX ix ON t (lower(b))",
    ):
        connections.execute(connection, text(statement))
    inspector = reflection.inspector_of(connection)
    found = reflection.reflect_many(inspector, "unique_constraints", None, None)
    [unique] = found[None, "t"]
    assert unique["column_names"] == ["a"]
    with pytest.warns(SAWarning, match="expression-based index ix"):
        found = reflection.reflect_many(inspector, "indexes", None, None)
    assert found[None, "t"] == []

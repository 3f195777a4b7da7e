"""``schema_translate_map``: every operation works where the map points to.

The same tables are in the default schema and in the one that the map leads to, so that
an operation that went to the wrong one would be seen.
"""

from __future__ import annotations

import io
import re
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.sqla import connections
from alembic.sqla.driver import execute_as_is
from tests.support.versions import has
from tests.support.versions import needs
from tests.support.versions import reason

# SQLAlchemy 1.3 says it of PostgreSQL's indexes
pytestmark = pytest.mark.filterwarnings(
    "ignore:Skipped unsupported reflection of expression:sqlalchemy.exc.SAWarning"
)

T = "account"

# an operation in words: how it is called with the schema that the script names
OPERATIONS = {
    "add_column": lambda op, **s: op.add_column(T, sa.Column("x", sa.Integer), **s),
    "add_column-index": lambda op, **s: op.add_column(
        T, sa.Column("x", sa.Integer, index=True), **s
    ),
    "add_column-comment": lambda op, **s: op.add_column(
        T, sa.Column("x", sa.Integer, comment="what"), **s
    ),
    "add_column-foreign-key": lambda op, **s: op.add_column(
        T,
        sa.Column("x", sa.Integer, sa.ForeignKey(dotted("parent.id", **s), name="fx")),
        **s,
    ),
    "drop_column": lambda op, **s: op.drop_column(T, "spare", **s),
    "alter_column-name": lambda op, **s: op.alter_column(
        T, "spare", new_column_name="x", **s
    ),
    "alter_column-type": lambda op, **s: op.alter_column(
        T, "spare", type_=sa.BigInteger, existing_type=sa.Integer, **s
    ),
    "alter_column-nullable": lambda op, **s: op.alter_column(
        T, "spare", nullable=False, existing_type=sa.Integer, **s
    ),
    "alter_column-default": lambda op, **s: op.alter_column(
        T, "spare", server_default="5", existing_type=sa.Integer, **s
    ),
    "alter_column-comment": lambda op, **s: op.alter_column(
        T, "spare", comment="what", existing_type=sa.Integer, **s
    ),
    "create_index": lambda op, **s: op.create_index("ix_x", T, ["spare"], **s),
    "create_index-expression": lambda op, **s: op.create_index(
        "ix_x", T, [sa.text("lower(name)")], **s
    ),
    "drop_index": lambda op, **s: op.drop_index("ix_name", T, **s),
    "drop_index-by-name-alone": lambda op, **s: op.drop_index("ix_name", **s),
    "create_unique_constraint": lambda op, **s: op.create_unique_constraint(
        "uq_x", T, ["spare"], **s
    ),
    "create_check_constraint": lambda op, **s: op.create_check_constraint(
        "ck_x", T, "spare > 0", **s
    ),
    "create_primary_key": lambda op, **s: op.create_primary_key(
        "pk_x", "keyless", ["id"], **s
    ),
    "create_foreign_key": lambda op, **s: op.create_foreign_key(
        "fk_x",
        T,
        "parent",
        ["spare"],
        ["id"],
        **({"source_schema": s["schema"], "referent_schema": s["schema"]} if s else {}),
    ),
    "drop_constraint": lambda op, **s: op.drop_constraint("uq_name", T, **s),
    "drop_constraint-by-columns": lambda op, **s: op.drop_constraint(
        None, T, type_="unique", columns=["name"], **s
    ),
    "drop_constraint-foreign-key": lambda op, **s: op.drop_constraint(
        "fk_parent", T, type_="foreignkey", **s
    ),
    "create_table": lambda op, **s: op.create_table(
        "fresh",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("n", sa.Integer, sa.ForeignKey(dotted("parent.id", **s)), index=True),
        comment="what",
        **s,
    ),
    "drop_table": lambda op, **s: op.drop_table("keyless", **s),
    "rename_table": lambda op, **s: op.rename_table("keyless", "renamed", **s),
    "create_table_comment": lambda op, **s: op.create_table_comment(T, "what", **s),
    "drop_table_comment": lambda op, **s: op.drop_table_comment("commented", **s),
    "bulk_insert": lambda op, **s: op.bulk_insert(light_table(**s), [{"id": 1}]),
    "execute": lambda op, **s: op.execute(
        sa.Table("keyless", sa.MetaData(), sa.Column("id"), **s).insert().values(id=1)
    ),
    "batch": lambda op, **s: batch(op, "auto", **s),
    "batch-recreate": lambda op, **s: batch(op, "always", **s),
}


def light_table(**schema):
    """Return what has no more than a name and columns."""
    if schema and not has("1.3.24"):
        pytest.skip(f"sa.table() takes no schema; {reason('1.3.24')}")
    return sa.table("keyless", sa.column("id"), **schema)


def dotted(target, schema=None):
    return f"{schema}.{target}" if schema else target


def batch(op, recreate, **schema):
    with op.batch_alter_table(T, recreate=recreate, **schema) as batch_op:
        batch_op.add_column(sa.Column("x", sa.Integer))
        batch_op.alter_column("spare", nullable=False, existing_type=sa.Integer)
        batch_op.create_index("ix_x", ["x"])
        batch_op.drop_column("name")
        if op.get_context().dialect.name == "sqlite" or recreate == "always":
            batch_op.create_check_constraint("ck_x", "x > 0")


CREATE = """
CREATE TABLE {0}parent (id INTEGER PRIMARY KEY);
CREATE TABLE {0}account (
  id INTEGER PRIMARY KEY, name VARCHAR(20), spare INTEGER,
  parent_id INTEGER CONSTRAINT fk_parent REFERENCES {1}parent (id),
  CONSTRAINT uq_name UNIQUE (name)
);
CREATE TABLE {0}keyless (id INTEGER NOT NULL);
CREATE TABLE {0}commented (id INTEGER);
"""

BY_BACKEND = {
    "postgresql": {
        "tenant": "CREATE SCHEMA tenant",
        "index": "CREATE INDEX ix_name ON {0}account (name)",
        "more": ["COMMENT ON TABLE {0}commented IS 'it'"],
        "without": "",
        "default": "public",
    },
    "sqlite": {
        "tenant": "ATTACH '{folder}/tenant.db' AS tenant",
        "index": "CREATE INDEX {0}ix_name ON account (name)",
        "more": [],
        # what SQLite alters in batches only, and comments, which it has not
        # and indexes that SQLAlchemy does not reflect
        "without": """
            alter_column-type alter_column-nullable alter_column-default
            alter_column-comment add_column-comment add_column-foreign-key
            create_unique_constraint create_check_constraint create_primary_key
            create_foreign_key drop_constraint drop_constraint-foreign-key
            create_table_comment drop_table_comment create_index-expression
            drop_constraint-by-columns
        """,
        "default": "main",
    },
}


@contextmanager
def connected(database, map_):
    """Give a connection with a map, in a database that has all tables twice."""
    facts = BY_BACKEND[database.name]
    with database.engine.connect() as plain:
        with connections.scope_for_ddl(plain):
            execute_as_is(plain, facts["tenant"].format(folder=database.folder))
            for prefix in ("", "tenant."):
                # SQLite: a key refers to a table of the same database
                target = prefix if database.name == "postgresql" else ""
                text = CREATE.format(prefix, target) + facts["index"].format(prefix)
                for statement in [*text.split(";"), *facts["more"]]:
                    if statement.strip():
                        execute_as_is(plain, statement.format(prefix))
        yield plain, plain.execution_options(schema_translate_map=map_)


KINDS = (
    "columns",
    "indexes",
    "unique_constraints",
    "foreign_keys",
    "pk_constraint",
    "check_constraints",
)


def held(connection, schema):
    """Return all that is in a schema."""
    inspector = sa.inspect(connection)
    found = {}
    for table in inspector.get_table_names(schema=schema):
        parts = [
            getattr(inspector, f"get_{kind}")(table, schema=schema) for kind in KINDS
        ]
        if connection.dialect.supports_comments:
            parts.append(inspector.get_table_comment(table, schema=schema))
        rows = execute_as_is(connection, f"SELECT count(*) FROM {schema}.{table}")
        found[table] = f"{parts} {rows.fetchall()}"
    connections.commit(connection)
    return found


# an older SQLAlchemy does not see what there is to see
OF_ONE = {"create_index-expression": [needs("2.0")]}

CASES = [
    pytest.param(backend, name, id=f"{backend}-{name}", marks=OF_ONE.get(name, ()))
    for backend, facts in BY_BACKEND.items()
    for name in OPERATIONS
    if name not in facts["without"].split()
]


@pytest.mark.parametrize(
    ("map_", "schema"),
    [({None: "tenant"}, {}), ({"s": "tenant"}, {"schema": "s"})],
    ids=["default", "named"],
)
@pytest.mark.parametrize(("backend", "name"), CASES)
def test_operation_goes_where_the_map_points(request, backend, name, map_, schema):
    """What is changed is there, and nothing is changed elsewhere."""
    database = request.getfixturevalue(backend)
    default = BY_BACKEND[backend]["default"]
    with connected(database, map_) as (plain, mapped):
        before = {place: held(plain, place) for place in (default, "tenant")}
        context = MigrationContext.configure(mapped)
        with context.begin_transaction():
            OPERATIONS[name](Operations(context), **schema)
        connections.commit(mapped)
        assert held(plain, default) == before[default]
        assert held(plain, "tenant") != before["tenant"]


# -- in a script


def script(dialect, name, opts, connection=None, **schema):
    """Return the statements that a script has for an operation."""
    buffer = io.StringIO()
    opts = {"as_sql": True, "output_buffer": buffer, "literal_binds": True, **opts}
    context = MigrationContext.configure(
        connection, dialect_name=None if connection else dialect, opts=opts
    )
    OPERATIONS[name](Operations(context), **schema)
    return buffer.getvalue()


SCRIPTS = [
    pytest.param(dialect, name, id=f"{dialect}-{name}")
    for dialect in ("postgresql", "mysql", "mssql", "oracle", "sqlite")
    for name in OPERATIONS
    # these need the table itself
    if not name.startswith("batch") and name != "drop_constraint-by-columns"
    # these need to know more on that database
    if dialect != "mysql" or name not in ("drop_constraint", "alter_column-name")
    if dialect not in ("mysql", "mssql") or name != "drop_index-by-name-alone"
    if dialect != "sqlite" or name not in BY_BACKEND["sqlite"]["without"].split()
]


@pytest.mark.parametrize(
    ("map_", "schema"),
    [({None: "tenant"}, {}), ({"s": "tenant"}, {"schema": "s"})],
    ids=["default", "named"],
)
@pytest.mark.parametrize(("dialect", "name"), SCRIPTS)
def test_script_has_the_schema_that_the_map_points_to(dialect, name, map_, schema):
    """With the option, a script is the one that would be written for that schema."""
    if dialect == "mssql" and not schema and name == "create_foreign_key":
        pytest.skip("SQL Server knows its default schema by name")
    written = script(dialect, name, {"schema_translate_map": map_}, **schema)
    wanted = script(dialect, name, {}, schema="tenant")
    if name == "execute" and dialect == "oracle":
        pytest.skip("is written as the others are")
    assert normal(written) == normal(wanted)
    assert "tenant" in written


def normal(text):
    """Return a script on one line, with names of indexes that leave the schema out."""
    return re.sub(r"\bix_(s|tenant)_", "ix_", " ".join(text.split()))


def test_script_takes_the_map_of_a_connection(sqlite):
    """A connection that is given along with as_sql says which schemas to write."""
    with sqlite.engine.connect() as plain:
        mapped = plain.execution_options(schema_translate_map={"s": "tenant"})
        text = script("sqlite", "rename_table", {}, mapped, schema="s")
    assert text.startswith("ALTER TABLE tenant.keyless RENAME TO")


def test_option_works_online_too(postgresql):
    """Given to configure(), the map counts for the connection as well."""
    postgresql.execute("CREATE SCHEMA tenant")
    with postgresql.engine.connect() as connection:
        opts = {"schema_translate_map": {None: "tenant"}}
        context = MigrationContext.configure(connection, opts=opts)
        with context.begin_transaction():
            Operations(context).create_table("t", sa.Column("x", sa.Integer))
            context._ensure_version_table()
    assert postgresql.execute(
        "SELECT table_schema, table_name FROM information_schema.tables "
        "WHERE table_schema IN ('public', 'tenant') ORDER BY 2"
    ) == [("tenant", "alembic_version"), ("tenant", "t")]


@needs("1.4")
@pytest.mark.parametrize(
    ("map_", "schema"), [({None: "tenant"}, {}), ({"s": "tenant"}, {"schema": "s"})]
)
def test_named_types_go_where_the_map_points(postgresql, map_, schema):
    """An enum of a new table is made there, though one of its name is elsewhere."""
    postgresql.execute(
        "CREATE SCHEMA tenant", "CREATE TYPE mood AS ENUM ('happy', 'sad')"
    )
    with postgresql.engine.connect() as plain:
        mapped = plain.execution_options(schema_translate_map=map_)
        context = MigrationContext.configure(mapped)
        with context.begin_transaction():
            type_ = sa.Enum("happy", "sad", name="mood", **schema)
            Operations(context).create_table("t", sa.Column("m", type_), **schema)
    found = postgresql.execute(
        "SELECT n.nspname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace "
        "JOIN pg_attribute a ON a.atttypid = t.oid AND a.attname = 'm'"
    )
    assert found == [("tenant",)]

"""Filters, plugins, schemas and cost of a comparison."""

from __future__ import annotations

import logging
from typing import Any
from typing import List

import pytest
import sqlalchemy as sa

from alembic.autogenerate import comparators
from alembic.autogenerate import compare_metadata
from alembic.autogenerate import produce_migrations
from alembic.autogenerate.autogen_context import AutogenContext
from alembic.autogenerate.compare import _produce_net_changes
from alembic.autogenerate.compare import tables
from alembic.migration import MigrationContext
from alembic.operations import ops
from alembic.plugins import Plugin
from alembic.sqla.version import sqla_2_0
from alembic.util import PriorityDispatchResult
from tests.support.convergence import kinds

BACKENDS = ["sqlite", "postgresql", "mariadb"]
everywhere = pytest.mark.parametrize("empty", BACKENDS, indirect=True)
in_bulk = pytest.mark.skipif(not sqla_2_0, reason="1.x reflects table by table")
on_postgresql = pytest.mark.parametrize("empty", ["postgresql"], indirect=True)


def model(*names: str, **columns: Any) -> sa.MetaData:
    metadata = sa.MetaData()
    for name in names:
        sa.Table(
            name,
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            *[sa.Column(key, value) for key, value in columns.items()],
        )
    return metadata


def differences(database: Any, metadata: Any, **opts: Any) -> List[Any]:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=opts)
        return compare_metadata(context, metadata)


@everywhere
def test_the_version_table_is_left_alone(empty) -> None:
    """Neither side's version table is compared, whatever it is called."""
    model("versions").create_all(empty.engine)
    assert differences(empty, sa.MetaData(), version_table="versions") == []
    assert kinds(differences(empty, sa.MetaData())) == ["remove_table"]


@everywhere
def test_names_can_be_filtered(empty) -> None:
    """A table whose name is refused is not looked at."""
    model("mine", "theirs").create_all(empty.engine)
    asked = []

    def include_name(name, type_, parents):
        asked.append((name, type_, parents.get("schema_qualified_table_name")))
        return name != "theirs"

    assert differences(empty, model("mine"), include_name=include_name) == []
    assert (None, "schema", None) in asked
    assert ("theirs", "table", "theirs") in asked
    assert ("id", "column", "mine") in asked


@everywhere
def test_objects_can_be_filtered(empty) -> None:
    """Each object is shown with its counterpart, and can be refused."""
    model("t", a=sa.Integer, gone=sa.Integer).create_all(empty.engine)
    asked = []

    def include_object(object_, name, type_, reflected, compare_to):
        asked.append((name, type_, reflected, compare_to is not None))
        return name not in ("gone", "new")

    found = differences(
        empty,
        model("t", "new", a=sa.Integer, b=sa.Integer),
        include_object=include_object,
    )
    assert kinds(found) == ["add_column"]
    assert ("t", "table", False, True) in asked
    assert ("new", "table", False, False) in asked
    assert ("b", "column", False, False) in asked
    assert ("a", "column", False, True) in asked
    assert ("gone", "column", True, False) in asked


@everywhere
def test_several_metadata_are_one_model(empty) -> None:
    """Tables of two collections are compared together."""
    model("a", "b", "c").create_all(empty.engine)
    found = differences(empty, [model("a"), model("b", x=sa.Integer)])
    assert kinds(found) == ["remove_table", "add_column"]


@everywhere
def test_types_can_be_left_out_or_compared_by_a_function(empty) -> None:
    """compare_type is a switch or a function, which may leave the answer open."""
    model("t", a=sa.String(5), b=sa.String(5)).create_all(empty.engine)
    wanted = model("t", a=sa.String(9), b=sa.String(9))
    assert differences(empty, wanted, compare_type=False) == []

    def compare(context, conn_col, metadata_col, conn_type, metadata_type):
        assert isinstance(context, MigrationContext)
        return False if metadata_col.name == "a" else None

    found = differences(empty, wanted, compare_type=compare)
    assert [parts[0][3] for parts in found] == ["b"]


@everywhere
def test_defaults_can_be_compared_by_a_function(empty) -> None:
    """compare_server_default is a switch, off at first, or a function."""

    def with_default(value):
        metadata = model("t")
        sa.Table(
            "t",
            metadata,
            sa.Column("a", sa.Integer, server_default=value),
            extend_existing=True,
        )
        return metadata

    with_default("1").create_all(empty.engine)
    wanted = with_default("2")
    assert differences(empty, wanted) == []
    assert kinds(differences(empty, wanted, compare_server_default=True)) == [
        "modify_default"
    ]
    seen = []

    def compare(context, conn_col, metadata_col, found, default, rendered):
        seen.append((default.arg, rendered))
        return False

    assert differences(empty, wanted, compare_server_default=compare) == []
    assert seen == [("2", "2")]


@everywhere
def test_a_plugin_can_be_left_out(empty) -> None:
    """What the plugin compares is not compared then."""
    model("t", a=sa.String(5)).create_all(empty.engine)
    wanted = model("t", a=sa.String(9), b=sa.Integer)
    assert kinds(
        differences(
            empty,
            wanted,
            autogenerate_plugins=[
                "alembic.autogenerate.*",
                "~alembic.autogenerate.types",
            ],
        )
    ) == ["add_column"]
    assert (
        differences(empty, wanted, autogenerate_plugins=["~alembic.autogenerate.*"])
        == []
    )


@everywhere
def test_checks_can_be_compared_by_name_only(empty) -> None:
    """The opt-in plugin takes two of one name for the same, and drops unknown ones."""

    def checked(**checks):
        metadata = model("t", a=sa.Integer)
        for name, text in checks.items():
            metadata.tables["t"].append_constraint(sa.CheckConstraint(text, name=name))
        return metadata

    checked(one="a > 0", two="a > 1").create_all(empty.engine)
    wanted = checked(two="a > 2", three="a > 3")
    by_name = ["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"]
    found = differences(empty, wanted, autogenerate_plugins=by_name)
    assert [(kind, check.name) for kind, check in found] == [
        ("remove_constraint", "one"),
        ("add_constraint", "three"),
    ]
    found = differences(empty, wanted)
    assert [(kind, check.name) for kind, check in found] == [
        ("remove_constraint", "two"),
        ("add_constraint", "three"),
        ("add_constraint", "two"),
    ]


@everywhere
def test_programs_add_comparators(empty, monkeypatch) -> None:
    """What is registered in the global registry sees every table and column."""
    model("t", a=sa.Integer).create_all(empty.engine)
    monkeypatch.setattr(comparators, "_registry", dict(comparators._registry))
    seen = []

    @comparators.dispatch_for("table")
    def see_table(context, modify_ops, schema, tname, conn_table, metadata_table):
        seen.append((tname, conn_table is not None, metadata_table is not None))
        modify_ops.ops.append(ops.AddColumnOp(tname, sa.Column("own", sa.Integer)))
        return PriorityDispatchResult.CONTINUE

    @comparators.dispatch_for("column")
    def see_column(context, op, schema, tname, cname, conn_col, metadata_col):
        seen.append((cname, str(conn_col.name), str(metadata_col.name)))
        return PriorityDispatchResult.CONTINUE

    found = differences(empty, model("t", a=sa.Integer))
    assert kinds(found) == ["add_column"]
    assert seen == [("id", "id", "id"), ("a", "a", "a"), ("t", True, True)]


@everywhere
def test_a_plugin_can_stop_the_rest(empty) -> None:
    """STOP keeps the later comparators of the same element from running."""
    model("t", a=sa.String(5)).create_all(empty.engine)
    plugin = Plugin("test.stop")
    try:
        plugin.add_autogenerate_comparator(
            lambda *args: PriorityDispatchResult.STOP, "column", "types"
        )
        assert (
            differences(
                empty,
                model("t", a=sa.String(9)),
                autogenerate_plugins=["alembic.autogenerate.*", "test.stop"],
            )
            == []
        )
    finally:
        plugin.remove()


@everywhere
def test_the_seams_that_programs_use(empty) -> None:
    """Tables can be compared by name, and all changes be asked for."""
    model("t", a=sa.Integer).create_all(empty.engine)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        autogen_context = AutogenContext(context, model("t", "n"))
        upgrade_ops = ops.UpgradeOps([])
        tables._compare_tables(
            {(None, "t")},
            {(None, "t"), (None, "n")},
            autogen_context.inspector,
            upgrade_ops,
            autogen_context,
        )
        assert kinds(upgrade_ops.as_diffs()) == ["add_table", "remove_column"]
        upgrade_ops = ops.UpgradeOps([])
        _produce_net_changes(autogen_context, upgrade_ops)
        assert kinds(upgrade_ops.as_diffs()) == ["add_table", "remove_column"]


@everywhere
def test_the_log_says_what_was_found(empty, caplog) -> None:
    """The lines have the form that programs read."""
    before = model("t", "old", a=sa.String(5), gone=sa.Integer)
    sa.Index("ix_old", before.tables["t"].c.a)
    before.create_all(empty.engine)
    after = model("t", "new", a=sa.String(9), fresh=sa.Integer)
    sa.Index("ix_new", after.tables["t"].c.a)
    with caplog.at_level(logging.INFO, "alembic.autogenerate"):
        differences(empty, after)
    found = {
        (record.name.rpartition(".")[2], record.getMessage())
        for record in caplog.records
    }
    assert {
        ("tables", "Detected added table 'new'"),
        ("tables", "Detected removed table 'old'"),
        ("tables", "Detected added column 't.fresh'"),
        ("tables", "Detected removed column 't.gone'"),
        ("constraints", "Detected removed index 'ix_old' on 't'"),
        ("constraints", "Detected added index 'ix_new' on '('a',)'"),
    } <= found
    assert any(
        name == "types"
        and line.startswith("Detected type change from VARCHAR(")
        and line.endswith("on 't.a'")
        for name, line in found
    )


@on_postgresql
def test_other_schemas_take_part_on_request(empty) -> None:
    """Without include_schemas only the default schema is looked into."""
    empty.execute("CREATE SCHEMA s", "CREATE TABLE s.t (id INTEGER PRIMARY KEY)")
    assert differences(empty, sa.MetaData()) == []
    found = differences(empty, sa.MetaData(), include_schemas=True)
    assert [(kind, table.schema) for kind, table in found] == [("remove_table", "s")]


@on_postgresql
def test_partitions_that_are_models_are_compared(empty) -> None:
    """A partition is only overlooked when the model does not know it."""
    empty.execute(
        "CREATE TABLE m (k INTEGER) PARTITION BY RANGE (k)",
        "CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (9)",
    )
    metadata = sa.MetaData()
    for name in ("m", "m_1"):
        sa.Table(name, metadata, sa.Column("k", sa.Integer), sa.Column("x", sa.Integer))
    assert kinds(differences(empty, metadata)) == ["add_column", "add_column"]


def many(count: int) -> sa.MetaData:
    metadata = sa.MetaData()
    for number in range(count):
        sa.Table(
            f"t{number}",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("a", sa.String(20), server_default="x", unique=True, index=True),
            sa.Column("t", sa.ForeignKey(f"t{max(number - 1, 0)}.id")),
        )
        # of which a database has nothing to tell but its columns
        sa.Table(f"plain{number}", metadata, sa.Column("x", sa.Integer))
    return metadata


@in_bulk
@pytest.mark.parametrize("empty", ["sqlite", "postgresql"], indirect=True)
def test_the_number_of_queries_does_not_depend_on_that_of_tables(empty) -> None:
    """Forty tables cost as many queries as four."""
    counts = []
    for count in (4, 40):
        metadata = many(count)
        metadata.create_all(empty.engine)
        statements: List[str] = []
        with empty.engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"compare_server_default": True}
            )
            sa.event.listen(
                connection,
                "before_cursor_execute",
                lambda c, cur, sql, *rest, into=statements: into.append(sql),
            )
            assert compare_metadata(context, many(count)) == []
        counts.append(len(statements))
    assert counts[0] == counts[1] < 20


@pytest.mark.parametrize("empty", ["mariadb"], indirect=True)
def test_a_table_is_read_once_unless_a_default_is_an_expression(empty) -> None:
    """The text of a table is asked for again only for what SQLAlchemy leaves out."""
    metadata = sa.MetaData()
    made = sa.Column("made", sa.DateTime, server_default=sa.func.current_timestamp())
    sum_ = sa.Column("n", sa.Integer, server_default=sa.text("(1 + abs(-1))"))
    sa.Table("plain", metadata, sa.Column("id", sa.Integer, primary_key=True), made)
    sa.Table("odd", metadata, sa.Column("id", sa.Integer, primary_key=True), sum_)
    metadata.create_all(empty.engine)
    statements = empty.recorded()
    assert differences(empty, metadata, compare_server_default=True) == []
    asked = [sql for sql in statements if sql.startswith("SHOW CREATE TABLE")]
    counts = {name: sum(name in sql for sql in asked) for name in ("plain", "odd")}
    assert counts["odd"] > counts["plain"] == 1


@in_bulk
@on_postgresql
def test_changed_tables_cost_no_reflection_of_their_own(empty) -> None:
    """A column added to each table is found with as many queries."""
    many(4).create_all(empty.engine)
    changed = many(4)
    for table in changed.tables.values():
        table.append_column(sa.Column("n", sa.Integer))
    with empty.engine.connect() as connection:
        statements: List[str] = []
        context = MigrationContext.configure(connection)
        sa.event.listen(
            connection,
            "before_cursor_execute",
            lambda c, cur, sql, *rest: statements.append(sql),
        )
        found = compare_metadata(context, changed)
    assert len(found) == len(changed.tables)
    assert len(statements) < 22


@everywhere
def test_a_comparison_leaves_nothing_behind(empty) -> None:
    """The scratch table is gone, and the caller's transaction still works."""
    metadata = model("t")
    sa.Table(
        "t",
        metadata,
        sa.Column("a", sa.Integer, server_default=sa.text("(1 + 2)")),
        sa.CheckConstraint("a > 0", name="ck"),
        extend_existing=True,
    )
    metadata.create_all(empty.engine)
    with empty.engine.connect() as connection:
        transaction = connection.begin()
        connection.execute(sa.text("INSERT INTO t (a) VALUES (5)"))
        context = MigrationContext.configure(
            connection, opts={"compare_server_default": True}
        )
        assert produce_migrations(context, metadata).upgrade_ops.is_empty()
        assert connection.execute(sa.text("SELECT count(*) FROM t")).scalar() == 1
        with pytest.raises(sa.exc.DBAPIError):
            connection.execute(sa.text("SELECT * FROM alembic_scratch"))
        transaction.rollback()


@on_postgresql
def test_no_default_of_the_model_is_run(empty) -> None:
    """A default with an effect has none when it is compared."""
    empty.execute(
        "CREATE SEQUENCE counter",
        "CREATE TABLE t (a INTEGER DEFAULT nextval('counter'))",
    )
    metadata = sa.MetaData()
    sa.Table(
        "t",
        metadata,
        sa.Column("a", sa.Integer, server_default=sa.text("nextval('counter') + 0")),
    )
    assert kinds(differences(empty, metadata, compare_server_default=True)) == [
        "modify_default"
    ]
    assert empty.execute("SELECT is_called FROM counter") == [(False,)]


@on_postgresql
def test_a_read_only_database_can_be_compared(empty) -> None:
    """Where no temporary table can be made the text decides, and nothing breaks."""
    metadata = model("t")
    sa.Table(
        "t",
        metadata,
        sa.Column("a", sa.Integer, server_default=sa.text("1 + 2")),
        extend_existing=True,
    )
    metadata.create_all(empty.engine)
    with empty.engine.connect() as connection:
        connection.execute(sa.text("SET TRANSACTION READ ONLY"))
        context = MigrationContext.configure(
            connection, opts={"compare_server_default": True}
        )
        compare_metadata(context, metadata)
        assert connection.execute(sa.text("SELECT 1")).scalar() == 1


@on_postgresql
def test_an_autocommit_connection_can_be_compared(empty) -> None:
    """The scratch table is made and dropped where nothing can be rolled back."""
    metadata = model("t")
    sa.Table(
        "t",
        metadata,
        sa.Column("a", sa.Integer),
        sa.CheckConstraint("a in (1, 2)", name="ck"),
        extend_existing=True,
    )
    metadata.create_all(empty.engine)
    engine = empty.new_engine(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []
        with pytest.raises(sa.exc.DBAPIError):
            connection.execute(sa.text("SELECT * FROM alembic_scratch"))

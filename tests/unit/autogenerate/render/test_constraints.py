"""Constraints and foreign keys as Python, in a table and on their own."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.elements import conv

from alembic.autogenerate.render import _fk_colspec
from alembic.autogenerate.render import _render_constraint
from alembic.operations import ops
from alembic.sqla.version import sqla_1_4
from tests.support.rendering import rendered
from tests.support.rendering import rendered_in_batch
from tests.support.rendering import rendering_context


def in_table(*items, dialect_name=None, metadata=None, schema=None, **opts):
    """Return what is rendered for a table's constraints, one a line."""
    table = sa.Table("t", metadata or sa.MetaData(), *items, schema=schema)
    text = rendered(ops.CreateTableOp.from_table(table), dialect_name, **opts)
    lines = [line.rstrip(",") for line in text.split("\n")[1:-1]]
    return [line for line in lines if "Constraint(" in line]


def x(type_=sa.Integer, **kw):
    """Return a column."""
    return sa.Column("x", type_, **kw)


OPERATOR_CLASSES = {"ops": {"x": "int4_ops"}} if sqla_1_4 else {}

IN_TABLE = [
    ([x(primary_key=True)], ["sa.PrimaryKeyConstraint('x')"]),
    (
        [x(), sa.PrimaryKeyConstraint("x", name="pk", mssql_clustered=True)],
        ["sa.PrimaryKeyConstraint('x', name='pk', mssql_clustered=True)"],
    ),
    ([x(unique=True)], ["sa.UniqueConstraint('x')"]),
    (
        [
            x(),
            sa.UniqueConstraint(
                "x",
                name="u",
                deferrable=True,
                initially="DEFERRED",
                sqlite_on_conflict="FAIL",
            ),
        ],
        [
            "sa.UniqueConstraint('x', deferrable=True, initially='DEFERRED', "
            "name='u', sqlite_on_conflict='FAIL')"
        ],
    ),
    (
        [x(), sa.CheckConstraint(r"x > ' \:b'", name="c")],
        ["sa.CheckConstraint(\"x > ' \\\\:b'\", name='c')"],
    ),
    (
        [x(), sa.CheckConstraint(sa.column("x").in_([1, 2]), deferrable=True)],
        ["sa.CheckConstraint('x IN (1, 2)', deferrable=True)"],
    ),
    (
        [x(), sa.CheckConstraint("x > 5", name=conv("c"))],
        ["sa.CheckConstraint('x > 5', name=op.f('c'))"],
    ),
    ([x(sa.Boolean(create_constraint=True, name="b"))], []),
    (
        [x(), sa.ForeignKeyConstraint(["x"], ["a.b"])],
        ["sa.ForeignKeyConstraint(['x'], ['a.b'], )"],
    ),
    (
        [
            x(),
            sa.ForeignKeyConstraint(
                ["x"],
                ["s.a.b"],
                name="f",
                onupdate="CASCADE",
                ondelete="SET NULL",
                initially="DEFERRED",
                deferrable=True,
                match="FULL",
            ),
        ],
        [
            "sa.ForeignKeyConstraint(['x'], ['s.a.b'], name='f', onupdate='CASCADE', "
            "ondelete='SET NULL', initially='DEFERRED', deferrable=True, match='FULL')"
        ],
    ),
    (
        [x(), sa.ForeignKeyConstraint(["x"], ["t.x"], name="f", use_alter=True)],
        ["sa.ForeignKeyConstraint(['x'], ['t.x'], name='f')"],
    ),
    (
        [
            x(),
            postgresql.ExcludeConstraint(
                ("x", ">"),
                (sa.text("x + 1"), "="),
                (sa.func.lower(sa.column("y")), "&&"),
                using="gist",
                where="x > 5",
                name="e",
                deferrable=True,
                **OPERATOR_CLASSES,
            ),
        ],
        [
            "postgresql.ExcludeConstraint((sa.column('x'), '>'), "
            "(sa.text('x + 1'), '='), (sa.text('lower(y)'), '&&'), "
            "where=sa.text('x > 5'), deferrable=True, using='gist', "
            + ("ops={'x': 'int4_ops'}, " if sqla_1_4 else "")
            + "name='e')"
        ],
    ),
]


if sqla_1_4:
    IN_TABLE.append(
        (
            [x(), sa.CheckConstraint("x > 5", postgresql_not_valid=True)],
            ["sa.CheckConstraint('x > 5', postgresql_not_valid=True)"],
        )
    )


@pytest.mark.parametrize(
    ("items", "lines"), IN_TABLE, ids=[str(row[1]) for row in IN_TABLE]
)
def test_in_a_table(items, lines):
    """A constraint stands among the arguments of ``op.create_table()``."""
    assert in_table(*items) == lines


def test_constraints_come_in_a_fixed_order():
    """They are sorted by their text, so that every run writes the same file."""
    found = in_table(
        x(primary_key=True),
        sa.UniqueConstraint("x", name="z"),
        sa.UniqueConstraint("x", name="a"),
        sa.CheckConstraint("b"),
        sa.CheckConstraint("a"),
    )
    assert found == sorted(found)
    assert len(found) == 5


def test_naming_conventions_are_final():
    """A name that a convention made is not made again."""
    metadata = sa.MetaData(naming_convention={"uq": "uq_%(table_name)s"})
    items = [x(), sa.UniqueConstraint("x")]
    expected = "sa.UniqueConstraint('x', name=op.f('uq_t'))"
    assert in_table(*items, metadata=metadata) == [expected]


def test_foreign_keys_of_a_metadata_with_schema():
    """The schema that all tables have is written out."""
    metadata = sa.MetaData(schema="m")
    sa.Table("p", metadata, sa.Column("a", sa.Integer, key="ak", primary_key=True))
    lines = in_table(x(), sa.ForeignKeyConstraint(["x"], ["p.ak"]), metadata=metadata)
    assert lines == ["sa.ForeignKeyConstraint(['x'], ['m.p.a'], )"]


@pytest.mark.parametrize(
    ("target", "schema", "expected"),
    [
        ("a.b", None, "a.b"),
        ("a.b", "s", "s.a.b"),
        ("q.a.b", "s", "q.a.b"),
    ],
)
def test_what_a_foreign_key_points_to(target, schema, expected):
    """A schema is added where none is named."""
    key = sa.ForeignKey(target)
    sa.Table("t", sa.MetaData(), sa.Column("x", sa.Integer, key))
    assert _fk_colspec(key, schema, None) == expected


def test_render_item_for_constraints():
    """The hook gets each kind by name; ``None`` leaves a constraint out."""
    seen = []

    def render_item(kind, obj, context):
        seen.append(kind)
        return None if kind == "unique" else False

    lines = in_table(
        x(primary_key=True, unique=True),
        sa.CheckConstraint("x"),
        sa.ForeignKeyConstraint(["x"], ["a.b"]),
        postgresql.ExcludeConstraint(("x", "=")),
        render_item=render_item,
    )
    kinds = {"unique", "check", "foreign_key", "primary_key", "exclude"}
    assert kinds <= set(seen)
    assert len(lines) == 4


def test_unknown_constraints_are_named():
    """What has no renderer is shown, and a warning says so."""
    with pytest.warns(UserWarning, match="No renderer is established for object"):
        text = _render_constraint(sa.Column("x"), rendering_context(), None)
    assert text == "[Unknown Python object Column('x', NullType(), table=None)]"


OPERATIONS = [
    (
        ops.CreatePrimaryKeyOp("n", "t", ["x"], schema="s"),
        "op.create_primary_key('n', 't', ['x'], schema='s')",
        "batch_op.create_primary_key('n', ['x'])",
    ),
    (
        ops.CreateUniqueConstraintOp(
            None, "t", ["x", "y"], schema="s", deferrable=True, initially="DEFERRED"
        ),
        "op.create_unique_constraint(None, 't', ['x', 'y'], deferrable=True, "
        "initially='DEFERRED', schema='s')",
        "batch_op.create_unique_constraint(None, ['x', 'y'], deferrable=True, "
        "initially='DEFERRED')",
    ),
    (
        ops.CreateCheckConstraintOp(conv("n"), "t", sa.column("x") > 5, schema="s"),
        "op.create_check_constraint(op.f('n'), 't', 'x > 5', schema='s')",
        "batch_op.create_check_constraint(batch_op.f('n'), 'x > 5')",
    ),
    (
        ops.CreateForeignKeyOp(
            "n",
            "t",
            "p",
            ["x"],
            ["y"],
            source_schema="s",
            referent_schema="r",
            onupdate="CASCADE",
            ondelete=None,
            deferrable=False,
            postgresql_not_valid=True,
            link_to_name=True,
        ),
        "op.create_foreign_key('n', 't', 'p', ['x'], ['y'], source_schema='s', "
        "referent_schema='r', onupdate='CASCADE', deferrable=False, "
        "postgresql_not_valid=True)",
        "batch_op.create_foreign_key('n', 'p', ['x'], ['y'], referent_schema='r', "
        "onupdate='CASCADE', deferrable=False, postgresql_not_valid=True)",
    ),
    (
        ops.CreateExcludeConstraintOp(
            "n", "t", [(sa.column("x"), "=")], where=sa.text("x > 5"), schema="s"
        ),
        "op.create_exclude_constraint('n', 't', (sa.column('x'), '='), "
        "where=sa.text('x > 5'), using='gist', schema='s')",
        "batch_op.create_exclude_constraint('n', (sa.column('x'), '='), "
        "where=sa.text('x > 5'), using='gist')",
    ),
    (
        ops.DropConstraintOp("n", "t", "check", schema="s", if_exists=True),
        "op.drop_constraint('n', 't', schema='s', type_='check', if_exists=True)",
        "batch_op.drop_constraint('n', type_='check')",
    ),
    (
        ops.DropConstraintOp(None, "t", "unique", columns=["x"]),
        "op.drop_constraint(None, 't', type_='unique', columns=['x'])",
        "batch_op.drop_constraint(None, type_='unique', columns=['x'])",
    ),
]


@pytest.mark.parametrize(
    ("op", "plain", "in_batch"), OPERATIONS, ids=[row[1] for row in OPERATIONS]
)
def test_operations(op, plain, in_batch):
    """A constraint added or dropped; in a batch block the table is known."""
    assert rendered(op) == plain
    assert rendered_in_batch(op) == in_batch


def test_a_constraint_that_nothing_identifies():
    """A comment says that the directive needs a name."""
    lines = rendered(ops.DropConstraintOp(None, "t", "unique")).split("\n")
    assert [line[:2] for line in lines] == ["# ", "# ", "# ", "op"]
    assert lines[0].startswith("# WARNING: constraint name is None")
    assert lines[-1] == "op.drop_constraint(None, 't', type_='unique')"

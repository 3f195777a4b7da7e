"""The layout of generated code that Black would leave as it is."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from alembic.autogenerate import render
from alembic.autogenerate.render.layout import lay_out_as_black
from alembic.operations import ops
from tests.support.rendering import rendering_context
from tests.unit.autogenerate.render import test_round_trip as round_trip

# SQLAlchemy 1.3 says it of an index that names one expression twice
pytestmark = pytest.mark.filterwarnings(
    "ignore:Column .* being replaced by:sqlalchemy.exc.SAWarning"
)

needs_formatter = pytest.mark.skipif(
    importlib.util.find_spec("ruff") is None, reason="ruff is not installed"
)

# two of these in a call are too long for one line, and just fit into the next
LONG = "x" * 37

LAYOUTS = [
    (["op.drop_table('t')"], ['op.drop_table("t")']),
    (["f('it\\'s', 'say \"x\"')"], ['f("it\'s", \'say "x"\')']),
    (["f('it\\'s \"x')"], ['f("it\'s \\"x")']),
    (["f('it\\'s \"x\"')"], ["f('it\\'s \"x\"')"]),
    (["f(['a'], ['b'], )"], ['f(["a"], ["b"])']),
    (["f((1,), (), {'a': -1}, *x, **y)"], ['f((1,), (), {"a": -1}, *x, **y)']),
    (["# a comment"], ["# a comment"]),
    (
        ["# two:", f"op.f('{LONG}', '{LONG}')"],
        ["# two:", f'op.f(\n    "{LONG}", "{LONG}"\n)'],
    ),
    (["x = 'kept'"], ["x = 'kept'"]),
    (["f(x for x in y)"], ["f(x for x in y)"]),
    (["not python ("], ["not python ("]),
    (
        ["with op.batch_alter_table('t', schema=None) as batch_op:", "b('x')", ""],
        ['with op.batch_alter_table("t", schema=None) as batch_op:', 'b("x")', ""],
    ),
    ([f"op.f('{LONG}', '{LONG}')"], [f'op.f(\n    "{LONG}", "{LONG}"\n)']),
    (
        [f"op.f('{LONG}', '{LONG}', '{LONG}')"],
        [f'op.f(\n    "{LONG}",\n    "{LONG}",\n    "{LONG}",\n)'],
    ),
    (
        ["with a:", f"b.f('{LONG}', '{LONG}')", ""],
        ["with a:", f'b.f(\n        "{LONG}",\n        "{LONG}",\n    )', ""],
    ),
    (
        [f"f(g('{LONG}').h('{LONG}').i('{LONG}'), x=1)"],
        [f'f(\n    g("{LONG}")\n    .h("{LONG}")\n    .i("{LONG}"),\n    x=1,\n)'],
    ),
    ([f"f('{LONG * 3}')"], [f'f(\n    "{LONG * 3}",\n)']),
    (
        [f"f('t', *['{LONG}', '{LONG}'])"],
        [
            f'f(\n    "t",\n    *[\n        "{LONG}",\n        "{LONG}",\n    ],\n)',
        ],
    ),
]


@pytest.mark.parametrize(("statements", "expected"), LAYOUTS)
def test_layouts(statements, expected):
    """Double quotes, and breaks at the last bracket where a line is too long."""
    assert lay_out_as_black(statements) == expected


def body(op, **opts):
    """Return the Python of an operation in the layout of Black and in the usual one."""
    container = ops.UpgradeOps([op])
    return [
        render._render_cmd_body(container, rendering_context("postgresql", **found))
        for found in ({**opts, "render_layout": "black"}, opts)
    ]


@given(
    operation=st.one_of(round_trip.tables(), round_trip.changes()),
    batch=st.booleans(),
)
def test_only_the_layout_differs(operation, batch):
    """Both layouts are the same program, and lines are broken where they can be."""
    if batch and not isinstance(operation, ops.CreateTableOp):
        operation = ops.ModifyTableOps("t", [operation], schema="s")
    laid_out, usual = body(operation, render_as_batch=batch)
    assert ast.dump(ast.parse(laid_out)) == ast.dump(ast.parse(usual))
    assert "\t" not in laid_out
    assert not any(line.endswith(" ") for line in laid_out.split("\n"))


@needs_formatter
@settings(max_examples=8, deadline=None)
@given(
    operations=st.lists(
        st.one_of(round_trip.tables(), round_trip.changes()), min_size=5, max_size=30
    ),
    batch=st.booleans(),
)
def test_a_formatter_leaves_it_as_it_is(operations, batch):
    """Ruff, which formats as Black does, finds nothing to change."""
    if batch:
        operations = [
            op
            if isinstance(op, ops.CreateTableOp)
            else ops.ModifyTableOps("t", [op], schema="s")
            for op in operations
        ]
    laid_out = render.render_body(
        ops.UpgradeOps(operations),
        rendering_context("postgresql", render_layout="black", render_as_batch=batch),
    )
    source = f"def upgrade():\n    {laid_out}\n"
    assert formatted(source) == source


def formatted(source):
    """Return Python as Ruff formats it by its own settings."""
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "-"]
    done = subprocess.run(
        command, input=source, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_usual_layout_is_the_default():
    """Programs that know the text of generated files find it unchanged."""
    laid_out, usual = body(ops.DropTableOp("t"))
    assert "op.drop_table('t')" in usual
    assert 'op.drop_table("t")' in laid_out

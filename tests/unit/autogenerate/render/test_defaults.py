"""Server defaults as Python that makes the same default."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy import func
from sqlalchemy import literal
from sqlalchemy import literal_column
from sqlalchemy import text

from alembic.autogenerate.render import _render_server_default
from alembic.sqla.defaults import has_computed
from alembic.sqla.defaults import has_identity
from tests.support.rendering import rendering_context

STRINGS = [
    "abc",
    "it's",
    "'quoted'",
    'say "x"',
    "both ' and \"",
    "a\\b",
    "two\nlines",
    "100%",
    "%s %(x)s",
    ":colon :word",
    "é中",
    "",
    '{"a": "b"}',
]


@pytest.mark.parametrize("value", STRINGS)
def test_strings_stay_what_they_are(value):
    """The Python of a string default is a literal of that very string."""
    assert eval(_render_server_default(value, rendering_context())) == value
    clause = sa.DefaultClause(value)
    assert eval(_render_server_default(clause, rendering_context())) == value


def test_without_quotes():
    """With ``repr_=False`` a string comes as it is."""
    assert _render_server_default("it's", rendering_context(), False) == "it's"


EXPRESSIONS = [
    (text("now()"), "sa.text('now()')"),
    (func.now(), "sa.text('now()')"),
    (sa.DefaultClause(func.now()), "sa.text('now()')"),
    (literal_column("CURRENT_TIMESTAMP"), "sa.text('CURRENT_TIMESTAMP')"),
    (literal(5), "sa.text('5')"),
    (literal("x'y"), "sa.text(\"'x''y'\")"),
    (text("x::text"), "sa.text('x::text')"),
    (text("a\nb"), "sa.text('a\\nb')"),
    (sa.FetchedValue(), "sa.FetchedValue()"),
    (None, None),
]


@pytest.mark.parametrize(
    ("default", "expected"), EXPRESSIONS, ids=[str(row[1]) for row in EXPRESSIONS]
)
def test_expressions(default, expected):
    """An expression becomes its SQL in ``sa.text()``."""
    assert _render_server_default(default, rendering_context()) == expected


@pytest.mark.parametrize(
    "sql",
    [
        "'50%'",
        "'%s'",
        "' :name'",
        "'a :b :c'",
        "x::text",
        "'12:30'::time",
        "E'\\\\x'",
        "'it''s'",
        "ARRAY[1, 2]::integer[]",
    ],
)
@pytest.mark.parametrize("dialect_name", [None, "mysql", "postgresql", "sqlite"])
def test_text_reaches_the_database_unchanged(sql, dialect_name):
    """Percent signs and colons are those of the SQL, neither doubled nor bound."""
    context = rendering_context(dialect_name)
    first = _render_server_default(literal_column(sql), context)
    default = eval(first, {"sa": sa})
    assert not default._bindparams
    assert _render_server_default(default, context) == first
    plain = str(default.compile(dialect=rendering_context().dialect))
    assert plain in (sql, f"({sql})")


@pytest.mark.skipif(not has_computed, reason="no Computed in this SQLAlchemy")
def test_computed():
    """A computed column's expression is a plain string."""
    computed = sa.Column("x", sa.Computed(r"a + ' \:b'", persisted=True)).server_default
    rendered = _render_server_default(computed, rendering_context())
    assert rendered == "sa.Computed(\"a + ' \\\\:b'\", persisted=True)"
    bare = sa.Column("x", sa.Computed("a")).server_default
    assert _render_server_default(bare, rendering_context()) == "sa.Computed('a', )"


@pytest.mark.skipif(not has_identity, reason="no Identity in this SQLAlchemy")
def test_identity():
    """The options that were given are written, and ``always`` in any case."""
    column = sa.Column("x", sa.Integer, sa.Identity(start=3, cycle=True))
    assert _render_server_default(column.server_default, rendering_context()) == (
        "sa.Identity(always=False, start=3, cycle=True)"
    )


@pytest.mark.skipif(not has_computed, reason="no Computed in this SQLAlchemy")
def test_render_item():
    """The hook sees the default as it stands in the column; ``None`` is no default."""
    seen = []

    def render_item(kind, obj, context):
        seen.append((kind, type(obj).__name__))
        return None if isinstance(obj, sa.Computed) else "OWN"

    context = rendering_context(render_item=render_item)
    assert _render_server_default(sa.DefaultClause("x"), context) == "OWN"
    assert _render_server_default(sa.Computed("x"), context) is None
    assert seen == [("server_default", "DefaultClause"), ("server_default", "Computed")]

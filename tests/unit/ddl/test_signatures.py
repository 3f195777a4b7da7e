"""Constraints and indexes as values."""

from __future__ import annotations

import pytest
from sqlalchemy import CheckConstraint
from sqlalchemy import Column
from sqlalchemy import ForeignKeyConstraint
from sqlalchemy import func
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import MetaData
from sqlalchemy import String
from sqlalchemy import Table
from sqlalchemy import text
from sqlalchemy import UniqueConstraint

from alembic.ddl import _autogen
from alembic.ddl.signatures import ComparisonResult
from tests.support.recorder import Recorder
from tests.support.versions import has
from tests.support.versions import needs


def table(*items, schema=None) -> Table:
    """Return a table with columns a, b and c, and what else is given."""
    metadata = MetaData()
    Table("p", metadata, Column("id", Integer))
    return Table(
        "t",
        metadata,
        Column("a", Integer),
        Column("b", String(9)),
        Column("c", Integer),
        *items,
        schema=schema,
    )


def index(*elements, **kw) -> Index:
    """Return an index of that table; a function makes an element from it."""
    made_for = table()
    return Index(
        "ix",
        *[
            element(made_for)
            if callable(element) and not hasattr(element, "compile")
            else made_for.c[element]
            if isinstance(element, str)
            else element
            for element in elements
        ],
        _table=made_for,
        **kw,
    )


def impl(dialect_name: str):
    """Return the implementation for a dialect, with a default schema."""
    found = Recorder(dialect_name).context.impl
    found.dialect.default_schema_name = "public"
    return found


def metadata_signature(constraint, dialect_name="postgresql"):
    """Return the signature of something of the model."""
    return impl(dialect_name)._create_metadata_constraint_sig(constraint)


def test_results_say_what_they_are() -> None:
    """A comparison is equal, different or skipped, and its reasons are joined."""
    assert ComparisonResult.Equal().is_equal
    different = ComparisonResult.Different(["one", "two"])
    assert (different.is_different, different.message) == (True, "one, two")
    skipped = ComparisonResult.Skip("no idea")
    assert (skipped.is_skip, skipped.message) == (True, "no idea")
    assert tuple(ComparisonResult.Equal()) == ("equal", "The two constraints are equal")


def test_old_names_lead_to_the_same_classes() -> None:
    """The door keeps the names that dialects of others import."""
    unique = UniqueConstraint("a", name="uq")
    table(unique)
    signature = metadata_signature(unique)
    assert isinstance(signature, _autogen._uq_constraint_sig)
    assert isinstance(signature, _autogen._constraint_sig)
    assert _autogen.is_uq_sig(signature)
    assert not _autogen.is_index_sig(signature)
    assert not _autogen.is_fk_sig(signature)
    assert not _autogen.is_ck_sig(signature)


def test_unique_constraint_is_its_columns_in_any_order() -> None:
    """Two unique constraints over the same columns are equal, those of others not."""

    def signature(*columns: str, name="uq"):
        constraint = UniqueConstraint(*columns, name=name)
        table(constraint)
        return metadata_signature(constraint)

    assert signature("b", "a") == signature("a", "b")
    assert hash(signature("b", "a")) == hash(signature("a", "b"))
    assert signature("a") != signature("b")
    assert signature("a") != signature("a", name="other")
    assert signature("b", "a").column_names == ("b", "a")
    assert signature("a", name=None).is_named is False


def test_index_knows_its_columns_and_expressions() -> None:
    """An index tells its elements' names, and which of them are expressions."""
    plain = metadata_signature(index("a", "b", unique=True))
    assert plain.is_unique
    assert plain.column_names == ("a", "b")
    assert not plain.has_expressions
    expression = metadata_signature(index("a", lambda t: func.lower(t.c.b)))
    assert expression.has_expressions
    assert expression.column_names == ("a", "b")
    assert plain.unnamed != expression.unnamed


def foreign_key(schema=None, target="p.id", **kw):
    """Return a foreign key from t.a, in a table of its own."""
    constraint = ForeignKeyConstraint(["a"], [target], name="fk", **kw)
    table(constraint, schema=schema)
    return metadata_signature(constraint)


def test_foreign_key_with_and_without_options() -> None:
    """Actions and deferral belong to the full shape only; "no action" is none."""
    plain = foreign_key()
    cascading = foreign_key(ondelete="CASCADE")
    assert plain.unnamed != cascading.unnamed
    assert plain.unnamed_no_options == cascading.unnamed_no_options
    assert plain.unnamed == foreign_key(onupdate="NO ACTION").unnamed
    assert cascading.unnamed == foreign_key(ondelete="cascade").unnamed
    assert plain.unnamed != foreign_key(deferrable=True).unnamed
    deferred = foreign_key(deferrable=True, initially="deferred")
    assert deferred.unnamed != foreign_key(deferrable=True).unnamed
    assert plain.source_columns == ["a"]
    assert (plain.target_table, plain.target_columns) == ("p", ["id"])


def test_default_schema_may_be_named() -> None:
    """A foreign key within the default schema is one, whether that is named or not."""
    assert foreign_key().unnamed == foreign_key("public", "public.p.id").unnamed
    assert foreign_key().unnamed != foreign_key("other", "other.p.id").unnamed


def test_only_one_kind_is_compared_with_itself() -> None:
    """A signature of the model is compared with a reflected one of its own kind."""
    dialect = impl("sqlite")
    check = CheckConstraint("a > 5", name="ck")
    other = CheckConstraint("a > 6", name="ck")
    table(check)
    table(other)
    meta = dialect._create_metadata_constraint_sig(check)
    found = dialect._create_reflected_constraint_sig(other)
    assert meta.compare_to_reflected(found).is_equal
    with pytest.raises(AssertionError):
        found.compare_to_reflected(meta)
    with pytest.raises(TypeError, match="no comparison for a str"):
        dialect._create_metadata_constraint_sig("ck")


E = lambda sql: text(sql)  # noqa: E731 - keeps the tables below short

PLAIN_INDEXES = [
    (index("a"), index("a"), None),
    (index("a"), index("b"), "expression ('b',) to ('a',)"),
    (index("a", unique=True), index("a"), "unique=False to unique=True"),
    (index("a", "b"), index("b", "a"), "expression ('b', 'a') to ('a', 'b')"),
    (index("a"), index("a", "b"), "expression ('a', 'b') to ('a',)"),
    (index(lambda t: t.c.a.desc()), index("a"), None),
    (index(lambda t: func.lower(t.c.b)), index(E("lower(b)")), None),
]


@pytest.mark.parametrize(("meta", "found", "message"), PLAIN_INDEXES)
def test_indexes_where_expressions_are_not_reflected(meta, found, message) -> None:
    """Without reflected expressions columns are compared, and uniqueness."""
    result = impl("sqlite").compare_indexes(meta, found)
    assert (result.message if result.is_different else None) == message


def postgresql_indexes():
    """Return pairs of indexes, and what is said of their difference."""
    if not has("2.0"):
        # older ones reflect less, and do not take all options
        return [pytest.param(None, None, None, marks=needs("2.0"))]
    return [
        (index("a"), index("a"), None),
        (index("a"), index("b"), "expression #1 'b' to 'a'"),
        (index("a"), index("a", "b"), "expression number 2 to 1"),
        (index("a", unique=True), index("a"), "unique=False to unique=True"),
        (index(lambda t: t.c.a.desc()), index("a"), "expression #1 'a' to 'a DESC'"),
        (
            index(lambda t: t.c.a.desc()),
            index(lambda t: t.c.a.desc().nullsfirst()),
            None,
        ),
        (index(lambda t: t.c.a.asc().nullslast()), index("a"), None),
        (
            index(lambda t: t.c.a.desc().nullslast()),
            index(lambda t: t.c.a.desc()),
            "expression #1 'a DESC' to 'a DESC NULLS LAST'",
        ),
        (index(lambda t: func.lower(t.c.b)), index(E("lower(b)")), None),
        (index(lambda t: func.lower(t.c.b)), index(E("lower((b)::text)")), None),
        (
            index(lambda t: func.lower(t.c.b)),
            index(E("upper(b)")),
            "expression #1 'upper(b)' to 'lower(b)'",
        ),
        (index(E("t.b || 'x'")), index(E("(b || 'x'::text)")), None),
        (
            index(E("case when a in (1, 2) then 1 else 0 end")),
            index(E("(\nCASE\n WHEN a = ANY (ARRAY[1, 2]) THEN 1\n ELSE 0\nEND)")),
            None,
        ),
        (index(E("a in (1)")), index(E("(a = 1)")), None),
        (index(E("a not in (1, 2)")), index(E("(a <> ALL (ARRAY[1, 2]))")), None),
        (index(E("upper(trim(b))")), index(E("upper(TRIM(BOTH FROM b))")), None),
        (index(E("upper(btrim(b))")), index(E("upper(TRIM(BOTH FROM b))")), None),
        (index(E("(a != 1)")), index(E("(a <> 1)")), None),
        (index(E("(b like 'x%')")), index(E("(b ~~ 'x%'::text)")), None),
        (index(E("(b not ilike 'x%')")), index(E("(b !~~* 'x%'::text)")), None),
        (index(E("a between 1 and 2")), index(E("(a >= 1 AND a <= 2)")), None),
        (
            index(E("position('x' in b)")),
            index(E("POSITION(('x'::text) IN (b))")),
            None,
        ),
        (
            index(E('b COLLATE "C"')),
            index("b"),
            "expression #1 'b' to 'b COLLATE \"C\"'",
        ),
        (index(E("(a::text)")), index("a"), "expression #1 'a' to '(a::text)'"),
        (
            index("a", postgresql_using="gin"),
            index("a"),
            "using 'btree' to 'gin'",
        ),
        (index("a", postgresql_using="btree"), index("a"), None),
        (
            index("a", postgresql_where=E("a > 5")),
            index("a", postgresql_where="(a > 5)"),
            None,
        ),
        (
            index("a", postgresql_where=E("a > 5")),
            index("a"),
            "where None to 'a > 5'",
        ),
        (
            index("a"),
            index("a", postgresql_where="(a > 5)"),
            "where '(a > 5)' to None",
        ),
        (
            index("a", postgresql_include=["b"]),
            index("a"),
            "include [] to ['b']",
        ),
        (
            index("a", postgresql_with={"fillfactor": 50}),
            index("a", postgresql_with={"fillfactor": "50"}),
            None,
        ),
        (
            index("a", postgresql_with={"fillfactor": 50}),
            index("a"),
            "with {} to {'fillfactor': '50'}",
        ),
    ]


@pytest.mark.parametrize(("meta", "found", "message"), postgresql_indexes())
def test_indexes_on_postgresql(meta, found, message) -> None:
    """PostgreSQL's wording of an index is the model's, and any other one is not."""
    result = impl("postgresql").compare_indexes(meta, found)
    assert (result.message if result.is_different else None) == message


@needs("2.1")
def test_operator_classes_on_postgresql() -> None:
    """An operator class is compared, wherever it is written."""
    compare = impl("postgresql").compare_indexes
    by_option = index("b", postgresql_ops={"b": "text_pattern_ops"})
    by_text = index(E("b text_pattern_ops"))
    assert compare(by_option, by_option).is_equal
    assert compare(by_text, by_option).is_equal
    assert compare(by_option, index("b")).message == (
        "operator class #1 None to 'text_pattern_ops'"
    )
    reflected = index(E("lower(b)"), postgresql_ops={"lower(b)": "text_pattern_ops"})
    assert compare(index(E("lower(b) text_pattern_ops")), reflected).is_equal


@needs("2.0.16")
def test_nulls_not_distinct_on_postgresql() -> None:
    """NULLS NOT DISTINCT on one side only is a difference."""
    wanted = UniqueConstraint("a", name="uq", postgresql_nulls_not_distinct=True)
    found = UniqueConstraint("a", name="uq")
    table(wanted)
    table(found)
    result = impl("postgresql").compare_unique_constraint(wanted, found)
    assert result.message == "nulls_not_distinct=False to nulls_not_distinct=True"
    assert impl("postgresql").compare_unique_constraint(wanted, wanted).is_equal


def test_mysql_leaves_out_the_indexes_of_foreign_keys() -> None:
    """An index that MySQL made for a foreign key is no difference, any other is."""
    reflected = table(ForeignKeyConstraint(["a"], ["p.id"], name="fk"))
    made, kept = Index("fk", reflected.c.a), Index("ix_own", reflected.c.a)
    indexes = {made, kept}
    impl("mysql").correct_for_autogen_constraints(set(), indexes, set(), set())
    assert indexes == {kept}
    indexes = {made}
    impl("mysql").correct_for_autogen_constraints(set(), indexes, set(), {made})
    assert indexes == {made}


def test_mysql_takes_restrict_for_no_action() -> None:
    """RESTRICT and NO ACTION, which MySQL does not tell apart, are no difference."""
    wanted = ForeignKeyConstraint(["a"], ["p.id"], name="fk")
    found = ForeignKeyConstraint(["a"], ["p.id"], name="fk", ondelete="RESTRICT")
    table(wanted)
    table(found)
    dialect = impl("mysql")
    dialect.correct_for_autogen_foreignkeys({found}, {wanted})
    assert dialect._create_reflected_constraint_sig(found).unnamed == (
        dialect._create_metadata_constraint_sig(wanted).unnamed
    )


def test_postgresql_leaves_out_the_indexes_of_unique_constraints() -> None:
    """An index that stands for a unique constraint is not compared as an index."""
    double = index("a", unique=True, info={"duplicates_constraint": "uq"})
    indexes = {double}
    impl("postgresql").correct_for_autogen_constraints(set(), indexes, set(), set())
    assert indexes == set()

"""CHECK constraints: those that types bring along, and words of PostgreSQL's own."""

from __future__ import annotations

import warnings
from typing import Any
from typing import Callable
from typing import Dict
from typing import List
from typing import Tuple

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from tests.support.convergence import generate
from tests.support.convergence import model
from tests.support.convergence import round_trip
from tests.support.convergence import run
from tests.support.versions import has
from tests.support.versions import needs
from tests.support.versions import reason

if not has("1.4"):
    # before, Boolean and Enum bring a CHECK without being asked
    pytest.skip(reason("1.4"), allow_module_level=True)

BACKENDS = ["sqlite", "postgresql", "mariadb"]
Item = Callable[[], Any]


def t(*items: Item) -> Callable[[sa.MetaData], None]:
    def build(metadata: sa.MetaData) -> None:
        columns = [sa.Column(name, sa.Integer) for name in ("id", "n")]
        sa.Table("t", metadata, *columns, *[item() for item in items])

    return build


def boolean(**kw: Any) -> Item:
    return lambda: sa.Column("b", sa.Boolean(create_constraint=True, **kw))


def enum(*values: str, **kw: Any) -> Item:
    options: Dict[str, Any] = {"native_enum": False, "create_constraint": True}
    return lambda: sa.Column("e", sa.Enum(*values, **{**options, **kw}))


def variant() -> Any:
    """Return a column of a type from which its CHECK cannot be taken."""
    type_ = sa.Enum("a", "b", native_enum=False, create_constraint=True, name="ck")
    return sa.Column("e", type_.with_variant(sa.String(8), "oracle"))


def string(length: int = 9) -> Item:
    return lambda: sa.Column("e", sa.String(length))


def check(sql: str, **kw: Any) -> Item:
    return lambda: sa.CheckConstraint(sql, **kw)


def checks_of(database: Any) -> List[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sa.exc.SAWarning)
        found = sa.inspect(database.engine).get_check_constraints("t")
    return sorted(str(one["sqltext"]) for one in found)


OF_TYPES: Dict[str, Tuple[List[Item], List[Item], int]] = {
    "another one beside": (
        [boolean(), enum("a", "b")],
        [boolean(), enum("a", "b"), check("n > 3")],
        1,
    ),
    "another one of a new column": ([], [enum("a"), check("n > 3")], 2),
    "one with a name, of a new column": ([], [enum("a", name="ck")], 1),
    "for a column that is there": ([string()], [enum("a", length=9)], 1),
    "with a name, for a column that is there": (
        [string()],
        [enum("a", length=9, name="ck")],
        1,
    ),
    "with another type": ([string()], [enum("a", length=20)], 1),
    "with a name and another type": ([string()], [enum("a", length=20, name="ck")], 1),
    "longer": ([enum("a", name="ck")], [enum("a", "bcd", name="ck")], 0),
    "other values": ([enum("a", "b", name="ck")], [enum("a", "c", name="ck")], 0),
    "with a variant": ([], [variant], 1),
    "with a variant and another type": ([string(5)], [variant], 1),
}


@pytest.mark.parametrize("case", OF_TYPES)
@pytest.mark.parametrize("empty", BACKENDS, indirect=True)
def test_check_of_a_type(empty, case) -> None:
    """It is there once after the upgrade, others are added beside it, and it can go."""
    before, after, more = OF_TYPES[case]
    model(t(*before)).create_all(empty.engine)
    was = checks_of(empty)
    _, up, _ = generate(empty.engine, model(t(*after)))
    run(empty.engine, up)
    would_be = checks_of(empty)
    assert len(would_be) == len(was) + more
    model(t(*after)).drop_all(empty.engine)
    assert round_trip(empty.engine, t(*before), t(*after))
    assert len(checks_of(empty)) == len(was)


@pytest.mark.parametrize("empty", ["postgresql", "mariadb"], indirect=True)
def test_unnamed_check_of_a_type_changes(empty) -> None:
    """One without a name makes way for one of other values."""
    before, after = t(enum("a", "b")), t(enum("a", "c"))
    assert round_trip(empty.engine, before, after) == [
        "remove_constraint",
        "add_constraint",
    ]


@pytest.mark.parametrize("empty", ["sqlite"], indirect=True)
def test_sqlite_keeps_what_has_no_name(empty) -> None:
    """It cannot be dropped, so the new one is added beside it, and that is all."""
    model(t(check("n > 5"))).create_all(empty.engine)
    after = model(t(check("n > 3")))
    _, up, _ = generate(empty.engine, after)
    run(empty.engine, up)
    assert checks_of(empty) == ["n > 3", "n > 5"]
    assert generate(empty.engine, after)[0] == []


IN, NOT_IN = "a in ('x', 'it''s]', ',')", "a not in ('x', 'y')"


def of_words(sql: str) -> Dict[str, List[Item]]:
    def exclude() -> Any:
        return postgresql.ExcludeConstraint(
            ("n", "="), name="ex", using="btree", where=sa.text(sql)
        )

    return {
        "check": [check(sql, name="ck")],
        "unnamed check": [check(sql)],
        "exclude": [exclude],
        "computed": [lambda: sa.Column("g", sa.Boolean, sa.Computed(sql))],
        "condition": [lambda: sa.Index("ix", "n", postgresql_where=sa.text(sql))],
        "expression": [lambda: sa.Index("ix", sa.text(f"({sql})"))],
    }


@needs("2.0")
@pytest.mark.parametrize(
    "sql", [IN, "'x' in (a, \"b, c\")", "a = 'ARRAY[1]::text[]' or a in ('x', E'\\\\')"]
)
@pytest.mark.parametrize("place", of_words(IN))
@pytest.mark.parametrize("empty", ["postgresql"], indirect=True)
def test_postgresql_writes_its_own_words_in_other_words(empty, place, sql) -> None:
    """What a downgrade creates from them is what the model says."""

    def words(sql: str) -> Callable[[sa.MetaData], None]:
        columns = [
            (lambda name=n: sa.Column(name, sa.String(20))) for n in ("a", "b, c")
        ]
        return t(*columns, *of_words(sql)[place])

    assert round_trip(empty.engine, words(sql), words(NOT_IN))

"""What the database refuses: the error names the operation and what to give."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import StatementError

REFUSED = {
    "add_column": (
        lambda op: op.add_column("t", sa.Column("y", sa.Integer, nullable=False)),
        ("sqlite", "postgresql"),
        "give column 'y' a server_default, for the rows that are there",
    ),
    "alter_column_nullable": (
        lambda op: op.alter_column(
            "t", "x", nullable=False, existing_type=sa.String(9)
        ),
        ("postgresql", "mariadb"),
        "fill the rows first, with op.execute('UPDATE t SET x = ... WHERE x IS NULL')",
    ),
    "alter_column_type": (
        lambda op: op.alter_column(
            "t", "s", type_=sa.Integer(), existing_type=sa.String(9)
        ),
        ("postgresql",),
        "give postgresql_using='s::integer'",
    ),
    "bulk_insert": (
        lambda op: op.bulk_insert(
            sa.table("t", sa.column("x"), sa.column("s")), [{"x": "a", "s": "b"}, {}]
        ),
        ("sqlite", "postgresql", "mariadb"),
        "give 'x' in every row, or multiinsert=False",
    ),
}


@pytest.mark.parametrize(
    ("name", "backend"),
    [(name, backend) for name, (_, on, _) in REFUSED.items() for backend in on],
)
def test_error_says_what_helps(name, backend, migrated_on):
    """After the operation, its table and the line; the words of the database follow."""
    call, _, expected = REFUSED[name]
    migrated = migrated_on(backend)
    with migrated.op() as op:
        op.create_table("t", sa.Column("x", sa.String(9)), sa.Column("s", sa.String(9)))
        op.execute("INSERT INTO t (s) VALUES ('word')")
    with pytest.raises(StatementError) as caught, migrated.op() as op:
        call(op)
    place = f"test_refusals.py, line {call.__code__.co_firstlineno}"
    [detail] = caught.value.detail
    assert detail == (
        f"in op.{call.__code__.co_names[0]}() on table 't', {place}; {expected}"
    )

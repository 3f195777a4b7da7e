"""PostgreSQL's expressions as it writes them when it reads its own."""

from __future__ import annotations

import pytest

from alembic.autogenerate.normalize import settled

ONE = "'x'::character varying"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (f"a = ANY (ARRAY[{ONE}]::text[])", f"a = ANY (ARRAY[{ONE}::text])"),
        (
            f"((a)::text = ANY ((ARRAY[{ONE}, {ONE}])::text[]))",
            f"((a)::text = ANY (ARRAY[({ONE})::text, ({ONE})::text]))",
        ),
        (
            "x = ANY (ARRAY['it''s], '::character varying(9), b, \"c, d\"]::text[])",
            "x = ANY (ARRAY['it''s], '::character varying(9)::text, b::text, "
            '"c, d"::text])',
        ),
        (r"x = ANY (ARRAY[E'\\']::text[])", r"x = ANY (ARRAY[E'\\'::text])"),
        ("x = 'ARRAY[a]::text[]'::text", "x = 'ARRAY[a]::text[]'::text"),
        ("x = ANY (ARRAY[1, 2])", "x = ANY (ARRAY[1, 2])"),
    ],
)
def test_an_array_is_cast_by_its_elements(sql: str, expected: str) -> None:
    """Whether PostgreSQL writes all parentheses or few, and only outside of strings."""
    assert settled(sql) == expected
    assert settled(expected) == expected

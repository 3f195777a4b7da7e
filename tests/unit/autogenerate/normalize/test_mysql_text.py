"""MySQL's expressions as they are before and after their table was altered."""

from __future__ import annotations

import pytest

from alembic.autogenerate.normalize.mysql_text import settled


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("(`c` > -(5))", "(`c` > -5)"),
        ("(`c` in (1,-(2.50)))", "(`c` in (1,-2.50))"),
        ("(`c` > -(`d`))", "(`c` > -(`d`))"),
        (r"(`s` <> _utf8mb4'it\'s -(5)')", r"(`s` <> 'it\'s -(5)')"),
        ("(`s` not in (_latin1'a',_utf8mb4'b'))", "(`s` not in ('a','b'))"),
        ("(`s` = _binary'a')", "(`s` = _binary'a')"),
        ("(`_x` = `-(5)`)", "(`_x` = `-(5)`)"),
        ("(`a` like _utf8mb4'_b''c')", "(`a` like '_b''c')"),
    ],
)
def test_what_is_written_anew(sql: str, expected: str) -> None:
    """Numbers with a sign and the character sets of strings, outside of names."""
    assert settled(sql) == expected
    assert settled(expected) == expected

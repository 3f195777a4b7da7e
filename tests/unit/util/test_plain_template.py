"""alembic.util.plain_template: what it renders is what Mako renders."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from typing import Dict
from typing import Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mako.template import Template

from alembic.util.messaging import format_as_comma
from alembic.util.plain_template import render

TEMPLATES = Path(__file__).resolve().parents[3] / "alembic/templates"

VARIABLES: Dict[str, Any] = {
    "message": "what {it} ${does} | é",
    "up_revision": "ae1027a6acf",
    "down_revision": ("a", "b"),
    "branch_labels": None,
    "depends_on": None,
    "create_date": 7,
    "imports": "",
    "upgrades": "",
    "downgrades": "op.drop_table('t')",
    "comma": format_as_comma,
    "config": {"a": 1},
}

PIECES = (
    "text", "\n", " ", "%", "%%", "#", "##", "$", "${", "}", "{", "|", "\\", "\\\n",
    "<%", "%>", "</%", "é", '"""', "'", "% if True:\n", "% endif\n", "## no\n",
    "<% y = 1 %>", "${y}", "<%doc>a</%doc>",
    "${message}", "${ up_revision }", "${down_revision | comma,n}", "${nope}",
    "${repr(down_revision)}", '${imports if imports else "pass"}', "${a, b}",
    "${message | h}", "${message | n}", "${down_revision|comma, n }", "${{1: 2}[1]}",
    "${'}'}", "${'|'}", "${1 # no\n}", "${context}", "${self}", "${loop}", "${1/0}",
    "${', '.join(d for d in down_revision)}", "${len(message) > 3 and message}",
    "${message | trim}", "${imports or\nmessage}", "${nope if nope else 1}",
    "# -*- coding: utf-8 -*-\n", "${str(1)}", "${create_date:x}", "${}", "${ }",
    "${next(iter(down_revision))}", "${(message := 'm')}", "${lambda: 1}",
)  # fmt: skip


def _mako(text: str, variables: Dict[str, Any]) -> Optional[str]:
    """Return what Mako makes of a template; None when it refuses it."""
    try:
        return str(Template(text).render_unicode(**variables))
    except Exception:
        return None


@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
def test_same_as_mako(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Whatever it does not leave to Mako comes out as from Mako."""
    path = tmp_path_factory.mktemp("template") / "t.mako"
    path.write_bytes(text.encode("utf-8"))
    rendered = render(str(path), "utf-8", VARIABLES)
    if rendered is not None:
        assert rendered.decode("utf-8") == _mako(text, VARIABLES)


@pytest.mark.parametrize("name", ["generic", "async", "pyproject", "pyproject_async"])
def test_usual_templates_need_no_mako(name: str) -> None:
    """The templates that most projects have are rendered without Mako."""
    path = TEMPLATES / name / "script.py.mako"
    rendered = render(str(path), "utf-8", VARIABLES)
    assert rendered is not None
    assert rendered.decode("utf-8") == _mako(path.read_text("utf-8"), VARIABLES)


@pytest.mark.parametrize(
    ("content", "encoding", "variables"),
    [
        (b"% if True:\na\n% endif\n", "utf-8", {}),
        (b"a\r\nb", "utf-8", {}),
        (b"caf\xe9", "utf-8", {}),
        ("\ufeffa".encode(), "utf-8", {}),
        (b"${a}", "utf-8", {}),
        (b"${a}", "utf-8", {"a": 1, "context": 2}),
        (b"${a}", "ascii", {"a": "\xe9"}),
        (b"a", "no-such-encoding", {}),
    ],
)
def test_left_to_mako(
    tmp_path: Path, content: bytes, encoding: str, variables: Dict[str, Any]
) -> None:
    """What is more than text, or fails, is left to Mako."""
    path = tmp_path / "t.mako"
    path.write_bytes(content)
    assert render(str(path), encoding, variables) is None
    assert render(str(tmp_path / "none"), encoding, variables) is None

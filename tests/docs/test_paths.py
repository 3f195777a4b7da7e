"""Files and folders that the documents for contributors name are there."""

from __future__ import annotations

import re

import pytest

from tests.support.transcript import ROOT

# what a reader of these pages looks for begins in one of these folders
BASES = (ROOT, ROOT / "alembic")


@pytest.mark.parametrize(
    "name", ["README.rst", "CONTRIBUTING.rst", "docs/architecture.rst"]
)
def test_paths_exist(name):
    """``folder/file.py``, ``folder/`` and ``file.rst`` in double backticks exist."""
    text = (ROOT / name).read_text(encoding="utf-8")
    found = set(re.findall(r"``([\w.-]+(?:/[\w.-]+)*/?)``", text))
    paths = {
        path
        for path in found
        if "/" in path or path.endswith((".py", ".rst", ".ini", ".example"))
    }
    # a reader's own project has these
    paths -= {"models.py", "env.py", "alembic.ini", "migrations/env.py"}
    paths -= {"migrations/versions", "docs/_build/html"}
    assert len(paths) > 5
    missing = [
        path
        for path in sorted(paths)
        if not any(
            (base / path).exists() or (base / f"{path}.py").exists() for base in BASES
        )
    ]
    assert missing == []


def test_families_have_a_file_in_every_aspect():
    """The table of CONTRIBUTING.rst about operations is true of columns."""
    for aspect in ("operations/ops", "operations/directives", "autogenerate/render"):
        assert (ROOT / "alembic" / aspect / "columns.py").is_file()

"""Writes the tables of docs/compatibility.rst from the tables of the scenarios.

Usage: python -m tests.peer.differences
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Dict
from typing import List
from typing import Tuple

from tests.peer import commands_table
from tests.peer import operations_table
from tests.peer import test_autogenerate

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = ROOT / "tests" / "libraries"

# which test drives which library of requirements.txt
DRIVEN = {
    "Flask-Migrate": "test_flask_migrate",
    "Flask-Alembic": "test_flask_alembic",
    "pytest-alembic": "test_pytest_alembic",
    "alembic-utils": "test_alembic_utils",
    "alembic-postgresql-enum": "test_enum_libraries",
    "alembic-autogenerate-enums": "test_enum_libraries",
    "Audit-Alembic": "test_audit_alembic",
    "GeoAlchemy2": "test_geoalchemy2",
    "advanced-alchemy": "test_advanced_alchemy",
    "sqlalchemy-declarative-extensions": "test_declarative_extensions",
    "optuna": "test_programs",
    "jupyterhub": "test_programs",
}


def differences() -> List[Tuple[str, str, str]]:
    """Return where, what and why of each difference that scenarios tell of."""
    rows = [
        ("command line", _spoken(scenario, words), why)
        for scenario, words, why, _ in commands_table.MENDED
    ]
    by_reason: Dict[str, List[str]] = {}
    for name, (why, _) in operations_table.MENDED.items():
        by_reason.setdefault(why, []).append(name)
    rows += [("SQL", ", ".join(names), why) for why, names in by_reason.items()]
    checks: Dict[str, List[str]] = {}
    for table in (test_autogenerate.MENDED_DIFFS, test_autogenerate.MENDED_RENDERS):
        for name, check in table.items():
            checks.setdefault(str(check.__doc__), []).append(name)
    rows += [
        ("autogenerate", ", ".join(names), why[0].lower() + why[1:].rstrip("."))
        for why, names in checks.items()
    ]
    return rows


def _spoken(scenario: str, words: str) -> str:
    plain = re.sub(r"[\\$()^]", "", words or scenario)
    return f"``{plain.replace('.*', '...').replace('|', ' or ')}``"


def libraries() -> List[Tuple[str, str, str]]:
    """Return name, version and what is driven of each library."""
    rows = []
    for line in (LIBRARIES / "requirements.txt").read_text().splitlines():
        name, _, version = re.sub(r"\[.*?\]", "", line).partition("==")
        if name in DRIVEN:
            text = (LIBRARIES / f"{DRIVEN[name]}.py").read_text()
            what = text.split('"""')[1].split("\n")[0]
            rows.append((name, version, what.rstrip(".")))
    return rows


def written() -> Dict[str, str]:
    """Return the files of tables by name."""
    return {
        "differences.csv": _csv(("where", "what", "why"), differences()),
        "libraries.csv": _csv(
            ("library", "version", "driven by the tests"), libraries()
        ),
    }


def _csv(header: Tuple[str, ...], rows: List[Tuple[str, str, str]]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([header, *rows])
    return stream.getvalue()


if __name__ == "__main__":
    for name, text in written().items():
        (ROOT / "docs" / name).write_text(text, encoding="utf-8")

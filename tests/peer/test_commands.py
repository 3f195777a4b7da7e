"""Command lines beside Alembic 1.20.1: output, log, exit status and files."""

from __future__ import annotations

import re

import pytest

from tests.peer import commands_table as table
from tests.peer.peer import both

pytestmark = pytest.mark.peer

STARTS = {"new": [], "at a1": ["upgrade a1"], "at heads": ["upgrade heads"]}

SCENARIOS = [
    *(
        {
            "id": f"{name}, {start}: look",
            "kind": "cli",
            "files": files,
            "lines": [*before, *table.LOOKING],
        }
        for name, files in table.PROJECTS.items()
        for start, before in STARTS.items()
    ),
    *(
        {
            "id": f"{name}: {' and '.join(lines) or 'nothing'}",
            "kind": "cli",
            "files": files,
            "lines": [*lines, "current"],
        }
        for name, files in table.PROJECTS.items()
        for lines in (*table.MOVING, *table.WRITING)
        if name != "tables"
    ),
    *(
        {
            "id": f"{dialect}: {line}",
            "kind": "cli",
            "files": table.PROJECTS["tables"],
            "lines": [f"-x dialect={dialect} {line}"],
        }
        for dialect in table.DIALECTS
        for line in table.SCRIPTS
    ),
    *(
        {
            "id": f"key {name}",
            "kind": "cli",
            "files": table.project(*table.LINE, ini=ini),
            "lines": lines,
        }
        for name, (ini, lines) in table.KEYS.items()
    ),
    *(
        {
            "id": f"toml {name}",
            "kind": "cli",
            "files": {
                **table.project(*table.LINE),
                "alembic.ini": "",
                "pyproject.toml": f"[tool.alembic]\n{toml}",
            },
            "lines": lines,
        }
        for name, (toml, lines) in table.TOML.items()
    ),
]


@pytest.fixture(scope="module")
def outcomes():
    """What both sides saw, by scenario."""
    return both(SCENARIOS)


def comparable(line):
    """Return what came of a line in a form in which order tells nothing."""
    out = []
    for text in line["out"]:
        if text.startswith("IF EXISTS (SELECT 1 FROM sys.identity_columns"):
            # there SET IDENTITY_INSERT fails on tables without an identity
            continue
        for pattern in (
            r"\(([\w, ]+)\)",
            r"Branch names: (.+)",
            r"Branches into: (.+)",
        ):
            text = re.sub(pattern, _sorted_names, text)
        out.append(text)
    if line["line"].startswith(("current", "heads", "branches")):
        out.sort()
    log = [text for text in line["log"] if "Loading config from" not in text]
    return {**line, "out": out, "log": log}


def _sorted_names(match):
    names = ", ".join(sorted(match.group(1).split(", ")))
    return match.group(0).replace(match.group(1), names)


def agree(theirs, ours):
    """Claim that one line came out the same; errors may say more here."""
    theirs, ours = comparable(theirs), comparable(ours)
    if theirs["out"] and "New upgrade operations detected" in theirs["out"][-1]:
        assert "New upgrade operations detected" in ours["out"][-1]
        assert all("op." in line for line in ours["out"][:-1])
        theirs["out"] = ours["out"]
    assert len(ours["out"]) == len(theirs["out"]), (theirs, ours)
    for one, other in zip(theirs["out"], ours["out"]):
        if one.startswith("FAILED"):
            words = " ".join(one.split()).rstrip(".")
            assert " ".join(other.split()).startswith(words)
        elif ours["line"].endswith("list_templates"):
            # the names of templates; what is said of them is each one's own
            assert other.split(" - ")[0] in {
                text.split(" - ")[0] for text in theirs["out"]
            }
        elif ours["line"] != "--version":
            assert other == one
    for part in ("status", "log", "usage", "error"):
        assert ours[part] == theirs[part], (part, theirs, ours)


def mended(name, line):
    """Return why and how this project differs at a line of a scenario, if it does."""
    for scenario, words, why, statuses in table.MENDED:
        if re.match(scenario, name) and re.search(words, line):
            return why, statuses
    return None


@pytest.mark.parametrize("name", [row["id"] for row in SCENARIOS])
def test_commands_agree(outcomes, name):
    """Both print and log the same, end alike and leave the same files."""
    theirs, ours = outcomes[name]
    for their, our in zip(theirs["seen"], ours["seen"]):
        difference = mended(name, our["line"])
        files_differ = ours["files"] != theirs["files"]
        if difference and (files_differ or comparable(our) != comparable(their)):
            why, statuses = difference
            assert our["status"] in statuses, why
            assert our["error"] is None, why
            if "look" not in name:
                # from here on the two are at different places
                return
            continue
        agree(their, our)
    assert ours["files"] == theirs["files"]


@pytest.mark.parametrize("why", [row[2] for row in table.MENDED])
def test_differences_are_left(outcomes, why):
    """What is said to differ does; else it has to go from the table."""
    [(scenario, words)] = [row[:2] for row in table.MENDED if row[2] == why]
    assert any(
        comparable(their) != comparable(our) or theirs["files"] != ours["files"]
        for name, (theirs, ours) in outcomes.items()
        if re.match(scenario, name)
        for their, our in zip(theirs["seen"], ours["seen"])
        if re.search(words, our["line"])
    )


TEMPLATES = [
    {
        "id": name,
        "kind": "cli",
        "files": {},
        "lines": [f"init -t {name} scripts", f"init -t {name} --package other"],
    }
    for name in table.TEMPLATES
]


@pytest.fixture(scope="module")
def templates():
    """What both sides' ``init`` made, by template."""
    return both(TEMPLATES)


def keys(lines):
    """Return the sections and keys of an ini or TOML file, comments left out."""
    found = [re.match(r"\s*(\[.*?\]+|[\w.]+(?=\s*=))", line) for line in lines]
    return {match.group(1) for match in found if match}


@pytest.mark.parametrize("name", table.TEMPLATES)
def test_init_makes_the_same_files(templates, name):
    """The same names, and the same keys in what holds settings."""
    theirs, ours = templates[name]
    assert sorted(ours["files"]) == sorted(theirs["files"])
    for path in ours["files"]:
        if path.endswith((".ini", ".toml")):
            more = {"[logger_plugins]"} if path.endswith("alembic.ini") else set()
            assert keys(ours["files"][path]) - more == keys(theirs["files"][path]), path
    for their, our in zip(theirs["seen"], ours["seen"]):
        assert our["status"] == their["status"]
        said = [
            sorted(re.findall(r"<here>\S+", " ".join(one["out"])))
            for one in (their, our)
        ]
        assert said[0] == said[1]

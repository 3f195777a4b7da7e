"""Directive ``changelog-fragments``: what the next release brings, from changelog.d."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from typing import List

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList

FOLDER = Path(__file__).resolve().parents[1] / "changelog.d"
KINDS = ("added", "changed", "fixed")


class Fragments(Directive):
    """A list for each kind of change, with an item for each file."""

    def run(self) -> List[nodes.Node]:
        found: List[nodes.Node] = []
        for kind in KINDS:
            items = nodes.bullet_list()
            for path in sorted(FOLDER.glob(f"*.{kind}.rst")):
                lines = path.read_text(encoding="utf-8").splitlines()
                item = nodes.list_item()
                self.state.nested_parse(StringList(lines, str(path)), 0, item)
                items += item
            if len(items):
                found += [nodes.rubric(text=kind.capitalize()), items]
        return found


def setup(app: Any) -> Any:
    app.add_directive("changelog-fragments", Fragments)
    return {"parallel_read_safe": True}

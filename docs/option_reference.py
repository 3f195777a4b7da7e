"""Directive ``option-reference``: every option, read from alembic.ini.example."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from typing import Iterator
from typing import List
from typing import NamedTuple

from docutils import nodes
from docutils.parsers.rst import Directive

EXAMPLE = Path(__file__).resolve().parents[1] / "alembic.ini.example"

_OPTION = re.compile(r"(?:# )?([a-z][\w.]*) = ")


class Entry(NamedTuple):
    """What the example says in one paragraph."""

    names: List[str]
    text: List[str]
    values: List[str]
    example: List[str]


def entries() -> Iterator[Entry]:
    """Yield the options of the section [alembic] in the order of the example."""
    section = EXAMPLE.read_text(encoding="utf-8").partition("[alembic]\n")[2]
    for paragraph in section.partition("\n[")[0].strip().split("\n\n"):
        entry = Entry([], [], [], [])
        for line in paragraph.split("\n"):
            option = _OPTION.match(line)
            words = line[2:] if line.startswith("# ") else line
            if option is not None:
                if option.group(1) not in entry.names:
                    entry.names.append(option.group(1))
                entry.example.append(words)
            elif words.startswith("  "):
                entry.values.append(words[2:])
            else:
                entry.text.append(words)
        if entry.names:
            yield entry


class OptionReference(Directive):
    """A definition for each paragraph of the example."""

    def run(self) -> List[nodes.Node]:
        options = nodes.definition_list()
        for entry in entries():
            item = nodes.definition_list_item()
            term = nodes.term("", "", ids=[f"option-{name}" for name in entry.names])
            for at, name in enumerate(entry.names):
                term += nodes.Text(", " if at else "")
                term += nodes.literal(text=name)
            item += term
            item += self._definition(entry)
            options += item
        return [options]

    def _definition(self, entry: Entry) -> nodes.Node:
        definition = nodes.definition()
        definition += nodes.paragraph(text=" ".join(entry.text))
        if entry.values:
            block = "\n".join(entry.values)
            definition += nodes.literal_block(block, block, language="text")
        example = "\n".join(entry.example)
        definition += nodes.literal_block(example, example, language="ini")
        return definition


def setup(app: Any) -> Any:
    app.add_directive("option-reference", OptionReference)
    return {"parallel_read_safe": True}

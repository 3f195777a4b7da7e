"""Directive ``command-reference``: every command and flag, read from the parser."""

from __future__ import annotations

import argparse
from typing import Any
from typing import List

from docutils import nodes
from docutils.parsers.rst import Directive

from alembic.config import CommandLine


def commands() -> List[Any]:
    """Return ``(name, parser)`` for each command, in alphabetical order."""
    parser = CommandLine(prog="alembic").parser
    [choices] = [
        action.choices
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
    ]
    return sorted(choices.items())


class CommandReference(Directive):
    """A section for each command, with its help and its flags."""

    def run(self) -> List[nodes.Node]:
        first = self._section("alembic", CommandLine(prog="alembic").parser)
        return [first, *(self._section(name, parser) for name, parser in commands())]

    def _section(self, name: str, parser: argparse.ArgumentParser) -> nodes.Node:
        section = nodes.section(ids=[f"command-{name}"])
        section += nodes.title(text=name)
        usage = " ".join(parser.format_usage().split())
        usage = usage.replace("usage: ", "", 1)
        section += nodes.literal_block(usage, usage, language="text")
        if parser.description:
            section += nodes.paragraph(text=parser.description)
        flags = nodes.definition_list()
        for action in parser._actions:
            if isinstance(action, (argparse._HelpAction, argparse._SubParsersAction)):
                continue
            words = ", ".join(action.option_strings) or action.dest
            item = nodes.definition_list_item()
            item += nodes.term("", "", nodes.literal(text=words))
            item += nodes.definition("", nodes.paragraph(text=action.help or ""))
            flags += item
        if len(flags):
            section += flags
        if parser.epilog:
            section += self._example(parser.epilog)
        return section

    def _example(self, epilog: str) -> nodes.Node:
        """Return "words: command" with the command as code."""
        words, _, command = epilog.rpartition(": ")
        return nodes.paragraph("", f"{words}: ", nodes.literal(text=command))


def setup(app: Any) -> Any:
    app.add_directive("command-reference", CommandReference)
    return {"parallel_read_safe": True}

"""Completions for the shell, where the package argcomplete is installed."""

from __future__ import annotations

from argparse import ArgumentParser
from argparse import Namespace
from typing import Any
from typing import Callable
from typing import Dict
from typing import Iterable
from typing import List

from ..settings import Config
from ..util.exc import CommandError

MakeConfig = Callable[[Namespace], Config]

_SYMBOLS = ("head", "heads", "base", "current")


def complete(parser: ArgumentParser, commands: Any, make_config: MakeConfig) -> None:
    """Answer the shell's question and exit; do nothing without argcomplete.

    :param parser: the parser of the command line.
    :param commands: the parser of each command, by name.
    :param make_config: makes the `Config` for a command line that was parsed so far.
    """
    try:
        import argcomplete
    except ImportError:
        return
    attach(commands.values(), make_config)
    argcomplete.autocomplete(parser)


def attach(parsers: Iterable[ArgumentParser], make_config: MakeConfig) -> None:
    """Give the arguments that hold revisions or templates their completions."""
    for parser in parsers:
        for action in parser._actions:  # noqa: SLF001 - argparse has no public list
            answer = _ANSWERS.get(action.dest)
            if answer is not None:
                completer = _Completer(answer, make_config)
                # where argcomplete looks for it
                action.completer = completer  # type: ignore[attr-defined]


class _Completer:
    """What argcomplete calls: the beginning of a word -> the words it may become."""

    def __init__(
        self, answer: Callable[[Config], List[str]], make_config: MakeConfig
    ) -> None:
        self.answer = answer
        self.make_config = make_config

    def __call__(self, prefix: str, parsed_args: Namespace, **kw: Any) -> List[str]:
        try:
            words = self.answer(self.make_config(parsed_args))
        except (CommandError, OSError):
            # whoever presses the tab key wants no error
            return []
        return [word for word in words if word.startswith(prefix)]


def _revisions(config: Config) -> List[str]:
    from ..script import ScriptDirectory

    words = dict.fromkeys(_SYMBOLS)
    for revision in ScriptDirectory.from_config(config).walk_revisions():
        words.update(dict.fromkeys(sorted(revision.branch_labels)))
        words[revision.revision] = None
    return list(words)


def _templates(config: Config) -> List[str]:
    from ..command.scaffold import template_names

    return template_names(config)


_ANSWERS: Dict[str, Callable[[Config], List[str]]] = {
    "depends_on": _revisions,
    "head": _revisions,
    "rev": _revisions,
    "revision": _revisions,
    "revisions": _revisions,
    "template": _templates,
}

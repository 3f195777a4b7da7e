"""Runs the code blocks of a document as a reader would type them.

What happens to a block is told by its language and by its caption, which readers see too:

``console``
    the lines that begin with ``$`` are typed in a shell; the lines below are what they
    must print. Without such lines a command only has to succeed.
``python``, ``ini``, ``toml`` with a caption ``path``
    the block is written into that file.
``python``, ``ini``, ``toml`` with a caption ``in path``
    the block is merged into that file: what it names is replaced, the rest is added;
    ``…`` in the path stands for anything.
``python`` without a caption
    the block is a program, which must end well.

Comments, which readers do not see, say the rest:

``.. given: the shop``
    a new folder, with one of `STARTS` in it; blocks up to the next one build on each other.
``.. file: path``
    stands for a caption where none can be shown.
``.. run:``
    a Python program, indented below, that prepares or checks something.
``.. not run: reason``
    the next block is left out.
"""

from __future__ import annotations

import ast
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any
from typing import Dict
from typing import Iterator
from typing import List
from typing import Optional
from typing import Sequence
from typing import Tuple

from tests.support.transcript import ROOT
from tests.support.transcript import Terminal
from tests.support.transcript import without_deprecations

# the folder in which readers see commands run
SHOWN_FOLDER = "/home/ada/shop"

# languages that are pictures or answers, not something to run
SHOWN_ONLY = ("text", "sql", "rst")

# seconds for one command on a busy machine
_PATIENCE = 120

_IDENTIFIER = (
    r"(?<![0-9A-Za-z])(?=[0-9a-f]*[a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{12}(?![0-9A-Za-z])"
)
_DATE = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?"


@dataclass
class Block:
    """One code block of a document."""

    where: str
    language: str
    text: str
    caption: str = ""
    not_run: str = ""


@dataclass
class Story:
    """Blocks that build on each other, from one ``given`` to the next."""

    where: str
    title: str
    given: str = "an empty folder"
    blocks: List[Block] = field(default_factory=list)

    @property
    def runs(self) -> bool:
        return any(not block.not_run for block in self.blocks)


def stories(path: Path) -> List[Story]:
    """Return the stories of a document, each with at least one block."""
    reader = _Reader(path)
    reader.read()
    return [story for story in reader.stories if story.blocks]


class _Reader:
    """Walks through a document's tree and gathers blocks."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.title = ""
        self.caption = ""
        self.not_run = ""
        self.stories: List[Story] = [Story(f"{path.name}:1", "")]

    def read(self) -> None:
        from docutils import nodes

        for node in _tree(self.path).findall():
            # what Sphinx alone understands stands in the tree as a complaint
            if isinstance(node.parent, nodes.system_message):
                continue
            if isinstance(node, nodes.title):
                self.title = node.astext()
                self.stories[-1].title = self.stories[-1].title or self.title
            elif isinstance(node, nodes.comment):
                self._comment(node)
            elif isinstance(node, nodes.literal_block):
                self._block(node)

    def _comment(self, node: Any) -> None:
        word, _, rest = node.astext().partition(":")
        where, rest = self._where(node), rest.strip("\n")
        if word == "given":
            self.stories.append(Story(where, self.title, rest.strip()))
        elif word == "file":
            self.caption = rest.strip()
        elif word == "not run":
            assert rest.strip(), f"{where}: give a reason"
            self.not_run = " ".join(rest.split())
        elif word == "run":
            self.stories[-1].blocks.append(Block(where, "python", _dedent(rest)))

    def _block(self, node: Any) -> None:
        language = node.get("language", "")
        where = self._where(node)
        block = Block(where, language, node.astext() + "\n")
        block.caption = node.get("caption", "") or self.caption
        block.not_run = self.not_run
        self.caption = self.not_run = ""
        if language not in SHOWN_ONLY:
            self.stories[-1].blocks.append(block)

    def _where(self, node: Any) -> str:
        return f"{self.path.name}:{node.line}"


def _dedent(text: str) -> str:
    import textwrap

    return textwrap.dedent(text) + "\n"


def _tree(path: Path) -> Any:
    """Parse a document; what only Sphinx knows is passed over."""
    from docutils import core
    from docutils import nodes
    from docutils.parsers.rst import Directive
    from docutils.parsers.rst import directives

    class CodeBlock(Directive):
        has_content = True
        optional_arguments = 1
        option_spec = {
            "caption": directives.unchanged,
            "emphasize-lines": directives.unchanged,
            "name": directives.unchanged,
        }

        def run(self) -> List[Any]:
            text = "\n".join(self.content)
            block = nodes.literal_block(text, text)
            block["language"] = self.arguments[0] if self.arguments else ""
            block["caption"] = self.options.get("caption", "")
            block.line = self.lineno
            return [block]

    directives.register_directive("code-block", CodeBlock)
    return core.publish_doctree(
        path.read_text(encoding="utf-8"),
        source_path=str(path),
        settings_overrides={
            "report_level": 5,
            "halt_level": 5,
            "doctitle_xform": False,
            "file_insertion_enabled": False,
        },
    )


class Reading:
    """One reader: a folder, and what identifiers of the text stand for in it."""

    def __init__(self, folder: Path, environ: Optional[Dict[str, str]] = None) -> None:
        path = f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"
        self.terminal = Terminal(folder, {"PATH": path, **(environ or {})})
        self.names: Dict[str, str] = {}

    def follow(self, blocks: Sequence[Block]) -> None:
        """Do what the blocks say.

        :raises AssertionError: at the first block that does not do what it shows.
        """
        for block in blocks:
            if block.not_run:
                continue
            try:
                self._do(block)
            except AssertionError as error:
                raise AssertionError(f"{block.where}: {error}") from error

    def _do(self, block: Block) -> None:
        text = self._translated(block.text)
        if block.language == "console":
            for command, shown in _commands(block.text):
                self._type(command, shown)
        elif block.language == "python" and not block.caption:
            outcome = self.terminal.python(text)
            assert outcome.status == 0, str(outcome)
        elif block.language in ("python", "ini", "toml", "mako"):
            self._file(block.language, self._translated(block.caption), text)
        else:
            raise AssertionError(
                f"a block of {block.language or 'no language'} cannot be run: "
                "name its language, or say '.. not run: reason' above it"
            )

    def _file(self, language: str, caption: str, text: str) -> None:
        word, _, name = caption.partition(" ")
        if word != "in":
            assert caption, "a block that is no program needs a caption, its file"
            self.terminal.write(caption, text)
            return
        found = [
            path.relative_to(self.terminal.folder).as_posix()
            for path in self.terminal.folder.glob(name.replace("…", "*"))
        ]
        assert len(found) == 1, f"{name!r} means {found or 'no file'}"
        path = self.terminal.folder / found[0]
        written = path.stat().st_mtime
        merge = {"python": merged_python, "ini": merged_ini}.get(language, _appended)
        self.terminal.write(found[0], merge(self.terminal.read(found[0]), text))
        # Python takes its bytecode for that of a file of the same size and second, and a
        # person is slower than that
        os.utime(str(path), (written + 2, written + 2))

    def _type(self, command: str, shown: List[str]) -> None:
        shell = subprocess.Popen(
            ["/bin/sh", "-c", self._translated(command)],
            cwd=str(self.terminal.folder),
            env=self.terminal.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            encoding="utf-8",
            start_new_session=True,
        )
        try:
            output, _ = shell.communicate(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            # the shell alone would leave behind what it has started
            os.killpg(shell.pid, signal.SIGKILL)
            output, _ = shell.communicate()
            raise AssertionError(f"$ {command}\n{output}(did not end)") from None
        printed = output.replace(str(self.terminal.folder), SHOWN_FOLDER)
        report = f"$ {command}\n{printed}(exit status {shell.returncode})"
        without_deprecations(printed)
        may_fail = any("FAILED" in line or "error:" in line for line in shown)
        assert (shell.returncode != 0) == may_fail, report
        if shown:
            lines = [line.rstrip() for line in printed.rstrip().split("\n")]
            assert self._matches(shown, lines), (
                report + "\nbut the document shows\n" + "\n".join(shown)
            )

    def _translated(self, text: str) -> str:
        """Return text with the identifiers that this reader's files really have."""
        return re.sub(
            _IDENTIFIER, lambda found: self.names.get(found[0], found[0]), text
        )

    def _matches(self, shown: List[str], printed: List[str]) -> bool:
        """Compare what a document shows with what was printed.

        A line ``...`` stands for any lines, ``…`` for any text of a line, a date for
        any date, and an identifier for the one first seen in its place.
        """
        if not shown:
            return not printed
        if shown[0].strip() == "...":
            return any(
                self._matches(shown[1:], printed[at:]) for at in range(len(printed) + 1)
            )
        if not printed or not self._line_matches(shown[0], printed[0]):
            return False
        return self._matches(shown[1:], printed[1:])

    def _line_matches(self, shown: str, printed: str) -> bool:
        names: List[str] = []
        pattern = ""
        for part in re.split(f"({_IDENTIFIER}|{_DATE}|…)", shown):
            if part == "…":
                pattern += ".*?"
            elif re.fullmatch(_DATE, part):
                pattern += _DATE
            elif part in names:
                pattern += f"(?P=id{names.index(part)})"
            elif re.fullmatch(_IDENTIFIER, part) and part not in self.names:
                pattern += f"(?P<id{len(names)}>[0-9a-f]{{12}})"
                names.append(part)
            else:
                pattern += re.escape(self._translated(part))
        found = re.fullmatch(pattern, printed)
        if found is None:
            return False
        self.names.update(zip(names, found.groups()))
        return True


def _commands(text: str) -> Iterator[Tuple[str, List[str]]]:
    """Return the commands of a session, each with the lines shown below it."""
    command: Optional[str] = None
    shown: List[str] = []
    for line in text.rstrip("\n").split("\n"):
        if line.startswith("$ "):
            if command is not None:
                yield command, shown
            command, shown = line[2:], []
        elif line.startswith("> ") and command is not None and not shown:
            command += "\n" + line[2:]
        else:
            assert command is not None, "a session begins with a line '$ command'"
            shown.append(line.rstrip())
    if command is not None:
        yield command, shown


def merged_python(text: str, fragment: str) -> str:
    """Return a module with the statements of a fragment in it.

    What the fragment binds takes the place of what the module binds to the same name.
    New imports go below the last import; other new statements above the next one that
    takes a place, else above the first function, else to the end.
    """
    lines = text.split("\n")
    edits: List[Tuple[int, int, str]] = []
    module = ast.parse(text).body
    places = {name: node for node in module for name in _bound(node)}
    imports = [n for n in module if isinstance(n, (ast.Import, ast.ImportFrom))]
    functions = [n for n in module if isinstance(n, ast.FunctionDef)]
    pending: List[str] = []
    for node, source in _statements(fragment):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            after = imports[-1].end_lineno if imports else 0
            edits.append((after, after, source))
            continue
        [found] = [places[name] for name in _bound(node) if name in places] or [None]
        if found is None:
            pending.append(source)
            continue
        start = _first_line(found) - 1
        edits.append((start, found.end_lineno, "\n\n".join([*pending, source])))
        pending.clear()
    if pending:
        at = _first_line(functions[0]) - 1 if functions else len(lines)
        gap = "\n\n\n" if functions else "\n"
        edits.append((at, at, "\n\n\n".join(pending) + gap))
    for start, end, source in sorted(edits, key=lambda e: e[0], reverse=True):
        lines[start:end] = source.split("\n")
    return "\n".join(lines)


def _statements(text: str) -> Iterator[Tuple[Any, str]]:
    """Return the statements of a module with their source, comments above included."""
    lines = text.rstrip("\n").split("\n")
    start = 0
    for node in ast.parse(text).body:
        yield node, "\n".join(lines[start : node.end_lineno]).strip("\n")
        start = node.end_lineno or 0


def _bound(node: Any) -> List[str]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign):
        targets = [node.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _first_line(node: Any) -> int:
    decorators = getattr(node, "decorator_list", [])
    return decorators[0].lineno if decorators else node.lineno


def merged_ini(text: str, fragment: str) -> str:
    """Return an INI file with the options of a fragment set, in [alembic] by default."""
    section = "alembic"
    lines = text.rstrip("\n").split("\n")
    for line in fragment.rstrip("\n").split("\n"):
        if line.startswith("["):
            section = line.strip("[]")
            if f"[{section}]" not in lines:
                lines += ["", f"[{section}]"]
        elif line and not line.startswith("#"):
            assert "=" in line, f"no option: {line!r}"
            _set_option(lines, section, line)
    return "\n".join(lines) + "\n"


def _set_option(lines: List[str], section: str, line: str) -> None:
    """Put a line ``key = value`` in place of the key's, or at the end of a section."""
    start = lines.index(f"[{section}]") + 1
    ends = [at for at in range(start, len(lines)) if lines[at].startswith("[")]
    end = ends[0] if ends else len(lines)
    key = line.partition("=")[0].strip()
    for at in range(start, end):
        if lines[at].partition("=")[0].strip() == key:
            lines[at] = line
            return
    while end > start and not lines[end - 1].strip():
        end -= 1
    lines.insert(end, line)


def _appended(text: str, fragment: str) -> str:
    return text.rstrip("\n") + "\n\n" + fragment


DOCUMENTS = [
    ROOT / "README.rst",
    ROOT / "CONTRIBUTING.rst",
    *sorted((ROOT / "docs").glob("*.rst")),
    *sorted((ROOT / "docs" / "cookbook").glob("*.rst")),
    *sorted((ROOT / "docs" / "adr").glob("*.rst")),
]

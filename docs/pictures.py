"""Directive ``picture``: drawings made from the code, as SVG inside of the page."""

from __future__ import annotations

import ast
import configparser
import re
from pathlib import Path
from typing import Any
from typing import Callable
from typing import Dict
from typing import Iterator
from typing import List
from typing import Tuple
from xml.sax.saxutils import escape

from docutils import nodes
from docutils.parsers.rst import Directive

ROOT = Path(__file__).resolve().parents[1]

FONT = "font-family='ui-monospace, monospace' font-size='13'"


class Drawing:
    """Shapes on a sheet; colours follow the page, so that it can be read in the dark.

    :param width: in pixels, as is all else.
    :param height: how high it is.
    :param meaning: what a reader who cannot see it is told.
    """

    def __init__(self, width: int, height: int, meaning: str) -> None:
        self.size = width, height
        self.meaning = meaning
        self.shapes: List[str] = []

    def box(self, x: float, y: float, w: float, h: float, label: str) -> None:
        """Draw a rectangle with its label in the middle; ``|`` begins a second line."""
        self.shapes.append(
            f"<rect x='{x:g}' y='{y:g}' width='{w:g}' height='{h:g}' rx='6' "
            "fill='var(--color-background-secondary, #f8f8f8)' stroke='currentColor'/>"
        )
        lines = label.split("|")
        for at, line in enumerate(lines):
            middle = y + h / 2 + 5 + (at - (len(lines) - 1) / 2) * 16
            self.text(x + w / 2, middle, line, faint=at > 0)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        anchor: str = "middle",
        faint: bool = False,
    ) -> None:
        """Write a line."""
        opacity = " opacity='0.65'" if faint else ""
        self.shapes.append(
            f"<text x='{x:g}' y='{y:g}' text-anchor='{anchor}' fill='currentColor'"
            f"{opacity}>{escape(words)}</text>"
        )

    def arrow(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """Draw a straight arrow."""
        self.shapes.append(
            f"<path d='M{x1:g},{y1:g} L{x2:g},{y2:g}' fill='none' "
            "stroke='currentColor' marker-end='url(#tip)'/>"
        )

    def thread(self, x1: float, y1: float, x2: float, y2: float, weight: float) -> None:
        """Draw a faint curve."""
        bend = (y1 + y2) / 2
        self.shapes.append(
            f"<path d='M{x1:g},{y1:g} C{x1:g},{bend:g} {x2:g},{bend:g} {x2:g},{y2:g}' "
            "stroke='var(--color-brand-primary, #0a4bff)' fill='none' "
            f"stroke-width='{weight:.2g}' opacity='0.35'/>"
        )

    def svg(self) -> str:
        """Return the drawing as text."""
        width, height = self.size
        return (
            f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' "
            f"role='img' aria-label='{escape(self.meaning)}' {FONT} "
            f"style='width:100%;max-width:{width}px;height:auto'>"
            "<defs><marker id='tip' viewBox='0 0 8 8' refX='8' refY='4' "
            "markerWidth='8' markerHeight='8' orient='auto'><path d='M0,0 L8,4 L0,8 z' "
            "fill='currentColor'/></marker></defs>" + "".join(self.shapes) + "</svg>"
        )


def floors() -> Drawing:
    """Draw the rooms of the package on their floors, and what imports what."""
    levels = list(_floors())
    width, step, top = 760, 74, 10
    drawing = Drawing(
        width,
        top + step * len(levels),
        "The rooms of the package on their floors; every import runs down.",
    )
    middles: Dict[str, Tuple[float, float]] = {}
    boxes = []
    for at, rooms in enumerate(levels):
        room_width = (width - 10 * (len(rooms) + 1)) / len(rooms)
        room_width = min(room_width, 260)
        left = (width - len(rooms) * room_width - 10 * (len(rooms) - 1)) / 2
        for place, room in enumerate(rooms):
            x = left + place * (room_width + 10)
            middles[room] = (x + room_width / 2, top + at * step)
            boxes.append((x, top + at * step, room_width, 46, room))
    for (upper, lower), count in sorted(_imports().items()):
        if upper in middles and lower in middles and upper != lower:
            (x1, y1), (x2, y2) = middles[upper], middles[lower]
            drawing.thread(x1, y1 + 46, x2, y2, 0.6 + min(count, 40) / 10)
    for x, y, w, h, room in boxes:
        drawing.box(x, y, w, h, f"{room}|{_lines(room)} lines")
    return drawing


def _floors() -> Iterator[List[str]]:
    """Yield the rooms of each floor, the roof first, as the contract names them."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    for section in contracts.sections():
        if contracts.get(section, "type", fallback="") == "layers":
            for line in contracts.get(section, "layers").strip().splitlines():
                names = re.findall(r"\w+", line)
                # a room in brackets may be missing
                yield [name for name in names if list(_files(name))]
            return


def _room(name: str) -> str:
    """Return the room of a module of the package."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else ""


def _imports() -> Dict[Tuple[str, str], int]:
    """Return how many modules of one room import from another."""
    counts: Dict[Tuple[str, str], int] = {}
    for path in sorted((ROOT / "alembic").rglob("*.py")):
        if "templates" in path.parts:
            continue
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        package = (
            name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
        )
        found = {
            _room(target)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            for target in _targets(node, [p for p in package if p != "__init__"])
        }
        for room in found:
            counts[_room(name), room] = counts.get((_room(name), room), 0) + 1
    return counts


def _targets(node: ast.AST, package: List[str]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.name.startswith("alembic."):
                yield alias.name
    elif isinstance(node, ast.ImportFrom):
        base = package[: len(package) - node.level + 1] if node.level else []
        full = ".".join(
            [*base, *((node.module or "").split(".") if node.module else [])]
        )
        if full == "alembic":
            for alias in node.names:
                yield f"alembic.{alias.name}"
        elif full.startswith("alembic."):
            yield full


def _lines(room: str) -> int:
    return sum(
        len(path.read_text(encoding="utf-8").splitlines()) for path in _files(room)
    )


def _files(room: str) -> Iterator[Path]:
    yield from (ROOT / "alembic").glob(f"{room}.py")
    yield from (ROOT / "alembic" / room).rglob("*.py")


def commands() -> Drawing:
    """Draw what the four main commands read and write."""
    drawing = Drawing(
        760,
        330,
        "init writes alembic.ini, env.py and the folder of revisions. revision "
        "compares the models with the database and writes a revision file. upgrade "
        "and downgrade read the revision files and change the database.",
    )
    drawing.box(20, 20, 180, 40, "alembic init")
    drawing.box(290, 10, 200, 60, "alembic.ini, env.py|your project's settings")
    drawing.arrow(200, 40, 290, 40)
    drawing.box(20, 110, 180, 60, "models|target_metadata")
    drawing.box(290, 110, 200, 60, "alembic revision|--autogenerate")
    drawing.box(560, 110, 180, 60, "versions/ae10_….py|the history")
    drawing.arrow(200, 140, 290, 140)
    drawing.arrow(490, 140, 560, 140)
    drawing.arrow(390, 70, 390, 110)
    drawing.box(290, 250, 200, 60, "database|tables, alembic_version")
    drawing.arrow(390, 250, 390, 170)
    drawing.text(400, 214, "is compared", "start", faint=True)
    drawing.box(560, 220, 180, 40, "alembic upgrade")
    drawing.box(560, 275, 180, 40, "alembic downgrade")
    drawing.arrow(650, 170, 650, 220)
    drawing.arrow(560, 240, 490, 265)
    drawing.arrow(560, 295, 490, 290)
    return drawing


def branches() -> Drawing:
    """Draw the history of the chapter on branches."""
    drawing = Drawing(
        640,
        150,
        "a1 is followed by a2; from a2 go b1 to b2 and c1; m1 joins b2 and c1.",
    )
    places = {
        "a1": (10, 55),
        "a2": (140, 55),
        "b1": (270, 10),
        "b2": (400, 10),
        "c1": (335, 100),
        "m1": (530, 55),
    }
    labels = {"b1": "b1|billing", "m1": "m1|merge, head", "a2": "a2|branch point"}
    lines = "a1 a2, a2 b1, b1 b2, a2 c1, b2 m1, c1 m1"
    for older, newer in (line.split() for line in lines.split(", ")):
        (x1, y1), (x2, y2) = places[older], places[newer]
        drawing.arrow(x1 + 100, y1 + 20, x2, y2 + 20)
    for name, (x, y) in places.items():
        drawing.box(x, y, 100, 40, labels.get(name, name))
    return drawing


PICTURES: Dict[str, Callable[[], Drawing]] = {
    "floors": floors,
    "commands": commands,
    "branches": branches,
}


class Picture(Directive):
    """A drawing by its name."""

    required_arguments = 1

    def run(self) -> List[nodes.Node]:
        drawing = PICTURES[self.arguments[0]]()
        text = f"<figure class='picture'>{drawing.svg()}</figure>"
        return [nodes.raw("", text, format="html")]


def setup(app: Any) -> Any:
    app.add_directive("picture", Picture)
    return {"parallel_read_safe": True}

"""Draws the figures: bars with the floor marked, and curves of growth."""

from __future__ import annotations

import math
from html import escape
from typing import Any
from typing import Dict
from typing import Iterable
from typing import List
from typing import Optional
from typing import Tuple

_LEFT = 330
_WIDTH = 420
_ROW = 34

_THEIRS = "#999"
_OURS = "#2a6fb0"
_FLOOR = "#c33"

_PLOT = 300
_GAP = 90
_DECADES = (-2, 3)


def shown(row: Dict[str, Any]) -> Tuple[float, float, float, Optional[float]]:
    """Return the seconds of both sides, their ratio, and the seconds of the floor.

    Of the processor where all the work is done in the process, which other programs
    disturb less; by the clock where a server does most of it.
    """
    if row["backend"] == "sqlite" or "--sql" in row["case"]:
        kind = "_cpu"
    else:
        kind = ""
    return (
        row[f"reference{kind}"],
        row[f"ours{kind}"],
        row[f"ratio{kind}"],
        row[f"floor{kind}"],
    )


def bars(rows: List[Dict[str, Any]]) -> str:
    """Return an SVG: for each row both times, scaled to the slower one."""
    height = _ROW * len(rows) + 40
    parts = [
        _text(_LEFT, 16, "Alembic 1.20.1", _THEIRS),
        _text(_LEFT + 110, 16, "this project", _OURS),
        _text(_LEFT + 200, 16, "| floor", _FLOOR),
    ]
    for number, row in enumerate(rows):
        top = 30 + number * _ROW
        theirs, ours, ratio, floor = shown(row)
        scale = _WIDTH / max(theirs, ours)
        label = f"{row['case']} ({row['backend']})"
        parts += [
            _text(_LEFT - 8, top + 15, label, "#222", anchor="end"),
            _bar(top, theirs * scale, _THEIRS),
            _bar(top + 11, ours * scale, _OURS),
            _text(_LEFT + theirs * scale + 6, top + 10, f"{ratio:.1f} x", "#555"),
        ]
        if floor is not None:
            x = _LEFT + min(floor * scale, _WIDTH)
            parts.append(
                f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top - 2}" y2="{top + 24}" '
                f'stroke="{_FLOOR}" stroke-width="2"/>'
            )
    return _svg(_LEFT + _WIDTH + 120, height, parts)


def curves(grown: List[Dict[str, Any]]) -> str:
    """Return an SVG: for each work the seconds of both sides by size, logarithmic."""
    parts: List[str] = []
    for number, curve in enumerate(grown):
        left = 60 + (number % 2) * (_PLOT + _GAP)
        top = 40 + (number // 2) * (_PLOT + _GAP)
        parts += _plot(curve, left, top)
    rows = (len(grown) + 1) // 2
    return _svg(2 * (_PLOT + _GAP) + 20, rows * (_PLOT + _GAP) + 20, parts)


def _plot(curve: Dict[str, Any], left: int, top: int) -> Iterable[str]:
    points = curve["points"]
    sizes = [math.log10(point["size"]) for point in points]
    first, last = sizes[0], sizes[-1]
    low, high = _DECADES

    def at(size: float, seconds: float) -> Tuple[float, float]:
        x = left + (size - first) / (last - first) * _PLOT
        y = top + _PLOT - (math.log10(seconds) - low) / (high - low) * _PLOT
        return x, y

    yield _text(left, top - 10, f"{curve['name']}: seconds by {curve['unit']}", "#222")
    for decade in range(low, high + 1):
        _, y = at(first, 10.0**decade)
        yield (
            f'<line x1="{left}" x2="{left + _PLOT}" y1="{y:.1f}" y2="{y:.1f}" '
            'stroke="#ddd"/>'
        )
        yield _text(left - 6, y + 4, f"{10.0**decade:g}", "#555", anchor="end")
    for size, point in zip(sizes, points):
        x, _ = at(size, 1)
        yield _text(x, top + _PLOT + 16, f"{point['size']:,}", "#555", anchor="middle")
    for side, colour in (("reference", _THEIRS), ("ours", _OURS)):
        line = [at(s, max(p[side + "_cpu"], 0.01)) for s, p in zip(sizes, points)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in line)
        yield (
            f'<polyline points="{path}" fill="none" stroke="{colour}" '
            'stroke-width="2"/>'
        )
        for x, y in line:
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'


def _bar(top: float, width: float, colour: str) -> str:
    return (
        f'<rect x="{_LEFT}" y="{top}" height="10" width="{width:.1f}" fill="{colour}"/>'
    )


def _text(x: float, y: float, text: str, colour: str, anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}">'
        f"{escape(text)}</text>"
    )


def _svg(width: int, height: int, parts: Iterable[str]) -> str:
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" '
            f'height="{height}" font-family="sans-serif" font-size="12">',
            '<rect width="100%" height="100%" fill="white"/>',
            *parts,
            "</svg>\n",
        ]
    )

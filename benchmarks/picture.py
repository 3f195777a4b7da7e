"""Draws the figures as bars, with the floor marked."""

from __future__ import annotations

from html import escape
from typing import Any
from typing import Dict
from typing import List

_LEFT = 330
_WIDTH = 420
_ROW = 34


def bars(rows: List[Dict[str, Any]]) -> str:
    """Return an SVG: for each row both times, scaled to the slower one."""
    height = _ROW * len(rows) + 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_LEFT + _WIDTH + 120}" '
        f'height="{height}" font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<text x="{_LEFT}" y="16" fill="#888">Alembic 1.20.1</text>',
        f'<text x="{_LEFT + 110}" y="16" fill="#2a6fb0">this project</text>',
        f'<text x="{_LEFT + 200}" y="16" fill="#c33">| floor</text>',
    ]
    for number, row in enumerate(rows):
        top = 30 + number * _ROW
        longest = max(row["reference"], row["ours"])
        scale = _WIDTH / longest
        label = f"{row['case']} ({row['backend']})"
        parts += [
            f'<text x="{_LEFT - 8}" y="{top + 15}" text-anchor="end">'
            f"{escape(label)}</text>",
            f'<rect x="{_LEFT}" y="{top}" height="10" fill="#bbb" '
            f'width="{row["reference"] * scale:.1f}"/>',
            f'<rect x="{_LEFT}" y="{top + 11}" height="10" fill="#2a6fb0" '
            f'width="{row["ours"] * scale:.1f}"/>',
            f'<text x="{_LEFT + row["reference"] * scale + 6:.1f}" y="{top + 10}" '
            f'fill="#555">{row["ratio"]:.1f} x</text>',
        ]
        if row["floor"] is not None:
            x = _LEFT + min(row["floor"], longest) * scale
            parts.append(
                f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top - 2}" y2="{top + 24}" '
                'stroke="#c33" stroke-width="2"/>'
            )
    return "\n".join([*parts, "</svg>"]) + "\n"

"""Door: the inspector of the comparison under the name that programs know."""

from __future__ import annotations

from .inspector import InspectorConv as _InspectorConv

__all__ = ["_InspectorConv"]

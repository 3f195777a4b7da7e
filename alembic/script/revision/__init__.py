"""The graph of revisions: pure, without files and without a database."""

from __future__ import annotations

from .errors import CycleDetected
from .errors import DependencyCycleDetected
from .errors import DependencyLoopDetected
from .errors import LoopDetected
from .errors import MissingRevision
from .errors import MultipleHeads
from .errors import RangeNotAncestorError
from .errors import ResolutionError
from .errors import RevisionError
from .map import RevisionMap
from .model import _revision_illegal_chars as _revision_illegal_chars
from .model import is_revision
from .model import Revision
from .model import tuple_rev_as_scalar

__all__ = [
    "CycleDetected",
    "DependencyCycleDetected",
    "DependencyLoopDetected",
    "LoopDetected",
    "MissingRevision",
    "MultipleHeads",
    "RangeNotAncestorError",
    "ResolutionError",
    "Revision",
    "RevisionError",
    "RevisionMap",
    "is_revision",
    "tuple_rev_as_scalar",
]

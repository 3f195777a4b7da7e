"""Small helpers for values and sequences that know nothing of databases."""

from __future__ import annotations

import os
from collections.abc import Iterable

TYPE_CHECKING = False

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any
    from typing import Dict
    from typing import List
    from typing import Mapping
    from typing import NoReturn
    from typing import Optional
    from typing import Tuple
    from typing import TypeVar

    _T = TypeVar("_T")
    _K = TypeVar("_K")
    _V = TypeVar("_V")

_TRUE = frozenset(("true", "yes", "on", "y", "t", "1"))
_FALSE = frozenset(("false", "no", "off", "n", "f", "0"))


def to_tuple(x: Any, default: Optional[Tuple[Any, ...]] = None) -> Any:
    """Return ``x`` as a tuple.

    :param x: None, a single value, or an iterable. A string is one value.
    :param default: what to return for None.
    """
    if x is None:
        return default
    if isinstance(x, str) or not isinstance(x, Iterable):
        return (x,)
    return tuple(x)


def to_list(x: Any, default: Optional[List[Any]] = None) -> Any:
    """Return ``x`` as a list; see `to_tuple`."""
    if x is None:
        return default
    if isinstance(x, str) or not isinstance(x, Iterable):
        return [x]
    return list(x)


def unique_list(seq: Iterable[_T]) -> List[_T]:
    """Return the elements of ``seq`` as a list, each once, in order of first sight."""
    return list(dict.fromkeys(seq))


def dedupe_tuple(tup: Tuple[str, ...]) -> Tuple[str, ...]:
    """Return ``tup`` with each element once, in order of first sight."""
    return tuple(dict.fromkeys(tup))


def not_none(value: Optional[_T]) -> _T:
    """Return ``value``, which must not be None.

    :raises AssertionError: when it is None.
    """
    assert value is not None, "a value is required here, but None was found"
    return value


def asbool(value: Any) -> bool:
    """Read a truth value the way configuration files write it.

    :param value: a string such as ``true``, ``yes``, ``on``, ``1`` or their
        opposites in any case; anything else is taken for its truth.
    :raises ValueError: for a string that is neither.
    """
    if isinstance(value, str):
        word = value.strip().lower()
        if word in _TRUE:
            return True
        if word in _FALSE:
            return False
        raise ValueError(f"String is not true/false: {word!r}")
    return bool(value)


def rev_id() -> str:
    """Return a new random revision identifier of twelve hexadecimal digits."""
    return os.urandom(6).hex()


if TYPE_CHECKING:

    class immutabledict(Dict[_K, _V]):
        def union(
            self, other: Optional[Mapping[_K, _V]] = None
        ) -> immutabledict[_K, _V]: ...

        def __hash__(self) -> int: ...  # type: ignore[override]

else:

    class immutabledict(dict):
        """A dictionary that refuses every change; safe to share as a default."""

        def _refuse(self, *arg: Any, **kw: Any) -> NoReturn:
            raise TypeError(f"{type(self).__name__} object is immutable")

        __setitem__ = __delitem__ = _refuse
        clear = pop = popitem = setdefault = update = _refuse
        __ior__ = _refuse

        def union(self, other: Optional[Mapping[Any, Any]] = None) -> immutabledict:
            """Return a new one that holds this one's items and those of ``other``."""
            return type(self)({**self, **(other or {})})

        def __hash__(self) -> int:
            return hash(frozenset(self.items()))

        def __reduce__(self) -> Any:
            return type(self), (dict(self),)

        def __repr__(self) -> str:
            return f"immutabledict({dict.__repr__(self)})"


EMPTY_DICT: Mapping[Any, Any] = immutabledict()

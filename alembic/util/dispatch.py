"""Registries of functions: by type of object, and by name with priorities."""

from __future__ import annotations

import enum
from typing import Any
from typing import Callable
from typing import Dict
from typing import List
from typing import Optional
from typing import Tuple
from typing import TypeVar

_F = TypeVar("_F", bound=Callable[..., Any])

_DEFAULT = "default"


class Dispatcher:
    """Finds the function registered for the type of an object.

    A function is registered for a class, or for any other hashable value such as a
    string, and optionally for a *qualifier*, which is the name of a database
    dialect. The nearest class in the object's method resolution order wins; in each
    class the wanted qualifier wins over ``"default"``.

    Example::

        renderers = Dispatcher()

        @renderers.dispatch_for(CreateTableOp)
        def render_create_table(op): ...

        renderers.dispatch(op)(op)
    """

    def __init__(self) -> None:
        self._registry: Dict[Tuple[Any, str], Callable[..., Any]] = {}

    def dispatch_for(
        self, target: Any, *, qualifier: str = _DEFAULT, replace: bool = False
    ) -> Callable[[_F], _F]:
        """Return a decorator that registers a function.

        :param target: the class, or other hashable value, it serves.
        :param qualifier: the dialect name it serves; ``"default"`` serves all.
        :param replace: allow a function that is registered already to be replaced.
        :raises ValueError: when one is registered already and ``replace`` is false.
        """

        def decorate(fn: _F) -> _F:
            key = (target, qualifier)
            if key in self._registry and not replace:
                raise ValueError(
                    f"Can not set dispatch function for object {target!r}: key "
                    "already exists. To replace existing function, use "
                    "replace=True."
                )
            self._registry[key] = fn
            return fn

        return decorate

    def dispatch(self, obj: Any, qualifier: str = _DEFAULT) -> Callable[..., Any]:
        """Return the function registered for ``obj``.

        :param obj: an instance or class of a registered class, or a registered
            string.
        :param qualifier: the dialect name for which it is wanted.
        :raises ValueError: when there is none.
        """
        if isinstance(obj, str):
            targets: Tuple[Any, ...] = (obj,)
        elif isinstance(obj, type):
            targets = obj.__mro__
        else:
            targets = type(obj).__mro__
        for target in targets:
            fn = self._registry.get((target, qualifier))
            if fn is None and qualifier != _DEFAULT:
                fn = self._registry.get((target, _DEFAULT))
            if fn is not None:
                return fn
        raise ValueError(f"no dispatch function for object: {obj!r}")

    def branch(self) -> Dispatcher:
        """Return a copy; what is registered there later does not reach this one."""
        copy = type(self)()
        copy._registry.update(self._registry)
        return copy


class DispatchPriority(enum.IntEnum):
    """When a function of a `PriorityDispatcher` runs; higher runs earlier."""

    FIRST = 50
    """Before all that have a lower priority."""

    MEDIUM = 25
    """The default."""

    LAST = 10
    """After all the others."""


class PriorityDispatchResult(enum.Enum):
    """What a function tells the `PriorityDispatcher` that called it."""

    CONTINUE = enum.auto()
    """Go on with the next function."""

    STOP = enum.auto()
    """Skip the functions of the same subgroup that would run later."""


class PriorityDispatcher:
    """Runs every function registered under a name, highest priority first.

    Functions of one *subgroup* compete: when one of them returns
    `PriorityDispatchResult.STOP`, those of the same subgroup that have not run yet
    are skipped. Within a priority the order is that of registration.
    """

    def __init__(self) -> None:
        self._registry: Dict[
            Tuple[str, str, int], List[Tuple[Callable[..., Any], Optional[str]]]
        ] = {}

    def dispatch_for(
        self,
        target: str,
        *,
        priority: DispatchPriority = DispatchPriority.MEDIUM,
        qualifier: str = _DEFAULT,
        subgroup: Optional[str] = None,
    ) -> Callable[[_F], _F]:
        """Return a decorator that registers a function.

        :param target: the name under which it is run.
        :param priority: when it runs among the others.
        :param qualifier: the dialect name it serves; ``"default"`` serves all.
        :param subgroup: the group in which `PriorityDispatchResult.STOP` counts.
        """

        def decorate(fn: _F) -> _F:
            key = (target, qualifier, int(priority))
            self._registry.setdefault(key, []).append((fn, subgroup))
            return fn

        return decorate

    def dispatch(
        self, target: str, *, qualifier: str = _DEFAULT
    ) -> Callable[..., PriorityDispatchResult]:
        """Return one function that runs all those registered for ``target``.

        :param qualifier: a dialect name; functions for it run before those for
            ``"default"`` of the same priority.

        The returned function passes its arguments to each, and answers
        `PriorityDispatchResult.STOP` if any of them did.
        """
        qualifiers = (_DEFAULT,) if qualifier == _DEFAULT else (qualifier, _DEFAULT)
        entries = [
            entry
            for priority in DispatchPriority
            for name in qualifiers
            for entry in self._registry.get((target, name, int(priority)), ())
        ]

        def run(*arg: Any, **kw: Any) -> PriorityDispatchResult:
            stopped = set()
            for fn, subgroup in entries:
                if (
                    subgroup not in stopped
                    and fn(*arg, **kw) is PriorityDispatchResult.STOP
                ):
                    stopped.add(subgroup)
            if stopped:
                return PriorityDispatchResult.STOP
            return PriorityDispatchResult.CONTINUE

        return run

    def branch(self) -> PriorityDispatcher:
        """Return a copy; what is registered there later does not reach this one."""
        copy = type(self)()
        copy.populate_with(self)
        return copy

    def populate_with(self, other: PriorityDispatcher) -> None:
        """Add everything that is registered in ``other`` to this one."""
        # an env.py that runs in another thread may register its own meanwhile
        for key, entries in tuple(other._registry.items()):
            self._registry.setdefault(key, []).extend(entries)

"""Module functions that speak to a current object.

`alembic.op` and `alembic.context` are modules whose functions are the methods of an
object that exists only while migrations run. That object is held in a context
variable, so threads and tasks each see their own.
"""

from __future__ import annotations

import functools
import threading
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from typing import Callable
from typing import Generic
from typing import Iterator
from typing import List
from typing import MutableMapping
from typing import Optional
from typing import Tuple
from typing import TypeVar
from typing import Union

_T = TypeVar("_T")


class Later(Generic[_T]):
    """A current object that is made when somebody first wants it.

    :param make: makes it; nobody may ever do.
    """

    def __init__(self, make: Callable[[], _T]) -> None:
        self._make = make
        self._made: List[_T] = []
        self._lock = threading.RLock()

    def get(self) -> _T:
        """Return the object, the same for all who ask."""
        if not self._made:
            with self._lock:
                if not self._made:
                    self._made.append(self._make())
        return self._made[0]


class Current(Generic[_T]):
    """Holds the current object of one kind, for each thread and task its own.

    Objects nest: the one installed last is the current one until it is removed.
    A thread that has installed none sees the one that was installed last in the
    process, because an env.py may start threads of its own, and these begin with an
    empty context.
    """

    def __init__(self, name: str) -> None:
        self._here: ContextVar[Tuple[Union[_T, Later[_T]], ...]] = ContextVar(
            name, default=()
        )
        self._anywhere: List[Union[_T, Later[_T]]] = []
        self._lock = threading.Lock()

    def get(self) -> Optional[_T]:
        """Return the current object, or None."""
        installed = self._here.get() or self._anywhere[-1:]
        if not installed:
            return None
        found = installed[-1]
        return found.get() if isinstance(found, Later) else found

    def install(self, obj: Union[_T, Later[_T]]) -> None:
        """Make ``obj`` the current object until it is removed."""
        self._here.set((*self._here.get(), obj))
        with self._lock:
            self._anywhere.append(obj)

    def remove(self, obj: Union[_T, Later[_T]]) -> None:
        """Take ``obj`` back; what was current before it is so again.

        Removing what is not installed does nothing.
        """
        self._here.set(_without_last(self._here.get(), obj))
        with self._lock:
            self._anywhere[:] = _without_last(tuple(self._anywhere), obj)

    @contextmanager
    def hold(self, obj: Union[_T, Later[_T]]) -> Iterator[None]:
        """Make ``obj`` the current object for the time of a block."""
        self.install(obj)
        try:
            yield
        finally:
            self.remove(obj)


def _without_last(objects: Tuple[_T, ...], obj: object) -> Tuple[_T, ...]:
    for position in range(len(objects) - 1, -1, -1):
        if objects[position] is obj:
            return objects[:position] + objects[position + 1 :]
    return objects


class ModuleClsProxy:
    """Base of classes whose current instance answers for a module.

    A direct subclass gets a `Current` of its own, which its subclasses share; or one
    that is there before the class is: ``class Speaker(ModuleClsProxy, current=...)``.
    """

    _current: Current[Any]

    def __init_subclass__(cls, current: Optional[Current[Any]] = None, **kw: Any):
        super().__init_subclass__(**kw)
        if ModuleClsProxy in cls.__bases__:
            cls._current = Current(cls.__name__) if current is None else current

    def _install_proxy(self) -> None:
        """Make this the current object."""
        self._current.install(self)

    def _remove_proxy(self) -> None:
        """Take this object back."""
        self._current.remove(self)

    @classmethod
    def create_module_class_proxy(
        cls, globals_: MutableMapping[str, Any], locals_: MutableMapping[str, Any]
    ) -> None:
        """Fill a module with functions that call the current object.

        :param globals_: the module's ``globals()``, which receives ``__getattr__``:
            it answers for plain attributes and properties of the current object, and
            for ``_proxy``, the current object itself or None.
        :param locals_: the module's ``locals()``, which receives one function for
            each public method.

        A program may set ``_proxy`` in the module to an object of its own; the
        functions then use it while nothing is installed.
        """
        for name in dir(cls):
            if cls._is_public_method(name):
                locals_[name] = cls._forwarder(name, globals_)
        module_name = globals_["__name__"]

        def __getattr__(name: str) -> Any:
            current = cls._current.get()
            if name == "_proxy":
                return current
            # a method may have joined the class after the module was filled
            if cls._is_public_method(name):
                return globals_.setdefault(name, cls._forwarder(name, globals_))
            if current is not None and not name.startswith("__"):
                return getattr(current, name)
            raise AttributeError(f"module {module_name!r} has no attribute {name!r}")

        globals_["__getattr__"] = __getattr__

    @classmethod
    def _is_public_method(cls, name: str) -> bool:
        return not name.startswith("_") and callable(getattr(cls, name, None))

    @classmethod
    def _forwarder(
        cls, name: str, globals_: MutableMapping[str, Any]
    ) -> Callable[..., Any]:
        # with the signatures comes a compiler's worth of modules, which only those
        # pay who make forwarders
        import inspect

        descriptor = inspect.getattr_static(cls, name)
        needs_object = not isinstance(descriptor, (classmethod, staticmethod))
        method = getattr(cls, name)

        def forward(*arg: Any, **kw: Any) -> Any:
            current = cls._current.get()
            if current is None:
                current = globals_.get("_proxy")
            if current is None:
                if not needs_object:
                    return method(*arg, **kw)
                raise NameError(
                    f"Can't invoke function '{name}', as the proxy object has not "
                    f"yet been established for the Alembic '{cls.__name__}' class.  "
                    "Try placing this code inside a callable."
                )
            return getattr(current, name)(*arg, **kw)

        functools.update_wrapper(forward, method)
        forward.__module__ = globals_["__name__"]
        if needs_object:
            # an editor or a caller sees the parameters without `self`
            del forward.__wrapped__  # type: ignore[attr-defined]
            signature = inspect.signature(method)
            forward.__signature__ = signature.replace(  # type: ignore[attr-defined]
                parameters=list(signature.parameters.values())[1:]
            )
        return forward

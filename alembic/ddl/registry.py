"""Which class makes the changes on which kind of database."""

from __future__ import annotations

import importlib
import sys
from typing import Any
from typing import Dict
from typing import Tuple
from typing import Type

from ..util.exc import CommandError


class UnknownDialect(CommandError, KeyError):
    """No subclass of `DefaultImpl` serves a database dialect."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return (
            f"No migration support for the database dialect {self.name!r}; import the "
            f"package that brings it, or define a subclass of "
            f"alembic.ddl.impl.DefaultImpl with __dialect__ = {self.name!r}"
        )


class _Impls(Dict[str, Type[Any]]):
    """The known dialects by name; those that ship are imported when asked for."""

    _modules = {
        "mariadb": "mysql",
        "mssql": "mssql",
        "mysql": "mysql",
        "oracle": "oracle",
        "postgresql": "postgresql",
        "sqlite": "sqlite",
    }

    def __getitem__(self, name: str) -> Type[Any]:
        # A class is known before the rest of its module has run. Where that is so in
        # another thread, it is waited for; nothing is loaded that is not asked for.
        if name in self._modules and self._module(name) in sys.modules:
            importlib.import_module(self._module(name))
        return super().__getitem__(name)

    def __missing__(self, name: str) -> Type[Any]:
        if name in self._modules:
            importlib.import_module(self._module(name))
        found = self.get(name)
        if found is None:
            raise UnknownDialect(name)
        return found

    def _module(self, name: str) -> str:
        return f"{__package__}.{self._modules[name]}"


_impls: Dict[str, Type[Any]] = _Impls()


class ImplMeta(type):
    """Registers every subclass of `DefaultImpl` that names its ``__dialect__``."""

    def __init__(
        cls,
        classname: str,
        bases: Tuple[Type[Any], ...],
        dict_: Dict[str, Any],
    ) -> None:
        super().__init__(classname, bases, dict_)
        if "__dialect__" in dict_:
            _impls[dict_["__dialect__"]] = cls

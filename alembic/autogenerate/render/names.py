"""Prefixes, identifiers, and names that are final."""

from __future__ import annotations

import os
import sys
from typing import Any
from typing import List
from typing import Optional
from typing import Tuple
from typing import TYPE_CHECKING
from typing import Union

from alembic.sqla.names import constraint_name_string
from alembic.sqla.names import conv
from alembic.sqla.names import quoted_name
from alembic.sqla.names import quotes_matter

if TYPE_CHECKING:
    from alembic.autogenerate.autogen_context import AutogenContext


class Verbatim:
    """A piece of Python whose ``repr()`` is the piece itself.

    :param source: the Python.
    """

    def __init__(self, source: str) -> None:
        self.source = source

    def __repr__(self) -> str:
        return self.source


class FinalName:
    """A name that no naming convention may touch; its ``repr()`` is ``op.f('name')``.

    :param prefix: what stands before names of operations, such as ``"op."``.
    :param name: the name.
    """

    def __init__(self, prefix: str, name: str) -> None:
        self.prefix = prefix
        self.name = name

    def __repr__(self) -> str:
        return f"{self.prefix}f({_plain(self.name)!r})"


Identifier = Union[None, str, Verbatim, FinalName]
"""A name whose ``repr()`` is Python."""


def sqlalchemy_prefix(autogen_context: AutogenContext) -> str:
    """Return what stands before names of SQLAlchemy, such as ``"sa."``."""
    return autogen_context.opts["sqlalchemy_module_prefix"] or ""


def operation_prefix(autogen_context: AutogenContext) -> str:
    """Return what stands before names of operations: ``"op."``, or in a batch block
    ``"batch_op."``."""
    if autogen_context._has_batch:
        return "batch_op."
    return module_prefix(autogen_context)


def module_prefix(autogen_context: AutogenContext) -> str:
    """Return what stands before names of ``alembic.op``, even in a batch block."""
    return autogen_context.opts["alembic_module_prefix"] or ""


def user_prefix(autogen_context: AutogenContext, target: Any) -> str:
    """Return what stands before the class of an object that the program defines.

    :param autogen_context: the context to render in.
    :param target: the object.
    """
    prefix = autogen_context.opts["user_module_prefix"]
    if prefix is None:
        return f"{type(target).__module__}."
    return str(prefix)


def ident(name: Optional[str]) -> Optional[str]:
    """Return a name as a plain string, so that ``repr()`` shows nothing else."""
    return None if name is None else _plain(name)


def identifier(autogen_context: AutogenContext, name: Optional[str]) -> Identifier:
    """Return a name in such a form that its ``repr()`` means the same name.

    A plain string does, unless somebody decided about its quotes and the dialect
    would decide otherwise.

    :param autogen_context: the context to render in.
    :param name: the name of a table, column, schema or index.
    """
    if isinstance(name, quoted_name) and quotes_matter(name, autogen_context.dialect):
        prefix = sqlalchemy_prefix(autogen_context)
        return Verbatim(
            f"{prefix}sql.quoted_name({_plain(name)!r}, quote={name.quote!r})"
        )
    return ident(name)


def identifiers(autogen_context: AutogenContext, names: Any) -> List[Identifier]:
    """Return several names as :func:`.identifier` does."""
    return [identifier(autogen_context, name) for name in names]


def generated_name(autogen_context: AutogenContext, name: Any) -> Identifier:
    """Return the name of a constraint or index in a form to ``repr()``.

    :param autogen_context: the context to render in.
    :param name: the name; a name that a naming convention made, or that was read
        from a database, is final and comes out as ``op.f('name')``.
    """
    if isinstance(name, conv):
        return FinalName(operation_prefix(autogen_context), name)
    if not constraint_name_string(name):
        return None
    return identifier(autogen_context, name)


def _plain(name: str) -> str:
    # subclasses of str may bring a repr() of their own
    return "".join(name)


def verified_path(cls: type) -> Optional[Tuple[str, str]]:
    """Return the module of a class and its name there, if an import would find it.

    :param cls: the class.
    :return: module and dotted name within it, or ``None`` for a class defined in a
        function, in a script, or in a module that Python would not find by name.
    """
    module_name, qualified_name = cls.__module__, cls.__qualname__
    found: Any = sys.modules.get(module_name)
    if found is None or not _importable(module_name, found):
        return None
    for part in qualified_name.split("."):
        found = getattr(found, part, None)
    return (module_name, qualified_name) if found is cls else None


def _importable(module_name: str, module: Any) -> bool:
    if module_name == "__main__":
        return False
    parent_name = module_name.rpartition(".")[0]
    path: Any = None
    if parent_name:
        parent = sys.modules.get(parent_name)
        path = getattr(parent, "__path__", None)
        if path is None or not _importable(parent_name, parent):
            return False
    for finder in sys.meta_path:
        find_spec = getattr(finder, "find_spec", None)
        try:
            spec = find_spec(module_name, path) if find_spec else None
        except (ImportError, AttributeError, ValueError):
            spec = None
        if spec is not None:
            known, origin = getattr(module, "__file__", None), spec.origin
            # another file of the same name is another module
            return not (known and origin) or os.path.samefile(known, origin)
    return False

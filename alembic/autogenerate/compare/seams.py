"""Members of other rooms that are named as private, but known to many."""

from __future__ import annotations

from typing import Any
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic.autogenerate.autogen_context import AutogenContext
    from alembic.ddl.impl import DefaultImpl
    from alembic.ddl.signatures import ConstraintSignature


def signature_of_model(impl: DefaultImpl, item: Any) -> ConstraintSignature[Any]:
    """Return the comparable value of a constraint or index of the model."""
    return impl._create_metadata_constraint_sig(item)  # noqa: SLF001


def signature_of_database(impl: DefaultImpl, item: Any) -> ConstraintSignature[Any]:
    """Return the comparable value of a reflected constraint or index."""
    return impl._create_reflected_constraint_sig(item)  # noqa: SLF001


def normalized_computed(impl: DefaultImpl, sqltext: str) -> str:
    """Return a computed expression without what databases rewrite."""
    return impl._normalize_computed_default(sqltext)  # noqa: SLF001


def has_filters(autogen_context: AutogenContext) -> bool:
    """Tell whether a comparison has filters, of names or of objects."""
    return bool(
        autogen_context._name_filters  # noqa: SLF001
        or autogen_context._object_filters  # noqa: SLF001
    )


def comparators_are_our_own(autogen_context: AutogenContext) -> bool:
    """Tell whether only functions of this package compare tables and columns."""
    registry = autogen_context.comparators._registry  # noqa: SLF001
    return all(
        fn.__module__.startswith("alembic.")
        for (target, _, _), entries in registry.items()
        if target in ("table", "column")
        for fn, _ in entries
    )


def identity_difference(
    impl: DefaultImpl, wanted: Any, found: Any
) -> Tuple[Set[str], Set[str], bool]:
    """Return the options that differ, those ignored, and whether to alter.

    :param wanted: the identity of the model, or None.
    :param found: the identity of the database, or None.
    """
    return impl._compare_identity_default(wanted, found)  # noqa: SLF001

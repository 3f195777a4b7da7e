"""Methods of the dialects that are named as private, but overridden by many."""

from __future__ import annotations

from typing import Any
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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


def identity_difference(
    impl: DefaultImpl, wanted: Any, found: Any
) -> Tuple[Set[str], Set[str], bool]:
    """Return the options that differ, those ignored, and whether to alter.

    :param wanted: the identity of the model, or None.
    :param found: the identity of the database, or None.
    """
    return impl._compare_identity_default(wanted, found)  # noqa: SLF001

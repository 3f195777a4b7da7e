"""Computed and identity columns, autoincrement and nullability."""

from __future__ import annotations

from typing import Any
from typing import cast
from typing import Dict
from typing import List
from typing import Optional

from .version import sqla_1_4

Computed: Any = None
"""``sqlalchemy.Computed``, or None where SQLAlchemy does not have it (1.3.10)."""

Identity: Any = None
"""``sqlalchemy.Identity``, or None where SQLAlchemy does not have it (1.3)."""

if sqla_1_4:
    from sqlalchemy import Computed as _Computed
    from sqlalchemy import Identity as _Identity

    Computed = _Computed
    Identity = _Identity
else:
    import sqlalchemy.schema

    Computed = getattr(sqlalchemy.schema, "Computed", None)

AUTOINCREMENT_DEFAULT = "auto"
"""The value of ``Column.autoincrement`` when none was given."""

has_computed: bool = Computed is not None
"""Does this SQLAlchemy know computed columns?"""

has_identity: bool = Identity is not None
"""Does this SQLAlchemy know identity columns?"""

identity_has_dialect_kwargs: bool = has_identity and hasattr(Identity, "dialect_kwargs")
"""Does ``Identity`` take options such as ``oracle_on_null``?"""

_SEQUENCE_OPTIONS = (
    "start",
    "increment",
    "minvalue",
    "maxvalue",
    "nominvalue",
    "nomaxvalue",
    "cycle",
    "cache",
    "order",
)


def is_computed(*server_defaults: Any) -> bool:
    """Tell whether any of the server defaults is a ``Computed``."""
    return has_computed and any(
        isinstance(default, Computed) for default in server_defaults
    )


def is_identity(*server_defaults: Any) -> bool:
    """Tell whether any of the server defaults is an ``Identity``."""
    return has_identity and any(
        isinstance(default, Identity) for default in server_defaults
    )


def identity_options(identity: Any, dialect_kwargs: bool = False) -> Dict[str, Any]:
    """Return the options of an Identity or Sequence that were set.

    :param identity: an ``Identity``, a ``Sequence`` or None.
    :param dialect_kwargs: take those of single dialects too.
    :return: the options that are not None, and ``always`` for an ``Identity``.
    """
    if identity is None:
        return {}
    found: Dict[str, Any] = {}
    if has_identity and isinstance(identity, Identity):
        found["always"] = identity.always
        if not identity_has_dialect_kwargs and identity.on_null is not None:
            # on_null became an option of the Oracle dialect later
            found["on_null"] = identity.on_null
    for name in _SEQUENCE_OPTIONS:
        if name == "order" and identity_has_dialect_kwargs:
            continue
        value = getattr(identity, name, None)
        if value is not None:
            found[name] = value
    if dialect_kwargs:
        found.update(getattr(identity, "dialect_kwargs", {}))
    return found


def nullability_is_unset(column: Any) -> bool:
    """Tell whether a column says nothing of NULL and its database decides.

    That is so for identity columns, which are NOT NULL by nature.
    """
    if not sqla_1_4:
        return False
    from sqlalchemy.sql import schema

    unset = getattr(schema, "NULL_UNSPECIFIED", None)
    if unset is None:
        return False
    return cast(Any, column)._user_defined_nullable is unset


def server_default_text(default: Any) -> Optional[str]:
    """Return the text of a default given as a string, else None."""
    return default if isinstance(default, str) else None


def counts_by_itself(column: Any) -> bool:
    """Tell whether a column is its table's autoincrementing one.

    :param column: a column that belongs to a table.
    """
    table: Any = column.table
    return table is not None and table._autoincrement_column is column


def is_made_identity(column: Any) -> bool:
    """Tell whether SQL Server makes a column of a table an identity."""
    is_counted = counts_by_itself(column) or column.autoincrement is True
    return getattr(column, "identity", None) is not None or is_counted


def is_given(default: Any) -> bool:
    """Tell whether a server default is one, rather than None for none or False.

    Asked by identity: an SQL expression does not know whether it equals anything.
    """
    return default is not None and default is not False


def sequences_of(metadata: Any) -> List[Any]:
    """Return the sequences of a MetaData, or of several, by name.

    :param metadata: a ``MetaData`` or a sequence of them.
    """
    collections = [metadata] if hasattr(metadata, "tables") else list(metadata or ())
    return [
        sequence
        for collection in collections
        for _, sequence in sorted(
            collection._sequences.items(), key=lambda i: str(i[0])
        )
    ]

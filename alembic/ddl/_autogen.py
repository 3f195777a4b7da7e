"""Door: the signatures of constraints, under their old names."""

from __future__ import annotations

from .signatures import CheckSignature as _ck_constraint_sig
from .signatures import CompareConstraintType
from .signatures import ComparisonResult
from .signatures import ConstraintSignature as _constraint_sig
from .signatures import ForeignKeySignature as _fk_constraint_sig
from .signatures import IndexSignature as _ix_constraint_sig
from .signatures import is_ck_sig
from .signatures import is_fk_sig
from .signatures import is_index_sig
from .signatures import is_uq_sig
from .signatures import UniqueSignature as _uq_constraint_sig

_clsreg = {
    "unique_constraint": _uq_constraint_sig,
    "index": _ix_constraint_sig,
    "foreign_key_constraint": _fk_constraint_sig,
    "column_check_constraint": _ck_constraint_sig,
    "table_or_column_check_constraint": _ck_constraint_sig,
    "check_constraint": _ck_constraint_sig,
}

__all__ = [
    "CompareConstraintType",
    "ComparisonResult",
    "_ck_constraint_sig",
    "_clsreg",
    "_constraint_sig",
    "_fk_constraint_sig",
    "_ix_constraint_sig",
    "_uq_constraint_sig",
    "is_ck_sig",
    "is_fk_sig",
    "is_index_sig",
    "is_uq_sig",
]

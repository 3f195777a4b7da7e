"""Constraints and indexes as values that can be compared and looked up."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from typing import ClassVar
from typing import Generic
from typing import List
from typing import NamedTuple
from typing import Optional
from typing import Sequence
from typing import Tuple
from typing import Type
from typing import TYPE_CHECKING
from typing import TypeVar
from typing import Union

from sqlalchemy.schema import CheckConstraint
from sqlalchemy.schema import Constraint
from sqlalchemy.schema import ForeignKeyConstraint
from sqlalchemy.schema import Index
from sqlalchemy.schema import UniqueConstraint
from typing_extensions import Literal
from typing_extensions import TypeGuard

from ..sqla import expressions
from ..sqla import foreign_keys
from ..sqla import names

if TYPE_CHECKING:
    from .contracts import Compares
    from .contracts import NamesConstraints

CompareConstraintType = Union[Constraint, Index]

_C = TypeVar("_C", bound=CompareConstraintType)


class ComparisonResult(NamedTuple):
    """What a comparison of two constraints found."""

    status: Literal["equal", "different", "skip"]
    message: str
    """What differs, or why it cannot be told; for the log."""

    @property
    def is_equal(self) -> bool:
        """Are they alike?"""
        return self.status == "equal"

    @property
    def is_different(self) -> bool:
        """Do they differ?"""
        return self.status == "different"

    @property
    def is_skip(self) -> bool:
        """Can it not be told?"""
        return self.status == "skip"

    @classmethod
    def Equal(cls) -> ComparisonResult:
        """Return the result for two constraints that are alike."""
        return _EQUAL

    @classmethod
    def Different(cls, reason: Union[str, Sequence[str]]) -> ComparisonResult:
        """Return the result for two constraints that differ.

        :param reason: what differs, in one or several pieces.
        """
        return cls("different", _joined(reason))

    @classmethod
    def Skip(cls, reason: Union[str, Sequence[str]]) -> ComparisonResult:
        """Return the result for two constraints that cannot be compared.

        :param reason: why not, in one or several pieces.
        """
        return cls("skip", _joined(reason))


def _joined(reason: Union[str, Sequence[str]]) -> str:
    return reason if isinstance(reason, str) else ", ".join(reason)


_EQUAL = ComparisonResult("equal", "The two constraints are equal")


class ConstraintSignature(Generic[_C]):
    """A constraint as a value: equal to another one of the same name and shape.

    :param is_metadata: True for a constraint of the model, False for one that was
        reflected.
    :param impl: the dialect that compares.
    :param const: the constraint or index.
    """

    const: _C

    _sig: Tuple[Any, ...]

    _is_index: ClassVar[bool] = False
    _is_fk: ClassVar[bool] = False
    _is_uq: ClassVar[bool] = False
    _is_ck: ClassVar[bool] = False

    def __init__(self, is_metadata: bool, impl: Compares, const: _C) -> None:
        self.impl = impl
        self.const = const
        self._is_metadata = is_metadata
        self.name = names.constraint_name_or_none(const.name)

    def compare_to_reflected(self, other: ConstraintSignature[Any]) -> ComparisonResult:
        """Compare this constraint of the model with one that was reflected.

        :param other: a signature of the same kind, of the same dialect.
        """
        assert self.impl is other.impl
        assert self._is_metadata
        assert not other._is_metadata
        return self._compare_to_reflected(other)

    def _compare_to_reflected(self, other: ConstraintSignature[_C]) -> ComparisonResult:
        raise TypeError(f"{type(self).__name__} has no comparison of its own")

    @staticmethod
    def from_constraint(
        is_metadata: bool, impl: Compares, constraint: Any
    ) -> ConstraintSignature[Any]:
        """Return the signature of a constraint or index of any kind.

        :param is_metadata: True for one of the model, False for a reflected one.
        :param impl: the dialect that compares.
        :param constraint: the constraint or index.
        """
        for kind, signature in _KINDS:
            if isinstance(constraint, kind):
                return signature(is_metadata, impl, constraint)
        raise TypeError(f"no comparison for a {type(constraint).__name__}")

    def md_name_to_sql_name(self, context: NamesConstraints) -> Optional[str]:
        """Return the name the constraint has in the database.

        :param context: knows the dialect.
        """
        return names.final_constraint_name(self.const, context.dialect)

    @cached_property
    def is_named(self) -> bool:
        """Does it have a name, given or made by a convention?"""
        return names.constraint_is_named(self.const, self.impl.dialect)

    @cached_property
    def unnamed(self) -> Tuple[Any, ...]:
        """Its shape, without its name."""
        return self._sig

    @cached_property
    def unnamed_no_options(self) -> Tuple[Any, ...]:
        """Its shape, without its name and options, where it has options."""
        return self._sig

    @cached_property
    def _full_sig(self) -> Tuple[Any, ...]:
        return (self.name, *self.unnamed)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, ConstraintSignature) and self._full_sig == other._full_sig
        )

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self._full_sig)


class UniqueSignature(ConstraintSignature[UniqueConstraint]):
    """A unique constraint: its columns, in any order."""

    _is_uq = True
    is_unique = True

    def __init__(
        self, is_metadata: bool, impl: Compares, const: UniqueConstraint
    ) -> None:
        super().__init__(is_metadata, impl, const)
        self._sig = tuple(sorted(column.name for column in const.columns))

    @property
    def column_names(self) -> Tuple[str, ...]:
        """The names of its columns, as they were written."""
        return tuple(column.name for column in self.const.columns)

    def _compare_to_reflected(
        self, other: ConstraintSignature[UniqueConstraint]
    ) -> ComparisonResult:
        assert is_uq_sig(other)
        result: ComparisonResult = self.impl.compare_unique_constraint(
            self.const, other.const
        )
        return result


class IndexSignature(ConstraintSignature[Index]):
    """An index: unique or not, and its elements in their order."""

    _is_index = True

    def __init__(self, is_metadata: bool, impl: Compares, const: Index) -> None:
        super().__init__(is_metadata, impl, const)
        self.is_unique = bool(const.unique)

    def _compare_to_reflected(
        self, other: ConstraintSignature[Index]
    ) -> ComparisonResult:
        assert is_index_sig(other)
        result: ComparisonResult = self.impl.compare_indexes(self.const, other.const)
        return result

    @cached_property
    def has_expressions(self) -> bool:
        """Is any element more than the name of a column?"""
        return expressions.is_expression_index(self.const)

    @cached_property
    def column_names(self) -> Tuple[str, ...]:
        """The names of the columns that its elements use."""
        return tuple(column.name for column in self.const.columns)

    @cached_property
    def column_names_optional(self) -> Tuple[Optional[str], ...]:
        """For each element the name it can be known by, if there is one."""
        return tuple(
            getattr(expression, "name", None) for expression in self.const.expressions
        )

    @cached_property
    def is_named(self) -> bool:
        """Does it have a name? Indexes always do."""
        return True

    @cached_property
    def unnamed(self) -> Tuple[Any, ...]:
        """Its shape, without its name."""
        return (self.is_unique, *self.column_names_optional)


class ForeignKeySignature(ConstraintSignature[ForeignKeyConstraint]):
    """A foreign key: where it comes from, where it points to, and its options."""

    _is_fk = True

    def __init__(
        self, is_metadata: bool, impl: Compares, const: ForeignKeyConstraint
    ) -> None:
        super().__init__(is_metadata, impl, const)
        spec = foreign_keys.foreign_key_spec(const)
        self.source_schema = spec[0]
        self.source_table = spec[1]
        self.source_columns: List[str] = spec[2]
        self.target_schema = spec[3]
        self.target_table = spec[4]
        self.target_columns: List[str] = spec[5]
        # the default schema is the same whether it is named or not
        self._shape = (
            self._schema(self.source_schema),
            self.source_table,
            tuple(self.source_columns),
            self._schema(self.target_schema),
            self.target_table,
            tuple(self.target_columns),
        )
        self._sig = (
            *self._shape,
            _action(spec[6]),
            _action(spec[7]),
            _deferral(spec[8], spec[9]),
        )
        match = (const.match or "simple").lower()
        if match != "simple" and impl.reflects_fk_match:
            self._sig += (f"match {match}",)

    def _schema(self, schema: Optional[str]) -> Optional[str]:
        dialect = self.impl.dialect
        return None if names.schema_is_default(schema, dialect) else schema

    @cached_property
    def unnamed_no_options(self) -> Tuple[Any, ...]:
        """Its shape, without its name and ON DELETE and the like."""
        return self._shape


def _action(action: Optional[str]) -> Optional[str]:
    """Return ON UPDATE or ON DELETE in one spelling; "no action" is the default."""
    if action is None or action.lower() == "no action":
        return None
    return action.lower()


def _deferral(deferrable: Optional[bool], initially: Optional[str]) -> Optional[str]:
    """Return DEFERRABLE and INITIALLY as one value; both absent is the default."""
    if initially and initially.lower() == "deferred":
        return "initially_deferrable"
    if deferrable:
        return "deferrable"
    return "not deferrable"


class CheckSignature(ConstraintSignature[CheckConstraint]):
    """A CHECK constraint, known by its name."""

    _is_ck = True

    def __init__(
        self, is_metadata: bool, impl: Compares, const: CheckConstraint
    ) -> None:
        super().__init__(is_metadata, impl, const)
        self._sig = (self.name,)

    def _compare_to_reflected(
        self, other: ConstraintSignature[CheckConstraint]
    ) -> ComparisonResult:
        assert is_ck_sig(other)
        result: ComparisonResult = self.impl.compare_check_constraint(
            self.const, other.const
        )
        return result


_KINDS: Tuple[Tuple[type, Type[ConstraintSignature[Any]]], ...] = (
    (UniqueConstraint, UniqueSignature),
    (Index, IndexSignature),
    (ForeignKeyConstraint, ForeignKeySignature),
    (CheckConstraint, CheckSignature),
)


def is_index_sig(sig: ConstraintSignature[Any]) -> TypeGuard[IndexSignature]:
    """Tell whether a signature is an index's."""
    return isinstance(sig, IndexSignature)


def is_uq_sig(sig: ConstraintSignature[Any]) -> TypeGuard[UniqueSignature]:
    """Tell whether a signature is a unique constraint's."""
    return isinstance(sig, UniqueSignature)


def is_fk_sig(sig: ConstraintSignature[Any]) -> TypeGuard[ForeignKeySignature]:
    """Tell whether a signature is a foreign key's."""
    return isinstance(sig, ForeignKeySignature)


def is_ck_sig(sig: ConstraintSignature[Any]) -> TypeGuard[CheckSignature]:
    """Tell whether a signature is a CHECK constraint's."""
    return isinstance(sig, CheckSignature)

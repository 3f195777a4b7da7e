"""Schema objects in wrappers that are equal when the objects are alike.

A test that has made a table by operations compares it with the one it had in mind::

    eq_(CompareTable(made), expected)
    mock.assert_called_with(CompareColumn(expected_column))
"""

from __future__ import annotations

from itertools import zip_longest
from typing import Any
from typing import List

from sqlalchemy import CheckConstraint
from sqlalchemy import ForeignKeyConstraint
from sqlalchemy import UniqueConstraint


class _Alike:
    """A wrapper that is equal to an object, or a wrapper of one, that is alike."""

    def __init__(self, wrapped: Any) -> None:
        self._wrapped = wrapped

    def __eq__(self, other: object) -> bool:
        return self._alike(other._wrapped if isinstance(other, _Alike) else other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._wrapped!r})"

    def _alike(self, other: Any) -> bool:
        return bool(self._wrapped == other)


class CompareColumn(_Alike):
    """Alike are columns of one name, nullability and kind of type.

    :param column: the column.
    """

    def __init__(self, column: Any) -> None:
        super().__init__(column)
        self.column = column

    def _alike(self, other: Any) -> bool:
        return bool(
            self.column.name == other.name
            and self.column.nullable == other.nullable
            and _types_alike(self.column.type, other.type)
        )


def _types_alike(ours: Any, theirs: Any) -> bool:
    if type(ours) is not type(theirs):
        return False
    return repr(ours) == repr(theirs)


class CompareIndex(_Alike):
    """Alike are indexes of one name, uniqueness and list of expressions.

    :param index: the index.
    :param name_only: the name alone counts.
    """

    def __init__(self, index: Any, name_only: bool = False) -> None:
        super().__init__(index)
        self.index = index
        self.name_only = name_only

    def _alike(self, other: Any) -> bool:
        if self.name_only:
            return bool(self.index.name == other.name)
        return bool(
            str(self.index.name) == str(other.name)
            and bool(self.index.unique) == bool(other.unique)
            and _texts(self.index.expressions) == _texts(other.expressions)
            and self.index.dialect_kwargs == other.dialect_kwargs
        )


class _AlikeConstraint(_Alike):
    """A wrapper of a constraint."""

    def __init__(self, constraint: Any) -> None:
        super().__init__(constraint)
        self.constraint = constraint


class CompareCheckConstraint(_AlikeConstraint):
    """Alike are CHECK constraints of one name and condition, on tables of one name.

    :param constraint: the constraint.
    """

    def _alike(self, other: Any) -> bool:
        return (
            isinstance(other, CheckConstraint)
            and self.constraint.name == other.name
            and str(self.constraint.sqltext) == str(other.sqltext)
            and _tables_alike(self.constraint, other)
            and self.constraint.dialect_kwargs == other.dialect_kwargs
        )


class CompareForeignKey(_AlikeConstraint):
    """Alike are foreign keys of one name, from and to columns of one name.

    :param constraint: the constraint.
    """

    def _alike(self, other: Any) -> bool:
        return (
            isinstance(other, ForeignKeyConstraint)
            and self.constraint.name == other.name
            and _names(self.constraint.columns) == _names(other.columns)
            and _targets(self.constraint) == _targets(other)
            and self.constraint.ondelete == other.ondelete
            and self.constraint.onupdate == other.onupdate
            and bool(self.constraint.deferrable) == bool(other.deferrable)
            and self.constraint.initially == other.initially
            and _tables_alike(self.constraint, other)
        )


class ComparePrimaryKey(_AlikeConstraint):
    """Alike are primary keys of one name, on columns of one name.

    :param constraint: the constraint.
    """

    def _alike(self, other: Any) -> bool:
        return (
            self.constraint.name == other.name
            and _names(self.constraint.columns) == _names(other.columns)
            and self.constraint.dialect_kwargs == other.dialect_kwargs
        )


class CompareUniqueConstraint(_AlikeConstraint):
    """Alike are unique constraints of one name, on columns of one name.

    :param constraint: the constraint.
    """

    def _alike(self, other: Any) -> bool:
        return (
            isinstance(other, UniqueConstraint)
            and self.constraint.name == other.name
            and _names(self.constraint.columns) == _names(other.columns)
            and _tables_alike(self.constraint, other)
            and self.constraint.dialect_kwargs == other.dialect_kwargs
        )


class CompareTable(_Alike):
    """Alike are tables of one name and schema, whose parts are alike one by one.

    :param table: the table.
    """

    def __init__(self, table: Any) -> None:
        super().__init__(table)
        self.table = table

    def _alike(self, other: Any) -> bool:
        ours = self.table
        if (ours.name, ours.schema) != (other.name, other.schema):
            return False
        return (
            _all_alike(CompareColumn, list(ours.columns), list(other.columns))
            and _all_alike(ComparePrimaryKey, [ours.primary_key], [other.primary_key])
            and _all_alike(CompareIndex, _sorted(ours.indexes), _sorted(other.indexes))
            and all(
                _all_alike(wrapper, _of(ours, kind), _of(other, kind))
                for wrapper, kind in (
                    (CompareForeignKey, ForeignKeyConstraint),
                    (CompareUniqueConstraint, UniqueConstraint),
                    (CompareCheckConstraint, CheckConstraint),
                )
            )
        )


def _all_alike(wrapper: Any, ours: List[Any], theirs: List[Any]) -> bool:
    return all(
        one is not None and other is not None and wrapper(one) == other
        for one, other in zip_longest(ours, theirs)
    )


def _of(table: Any, kind: Any) -> List[Any]:
    return _sorted(each for each in table.constraints if type(each) is kind)


def _sorted(items: Any) -> List[Any]:
    return sorted(items, key=lambda each: (str(each.name), _names(each.columns)))


def _names(columns: Any) -> List[str]:
    return [str(column.name) for column in columns]


def _texts(expressions: Any) -> List[str]:
    return [str(getattr(each, "name", each)) for each in expressions]


def _targets(constraint: Any) -> List[str]:
    return [key.target_fullname for key in constraint.elements]


def _tables_alike(ours: Any, theirs: Any) -> bool:
    return bool(
        (ours.table.name, ours.table.schema) == (theirs.table.name, theirs.table.schema)
    )

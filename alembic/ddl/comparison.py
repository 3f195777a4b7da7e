"""Is this type, default, index, constraint the same on both sides?"""

from __future__ import annotations

import logging
import re
from typing import AbstractSet
from typing import Any
from typing import Callable
from typing import ClassVar
from typing import Collection
from typing import Dict
from typing import List
from typing import Mapping
from typing import Optional
from typing import Sequence
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING
from typing import TypeVar

from sqlalchemy import exc

from ..sqla import defaults
from ..sqla import expressions
from ..sqla import types as sqla_types
from . import default_text
from . import type_text
from .signatures import ComparisonResult
from .signatures import ConstraintSignature
from .signatures import IndexSignature
from .type_text import Params as Params

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.engine.reflection import Inspector
    from sqlalchemy.schema import CheckConstraint
    from sqlalchemy.schema import Column
    from sqlalchemy.schema import ForeignKeyConstraint
    from sqlalchemy.schema import Index
    from sqlalchemy.schema import Table
    from sqlalchemy.schema import UniqueConstraint

_C = TypeVar("_C")

log = logging.getLogger("alembic.ddl.impl")

_COMPUTED_NOISE = re.compile(r"[\s()'\"`\[\]]")


class Comparison:
    """The half of `DefaultImpl` that tells whether two things are the same.

    One side is the model, called *metadata*; the other is what was found in the
    database, called *inspector* or *reflected*. No method here changes the database,
    and none runs SQL made of the user's text.
    """

    dialect: Dialect

    type_synonyms: ClassVar[Tuple[AbstractSet[str], ...]] = ({"NUMERIC", "DECIMAL"},)
    """Sets of type names, in upper case, that mean the same."""

    type_arg_extract: ClassVar[Sequence[str]] = ()
    """Patterns for parts of a type with a value, such as ``collate ([\\w]+)``; they
    are compared where both sides have them."""

    type_args_complete: ClassVar[bool] = False
    """Does reflection report the arguments of types in full? If so, one that stands
    on one side only is a difference."""

    implied_type_args: ClassVar[Mapping[str, Sequence[str]]] = {}
    """The arguments that count when a type, in lower case, is written without."""

    default_rules: ClassVar[default_text.DefaultRules] = default_text.DefaultRules()
    """How the database writes server defaults down."""

    reflects_fk_match: ClassVar[bool] = False
    """Does reflection report the MATCH of foreign keys?"""

    identity_attrs_ignore: ClassVar[Tuple[str, ...]] = ("order", "on_null")
    """Options of identity columns that the database does not report."""

    # -- types ----------------------------------------------------------------

    def compare_type(
        self, inspector_column: Column[Any], metadata_column: Column[Any]
    ) -> bool:
        """Tell whether two columns differ in their type.

        Both types are written as SQL and compared by their words and arguments.

        :param inspector_column: the column that was found.
        :param metadata_column: the column of the model.
        :return: True when they differ.
        """
        try:
            if self._type_text(inspector_column) == self._type_text(metadata_column):
                return False
            inspector_params = self._tokenize_column_type(inspector_column)
            metadata_params = self._tokenize_column_type(metadata_column)
        except exc.CompileError:
            # a type that the database or the model does not tell
            return False
        if not self._column_types_match(inspector_params, metadata_params):
            return True
        return not self._column_args_match(inspector_params, metadata_params)

    def _type_text(self, column: Column[Any]) -> str:
        """Return a column's type as SQL text."""
        return sqla_types.compiled_type(column.type, self.dialect)

    def _tokenize_column_type(self, column: Column[Any]) -> Params:
        """Return a column's type as tokens of its SQL text."""
        text = self._type_text(column)
        kwargs: Dict[str, str] = {}
        for pattern in self.type_arg_extract:
            match = re.search(rf"\s{pattern}", text, re.IGNORECASE)
            if match:
                kwargs[pattern] = match.group(1).lower()
                text = text[: match.start()] + text[match.end() :]
        params = type_text.tokenize(text)
        params.kwargs.update(kwargs)
        return self._canonical_type(params)

    def _canonical_type(self, params: Params) -> Params:
        """Return a type in the one spelling that the dialect compares.

        Words that are the default are taken out.

        :param params: the type as it was written.
        """
        words = [params.token0, *params.tokens]
        if words[:2] == ["character", "varying"]:
            words[:2] = ["varchar"]
        if words[-3:] == ["without", "time", "zone"]:
            words = words[:-3]
        return Params(words[0], words[1:], params.args, params.kwargs)

    def _column_types_match(
        self, inspector_params: Params, metadata_params: Params
    ) -> bool:
        """Tell whether two types have the same name, or synonymous ones."""
        inspected = type_text.name_of(inspector_params)
        meta = type_text.name_of(metadata_params)
        if type_text.are_synonyms(inspected, meta, self.type_synonyms):
            return True
        return (
            inspector_params.tokens == metadata_params.tokens
            and type_text.are_synonyms(
                inspector_params.token0, metadata_params.token0, self.type_synonyms
            )
        )

    def _column_args_match(self, inspected_params: Params, meta_params: Params) -> bool:
        """Tell whether two types that match by name match by arguments too."""
        implied = self.implied_type_args.get(inspected_params.token0)
        if implied is None:
            implied = self.implied_type_args.get(meta_params.token0)
        return type_text.same_arguments(
            inspected_params.args,
            meta_params.args,
            self.type_args_complete,
            implied,
        ) and type_text.same_values(inspected_params.kwargs, meta_params.kwargs)

    # -- server defaults, computed and identity columns -----------------------

    def compare_server_default(
        self,
        inspector_column: Column[Any],
        metadata_column: Column[Any],
        rendered_metadata_default: Optional[str],
        rendered_inspector_default: Optional[str],
    ) -> bool:
        """Tell whether two columns differ in their server default.

        :param inspector_column: the column that was found.
        :param metadata_column: the column of the model.
        :param rendered_metadata_default: the model's default as SQL text, or None.
        :param rendered_inspector_default: the default that was found, or None.
        :return: True when they differ.
        """
        return rendered_inspector_default != rendered_metadata_default

    def _normalize_computed_default(self, sqltext: str) -> str:
        """Return a computed expression with nothing in it that databases rewrite."""
        return _COMPUTED_NOISE.sub("", sqltext).lower()

    def _compare_identity_default(
        self, metadata_identity: Any, inspector_identity: Any
    ) -> Tuple[Set[str], Set[str], bool]:
        """Compare two identities.

        :return: the options that differ, those that only the database has an opinion
            of, and whether the column has to be altered.
        """
        if metadata_identity is None or inspector_identity is None:
            return set(), set(), metadata_identity is not inspector_identity
        meta = defaults.identity_options(metadata_identity)
        found = defaults.identity_options(inspector_identity)
        different: Set[str] = set()
        ignored: Set[str] = set()
        for option in (meta.keys() | found.keys()) - set(self.identity_attrs_ignore):
            if option == "always":
                if bool(meta.get(option)) != bool(found.get(option)):
                    different.add(option)
            elif option not in meta:
                ignored.add(option)
            elif not _same_option(option, meta[option], found):
                different.add(option)
        return different, ignored, bool(different)

    # -- indexes and constraints ----------------------------------------------

    def _compare_index_unique(
        self, metadata_index: Index, reflected_index: Index
    ) -> Optional[str]:
        """Return what to say when one index is unique and the other is not."""
        meta, found = bool(metadata_index.unique), bool(reflected_index.unique)
        return None if meta == found else f"unique={found} to unique={meta}"

    def _create_metadata_constraint_sig(
        self, constraint: Any, **opts: Any
    ) -> ConstraintSignature[Any]:
        """Return the signature of a constraint or index of the model."""
        return ConstraintSignature.from_constraint(True, self, constraint)

    def _create_reflected_constraint_sig(
        self, constraint: Any, **opts: Any
    ) -> ConstraintSignature[Any]:
        """Return the signature of a constraint or index that was reflected."""
        return ConstraintSignature.from_constraint(False, self, constraint)

    def compare_indexes(
        self, metadata_index: Index, reflected_index: Index
    ) -> ComparisonResult:
        """Compare two indexes of one name.

        Elements that are expressions match anything here; dialects that reflect
        expressions do better.

        :param metadata_index: the index of the model.
        :param reflected_index: the index that was found.
        """
        messages: List[str] = []
        unique = self._compare_index_unique(metadata_index, reflected_index)
        if unique:
            messages.append(unique)
        meta = _element_columns(metadata_index)
        found = _element_columns(reflected_index)
        if len(meta) != len(found) or any(
            one is not None and other is not None and one != other
            for one, other in zip(meta, found)
        ):
            messages.append(
                f"expression {self._columns_for_message(reflected_index)} to "
                f"{self._columns_for_message(metadata_index)}"
            )
        if messages:
            return ComparisonResult.Different(messages)
        return ComparisonResult.Equal()

    def _columns_for_message(self, index: Index) -> Tuple[str, ...]:
        return IndexSignature(True, self, index).column_names

    def compare_unique_constraint(
        self,
        metadata_constraint: UniqueConstraint,
        reflected_constraint: UniqueConstraint,
    ) -> ComparisonResult:
        """Compare two unique constraints of one name.

        :param metadata_constraint: the constraint of the model.
        :param reflected_constraint: the constraint that was found.
        """
        meta = self._create_metadata_constraint_sig(metadata_constraint)
        found = self._create_reflected_constraint_sig(reflected_constraint)
        if meta.unnamed != found.unnamed:
            return ComparisonResult.Different(
                f"expression {found.unnamed} to {meta.unnamed}"
            )
        return ComparisonResult.Equal()

    def compare_check_constraint(
        self,
        metadata_constraint: CheckConstraint,
        reflected_constraint: CheckConstraint,
    ) -> ComparisonResult:
        """Compare two CHECK constraints of one name.

        Databases write expressions in a way of their own, so the text tells nothing;
        two of one name are taken for the same.

        :param metadata_constraint: the constraint of the model.
        :param reflected_constraint: the constraint that was found.
        """
        return ComparisonResult.Equal()

    def correct_for_autogen_constraints(
        self,
        conn_uniques: Set[UniqueConstraint],
        conn_indexes: Set[Index],
        metadata_unique_constraints: Set[UniqueConstraint],
        metadata_indexes: Set[Index],
    ) -> None:
        """Take out of the four sets what is no difference; for dialects to override.

        :param conn_uniques: the unique constraints that were found in a table.
        :param conn_indexes: the indexes that were found.
        :param metadata_unique_constraints: the unique constraints of the model.
        :param metadata_indexes: the indexes of the model.
        """

    def correct_for_autogen_foreignkeys(
        self,
        conn_fks: Set[ForeignKeyConstraint],
        metadata_fks: Set[ForeignKeyConstraint],
    ) -> None:
        """Adjust the foreign keys of a table; for dialects to override.

        :param conn_fks: the foreign keys that were found.
        :param metadata_fks: the foreign keys of the model.
        """

    def _skip_functional_indexes(
        self, metadata_indexes: Set[Index], conn_indexes: Collection[Index]
    ) -> None:
        """Leave indexes over expressions out, where they are not reflected."""
        from ..util.messaging import warn

        found = {index.name for index in conn_indexes}
        for index in list(metadata_indexes):
            if expressions.is_expression_index(index) and index.name not in found:
                warn(
                    "autogenerate skipping metadata-specified expression-based index "
                    f"{index.name!r}; dialect {self.dialect.name!r} under SQLAlchemy "
                    f"{_sqlalchemy_version()} can't reflect these indexes so they "
                    "can't be compared"
                )
                metadata_indexes.discard(index)

    # -- reflected records ----------------------------------------------------

    def _compat_autogen_column_reflect(
        self, inspector: Inspector
    ) -> Callable[[Table, Dict[str, Any]], None]:
        """Return `autogen_column_reflect` as SQLAlchemy's event calls it."""

        def adapt(table: Table, column_info: Dict[str, Any]) -> None:
            self.autogen_column_reflect(inspector, table, column_info)

        return adapt

    def autogen_column_reflect(
        self, inspector: Inspector, table: Table, column_info: Dict[str, Any]
    ) -> None:
        """Adjust what was reflected of a column; for dialects to override.

        :param inspector: the inspector that found it.
        :param table: the table.
        :param column_info: the column, as ``Inspector.get_columns()`` gives it.
        """

    def adjust_reflected_dialect_options(
        self, reflected_object: Mapping[str, Any], kind: str
    ) -> Dict[str, Any]:
        """Return the dialect options of a reflected index or constraint that count.

        :param reflected_object: the record of the inspector.
        :param kind: ``"index"``, ``"unique_constraint"``,
            ``"foreign_key_constraint"``, ...
        :return: its dialect options without those that are the default.
        """
        options: Dict[str, Any] = dict(reflected_object.get("dialect_options", {}))
        return options


_IDENTITY_DEFAULTS: Mapping[str, Any] = {"start": 1, "increment": 1, "cycle": False}
"""What counts for options of an identity that the database does not report."""

_NO_LIMITS: Mapping[str, Tuple[str, AbstractSet[int]]] = {
    "nominvalue": ("minvalue", {1, -(2**15), -(2**31), -(2**63)}),
    "nomaxvalue": ("maxvalue", {-1, 2**15 - 1, 2**31 - 1, 2**63 - 1}),
}
"""The limits that databases report when there is none."""


def _same_option(option: str, wanted: Any, found: Mapping[str, Any]) -> bool:
    """Tell whether an identity that was found has an option as it is wanted."""
    if option in _NO_LIMITS and option not in found:
        limit, natural = _NO_LIMITS[option]
        has_none = limit not in found or found[limit] in natural
        return bool(wanted) == has_none
    return bool(wanted == found.get(option, _IDENTITY_DEFAULTS.get(option)))


def _element_columns(index: Index) -> List[Optional[str]]:
    """Return for each element of an index its column, or None for an expression."""
    found: List[Optional[str]] = []
    for element in expressions.table_bound_expressions(index):
        if expressions.is_expression(element):
            found.append(None)
        else:
            found.append(expressions.without_modifiers(element).name)
    return found


def _sqlalchemy_version() -> str:
    from ..sqla.version import sqlalchemy_version

    return sqlalchemy_version


class ComparesDefaultsByText(Comparison):
    """Compares server defaults by what their text means, with `default_rules`."""

    def compare_server_default(
        self,
        inspector_column: Column[Any],
        metadata_column: Column[Any],
        rendered_metadata_default: Optional[str],
        rendered_inspector_default: Optional[str],
    ) -> bool:
        """Tell whether two columns differ in their server default.

        :return: True when they differ.
        """
        both = (rendered_metadata_default, rendered_inspector_default)
        if default_text.are_alike(*both, None, self.default_rules):
            return False
        if None in both or self.compare_type(inspector_column, metadata_column):
            # with another type a constant means something else
            return True
        type_ = sqla_types.dialect_type(metadata_column.type, self.dialect)
        return not default_text.are_alike(*both, type_, self.default_rules)

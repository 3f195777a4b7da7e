"""How PostgreSQL's types, defaults, indexes and constraints compare with a model's."""

from __future__ import annotations

import logging
import re
from typing import Any
from typing import cast
from typing import Dict
from typing import Mapping
from typing import Optional
from typing import Set
from typing import TYPE_CHECKING

from sqlalchemy import types as sqltypes
from sqlalchemy.schema import Column
from sqlalchemy.schema import Table

from ...sqla import constraints as sqla_constraints
from ...sqla import defaults
from ...sqla.reflection import reports_collation
from ...sqla.reflection import reports_index_options
from ..comparison import ComparesDefaultsByText
from ..default_text import canonical
from ..signatures import ComparisonResult
from ..type_text import Params
from . import indexes
from . import serial
from .expression_text import RULES

if TYPE_CHECKING:
    from sqlalchemy.engine.reflection import Inspector
    from sqlalchemy.schema import Index
    from sqlalchemy.schema import UniqueConstraint

    from ..contracts import ComparesExpressions


log = logging.getLogger("alembic.ddl.postgresql")

_MOMENTS = ("'now'", "'today'", "'tomorrow'", "'yesterday'")
"""Strings that PostgreSQL replaces by a constant once, when the default is set."""

_MOMENT = re.compile(r"'\d+[-:]\d+[^']*'::(?:date|time)")

NEXTVAL = re.compile(r"nextval\('((?:[^']|'')+)'::regclass\)", re.IGNORECASE)
"""The default of a column that counts with a sequence."""


class PostgresqlComparison(ComparesDefaultsByText):
    """What PostgresqlImpl answers when a model and a database are compared."""

    type_synonyms = (
        *ComparesDefaultsByText.type_synonyms,
        {"FLOAT", "DOUBLE PRECISION"},
    )
    type_args_complete = True
    implied_type_args = {
        "char": ("1",),
        "bit": ("1",),
        # a precision without a scale; nothing stands for no limit at all
        "numeric": ("unlimited", "0"),
        "timestamp": ("6",),
        "time": ("6",),
        "interval": ("6",),
    }
    default_rules = RULES
    reflects_fk_match = reports_index_options

    def _canonical_type(self, params: Params) -> Params:
        """Return a type by the name that PostgreSQL gives it."""
        params = super()._canonical_type(params)
        words, args = [params.token0, *params.tokens], params.args
        if words[0] == "float":
            single = bool(args) and int(args[0]) <= 24
            words[:1] = ["real"] if single else ["double", "precision"]
            args = []
        elif words[0] == "decimal":
            words[0] = "numeric"
        elif words[0] == getattr(self.dialect, "default_schema_name", None):
            words = words[1:] or words
        return Params(words[0], words[1:], args, params.kwargs)

    def _column_args_match(self, inspected_params: Params, meta_params: Params) -> bool:
        """Tell whether two types match by arguments and collation."""
        if not super()._column_args_match(inspected_params, meta_params):
            return False
        return not reports_collation or inspected_params.kwargs.get(
            "collate"
        ) == meta_params.kwargs.get("collate")

    def compare_server_default(
        self,
        inspector_column: Column[Any],
        metadata_column: Column[Any],
        rendered_metadata_default: Optional[str],
        rendered_inspector_default: Optional[str],
    ) -> bool:
        """Tell whether two columns differ in their server default.

        :return: True when they differ; a column that counts by itself does not, nor
            one whose default was a word for the moment at which it was created.
        """
        if rendered_metadata_default is None and defaults.counts_by_itself(
            metadata_column
        ):
            return False
        if (rendered_metadata_default or "").lower() in _MOMENTS and _MOMENT.match(
            rendered_inspector_default or ""
        ):
            return False
        return super().compare_server_default(
            inspector_column,
            metadata_column,
            rendered_metadata_default,
            rendered_inspector_default,
        )

    def _normalize_computed_default(self, sqltext: str) -> str:
        """Return a computed expression with nothing in it that PostgreSQL rewords."""
        words = "".join(text for _, text in canonical(sqltext, RULES))
        return super()._normalize_computed_default(words)

    def compare_indexes(
        self, metadata_index: Index, reflected_index: Index
    ) -> ComparisonResult:
        """Compare two indexes of one name: expressions, order, options and all.

        :param metadata_index: the index of the model.
        :param reflected_index: the index that was found.
        """
        return indexes.compare(
            cast("ComparesExpressions", self), metadata_index, reflected_index
        )

    def compare_unique_constraint(
        self,
        metadata_constraint: UniqueConstraint,
        reflected_constraint: UniqueConstraint,
    ) -> ComparisonResult:
        """Compare two unique constraints of one name, with PostgreSQL's options.

        :param metadata_constraint: the constraint of the model.
        :param reflected_constraint: the constraint that was found.
        """
        result = super().compare_unique_constraint(
            metadata_constraint, reflected_constraint
        )
        messages = [result.message] if result.is_different else []
        options = [
            sqla_constraints.dialect_options(constraint, "postgresql")
            for constraint in (metadata_constraint, reflected_constraint)
        ]
        meta, found = (bool(each.get("nulls_not_distinct")) for each in options)
        if meta != found:
            messages.append(f"nulls_not_distinct={found} to nulls_not_distinct={meta}")
        after, before = (
            sorted(
                getattr(column, "name", column) for column in each.get("include") or ()
            )
            for each in options
        )
        if before != after:
            messages.append(f"include {before} to {after}")
        return ComparisonResult.Different(messages) if messages else result

    def correct_for_autogen_constraints(
        self,
        conn_unique_constraints: Set[UniqueConstraint],
        conn_indexes: Set[Index],
        metadata_unique_constraints: Set[UniqueConstraint],
        metadata_indexes: Set[Index],
    ) -> None:
        """Leave out the indexes that PostgreSQL makes for unique constraints."""
        for index in list(conn_indexes):
            if index.info.get("duplicates_constraint"):
                conn_indexes.discard(index)
        if not reports_index_options:
            self._skip_functional_indexes(metadata_indexes, conn_indexes)

    def adjust_reflected_dialect_options(
        self, reflected_object: Mapping[str, Any], kind: str
    ) -> Dict[str, Any]:
        """Return the dialect options of a reflected index that are no defaults."""
        options = super().adjust_reflected_dialect_options(reflected_object, kind)
        for name in ("postgresql_include", "postgresql_nulls_not_distinct"):
            if not options.get(name):
                options.pop(name, None)
        return options

    def _must_quote(self, name: str) -> bool:
        quoted: str = self.dialect.identifier_preparer.quote(name)
        return quoted != name

    def autogen_column_reflect(
        self, inspector: Inspector, table: Table, column_info: Dict[str, Any]
    ) -> None:
        """Take the default of SERIAL off a column, whose type says it all."""
        default = column_info.get("default")
        if not default or not isinstance(column_info["type"], sqltypes.Integer):
            return
        if table.schema and not self._must_quote(table.schema):
            # SQLAlchemy takes a sequence without a schema for one of the table's own
            # schema, and writes that in front, in quotes which nothing else needs
            default = default.replace(f'\'"{table.schema}".', "'")
            column_info["default"] = default
        found = NEXTVAL.fullmatch(default.strip())
        if found is None:
            return
        sequence = found.group(1).rsplit(".", 1)[-1].strip('"')
        schema = table.schema or inspector.default_schema_name or "public"
        owned = serial.owned_sequences(inspector)
        if owned.get((schema, table.name, column_info["name"])) == sequence:
            log.info(
                "Detected sequence named '%s' as owned by integer column '%s(%s)', "
                "assuming SERIAL and omitting",
                sequence,
                table.name,
                column_info["name"],
            )
            del column_info["default"]

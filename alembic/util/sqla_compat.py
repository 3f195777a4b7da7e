"""Door: `alembic.sqla` under its older name, with the names that dialects import."""

from __future__ import annotations

from ..sqla.connections import begin as _safe_begin_connection_transaction
from ..sqla.connections import commit as _safe_commit_connection_transaction
from ..sqla.connections import has_table as _connectable_has_table
from ..sqla.connections import in_transaction as _get_connection_in_transaction
from ..sqla.connections import rollback as _safe_rollback_connection_transaction
from ..sqla.connections import scope_for_ddl as _ensure_scope_for_ddl
from ..sqla.constraints import all_table_check_constraints
from ..sqla.constraints import columns_of as _columns_for_constraint
from ..sqla.constraints import copy_item as _copy
from ..sqla.constraints import is_type_bound as _is_type_bound
from ..sqla.constraints import remove_column as _remove_column_from_collection
from ..sqla.constraints import table_of as _table_for_constraint
from ..sqla.defaults import AUTOINCREMENT_DEFAULT
from ..sqla.defaults import identity_has_dialect_kwargs
from ..sqla.defaults import identity_options as _get_identity_options_dict
from ..sqla.defaults import is_computed as _server_default_is_computed
from ..sqla.defaults import is_identity as _server_default_is_identity
from ..sqla.defaults import nullability_is_unset as _nullability_might_be_unset
from ..sqla.expressions import copy_expression as _copy_expression
from ..sqla.expressions import find_columns as _find_columns
from ..sqla.expressions import is_expression
from ..sqla.expressions import is_expression_index
from ..sqla.expressions import LiteralBindParameter as _literal_bindparam
from ..sqla.expressions import table_bound_expressions as _idx_table_bound_expressions
from ..sqla.expressions import textual_index_column as _textual_index_column
from ..sqla.expressions import TextualIndexElement as _textual_index_element
from ..sqla.foreign_keys import foreign_key_spec as _fk_spec
from ..sqla.foreign_keys import is_self_referential as _fk_is_self_referential
from ..sqla.foreign_keys import target_is_named as _fk_target_is_named
from ..sqla.foreign_keys import target_table_key as _fk_target_table_key
from ..sqla.foreign_keys import target_tokens as _fk_target_tokens
from ..sqla.names import constraint_is_named as _constraint_is_named
from ..sqla.names import constraint_name_defined
from ..sqla.names import constraint_name_for_table as _constraint_name_for_table
from ..sqla.names import constraint_name_or_none
from ..sqla.names import constraint_name_string
from ..sqla.names import conv_constraint_names as _conv_constraint_names
from ..sqla.names import final_constraint_name as _get_constraint_final_name
from ..sqla.names import name_type_bound_constraints as _name_type_bound_constraints
from ..sqla.names import NONE_NAME as _NONE_NAME
from ..sqla.names import NoneName as _NoneName
from ..sqla.names import table_key as _get_table_key
from ..sqla.reflection import execute_on_inspector as _exec_on_inspector
from ..sqla.types import has_variants as _type_has_variants
from ..sqla.types import resolve_variant as _resolve_for_variant
from ..sqla.types import variant_mapping as _get_variant_mapping
from ..sqla.version import sqla_1_4
from ..sqla.version import sqla_2_0
from ..sqla.version import sqla_2_0_25
from ..sqla.version import sqla_2_1
from ..sqla.version import sqlalchemy_version
from .messaging import warn

__all__ = [
    "_columns_for_constraint",
    "_connectable_has_table",
    "_constraint_is_named",
    "_constraint_name_for_table",
    "_conv_constraint_names",
    "_copy",
    "_copy_expression",
    "_ensure_scope_for_ddl",
    "_exec_on_inspector",
    "_find_columns",
    "_fk_is_self_referential",
    "_fk_spec",
    "_fk_target_is_named",
    "_fk_target_table_key",
    "_fk_target_tokens",
    "_get_connection_in_transaction",
    "_get_constraint_final_name",
    "_get_identity_options_dict",
    "_get_table_key",
    "_get_variant_mapping",
    "_idx_table_bound_expressions",
    "_is_type_bound",
    "_literal_bindparam",
    "_name_type_bound_constraints",
    "_NONE_NAME",
    "_NoneName",
    "_nullability_might_be_unset",
    "_remove_column_from_collection",
    "_resolve_for_variant",
    "_safe_begin_connection_transaction",
    "_safe_commit_connection_transaction",
    "_safe_rollback_connection_transaction",
    "_server_default_is_computed",
    "_server_default_is_identity",
    "_table_for_constraint",
    "_textual_index_column",
    "_textual_index_element",
    "_type_has_variants",
    "all_table_check_constraints",
    "AUTOINCREMENT_DEFAULT",
    "constraint_name_defined",
    "constraint_name_or_none",
    "constraint_name_string",
    "identity_has_dialect_kwargs",
    "is_expression",
    "is_expression_index",
    "sqla_1_4",
    "sqla_2_0",
    "sqla_2_0_25",
    "sqla_2_1",
    "sqlalchemy_version",
    "warn",
]

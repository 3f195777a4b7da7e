"""Operations as the Python of a revision file.

One module for each family of objects; what programs use stands here, under the names
by which they know it.
"""

from __future__ import annotations

from .columns import add_column as _add_column
from .columns import alter_column as _alter_column
from .columns import drop_column as _drop_column
from .columns import render_column as _render_column
from .constraints import add_check_constraint as _add_check_constraint
from .constraints import add_primary_key as _add_primary_key
from .constraints import add_unique_constraint as _add_unique_constraint
from .constraints import drop_constraint as _drop_constraint
from .constraints import render_check_constraint as _render_check_constraint
from .constraints import render_constraint as _render_constraint
from .constraints import render_primary_key as _render_primary_key
from .constraints import render_unique_constraint as _render_unique_constraint
from .data import bulk_insert as _bulk_insert
from .data import execute_sql as _execute_sql
from .defaults import is_positional as _should_render_server_default_positionally
from .defaults import render_computed as _render_computed
from .defaults import render_fetched_value as _render_fetched_value
from .defaults import render_identity as _render_identity
from .defaults import render_server_default as _render_server_default
from .expressions import dialect_options as _dialect_options
from .expressions import potential_expression as _render_potential_expr
from .foreign_keys import add_foreign_key as _add_fk_constraint
from .foreign_keys import render_foreign_key as _render_foreign_key
from .foreign_keys import target_of as _fk_colspec
from .indexes import add_index as _add_index
from .indexes import drop_index as _drop_index
from .indexes import index_elements as _get_index_rendered_expressions
from .names import FinalName as _f_name
from .names import generated_name as _render_gen_name
from .names import ident as _ident
from .names import operation_prefix as _alembic_autogenerate_prefix
from .names import sqlalchemy_prefix as _sqlalchemy_autogenerate_prefix
from .names import user_prefix as _user_autogenerate_prefix
from .postgresql import add_exclude_constraint as _add_exclude_constraint
from .postgresql import render_exclude_constraint as _render_exclude_constraint
from .registry import constraint_renderers as _constraint_renderers
from .registry import default_renderers as default_renderers
from .registry import render_op as render_op
from .registry import render_op_text as render_op_text
from .registry import renderers as renderers
from .registry import user_defined_render as _user_defined_render
from .script import indent as _indent
from .script import modify_table as _render_modify_table
from .script import render_body as render_body
from .script import render_cmd_body as _render_cmd_body
from .script import render_python_into_templatevars as _render_python_into_templatevars
from .script import render_script as render_script
from .tables import add_table as _add_table
from .tables import create_table_comment as _render_create_table_comment
from .tables import drop_table as _drop_table
from .tables import drop_table_comment as _render_drop_table_comment
from .tables import MAX_PYTHON_ARGS as MAX_PYTHON_ARGS
from .tables import rename_table as _rename_table
from .types import repr_type as _repr_type

__all__ = [
    "MAX_PYTHON_ARGS",
    "default_renderers",
    "render_body",
    "render_op",
    "render_op_text",
    "render_script",
    "renderers",
    # known to programs by these names
    "_add_check_constraint",
    "_add_column",
    "_add_exclude_constraint",
    "_add_fk_constraint",
    "_add_index",
    "_add_primary_key",
    "_add_table",
    "_add_unique_constraint",
    "_alembic_autogenerate_prefix",
    "_alter_column",
    "_bulk_insert",
    "_constraint_renderers",
    "_drop_column",
    "_drop_constraint",
    "_drop_index",
    "_drop_table",
    "_execute_sql",
    "_f_name",
    "_fk_colspec",
    "_get_index_rendered_expressions",
    "_ident",
    "_indent",
    "_rename_table",
    "_render_check_constraint",
    "_render_cmd_body",
    "_render_column",
    "_render_computed",
    "_render_constraint",
    "_render_create_table_comment",
    "_dialect_options",
    "_render_drop_table_comment",
    "_render_exclude_constraint",
    "_render_fetched_value",
    "_render_foreign_key",
    "_render_gen_name",
    "_render_identity",
    "_render_modify_table",
    "_render_potential_expr",
    "_render_primary_key",
    "_render_python_into_templatevars",
    "_render_server_default",
    "_render_unique_constraint",
    "_repr_type",
    "_should_render_server_default_positionally",
    "_sqlalchemy_autogenerate_prefix",
    "_user_autogenerate_prefix",
    "_user_defined_render",
]

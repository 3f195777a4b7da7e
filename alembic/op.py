"""Door: the current `Operations` object, as the functions of a module.

Revision files say ``from alembic import op``. While migrations run, every function
here is the method of that name of the `alembic.operations.Operations` in use; the
names below tell type checkers and editors what these methods are.
"""

from __future__ import annotations

from typing import cast
from typing import TYPE_CHECKING

from .operations.base import Operations as Operations

if TYPE_CHECKING:
    _current = cast(Operations, None)
    add_column = _current.add_column
    alter_column = _current.alter_column
    batch_alter_table = _current.batch_alter_table
    bulk_insert = _current.bulk_insert
    context = _current.context
    create_check_constraint = _current.create_check_constraint
    create_exclude_constraint = _current.create_exclude_constraint
    create_foreign_key = _current.create_foreign_key
    create_index = _current.create_index
    create_primary_key = _current.create_primary_key
    create_table = _current.create_table
    create_table_comment = _current.create_table_comment
    create_unique_constraint = _current.create_unique_constraint
    drop_column = _current.drop_column
    drop_constraint = _current.drop_constraint
    drop_index = _current.drop_index
    drop_table = _current.drop_table
    drop_table_comment = _current.drop_table_comment
    execute = _current.execute
    f = _current.f
    get_bind = _current.get_bind
    get_context = _current.get_context
    implementation_for = _current.implementation_for
    inline_literal = _current.inline_literal
    invoke = _current.invoke
    register_operation = _current.register_operation
    rename_table = _current.rename_table
    run_async = _current.run_async
else:
    Operations.create_module_class_proxy(globals(), locals())

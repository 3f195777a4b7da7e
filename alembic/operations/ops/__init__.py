"""Every schema change as data: objects that can be edited, reversed and rendered."""

from __future__ import annotations

from typing import Dict
from typing import Type

from .base import AlterTableOp
from .base import MigrateOperation
from .columns import AddColumnOp
from .columns import AlterColumnOp
from .columns import DropColumnOp
from .comments import CreateTableCommentOp
from .comments import DropTableCommentOp
from .constraints import AddConstraintOp
from .constraints import CreateCheckConstraintOp
from .constraints import CreatePrimaryKeyOp
from .constraints import CreateUniqueConstraintOp
from .constraints import DropConstraintOp
from .containers import DowngradeOps
from .containers import MigrationScript
from .containers import ModifyTableOps
from .containers import OpContainer
from .containers import UpgradeOps
from .data import BulkInsertOp
from .data import ExecuteSQLOp
from .exclude import CreateExcludeConstraintOp
from .foreign_keys import CreateForeignKeyOp
from .indexes import CreateIndexOp
from .indexes import DropIndexOp
from .tables import CreateTableOp
from .tables import DropTableOp
from .tables import RenameTableOp

__all__ = [
    "AddColumnOp",
    "AddConstraintOp",
    "AlterColumnOp",
    "AlterTableOp",
    "BulkInsertOp",
    "CreateCheckConstraintOp",
    "CreateExcludeConstraintOp",
    "CreateForeignKeyOp",
    "CreateIndexOp",
    "CreatePrimaryKeyOp",
    "CreateTableCommentOp",
    "CreateTableOp",
    "CreateUniqueConstraintOp",
    "DIRECTIVES",
    "DowngradeOps",
    "DropColumnOp",
    "DropConstraintOp",
    "DropIndexOp",
    "DropTableCommentOp",
    "DropTableOp",
    "ExecuteSQLOp",
    "MigrateOperation",
    "MigrationScript",
    "ModifyTableOps",
    "OpContainer",
    "RenameTableOp",
    "UpgradeOps",
]

DIRECTIVES: Dict[str, Type[MigrateOperation]] = {
    "add_column": AddColumnOp,
    "alter_column": AlterColumnOp,
    "bulk_insert": BulkInsertOp,
    "create_check_constraint": CreateCheckConstraintOp,
    "create_exclude_constraint": CreateExcludeConstraintOp,
    "create_foreign_key": CreateForeignKeyOp,
    "create_index": CreateIndexOp,
    "create_primary_key": CreatePrimaryKeyOp,
    "create_table": CreateTableOp,
    "create_table_comment": CreateTableCommentOp,
    "create_unique_constraint": CreateUniqueConstraintOp,
    "drop_column": DropColumnOp,
    "drop_constraint": DropConstraintOp,
    "drop_index": DropIndexOp,
    "drop_table": DropTableOp,
    "drop_table_comment": DropTableCommentOp,
    "execute": ExecuteSQLOp,
    "rename_table": RenameTableOp,
}
"""The name of each directive, and the class of the operation that it invokes."""

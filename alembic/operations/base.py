"""The vocabulary of migrations: `Operations`, and `BatchOperations` for one table."""

from __future__ import annotations

import inspect
from contextlib import contextmanager
from typing import Any
from typing import Callable
from typing import ClassVar
from typing import Dict
from typing import Iterator
from typing import List
from typing import Mapping
from typing import NoReturn
from typing import Optional
from typing import Sequence
from typing import Tuple
from typing import Type
from typing import TYPE_CHECKING

from typing_extensions import Literal

from alembic.util.sequences import immutabledict

from . import ops
from . import toimpl as toimpl
from .abstract import EXPLAINED
from .abstract import OperationsCore
from .directives.columns import BatchColumnDirectives
from .directives.columns import ColumnDirectives
from .directives.constraints import BatchConstraintDirectives
from .directives.constraints import ConstraintDirectives
from .directives.data import DataDirectives
from .directives.data import ExecuteDirective
from .directives.indexes import BatchIndexDirectives
from .directives.indexes import IndexDirectives
from .directives.tables import BatchTableDirectives
from .directives.tables import TableDirectives

if TYPE_CHECKING:
    from sqlalchemy.schema import Table

    from alembic.ddl.impl import DefaultImpl
    from alembic.migration.migration_context import MigrationContext

    from .batch import BatchOperationsImpl

__all__ = ("AbstractOperations", "BatchOperations", "Operations")


class AbstractOperations(OperationsCore):
    """What `Operations` and `BatchOperations` have in common.

    :param migration_context: the context that has the connection, or the buffer for
        SQL.
    :param impl: what carries the operations out; None for the dialect's own.
    """

    @classmethod
    @contextmanager
    def context(cls, migration_context: MigrationContext) -> Iterator[Operations]:
        """Make ``alembic.op`` speak to a migration context for a while.

        :param migration_context: the context.
        :return: the `Operations` object, which may be used as well.

        Example::

            with Operations.context(MigrationContext.configure(connection)):
                op.add_column("account", sa.Column("age", sa.Integer()))
        """
        kind = cls if issubclass(cls, Operations) else Operations
        operations = kind(migration_context)
        operations._install_proxy()
        try:
            yield operations
        finally:
            operations._remove_proxy()

    @contextmanager
    def batch_alter_table(
        self,
        table_name: str,
        schema: Optional[str] = None,
        recreate: Literal["auto", "always", "never"] = "auto",
        partial_reordering: Optional[List[Tuple[str, ...]]] = None,
        copy_from: Optional[Table] = None,
        table_args: Tuple[Any, ...] = (),
        table_kwargs: Mapping[str, Any] = immutabledict(),
        reflect_args: Sequence[Any] = (),
        reflect_kwargs: Mapping[str, Any] = immutabledict(),
        naming_convention: Optional[Dict[str, str]] = None,
    ) -> Iterator[BatchOperations]:
        """Gather the changes of one table and make them together.

        SQLite can alter a table in few ways. Where it cannot, the table is written
        anew with the changes, its rows are copied, and it takes the place of the old
        one. Other databases run the changes one by one.

        :param table_name: the name of the table.
        :param schema: its schema.
        :param recreate: ``"auto"`` writes the table anew where the database cannot
            alter it, ``"always"`` and ``"never"`` settle it.
        :param partial_reordering: tuples of column names that shall stand in that
            order in a table that is written anew.
        :param copy_from: the table as it is now, instead of reflecting it; needed in
            ``--sql`` mode.
        :param table_args: further arguments for the new ``sqlalchemy.Table``, such as
            a constraint that reflection does not find.
        :param table_kwargs: further keyword arguments for it.
        :param reflect_args: columns that replace those that reflection finds, for
            types it cannot tell.
        :param reflect_kwargs: keyword arguments for the reflection, such as
            ``listeners``.
        :param naming_convention: names for constraints that have none in the
            database, so that they can be dropped by name.
        :return: the `BatchOperations`; nothing happens before the end of the block.

        Example::

            with op.batch_alter_table("account") as batch_op:
                batch_op.add_column(sa.Column("age", sa.Integer()))
                batch_op.drop_column("fax")
        """
        # what writes tables anew is not needed by those who never do
        from .batch import BatchOperationsImpl

        impl = BatchOperationsImpl(
            self,
            table_name,
            schema,
            recreate,
            copy_from,
            table_args,
            dict(table_kwargs),
            reflect_args,
            dict(reflect_kwargs),
            naming_convention,
            partial_reordering,
        )
        yield BatchOperations(self.migration_context, impl=impl)
        try:
            impl.flush()
        except EXPLAINED as error:
            self._say_where(error, f"{self.word}.batch_alter_table({table_name!r})")
            raise


class Operations(
    TableDirectives,
    ColumnDirectives,
    ConstraintDirectives,
    IndexDirectives,
    DataDirectives,
    AbstractOperations,
):
    """Changes a database. In a revision file, the module ``alembic.op`` stands for it.

    A program may make one of its own::

        with engine.begin() as connection:
            op = Operations(MigrationContext.configure(connection))
            op.add_column("account", sa.Column("age", sa.Integer()))

    :param migration_context: the context that has the connection, or the buffer for
        SQL.
    """

    impl: DefaultImpl


class BatchOperations(
    BatchTableDirectives,
    BatchColumnDirectives,
    BatchConstraintDirectives,
    BatchIndexDirectives,
    ExecuteDirective,
    AbstractOperations,
):
    """Gathers changes of one table; `Operations.batch_alter_table` makes it.

    Its directives are those of `Operations` without the name of the table.
    """

    word: ClassVar[str] = "batch_op"

    impl: BatchOperationsImpl

    def _noop(self, operation: Any) -> NoReturn:
        raise NotImplementedError(
            f"The {operation} method does not apply to a batch table alter operation."
        )


class _BuildingAs:
    """An `Operations` object that makes operations of one given class."""

    def __init__(
        self, operations: OperationsCore, op_class: Type[ops.MigrateOperation]
    ) -> None:
        self._operations = operations
        self._op_class = op_class

    def __getattr__(self, name: str) -> Any:
        return getattr(self._operations, name)

    def _run(self, op_class: Any, *args: Any, **kw: Any) -> Any:
        return self._operations._run(self._op_class, *args, **kw)  # noqa: SLF001


def _class_method_of(directive: Callable[..., Any], name: str) -> Any:
    """Return the directive as a class method of the operation it makes.

    ``AddColumnOp.add_column(operations, ...)`` was there before ``op.add_column()``;
    called on a subclass it makes an operation of the subclass, which is how a
    subclass takes the place of the original.
    """

    def of_class(
        cls: Type[ops.MigrateOperation],
        operations: OperationsCore,
        *args: Any,
        **kw: Any,
    ) -> Any:
        return directive(_BuildingAs(operations, cls), *args, **kw)

    signature = inspect.signature(directive)
    _, *rest = signature.parameters.values()
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    of_class.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[
            inspect.Parameter("cls", kind),
            inspect.Parameter("operations", kind),
            *rest,
        ]
    )
    of_class.__name__ = of_class.__qualname__ = name
    of_class.__doc__ = directive.__doc__
    return classmethod(of_class)


for _name, _op_class in ops.DIRECTIVES.items():
    setattr(_op_class, _name, _class_method_of(getattr(Operations, _name), _name))
    _batch_directive = getattr(BatchOperations, _name, None)
    if _batch_directive is not None:
        _batch_name = f"batch_{_name}"
        setattr(_op_class, _batch_name, _class_method_of(_batch_directive, _batch_name))

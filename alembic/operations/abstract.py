"""How an operation is invoked, and how operations join the vocabulary.

What the vocabulary is, stands in `alembic.operations.directives`.
"""

from __future__ import annotations

import functools
import inspect
from typing import Any
from typing import Awaitable
from typing import Callable
from typing import ClassVar
from typing import Optional
from typing import Type
from typing import TYPE_CHECKING
from typing import TypeVar

from sqlalchemy.exc import ArgumentError
from sqlalchemy.exc import CompileError
from sqlalchemy.exc import NoSuchTableError
from sqlalchemy.exc import StatementError
from typing_extensions import ParamSpec

from alembic.migration.operations_in_use import OPERATIONS
from alembic.sqla.connections import run_async
from alembic.sqla.expressions import LiteralBindParameter
from alembic.sqla.names import conv
from alembic.util.dispatch import Dispatcher
from alembic.util.exc import CommandError
from alembic.util.module_proxy import ModuleClsProxy

from . import arguments
from . import hints
from .schemaobj import SchemaObjects

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.types import TypeEngine

    from alembic.migration.migration_context import MigrationContext

    from .ops import MigrateOperation

_T = TypeVar("_T")
_C = TypeVar("_C", bound=Callable[..., Any])
_P = ParamSpec("_P")

EXPLAINED = (
    *(StatementError, NoSuchTableError, CommandError, NotImplementedError),
    *(ArgumentError, CompileError, TypeError),
)
"""The errors to which it is added what was being done when they happened."""

_OF_SQLALCHEMY = (ArgumentError, CompileError)


def _names_its_place(error: Exception) -> bool:
    return str(error).startswith(("op.", "batch_op."))


class OperationsCore(ModuleClsProxy, current=OPERATIONS):
    """Invokes operations on a database, for the directives that stand on it.

    :param migration_context: the context that has the connection, or the buffer for
        SQL.
    :param impl: what carries the operations out; None for the dialect's own.
    """

    _to_impl: ClassVar[Dispatcher] = Dispatcher()
    """The class of an operation -> the function that carries it out."""

    word: ClassVar[str] = "op"
    """What people call an object of this class; errors name it so."""

    impl: Any

    def __init__(self, migration_context: MigrationContext, impl: Any = None) -> None:
        self.migration_context = migration_context
        self.impl = migration_context.impl if impl is None else impl
        self.schema_obj = SchemaObjects(migration_context)

    @classmethod
    def register_operation(
        cls, name: str, sourcename: Optional[str] = None
    ) -> Callable[[Type[_T]], Type[_T]]:
        """Return a decorator: the class of an operation becomes a directive.

        :param name: the name of the directive on ``op``.
        :param sourcename: the name of the class method of the operation that the
            directive calls; the same as ``name`` by default. It takes the
            `Operations` object and the arguments of the directive.

        Example::

            @Operations.register_operation("create_sequence")
            class CreateSequenceOp(MigrateOperation):
                def __init__(self, sequence_name):
                    self.sequence_name = sequence_name

                @classmethod
                def create_sequence(cls, operations, sequence_name):
                    return operations.invoke(cls(sequence_name))
        """

        def register(op_class: Type[_T]) -> Type[_T]:
            source = getattr(op_class, name if sourcename is None else sourcename)
            setattr(cls, name, _directive_of(source, name, cls))
            return op_class

        return register

    @classmethod
    def implementation_for(
        cls, op_cls: Any, replace: bool = False, *, qualifier: str = "default"
    ) -> Callable[[_C], _C]:
        """Return a decorator: the function carries a class of operations out.

        :param op_cls: the class of operation.
        :param replace: allow a function that is there already, such as one of
            Alembic's own, to be replaced.
        :param qualifier: the name of the dialect it is for; for all by default.
        :raises ValueError: when there is one already and ``replace`` is false.

        The function takes the `Operations` object and the operation; what it returns
        is what the directive returns.

        Example::

            @Operations.implementation_for(CreateSequenceOp)
            def create_sequence(operations, operation):
                operations.execute(f"CREATE SEQUENCE {operation.sequence_name}")
        """
        return cls._to_impl.dispatch_for(op_cls, replace=replace, qualifier=qualifier)

    def invoke(self, operation: MigrateOperation) -> Any:
        """Carry an operation out.

        :param operation: the operation.
        :return: what its implementation returns; for ``create_table`` the table.
        :raises ValueError: when there is no implementation for it.

        Example::

            from alembic.operations import ops

            op.invoke(ops.AddColumnOp("account", sa.Column("age", sa.Integer())))
        """
        carry_out = self._to_impl.dispatch(
            operation, self.migration_context.impl.__dialect__
        )
        try:
            return carry_out(self, operation)
        except EXPLAINED as error:
            self._say_where(
                error,
                arguments.describe(operation, self.word),
                hints.hint(operation, error),
            )
            raise

    def _say_where(self, error: Exception, doing: str, hint: str = "") -> None:
        """Add to an error what was being done, and where, when it happened.

        :param error: an error of the database, or of the dialect, which knows
            neither. It keeps its class and its own words.
        :param doing: what was being done.
        :param hint: what may help, after a semicolon.
        """
        if isinstance(error, StatementError):
            if not error.detail:
                error.add_detail(f"in {doing}, {arguments.caller()}{hint}")
        elif isinstance(error, NoSuchTableError):
            error.args = (
                f"{doing}: there is no table {error.args[0]!r} ({arguments.caller()})",
            )
        elif hasattr(error, "tell_where"):
            error.tell_where(doing, arguments.caller())
        elif (
            isinstance(error, _OF_SQLALCHEMY) or type(error) in EXPLAINED
        ) and not _names_its_place(error):
            said = error.args[0] if error.args else type(error).__name__
            error.args = (f"{doing}: {said} ({arguments.caller()})",)

    def _run(
        self,
        op_class: Callable[_P, MigrateOperation],
        *args: _P.args,
        **kw: _P.kwargs,
    ) -> Any:
        """Make an operation, check what it was given, and invoke it."""
        operation = op_class(*args, **kw)
        arguments.check(operation, self.word)
        return self.invoke(operation)

    def get_context(self) -> MigrationContext:
        """Return the `MigrationContext` in use."""
        return self.migration_context

    def get_bind(self) -> Connection:
        """Return the connection in use.

        In ``--sql`` mode it is a stand-in that writes statements down and returns no
        results.
        """
        bind: Any = self.migration_context.impl.bind
        return bind  # type: ignore[no-any-return]

    def f(self, name: str) -> conv:
        """Mark a name as final, so that no naming convention is applied to it.

        :param name: the name of a constraint or index, as it is in the database.

        Example::

            op.drop_constraint(op.f("ck_account_positive"), "account", type_="check")
        """
        return conv(name)

    def inline_literal(
        self, value: Any, type_: Optional[TypeEngine[Any]] = None
    ) -> LiteralBindParameter:
        """Return a value that is written into the SQL, not bound as a parameter.

        It makes statements readable in ``--sql`` mode. It is meant for values that
        the author of a revision wrote, never for those of a user.

        :param value: a string, number, date, or another value of a common type.
        :param type_: its SQL type; guessed from the value by default.

        Example::

            account = sa.table("account", sa.column("name"))
            op.execute(
                account.update()
                .where(account.c.name == op.inline_literal("old"))
                .values({"name": op.inline_literal("new")})
            )
        """
        return LiteralBindParameter(None, value, type_=type_)

    def run_async(
        self, async_function: Callable[..., Awaitable[_T]], *args: Any, **kw_args: Any
    ) -> _T:
        """Run a coroutine function on the asynchronous connection in use.

        :param async_function: called with an ``AsyncConnection`` and the arguments.
        :param args: positional arguments for it.
        :param kw_args: keyword arguments for it.
        :return: what it returns.
        :raises ValueError: when the engine is not asynchronous.
        :raises CommandError: in ``--sql`` mode, where there is no connection.

        Example::

            async def fill(connection, n):
                await connection.execute(sa.text("..."), {"n": n})

            op.run_async(fill, 5)
        """
        if self.migration_context.as_sql:
            raise CommandError(
                f"{self.word}.run_async(): there is no connection in --sql mode; run "
                "it only when context.is_offline_mode() is false "
                f"({arguments.caller()})"
            )
        result: _T = run_async(self.get_bind(), async_function, *args, **kw_args)
        return result


def _directive_of(
    source: Callable[..., Any], name: str, cls: Type[OperationsCore]
) -> Callable[..., Any]:
    """Return a method that calls a class method of an operation.

    It has the docstring and the signature of the class method, ``self`` standing for
    its first parameter.
    """

    @functools.wraps(source)
    def directive(self: OperationsCore, *args: Any, **kw: Any) -> Any:
        return source(self, *args, **kw)

    del directive.__wrapped__
    directive.__name__ = name
    directive.__qualname__ = f"{cls.__name__}.{name}"
    directive.__module__ = cls.__module__
    signature = inspect.signature(source)
    parameters = list(signature.parameters.values())
    if parameters and parameters[0].kind is not inspect.Parameter.VAR_POSITIONAL:
        parameters[0] = parameters[0].replace(
            name="self",
            kind=inspect.Parameter.POSITIONAL_OR_KEYWORD,
            annotation=inspect.Parameter.empty,
        )
    directive.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=parameters
    )
    return directive

"""Walk the tree of a revision's operations and rewrite what a program wants changed."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import ClassVar
from typing import Iterator
from typing import List
from typing import Sequence
from typing import Tuple
from typing import Type
from typing import TYPE_CHECKING
from typing import TypeVar
from typing import Union

from alembic.operations.ops.base import MigrateOperation
from alembic.operations.ops.containers import MigrationScript
from alembic.operations.ops.containers import OpContainer
from alembic.util.dispatch import Dispatcher
from alembic.util.sequences import to_list

if TYPE_CHECKING:
    from alembic.autogenerate.revision_context import ProcessRevisionDirectiveFn
    from alembic.migration.migration_context import MigrationContext

RewriteFn = Callable[
    ["MigrationContext", Any, Any],
    Union[None, MigrateOperation, Sequence[MigrateOperation]],
]
"""A rewriting function: context, revision, operation -> what stands in its place."""

_F = TypeVar("_F", bound=RewriteFn)


class Rewriter:
    """A ``process_revision_directives`` hook made of one function for each operation.

    ::

        writer = Rewriter()

        @writer.rewrites(ops.AddColumnOp)
        def nullable_first(context, revision, op):
            if op.column.nullable:
                return op
            op.column.nullable = True
            not_null = ops.AlterColumnOp(
                op.table_name, op.column.name, modify_nullable=False
            )
            return [op, not_null]

        context.configure(..., process_revision_directives=writer)

    Each operation is offered to the function registered for its class or the nearest
    class above it.  What the function returns is not offered to the same rewriter
    again, but the operations inside of it are.
    """

    _traverse: ClassVar[Dispatcher] = Dispatcher()
    """How to get at what an operation holds; extensions register theirs, too."""

    _chained: Tuple[Union[ProcessRevisionDirectiveFn, Rewriter], ...] = ()

    def __init__(self) -> None:
        self.dispatch = Dispatcher()

    def chain(self, other: Union[ProcessRevisionDirectiveFn, Rewriter]) -> Rewriter:
        """Return a rewriter that does this one's work and then another's.

        :param other: a rewriter, or any ``process_revision_directives`` function.
        """
        both = type(self).__new__(type(self))
        both.__dict__.update(self.__dict__, _chained=(*self._chained, other))
        return both

    def rewrites(
        self, operator: Union[Type[MigrateOperation], str]
    ) -> Callable[[_F], _F]:
        """Return a decorator that registers the function for a class of operations.

        :param operator: the class.  The function is called with the migration
            context, the revision that the database is at, and the operation; it
            returns what shall stand in its place: an operation, several, or ``None``.
        """
        return self.dispatch.dispatch_for(operator)

    def __call__(
        self,
        context: MigrationContext,
        revision: Any,
        directives: List[MigrationScript],
    ) -> None:
        """Rewrite the directives in place, then hand them to the chained hooks."""
        self.process_revision_directives(context, revision, directives)
        for hook in self._chained:
            hook(context, revision, directives)

    def process_revision_directives(
        self,
        context: MigrationContext,
        revision: Any,
        directives: List[MigrationScript],
    ) -> None:
        """Rewrite the directives in place, without the chained hooks.

        :param context: the migration context.
        :param revision: the revision or revisions that the database is at.
        :param directives: the scripts of the new revision.
        """
        directives[:] = self._rewritten(context, revision, directives)

    def _rewritten(
        self, context: MigrationContext, revision: Any, directives: Sequence[Any]
    ) -> List[Any]:
        """Return what stands in the place of some operations, members rewritten."""
        found: List[Any] = []
        for directive in directives:
            for replacement in self._rewrite(context, revision, directive):
                self._rewrite_members(context, revision, replacement)
                found.append(replacement)
        return found

    def _rewrite(
        self, context: MigrationContext, revision: Any, directive: MigrateOperation
    ) -> Iterator[MigrateOperation]:
        """Offer one operation to its function, unless this rewriter has seen it."""
        if self in directive._mutations:  # noqa: SLF001
            yield directive
            return
        try:
            rewrite = self.dispatch.dispatch(directive)
        except ValueError:
            yield directive
            return
        for replacement in to_list(rewrite(context, revision, directive), []):
            seen_by = replacement._mutations | {self}  # noqa: SLF001
            replacement._mutations = seen_by  # noqa: SLF001
            yield replacement

    def _rewrite_members(
        self, context: MigrationContext, revision: Any, directive: MigrateOperation
    ) -> None:
        self._traverse.dispatch(directive)(self, context, revision, directive)

    def _rewritten_one_by_one(
        self, context: MigrationContext, revision: Any, containers: Sequence[Any]
    ) -> Any:
        """Return the containers of a script, which stay as many as they are."""
        found = []
        for container in containers:
            replacements = self._rewritten(context, revision, [container])
            if len(replacements) != 1:
                raise ValueError(
                    "Can only return single object for "
                    f"{type(container).__name__} traverse"
                )
            found.append(replacements[0])
        return found

    @_traverse.dispatch_for(MigrationScript)
    def _rewrite_script(
        self, context: MigrationContext, revision: Any, script: MigrationScript
    ) -> None:
        """Rewrite both directions of a script."""
        script.upgrade_ops = self._rewritten_one_by_one(
            context, revision, script.upgrade_ops_list
        )
        script.downgrade_ops = self._rewritten_one_by_one(
            context, revision, script.downgrade_ops_list
        )

    @_traverse.dispatch_for(OpContainer)
    def _rewrite_container(
        self, context: MigrationContext, revision: Any, container: OpContainer
    ) -> None:
        """Rewrite what a container holds."""
        container.ops = self._rewritten(context, revision, container.ops)

    @_traverse.dispatch_for(MigrateOperation)
    def _rewrite_nothing(
        self, context: MigrationContext, revision: Any, op: MigrateOperation
    ) -> None:
        """Do nothing: other operations hold none."""

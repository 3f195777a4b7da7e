"""Operations that hold operations: one table's, an upgrade's, a whole script's."""

from __future__ import annotations

import os
from typing import Any
from typing import Iterator
from typing import List
from typing import Optional
from typing import Sequence
from typing import Set
from typing import Tuple
from typing import Type
from typing import TypeVar
from typing import Union

from .base import MigrateOperation

_C = TypeVar("_C", bound="OpContainer")
RevisionIds = Union[str, List[str], Tuple[str, ...]]


class OpContainer(MigrateOperation):
    """A sequence of operations.

    :param ops: the operations, some of which may be containers themselves.
    """

    def __init__(self, ops: Sequence[MigrateOperation] = ()) -> None:
        self.ops: List[MigrateOperation] = list(ops)

    def is_empty(self) -> bool:
        """Tell whether there is nothing in it."""
        return not self.ops

    def as_diffs(self) -> Any:
        """Return the diff tuples of all operations, containers taken apart.

        An operation that has no such tuple, as those of plugins need not, stands as its
        class's name and itself.
        """
        return list(self._ops_as_diffs(self))

    @classmethod
    def _ops_as_diffs(cls, migrations: OpContainer) -> Iterator[Tuple[Any, ...]]:
        for op in migrations.ops:
            if isinstance(op, OpContainer):
                yield from cls._ops_as_diffs(op)
                continue
            try:
                yield op.to_diff_tuple()
            except NotImplementedError:
                yield type(op).__name__, op


def _reversed_ops(container: OpContainer) -> List[MigrateOperation]:
    """Return what undoes the operations, the last one first."""
    return [op.reverse() for op in reversed(container.ops)]


class ModifyTableOps(OpContainer):
    """The changes of one table, rendered as one batch where that is asked for.

    :param table_name: the name of the table.
    :param ops: the operations.
    :param schema: the schema of the table.
    """

    def __init__(
        self,
        table_name: str,
        ops: Sequence[MigrateOperation],
        *,
        schema: Optional[str] = None,
    ) -> None:
        super().__init__(ops)
        self.table_name = table_name
        self.schema = schema

    def reverse(self) -> ModifyTableOps:
        """Return what undoes the changes, the last one first."""
        return ModifyTableOps(
            self.table_name, ops=_reversed_ops(self), schema=self.schema
        )


class UpgradeOps(OpContainer):
    """What an ``upgrade()`` function does.

    :param ops: the operations.
    :param upgrade_token: the name of the template variable it is rendered into.
    """

    def __init__(
        self,
        ops: Sequence[MigrateOperation] = (),
        upgrade_token: str = "upgrades",
    ) -> None:
        super().__init__(ops)
        self.upgrade_token = upgrade_token

    def reverse_into(self, downgrade_ops: DowngradeOps) -> DowngradeOps:
        """Put what undoes the operations into ``downgrade_ops`` and return that."""
        downgrade_ops.ops[:] = _reversed_ops(self)
        return downgrade_ops

    def reverse(self) -> DowngradeOps:
        """Return what undoes the operations."""
        return self.reverse_into(DowngradeOps())


class DowngradeOps(OpContainer):
    """What a ``downgrade()`` function does.

    :param ops: the operations.
    :param downgrade_token: the name of the template variable it is rendered into.
    """

    def __init__(
        self,
        ops: Sequence[MigrateOperation] = (),
        downgrade_token: str = "downgrades",
    ) -> None:
        super().__init__(ops)
        self.downgrade_token = downgrade_token

    def reverse(self) -> UpgradeOps:
        """Return what undoes the operations."""
        return UpgradeOps(_reversed_ops(self))


class MigrationScript(MigrateOperation):
    """A whole new revision: what ``process_revision_directives`` sees and edits.

    :param rev_id: its identifier.
    :param upgrade_ops: what its ``upgrade()`` does.
    :param downgrade_ops: what its ``downgrade()`` does.
    :param message: its message.
    :param imports: lines of Python that import what the operations need.
    :param head: the revision that it follows.
    :param splice: whether it may follow a revision that is no head.
    :param branch_label: its branch label or labels.
    :param version_path: the folder its file is written to.
    :param depends_on: the revisions that it depends on.
    """

    _needs_render: Optional[bool]

    def __init__(
        self,
        rev_id: Optional[str],
        upgrade_ops: UpgradeOps,
        downgrade_ops: DowngradeOps,
        *,
        message: Optional[str] = None,
        imports: Optional[Set[str]] = None,
        head: Optional[str] = None,
        splice: Optional[bool] = None,
        branch_label: Optional[RevisionIds] = None,
        version_path: Union[str, os.PathLike[str], None] = None,
        depends_on: Optional[RevisionIds] = None,
    ) -> None:
        self.rev_id = rev_id
        self.message = message
        self.imports: Set[str] = set() if imports is None else imports
        self.head = head
        self.splice = splice
        self.branch_label = branch_label
        self.version_path = version_path
        self.depends_on = depends_on
        self._upgrade_ops: List[UpgradeOps] = []
        self._downgrade_ops: List[DowngradeOps] = []
        self.upgrade_ops = upgrade_ops
        self.downgrade_ops = downgrade_ops

    @property
    def upgrade_ops(self) -> Optional[UpgradeOps]:
        """What the upgrade does; None where there is nothing of the kind.

        A list of several, for several databases, may be assigned; it is read back
        from `upgrade_ops_list`.

        :raises ValueError: when there are several.
        """
        return _only(self._upgrade_ops, "upgrade_ops_list")

    @upgrade_ops.setter
    def upgrade_ops(self, upgrade_ops: Union[UpgradeOps, Sequence[UpgradeOps]]) -> None:
        self._upgrade_ops = _all_of(UpgradeOps, upgrade_ops, "upgrade_ops")

    @property
    def downgrade_ops(self) -> Optional[DowngradeOps]:
        """What the downgrade does; None where there is nothing of the kind.

        A list of several, for several databases, may be assigned; it is read back
        from `downgrade_ops_list`.

        :raises ValueError: when there are several.
        """
        return _only(self._downgrade_ops, "downgrade_ops_list")

    @downgrade_ops.setter
    def downgrade_ops(
        self, downgrade_ops: Union[DowngradeOps, Sequence[DowngradeOps]]
    ) -> None:
        self._downgrade_ops = _all_of(DowngradeOps, downgrade_ops, "downgrade_ops")

    @property
    def upgrade_ops_list(self) -> List[UpgradeOps]:
        """What the upgrade does, one for each database."""
        return self._upgrade_ops

    @property
    def downgrade_ops_list(self) -> List[DowngradeOps]:
        """What the downgrade does, one for each database."""
        return self._downgrade_ops


def _only(containers: List[_C], list_name: str) -> Optional[_C]:
    if len(containers) > 1:
        raise ValueError(
            "This MigrationScript instance has a multiple-entry list for "
            f"{type(containers[0]).__name__}; please use the {list_name} attribute."
        )
    return containers[0] if containers else None


def _all_of(
    container_class: Type[_C], given: Union[_C, Sequence[_C]], attribute: str
) -> List[_C]:
    containers = [given] if isinstance(given, OpContainer) else given
    if not isinstance(containers, (list, tuple)) or not all(
        isinstance(container, container_class) for container in containers
    ):
        raise TypeError(
            f"MigrationScript.{attribute} takes {container_class.__name__} or a list "
            f"of them, not {given!r}"
        )
    return list(containers)

"""What a batch cannot do because the table has no such part.

Each is a `CommandError` for people and also the built-in error that programs written
for earlier releases catch.
"""

from __future__ import annotations

from ...util.exc import CommandError


class NotThere(CommandError):
    """A change that cannot be made because of what the table lacks."""

    _doing = ""
    _place = ""

    def tell_where(self, doing: str, place: str) -> None:
        """Add what was being done, and where, unless that is known already.

        :param doing: the directive, as people write it.
        :param place: the file and line it stands in.
        """
        if not self._doing:
            self._doing, self._place = f"{doing}: ", f" ({place})"

    def __str__(self) -> str:
        return f"{self._doing}{self._problem()}{self._place}"

    def _problem(self) -> str:
        return str(self.args[0])


class NoSuchColumn(NotThere, KeyError):
    """A change names a column that the table does not have."""

    def __init__(self, table: str, column: str) -> None:
        super().__init__(column)
        self.table = table
        self.column = column

    def _problem(self) -> str:
        return f"Table {self.table!r} has no column {self.column!r}"


class NoSuchConstraint(NotThere, ValueError):
    """A change names a constraint that the table does not have."""

    def __init__(self, name: str, hint: str = "") -> None:
        super().__init__(f"No such constraint: {name!r}{hint}")


class NoSuchIndex(NotThere, ValueError):
    """A change names an index that the table does not have."""

    def __init__(self, name: str) -> None:
        super().__init__(f"No such index: {name!r}")


class NamelessConstraint(NotThere, ValueError):
    """A constraint is to be dropped, and nothing says which one."""

    def __init__(self) -> None:
        super().__init__(
            "Constraint must have a name; for one that has none in the database, pass "
            "naming_convention to batch_alter_table() and drop it by the name which "
            "that convention gives to it"
        )

"""Altered columns: what the database says they have become."""

from __future__ import annotations

from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy import text

from ..fixtures import AlterColRoundTripFixture
from .base import needs
from .base import SuiteTest


class BackendAlterColumnTest(AlterColRoundTripFixture, SuiteTest):  # type: ignore[misc]
    """One property of a column after the other is altered."""

    @needs("alter_column")
    def test_rename_column(self) -> None:
        """A column has its new name."""
        self._run_alter_col({"name": "c"}, {"name": "d"})

    @needs("alter_column")
    def test_modify_type_int_str(self) -> None:
        """A number becomes a text."""
        self._run_alter_col({"type": Integer()}, {"type": String(50)})

    @needs("alter_column")
    def test_add_server_default_int(self) -> None:
        """A column gets a default."""
        self._run_alter_col({"type": Integer()}, {"server_default": text("5")})

    @needs("alter_column")
    def test_modify_server_default_int(self) -> None:
        """A column gets another default."""
        self._run_alter_col(
            {"type": Integer(), "server_default": text("2")},
            {"server_default": text("5")},
        )

    @needs("alter_column")
    def test_modify_nullable_to_non(self) -> None:
        """A column becomes NOT NULL."""
        self._run_alter_col({}, {"nullable": False})

    @needs("alter_column")
    def test_modify_non_nullable_to_nullable(self) -> None:
        """A column may be NULL again."""
        self._run_alter_col({"nullable": False}, {"nullable": True})

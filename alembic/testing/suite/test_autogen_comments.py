"""Comments of tables and columns: what autogenerate says of a change."""

from __future__ import annotations

from typing import Any
from typing import Optional

import pytest
from sqlalchemy import Column
from sqlalchemy import Integer
from sqlalchemy import MetaData
from sqlalchemy import String
from sqlalchemy import Table

from ._autogen_fixtures import AutogenFixtureTest
from .base import needs
from .base import PREFIX

TABLE = f"{PREFIX}_commented"


def _model(table: Optional[str] = None, column: Optional[str] = None) -> MetaData:
    metadata = MetaData()
    Table(
        TABLE,
        metadata,
        Column("id", Integer, primary_key=True),
        Column("c", String(10), comment=column),
        comment=table,
    )
    return metadata


class _CommentsTest(AutogenFixtureTest):
    __test__ = False

    def _table(self, before: Optional[str], after: Optional[str]) -> Any:
        """Return what is said of the table's comment: what to do, from, to."""
        found = self._fixture(_model(table=before), _model(table=after))
        return [
            (each[0], *([] if each[0] == "remove_table_comment" else [each[1].comment]))
            for each in found
        ]

    def _column(self, before: Optional[str], after: Optional[str]) -> Any:
        """Return what is said of the column's comment: from, to."""
        found: Any = self._fixture(_model(column=before), _model(column=after))
        for [each] in found:
            assert each[:4] == ("modify_comment", None, TABLE, "c")
        return [each[5:] for [each] in found]


class AutogenerateCommentsTest(_CommentsTest):
    """A comment is added, changed, removed."""

    @needs("comments")
    def test_existing_table_comment_no_change(self) -> None:
        """A table's comment that is as it was is nothing to do."""
        assert self._table("it's", "it's") == []

    @needs("comments")
    def test_add_table_comment(self) -> None:
        """A table's new comment is found."""
        assert self._table(None, "it's") == [("add_table_comment", "it's")]

    @needs("comments")
    def test_remove_table_comment(self) -> None:
        """A table's comment that is gone is found."""
        assert self._table("it's", None) == [("remove_table_comment",)]

    @needs("comments")
    def test_alter_table_comment(self) -> None:
        """A table's comment that changed is found."""
        assert self._table("it's", "it was") == [("add_table_comment", "it was")]

    @needs("comments")
    def test_existing_column_comment_no_change(self) -> None:
        """A column's comment that is as it was is nothing to do."""
        assert self._column("100% :a", "100% :a") == []

    @needs("comments")
    def test_add_column_comment(self) -> None:
        """A column's new comment is found."""
        assert self._column(None, "it's") == [(None, "it's")]

    @needs("comments")
    def test_remove_column_comment(self) -> None:
        """A column's comment that is gone is found."""
        assert self._column("it's", None) == [("it's", None)]

    @needs("comments")
    def test_alter_column_comment(self) -> None:
        """A column's comment that changed is found."""
        assert self._column("it's", "it was") == [("it's", "it was")]


EMPTY = pytest.mark.parametrize(
    ("conn_comment", "md_comment"),
    [(None, ""), ("", None), (None, None), ("", "")],
    ids=["none-empty", "empty-none", "none-none", "empty-empty"],
)


class AutogenerateEmptyCommentsTest(_CommentsTest):
    """An empty comment is none."""

    @EMPTY
    @needs("comments")
    def test_table_empty_comment_no_change(
        self, conn_comment: Optional[str], md_comment: Optional[str]
    ) -> None:
        """No comment and an empty one are the same for a table."""
        assert self._table(conn_comment, md_comment) == []

    @needs("comments")
    def test_table_empty_to_nonempty_comment(self) -> None:
        """A comment in place of an empty one is found."""
        assert self._table("", "it's") == [("add_table_comment", "it's")]

    @needs("comments")
    def test_table_nonempty_to_empty_comment(self) -> None:
        """A comment that became empty is removed."""
        assert len(self._table("it's", "")) == 1

    @EMPTY
    @needs("comments")
    def test_column_empty_comment_no_change(
        self, conn_comment: Optional[str], md_comment: Optional[str]
    ) -> None:
        """No comment and an empty one are the same for a column."""
        assert self._column(conn_comment, md_comment) == []

    @needs("comments")
    def test_column_empty_to_nonempty_comment(self) -> None:
        """A comment in place of an empty one is found."""
        [(before, after)] = self._column("", "it's")
        assert not before
        assert after == "it's"

    @needs("comments")
    def test_column_nonempty_to_empty_comment(self) -> None:
        """A comment that became empty is found."""
        [(before, after)] = self._column("it's", "")
        assert before == "it's"
        assert not after

"""HeadMaintainer: what each kind of step does to the rows."""

from __future__ import annotations

import logging

import pytest

from alembic.migration import HeadMaintainer
from alembic.util.exc import CommandError


class Rows:
    """A version table in memory that notes what it is told."""

    class table:
        name = "alembic_version"

    def __init__(self):
        self.calls = []

    def insert(self, version):
        self.calls.append(("insert", version))

    def update(self, from_, to_):
        self.calls.append(("update", from_, to_))

    def delete(self, version):
        self.calls.append(("delete", version))


class Context:
    def __init__(self):
        self.versions = Rows()


class Step:
    """A step that answers as it was told."""

    def __init__(self, kind, answer):
        self.kind = kind
        self.answer = answer

    def should_delete_branch(self, heads):
        return self.kind == "delete"

    def should_create_branch(self, heads):
        return self.kind == "create"

    def should_merge_branches(self, heads):
        return self.kind == "merge"

    def should_unmerge_branches(self, heads):
        return self.kind == "unmerge"

    @property
    def delete_version_num(self):
        return self.answer

    insert_version_num = delete_version_num

    def merge_branch_idents(self, heads):
        return self.answer

    unmerge_branch_idents = update_version_num = merge_branch_idents


@pytest.mark.parametrize(
    ("heads", "step", "calls", "after", "line"),
    [
        (
            "ab",
            Step("delete", "a"),
            [("delete", "a")],
            "b",
            "branch delete a",
        ),
        (
            "a",
            Step("create", "b"),
            [("insert", "b")],
            "ab",
            "new branch insert b",
        ),
        (
            "abc",
            Step("merge", (["a", "b"], "c", "m")),
            [("delete", "a"), ("delete", "b"), ("update", "c", "m")],
            "m",
            "merge, delete ['a', 'b'], update c to m",
        ),
        (
            "m",
            Step("unmerge", ("m", "c", ("a", "b"))),
            [("insert", "a"), ("insert", "b"), ("update", "m", "c")],
            "abc",
            "unmerge, insert ('a', 'b'), update m to c",
        ),
        (
            "ab",
            Step("update", ("b", "c")),
            [("update", "b", "c")],
            "ac",
            "update b to c",
        ),
    ],
)
def test_rows_follow_the_step(heads, step, calls, after, line, caplog):
    """Each kind of step makes its changes, in order, and logs one line."""
    caplog.set_level(logging.DEBUG, "alembic.runtime.migration")
    context = Context()
    maintainer = HeadMaintainer(context, heads)
    maintainer.update_to_step(step)
    assert context.versions.calls == calls
    assert maintainer.heads == set(after)
    assert [record.getMessage() for record in caplog.records] == [line]


@pytest.mark.parametrize(
    "step", [Step("create", "a"), Step("update", ("b", "a"))], ids=["insert", "update"]
)
def test_a_version_is_there_once(step):
    """A version that is in the table already is not written again."""
    maintainer = HeadMaintainer(Context(), "ab")
    with pytest.raises(CommandError, match="'a' is already in 'alembic_version'"):
        maintainer.update_to_step(step)
    assert maintainer.heads == {"a", "b"}
    assert maintainer.context.versions.calls == []

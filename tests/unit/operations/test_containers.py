"""Containers as data: order, emptiness, diffs, and the whole script."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from alembic.operations import ops

names = st.sampled_from(["a", "b", "c"])
simple = st.builds(
    lambda table, column: ops.AddColumnOp(table, sa.Column(column, sa.Integer())),
    names,
    names,
)
trees = st.recursive(
    st.lists(simple, max_size=3),
    lambda inner: st.lists(
        st.one_of(simple, st.builds(lambda ops_: ops.ModifyTableOps("t", ops_), inner)),
        max_size=3,
    ),
    max_leaves=8,
)


def flat(container):
    """Return the diff tuples that a tree must have, by walking it."""
    for operation in container.ops:
        if isinstance(operation, ops.OpContainer):
            yield from flat(operation)
        else:
            yield operation.to_diff_tuple()


@given(trees)
def test_downgrade_is_the_upgrade_backwards(tree):
    """Each operation is undone, the last one first, at every depth."""
    upgrade = ops.UpgradeOps(tree)
    forward = [(tag, *rest) for tag, *rest in upgrade.as_diffs()]
    backward = upgrade.reverse().as_diffs()
    assert forward == list(flat(upgrade))
    assert backward == [("remove_column", *rest) for _, *rest in reversed(forward)]
    assert upgrade.reverse().reverse().as_diffs() == forward


def test_reverse_into_fills_the_container_it_is_given():
    """What was in it is gone; the same object comes back."""
    downgrade = ops.DowngradeOps(ops=[ops.ExecuteSQLOp("x")], downgrade_token="t")
    upgrade = ops.UpgradeOps([ops.AddColumnOp("t", sa.Column("x", sa.Integer()))])
    assert upgrade.reverse_into(downgrade) is downgrade
    assert [type(op) for op in downgrade.ops] == [ops.DropColumnOp]
    assert downgrade.downgrade_token == "t"


def test_modify_table_keeps_its_table_when_reversed():
    """Table name and schema go along."""
    undone = ops.ModifyTableOps("t", [], schema="s").reverse()
    assert (undone.table_name, undone.schema, undone.ops) == ("t", "s", [])


def test_container_is_empty_when_it_holds_nothing():
    """A container that holds an empty one is not empty."""
    assert ops.UpgradeOps().is_empty()
    assert not ops.UpgradeOps([ops.ModifyTableOps("t", [])]).is_empty()


def test_container_takes_a_list_of_its_own():
    """Changing the list that it was made of does not change it."""
    given_ops = [ops.ExecuteSQLOp("x")]
    upgrade = ops.UpgradeOps(given_ops)
    given_ops.clear()
    assert len(upgrade.ops) == 1


def script(**kw):
    return ops.MigrationScript("r", ops.UpgradeOps(), ops.DowngradeOps(), **kw)


def test_script_holds_one_upgrade_and_one_downgrade():
    """They are read singly and as lists."""
    found = script(message="m", head="h", depends_on="d", version_path="p")
    assert found.upgrade_ops_list == [found.upgrade_ops]
    assert found.downgrade_ops_list == [found.downgrade_ops]
    assert (found.rev_id, found.message, found.head) == ("r", "m", "h")
    assert (found.depends_on, found.version_path) == ("d", "p")


def test_script_holds_several_upgrades():
    """Several can be assigned; read singly, the error names the list."""
    found = script()
    found.upgrade_ops = [ops.UpgradeOps(), ops.UpgradeOps()]
    found.downgrade_ops = [ops.DowngradeOps(), ops.DowngradeOps()]
    assert len(found.upgrade_ops_list) == len(found.downgrade_ops_list) == 2
    with pytest.raises(ValueError, match="UpgradeOps; please use.*upgrade_ops_list"):
        found.upgrade_ops
    with pytest.raises(ValueError, match="please use.*downgrade_ops_list"):
        found.downgrade_ops


def test_script_may_hold_no_upgrade():
    """An empty list reads as None."""
    found = ops.MigrationScript("r", [], [])
    assert found.upgrade_ops is None
    assert found.downgrade_ops_list == []


@pytest.mark.parametrize("wrong", [None, "x", 5, ops.DowngradeOps(), [1]])
def test_script_refuses_what_is_no_upgrade(wrong):
    """The error names the attribute and the class that it takes."""
    with pytest.raises(
        TypeError, match=r"MigrationScript.upgrade_ops takes UpgradeOps"
    ):
        script().upgrade_ops = wrong


def test_scripts_do_not_share_their_imports():
    """What one script imports is not imported by the next."""
    one, other = script(), script()
    one.imports.add("import uuid")
    assert other.imports == set()

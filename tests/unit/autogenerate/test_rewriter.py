"""Rewriting the tree of a revision's operations."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from alembic.autogenerate import Rewriter
from alembic.operations import ops


def script():
    """Return a script with a new table, two changes and a drop."""
    return ops.MigrationScript(
        "r",
        ops.UpgradeOps(
            [
                ops.CreateTableOp("a", [sa.Column("x", sa.Integer)]),
                ops.ModifyTableOps(
                    "t",
                    [
                        ops.AddColumnOp("t", sa.Column("q", sa.Integer)),
                        ops.AlterColumnOp("t", "z", modify_nullable=True),
                    ],
                ),
            ]
        ),
        ops.DowngradeOps([ops.DropTableOp("a")]),
    )


def tree(op):
    """Return an operation and its members as nested lists of class names."""
    name = type(op).__name__
    members = getattr(op, "ops", None)
    return name if members is None else [name, *[tree(member) for member in members]]


def rewritten(*rewriters, of=None):
    """Return the trees of a script's directions after rewriting."""
    directives = [of or script()]
    for rewriter in rewriters:
        rewriter("context", "revision", directives)
    return [tree(found) for found in directives[0].upgrade_ops_list] + [
        tree(found) for found in directives[0].downgrade_ops_list
    ]


def unchanged():
    """Return the trees of the script as it is."""
    return rewritten(Rewriter())


REPLACEMENTS = [
    (lambda op: op, ["AddColumnOp"]),
    (lambda op: None, []),
    (lambda op: [], []),
    (lambda op: (op, op), ["AddColumnOp", "AddColumnOp"]),
    (lambda op: iter([op]), ["AddColumnOp"]),
    (lambda op: ops.DropTableOp("n"), ["DropTableOp"]),
    (lambda op: [op, ops.ExecuteSQLOp("x")], ["AddColumnOp", "ExecuteSQLOp"]),
]


@pytest.mark.parametrize(("replace", "expected"), REPLACEMENTS)
def test_what_is_returned_takes_the_place(replace, expected):
    """One operation, several, or none; the neighbours stay."""
    writer = Rewriter()
    seen = []

    @writer.rewrites(ops.AddColumnOp)
    def rewrite(context, revision, op):
        seen.append((context, revision, op.column.name))
        return replace(op)

    changes = rewritten(writer)[0][2]
    assert changes == ["ModifyTableOps", *expected, "AlterColumnOp"]
    assert seen == [("context", "revision", "q")]


def test_generators_may_be_registered():
    """What they yield takes the place."""
    writer = Rewriter()

    @writer.rewrites(ops.CreateTableOp)
    def rewrite(context, revision, op):
        yield op
        yield ops.ExecuteSQLOp("x")

    assert rewritten(writer)[0][1:3] == ["CreateTableOp", "ExecuteSQLOp"]


@pytest.mark.parametrize(
    ("cls", "seen"),
    [
        (ops.MigrationScript, ["MigrationScript"]),
        (ops.UpgradeOps, ["UpgradeOps"]),
        (ops.OpContainer, ["UpgradeOps", "ModifyTableOps", "DowngradeOps"]),
        (
            ops.MigrateOperation,
            [
                "MigrationScript",
                "UpgradeOps",
                "CreateTableOp",
                "ModifyTableOps",
                "AddColumnOp",
                "AlterColumnOp",
                "DowngradeOps",
                "DropTableOp",
            ],
        ),
    ],
)
def test_classes_above_are_found(cls, seen):
    """Every operation is offered to the nearest class above its own, from the top."""
    writer = Rewriter()
    found = []

    @writer.rewrites(cls)
    def rewrite(context, revision, op):
        found.append(type(op).__name__)
        return op

    assert rewritten(writer) == unchanged()
    assert found == seen


def test_nothing_is_offered_twice():
    """Not what a function returned, and not in another run."""
    writer = Rewriter()
    seen = []

    @writer.rewrites(ops.CreateTableOp)
    def rewrite(context, revision, op):
        seen.append(op.table_name)
        return [op, ops.CreateTableOp("new", [])]

    directives = [script()]
    writer("context", "revision", directives)
    writer("context", "revision", directives)
    assert seen == ["a"]


def test_members_of_new_containers_are_offered():
    """Only the container itself has been seen."""
    writer = Rewriter()
    seen = []

    @writer.rewrites(ops.ModifyTableOps)
    def more(context, revision, op):
        added = ops.AddColumnOp("u", sa.Column("y", sa.Integer))
        return [op, ops.ModifyTableOps("u", [added])]

    @writer.rewrites(ops.AddColumnOp)
    def rewrite(context, revision, op):
        seen.append(op.table_name)
        return op

    rewritten(writer)
    assert seen == ["t", "u"]


def test_chained():
    """The others come afterwards, on the result; the rewriter itself is unchanged."""
    first, second = Rewriter(), Rewriter()
    seen = []

    @first.rewrites(ops.CreateTableOp)
    def add(context, revision, op):
        return [op, ops.CreateTableOp("b", [])]

    @second.rewrites(ops.CreateTableOp)
    def watch(context, revision, op):
        seen.append(op.table_name)
        return op

    def plain(context, revision, directives):
        seen.append(len(directives))

    both = first.chain(plain).chain(second)
    assert both is not first
    rewritten(both)
    assert seen == [1, "a", "b"]
    del seen[:]
    rewritten(first)
    assert seen == []
    both.process_revision_directives("context", "revision", [script()])
    assert seen == []


def test_several_databases():
    """Each one's operations are rewritten and stay apart."""
    writer = Rewriter()

    @writer.rewrites(ops.DropTableOp)
    def rewrite(context, revision, op):
        return [op, ops.ExecuteSQLOp("x")]

    several = ops.MigrationScript(
        "r",
        [ops.UpgradeOps([ops.DropTableOp("a")]), ops.UpgradeOps([])],
        [ops.DowngradeOps([]), ops.DowngradeOps([ops.DropTableOp("b")])],
    )
    assert rewritten(writer, of=several) == [
        ["UpgradeOps", "DropTableOp", "ExecuteSQLOp"],
        ["UpgradeOps"],
        ["DowngradeOps"],
        ["DowngradeOps", "DropTableOp", "ExecuteSQLOp"],
    ]


@pytest.mark.parametrize("result", [None, [], ["twice", "twice"]])
@pytest.mark.parametrize("cls", [ops.UpgradeOps, ops.DowngradeOps])
def test_a_direction_stays_one(cls, result):
    """In the place of an upgrade or downgrade stands exactly one."""
    writer = Rewriter()

    @writer.rewrites(cls)
    def rewrite(context, revision, op):
        return result and [op for _ in result]

    with pytest.raises(ValueError, match="^Can only return single object for "):
        rewritten(writer)


def test_scripts_may_be_added_and_removed():
    """What stands in the place of a script goes into the list of directives."""
    writer = Rewriter()

    @writer.rewrites(ops.MigrationScript)
    def rewrite(context, revision, op):
        return [op, script()] if op.rev_id == "r" else None

    directives = [script(), script()]
    directives[1].rev_id = "other"
    writer("context", "revision", directives)
    assert [found.rev_id for found in directives] == ["r", "r"]


def test_one_function_for_one_class():
    """A second one is refused."""
    writer = Rewriter()
    writer.rewrites(ops.DropTableOp)(lambda context, revision, op: op)
    with pytest.raises(ValueError, match="^Can not set dispatch function"):
        writer.rewrites(ops.DropTableOp)(lambda context, revision, op: op)

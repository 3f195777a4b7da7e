"""alembic.command.differences: what `check` prints for each difference."""

from __future__ import annotations

from functools import partial

import pytest
import sqlalchemy as sa

from alembic.autogenerate.api import sql_text
from alembic.command.differences import describe
from alembic.command.differences import differences
from alembic.migration import MigrationContext

metadata = sa.MetaData()
user = sa.Table(
    "user",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(50)),
    sa.UniqueConstraint("name", name="uq_user_name"),
    sa.CheckConstraint("id > 0", name="ck_id"),
    sa.Index("ix_user_name", "name"),
)
note = sa.Table(
    "note",
    metadata,
    sa.Column("user_id", sa.Integer),
    sa.ForeignKeyConstraint(
        ["user_id"],
        ["user.id"],
        name="fk_note_user",
        ondelete="SET NULL",
        match="FULL",
        deferrable=True,
        initially="deferred",
    ),
    schema="app",
)
[index] = list(user.indexes)
unique = next(c for c in user.constraints if isinstance(c, sa.UniqueConstraint))
check = next(c for c in user.constraints if isinstance(c, sa.CheckConstraint))
[foreign_key] = note.foreign_key_constraints


class Odd:
    """A type that has no SQL of its own."""

    def __str__(self):
        raise sa.exc.UnsupportedCompilationError(None, str)

    def __repr__(self):
        return "Odd()"


@pytest.mark.parametrize(
    ("diff", "lines"),
    [
        (("add_table", user), ["add table 'user'"]),
        (("remove_table", note), ["remove table 'app.note'"]),
        (
            ("add_column", None, "user", user.c.name),
            ["add column 'user.name' (VARCHAR(50))"],
        ),
        (
            ("remove_column", "app", "note", sa.Column("x", sa.Integer)),
            ["remove column 'app.note.x' (INTEGER)"],
        ),
        (("add_index", index), ["add index 'ix_user_name' on table 'user' (name)"]),
        (
            ("remove_constraint", unique),
            ["remove unique constraint 'uq_user_name' on table 'user' (name)"],
        ),
        (
            ("add_constraint", check),
            ["add check constraint 'ck_id' on table 'user' (id > 0)"],
        ),
        (
            ("remove_index", sa.Index("u", user.c.name, unique=True, mysql_length=5)),
            ["remove unique index 'u' on table 'user' (name) mysql_length=5"],
        ),
        (
            ("add_column", None, "user", sa.Column("x", sa.Date, nullable=False)),
            ["add column 'user.x' (DATE NOT NULL)"],
        ),
        (
            ("add_fk", foreign_key),
            [
                "add foreign key 'fk_note_user' on table 'app.note' (user_id) to 'user' "
                "ON DELETE SET NULL MATCH FULL DEFERRABLE INITIALLY DEFERRED"
            ],
        ),
        (
            [
                ("modify_nullable", None, "user", "name", {}, True, False),
                ("modify_type", None, "user", "name", {}, sa.String(50), sa.Text()),
                (
                    "modify_default",
                    None,
                    "user",
                    "name",
                    {},
                    None,
                    sa.DefaultClause("x"),
                ),
                ("modify_comment", "app", "note", "x", {}, "old", None),
            ],
            [
                "change column 'user.name' to NOT NULL",
                "change type of column 'user.name' from VARCHAR(50) to TEXT",
                "change server default of column 'user.name' from none to 'x'",
                "change comment of column 'app.note.x' from 'old' to none",
            ],
        ),
        (
            ("modify_type", None, "t", "c", {}, sa.Integer(), Odd()),
            ["change type of column 't.c' from INTEGER to Odd()"],
        ),
        (
            ("add_index", sa.Index("ix_lower", sa.func.lower(user.c.name))),
            ["add index 'ix_lower' on table 'user' (lower(\"user\".name))"],
        ),
        (("add_table_comment", user, None), ["add comment on table 'user'"]),
        (
            ("add_table_comment", sa.Table("t", sa.MetaData(), comment="it's"), "old"),
            ["change comment of table 't' from 'old' to \"it's\""],
        ),
        (("execute", "ALTER TABLE t\n SET LOGGED"), ["run ALTER TABLE t SET LOGGED"]),
        (("create_view", "v", "select\n 1"), ["('create_view', 'v', 'select\\n 1')"]),
        (("add_table",), ["('add_table',)"]),
        ((), ["()"]),
    ],
)
def test_each_difference_is_a_line(diff, lines):
    """One line each, with the names that a person knows; unknown ones as they are."""
    assert describe(diff) == lines


@pytest.mark.parametrize(
    ("dialect", "diff", "line"),
    [
        (
            "mysql",
            ("modify_type", None, "t", "e", {}, sa.Enum("a"), sa.Enum("a", "it's")),
            "change type of column 't.e' from ENUM('a') to ENUM('a','it''s')",
        ),
        (
            "postgresql",
            ("modify_type", None, "t", "x", {}, sa.LargeBinary(), sa.Float(53)),
            "change type of column 't.x' from BYTEA to FLOAT(53)",
        ),
        (
            "postgresql",
            (
                *("modify_type", None, "t", "e", {}),
                *(sa.Enum("a", name="e"), sa.Enum("b", name="e")),
            ),
            "change type of column 't.e' from Enum('a', name='e') to Enum('b', name='e')",
        ),
        (
            "sqlite",
            (
                *("modify_default", None, "t", "d", {}),
                *(sa.DefaultClause("it's"), sa.DefaultClause(sa.func.now())),
            ),
            "change server default of column 't.d' from 'it''s' to CURRENT_TIMESTAMP",
        ),
        (
            "sqlite",
            (
                *("modify_default", None, "t", "d", {}),
                *(sa.DefaultClause(sa.text("'5'")), None),
            ),
            "change server default of column 't.d' from '5' to none",
        ),
        (
            "postgresql",
            (
                "add_index",
                sa.Index("i", user.c.name, postgresql_where=user.c.id > 5),
            ),
            "add index 'i' on table 'user' (name) postgresql_where=id > 5",
        ),
    ],
)
def test_types_and_expressions_are_those_of_the_database(dialect, diff, line):
    """A person reads the SQL that the database at hand would be given."""
    context = MigrationContext.configure(dialect_name=dialect)
    assert describe(diff, partial(sql_text, context)) == [line]


def test_operations_become_differences_with_their_code():
    """Those in containers too; code that cannot be written is left out."""

    class Op:
        def __init__(self, *diff):
            self.diff = diff

        def to_diff_tuple(self):
            return self.diff

    class Container:
        def __init__(self, *ops):
            self.ops = ops

    def render(op):
        if op.diff[0] == "add_table":
            return "# generated\n    op.create_table('user',\n        'id'\n    )"
        raise LookupError

    found = Container(
        Op("add_table", user), Container(Op("remove_table", note)), Container()
    )
    assert [str(difference) for difference in differences(found, render)] == [
        "add table 'user': op.create_table('user', 'id')",
        "remove table 'app.note'",
    ]

"""A revision as a project with type checks has it: every directive."""

from __future__ import annotations

from typing import Optional
from typing import Sequence
from typing import Union

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from alembic import op
from alembic.operations import ops

revision: str = "a"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


async def fill(connection: AsyncConnection, count: int) -> str:
    await connection.execute(sa.text("SELECT 1"))
    return "x" * count


def upgrade() -> None:
    table = op.create_table(
        "account",
        sa.Column("id", sa.Integer(), sa.Identity(), primary_key=True),
        sa.Column("name", sa.String(50), nullable=False),
        sa.CheckConstraint("id > 0", name=op.f("ck_account_positive")),
        sa.PrimaryKeyConstraint("id"),
        sa.Index("ix_account_name", "name"),
        schema="private",
        comment="who may enter",
        if_not_exists=True,
    )
    op.add_column("account", sa.Column("age", sa.Integer()), if_not_exists=True)
    op.alter_column(
        "account",
        "age",
        nullable=False,
        type_=sa.BigInteger(),
        existing_type=sa.Integer,
        server_default=sa.text("0"),
        existing_server_default=None,
        comment=None,
        postgresql_using="age::bigint",
    )
    op.alter_column("account", "id", server_default=sa.Identity(always=True))
    op.alter_column("account", "age", server_default=sa.func.now())
    op.create_index("ix_age", "account", ["age", sa.text("lower(name)")], unique=True)
    op.create_index("ix", "account", [sa.func.lower(table.c.name)], if_not_exists=True)
    op.create_primary_key("pk_account", "account", ["id"])
    op.create_unique_constraint("uq_name", "account", ["name"], deferrable=True)
    op.create_check_constraint("ck_age", "account", sa.column("age") > 5)
    op.create_check_constraint("ck_age", "account", "age > 5")
    op.create_foreign_key(
        None, "account", "parent", ["parent_id"], ["id"], ondelete="CASCADE"
    )
    op.create_exclude_constraint(
        "ex_name", "account", (sa.column("name"), "="), using="gist"
    )
    op.create_table_comment("account", "people", existing_comment=None)
    op.bulk_insert(table, [{"id": 1, "name": "x"}], multiinsert=False)
    op.bulk_insert(sa.table("t", sa.column("x", sa.Integer())), [{"x": 1}])
    op.execute("UPDATE account SET age = 1")
    op.execute(sa.text("SELECT :x").bindparams(x=1))
    op.execute(table.insert().values(name=op.inline_literal("x")))
    op.execute(sa.update(table).values(age=5), execution_options={"x": 1})
    op.rename_table("account", "person", schema="private")
    found: Optional[int] = op.get_bind().execute(sa.text("SELECT 1")).scalar()
    with op.get_context().autocommit_block():
        op.execute("VACUUM")
    text: str = op.run_async(fill, 5)
    op.invoke(ops.DropTableOp("elsewhere"))
    print(found, text, op.get_context().as_sql)


def downgrade() -> None:
    op.drop_index("ix_age", table_name="account", if_exists=True)
    op.drop_constraint("ck_age", "account", type_="check")
    op.drop_column("account", "age", if_exists=True)
    op.drop_table_comment("account", existing_comment="people")
    op.drop_table("account", schema="private", if_exists=True)


def in_batches() -> None:
    with op.batch_alter_table(
        "account",
        schema="private",
        recreate="always",
        copy_from=None,
        table_args=(sa.UniqueConstraint("name"),),
        table_kwargs={"sqlite_autoincrement": True},
        reflect_args=[sa.Column("x", sa.Boolean())],
        naming_convention={"uq": "uq_%(table_name)s"},
        partial_reordering=[("a", "b")],
    ) as batch_op:
        batch_op.add_column(sa.Column("age", sa.Integer()), insert_after="id")
        batch_op.alter_column(
            "age",
            nullable=False,
            type_=sa.BigInteger,
            existing_type=sa.Integer(),
            server_default=sa.Computed("id + 1"),
            new_column_name="years",
            comment="full years",
        )
        batch_op.create_index("ix_age", ["age"], unique=True)
        batch_op.create_index("ix", [sa.text("lower(name)")])
        batch_op.create_primary_key("pk_account", ["id"])
        batch_op.create_unique_constraint("uq_name", ["name"])
        batch_op.create_check_constraint("ck_age", sa.column("age") > 5)
        batch_op.create_foreign_key(
            batch_op.f("fk"), "parent", ["parent_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_exclude_constraint("ex", (sa.column("name"), "="))
        batch_op.create_table_comment("people")
        batch_op.drop_table_comment()
        batch_op.drop_index("ix_age")
        batch_op.drop_constraint("ck_age", type_="check")
        batch_op.drop_column("age", if_exists=True)
        batch_op.execute("SELECT 1")

        batch_op.drop_column("account", "age")  # wrong
        batch_op.add_column("age")  # wrong
        batch_op.create_index("ix", "account", ["age"], True)  # wrong
        batch_op.bulk_insert([])  # wrong


number: int = op.run_async(fill, 1)  # wrong
op.run_async(upgrade)  # wrong
op.add_column("t", "y")  # wrong
op.ad_column("t")  # wrong
op.drop_table(sa.table("t"))  # wrong
op.alter_column("t", "x", nullable="yes")  # wrong
op.create_foreign_key("fk", "a", "b", ["x"])  # wrong
op.bulk_insert("t", [{"x": 1}])  # wrong

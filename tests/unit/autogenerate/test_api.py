"""Autogenerate for programs."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from alembic import autogenerate
from alembic.autogenerate import api
from alembic.autogenerate import compare_metadata
from alembic.autogenerate import produce_migrations
from alembic.autogenerate import render_python_code
from alembic.migration import MigrationContext
from alembic.operations import ops

NAMES = [
    "RevisionContext",
    "Rewriter",
    "_produce_net_changes",
    "_render_migration_diffs",
    "api",
    "comparators",
    "compare",
    "compare_metadata",
    "produce_migrations",
    "render",
    "render_op_text",
    "render_python_code",
    "renderers",
    "rewriter",
]

RENDER_NAMES = [
    "MAX_PYTHON_ARGS",
    "_add_column",
    "_add_index",
    "_add_table",
    "_alter_column",
    "_drop_column",
    "_drop_index",
    "_drop_table",
    "_render_check_constraint",
    "_render_cmd_body",
    "_render_column",
    "_render_constraint",
    "_render_python_into_templatevars",
    "_render_server_default",
    "_render_unique_constraint",
    "_repr_type",
    "_user_defined_render",
    "render_op",
    "render_op_text",
    "renderers",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_the_package(name):
    """Programs find these on ``alembic.autogenerate``."""
    assert hasattr(autogenerate, name)


@pytest.mark.parametrize("name", RENDER_NAMES)
def test_names_of_render(name):
    """Programs find these on ``alembic.autogenerate.render``."""
    assert hasattr(autogenerate.render, name)


def test_names_of_api():
    """The classes have their old place."""
    assert api.RevisionContext is autogenerate.RevisionContext
    assert api.AutogenContext.__name__ == "AutogenContext"


@pytest.fixture
def context():
    """A migration context of a database with one table."""
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        with connection.begin():
            connection.execute(sa.text("CREATE TABLE old (x INTEGER)"))
        yield MigrationContext.configure(connection)
    engine.dispose()


@pytest.fixture
def model():
    """A model with another table."""
    found = sa.MetaData()
    sa.Table("new", found, sa.Column("x", sa.Integer))
    return found


def test_compare_metadata(context, model):
    """Differences are tuples of the kind of change and the object."""
    added, removed = compare_metadata(context, model)
    assert added == ("add_table", model.tables["new"]) or added[1].name == "new"
    assert (removed[0], removed[1].name) == ("remove_table", "old")


def test_produce_migrations(context, model):
    """The operations go both ways and have no revision yet."""
    script = produce_migrations(context, model)
    assert script.rev_id is None
    assert [type(op) for op in script.upgrade_ops.ops] == [
        ops.CreateTableOp,
        ops.DropTableOp,
    ]
    assert [type(op) for op in script.downgrade_ops.ops] == [
        ops.CreateTableOp,
        ops.DropTableOp,
    ]
    assert script.downgrade_ops.ops[0].table_name == "old"


def test_render_python_code_defaults():
    """Without a context the code is for no database in particular."""
    change = ops.AlterColumnOp("t", "x", modify_server_default=sa.true())
    assert "server_default=sa.text('1')" in render_python_code(ops.UpgradeOps([change]))


def test_render_python_code_options(context):
    """Prefixes, hook and dialect are the caller's."""

    def render_item(kind, obj, autogen_context):
        seen.append(sorted(autogen_context.imports))
        return False

    seen = []
    change = ops.AlterColumnOp("t", "x", modify_server_default=sa.func.now())
    text = render_python_code(
        ops.DowngradeOps([change]),
        sqlalchemy_module_prefix="s.",
        alembic_module_prefix="o.",
        imports=["import this"],
        render_item=render_item,
        migration_context=context,
    )
    assert "o.alter_column('t', 'x'," in text
    assert "s.text('(CURRENT_TIMESTAMP)')" in text
    assert seen == [["import this"]]


def test_render_migration_diffs(context, model):
    """The old way: both directions in a dictionary."""
    context.opts.update(
        target_metadata=model,
        sqlalchemy_module_prefix="sa.",
        alembic_module_prefix="op.",
        user_module_prefix=None,
    )
    variables = {}
    autogenerate._render_migration_diffs(context, variables)
    assert sorted(variables) == ["downgrades", "imports", "upgrades"]
    assert "op.drop_table('old')" in variables["upgrades"]
    assert "op.drop_table('new')" in variables["downgrades"]

"""What comparing and rendering share: both sides, filters, tables."""

from __future__ import annotations

import warnings

import pytest
import sqlalchemy as sa

from alembic.autogenerate.autogen_context import AutogenContext
from alembic.autogenerate.autogen_context import comparators
from alembic.migration import MigrationContext
from alembic.util.exc import CommandError


def metadata(*names, **kw):
    """Return a model of some tables."""
    found = sa.MetaData(**kw)
    for name in names:
        sa.Table(name, found, sa.Column("x", sa.Integer))
    return found


def context(model=None, autogenerate=True, **opts):
    """Return a context without a database."""
    migration_context = MigrationContext.configure(dialect_name="sqlite", opts=opts)
    return AutogenContext(migration_context, model, autogenerate=autogenerate)


class Script:
    """Stands for a script directory."""

    env_py_location = "/project/env.py"


def test_the_model_may_come_from_the_options():
    """Given metadata win over ``target_metadata``."""
    one, other = metadata("a"), metadata("b")
    assert context(target_metadata=one).metadata is one
    assert context(other, target_metadata=one).metadata is other


def test_without_a_model():
    """Within an environment the error names env.py; elsewhere it is found later."""
    message = (
        "Can't proceed with --autogenerate option; environment script /project/env.py "
        "does not provide a MetaData object or sequence of objects to the context. "
        "Set target_metadata there to the MetaData of your models, such as "
        "Base.metadata"
    )
    with pytest.raises(CommandError) as error:
        context(script=Script())
    assert str(error.value) == message
    assert context(script=Script(), autogenerate=False).metadata is None
    with pytest.raises(TypeError, match="has no metadata"):
        assert context().sorted_tables


def test_sql_mode_cannot_compare():
    """There is nothing to ask; rendering is possible."""
    with pytest.raises(CommandError, match="^autogenerate can't use as_sql=True"):
        context(metadata(), as_sql=True)
    assert context(metadata(), as_sql=True, autogenerate=False).imports == set()


def test_the_inspector_needs_a_connection():
    """Without one the error says so."""
    with pytest.raises(TypeError, match="can't return inspector"):
        assert context(metadata()).inspector


def test_the_inspector_is_made_once():
    """It keeps what it has read."""
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        found = AutogenContext(MigrationContext.configure(connection), metadata())
        assert found.inspector is found.inspector
        assert found.inspector.get_table_names() == []
    engine.dispose()


def test_tables_come_after_those_they_refer_to():
    """Several models follow one another."""
    model = sa.MetaData()
    sa.Table("a", model, sa.Column("x", sa.ForeignKey("b.x")))
    sa.Table("b", model, sa.Column("x", sa.Integer, primary_key=True))
    both = context([model, metadata("c")])
    assert [table.name for table in both.sorted_tables] == ["b", "a", "c"]
    assert list(both.table_key_to_table) == ["a", "b", "c"]
    assert both.table_key_to_table["c"] is both.metadata[1].tables["c"]


def test_circles_of_tables_are_no_news():
    """Sorting them warns of nothing: the operations break the circle."""
    model = sa.MetaData()
    sa.Table("a", model, sa.Column("x", sa.Integer, sa.ForeignKey("b.x")))
    sa.Table("b", model, sa.Column("x", sa.Integer, sa.ForeignKey("a.x")))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(context(model).sorted_tables) == 2


def test_models_given_as_an_iterator():
    """They can be looked at more than once."""
    found = context(iter([metadata("a"), metadata("b")]))
    assert len(found.sorted_tables) == 2
    assert len(found.table_key_to_table) == 2


def test_one_table_in_two_models():
    """The keys that are there twice are named."""
    found = context([metadata("b", "a"), metadata("c"), metadata("a", "b")])
    with pytest.raises(ValueError) as error:
        assert found.table_key_to_table
    assert str(error.value) == (
        'Duplicate table keys across multiple MetaData objects: "a", "b"'
    )


NAMES = [
    ("x", "table", {"schema_name": None}, "x"),
    ("x", "table", {"schema_name": "s"}, "s.x"),
    ("x", "table", {"schema_name": ""}, "x"),
    ("c", "column", {"schema_name": "s", "table_name": "t"}, "s.t"),
    ("c", "column", {"schema_name": "s"}, None),
    ("i", "index", {"table_name": "t"}, None),
    (None, "table", {"schema_name": None}, None),
    ("s", "schema", {}, None),
]


@pytest.mark.parametrize(("name", "kind", "parents", "qualified"), NAMES)
def test_name_filters_know_the_table(name, kind, parents, qualified):
    """``schema_qualified_table_name`` is added where the table is known."""
    seen = []

    def include_name(name, kind, parents):
        seen.append((name, kind, parents.get("schema_qualified_table_name")))
        return name != "x"

    found = context(metadata(), include_name=include_name)
    assert found.run_name_filters(name, kind, dict(parents)) is (name != "x")
    assert seen == [(name, kind, qualified)]


def test_object_filters():
    """``include_object`` decides, under both names of the method."""
    seen = []

    def include_object(*arguments):
        seen.append(arguments)
        return False

    found = context(metadata(), include_object=include_object)
    arguments = (sa.Column("x"), "x", "column", True, None)
    assert found.run_object_filters(*arguments) is False
    assert found.run_filters(*arguments) is False
    assert seen == [arguments, arguments]


def test_without_filters_everything_is_kept():
    """There is nobody to refuse."""
    found = context(metadata())
    assert found.run_name_filters("x", "table", {"schema_name": None}) is True
    assert found.run_object_filters(sa.Column("x"), "x", "column", True, None) is True


def test_batch_blocks_nest():
    """What was before a block is after it, too, whatever happens inside."""
    found = context(metadata())
    with found._within_batch():
        with pytest.raises(KeyError), found._within_batch():
            raise KeyError
        assert found._has_batch
    assert not found._has_batch


@pytest.fixture
def registered():
    """Registers a comparator for every environment, and takes it away again."""
    before = {key: list(found) for key, found in comparators._registry.items()}

    @comparators.dispatch_for("schema")
    def mine(*arguments):
        return None

    yield mine
    comparators._registry.clear()
    comparators._registry.update(before)


def functions(found):
    """Return the comparators that a context has chosen, in their order."""
    return [fn for entries in found.comparators._registry.values() for fn, _ in entries]


def test_plugins_are_selected(registered):
    """Comparators of plugins come behind those registered directly."""
    assert functions(context(metadata(), autogenerate_plugins=[])) == [registered]
    default = functions(context(metadata()))
    assert default[0] is registered
    assert len(default) > 10
    assert functions(context(metadata(), autogenerate_plugins=None)) == default
    without = context(
        metadata(),
        autogenerate_plugins=["alembic.autogenerate.*", "~alembic.autogenerate.types"],
    )
    assert 0 < len(functions(without)) < len(default)


def test_unknown_plugins():
    """A plugin that is not there is an error at once."""
    with pytest.raises(CommandError, match="Did not locate plugins: nope"):
        context(metadata(), autogenerate_plugins=["nope"])

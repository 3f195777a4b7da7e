"""alembic.plugins: registration, selection and what goes wrong in them."""

from __future__ import annotations

import sys
from types import ModuleType
from types import SimpleNamespace

import pytest

from alembic import plugins
from alembic.plugins import Plugin
from alembic.util import CommandError
from alembic.util import DispatchPriority
from alembic.util import PriorityDispatcher
from alembic.util import PriorityDispatchResult

BUILT_IN = [name for name, _ in plugins._BUILT_IN]

OF_THE_REFERENCE = [
    "alembic.autogenerate.schemas",
    "alembic.autogenerate.tables",
    "alembic.autogenerate.types",
    "alembic.autogenerate.constraints",
    "alembic.autogenerate.defaults",
    "alembic.autogenerate.comments",
    "alembic.ext.checkconstraint_byname",
]


@pytest.fixture(autouse=True)
def registry(monkeypatch):
    """Give each test a registry of its own, with the built-in names only."""
    fresh = {}
    monkeypatch.setattr(plugins, "_registered", fresh)
    monkeypatch.setattr(plugins, "_loaded", False)
    monkeypatch.setattr(plugins.compat, "importlib_metadata_get", lambda group: ())
    return fresh


def entry_point(name, load):
    return SimpleNamespace(name=name, value=f"{name}:module", load=load)


def module_with(setup):
    module = ModuleType("theirs")
    module.setup = setup
    return module


def noting(target, notes, name):
    def compare(*arg, **kw):
        notes.append(name)
        return PriorityDispatchResult.CONTINUE

    return compare


def test_built_in_plugins_come_first_in_their_order():
    """Comparators of one priority run in the order in which plugins are registered."""
    Plugin("mine")
    assert list(plugins._all_plugins) == [*BUILT_IN, "mine"]


def test_those_of_the_reference_keep_their_order():
    """Our own are known to run beside them, in places of their own."""
    assert [name for name in BUILT_IN if name in OF_THE_REFERENCE] == OF_THE_REFERENCE


def test_built_in_table_names_modules_that_exist():
    """Each row leads to a module with a setup function."""
    for _, module in plugins._BUILT_IN:
        __import__(module)
        assert callable(sys.modules[module].setup)


def test_comparators_reach_the_dispatcher_of_those_who_select_the_plugin():
    """Selected ones run by priority; others do not."""
    ran = []
    first, second, other = Plugin("acme.a"), Plugin("acme.b"), Plugin("other")
    first.add_autogenerate_comparator(noting("table", ran, "a"), "table")
    second.add_autogenerate_comparator(
        noting("table", ran, "b"), "table", priority=DispatchPriority.FIRST
    )
    other.add_autogenerate_comparator(noting("table", ran, "other"), "table")
    comparators = PriorityDispatcher()
    Plugin.populate_autogenerate_priority_dispatch(comparators, ["acme.*"])
    comparators.dispatch("table")()
    assert ran == ["b", "a"]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (["acme.*"], ["acme.a", "acme.b"]),
        (["acme.*", "~acme.b"], ["acme.a"]),
        (["*.b"], ["acme.b"]),
        (["acme.b", "acme.a"], ["acme.a", "acme.b"]),
        (["~acme.*"], []),
        ([], []),
    ],
)
def test_selection(selection, expected, caplog):
    """Names, families by *, and exclusions by ~, in order of registration."""
    caplog.set_level("INFO", "alembic.runtime.plugins")
    Plugin("acme.a")
    Plugin("acme.b")
    caplog.clear()
    Plugin.populate_autogenerate_priority_dispatch(PriorityDispatcher(), selection)
    assert [record.message for record in caplog.records] == [
        f"setting up autogenerate plugin {name}" for name in expected
    ]


def test_selection_of_nothing_is_an_error():
    """Every name that matches no plugin is told."""
    with pytest.raises(CommandError, match="^Did not locate plugins: nope, acme.none$"):
        Plugin.populate_autogenerate_priority_dispatch(
            PriorityDispatcher(), ["nope", "acme.none"]
        )


@pytest.mark.parametrize("expression", ["", "a b", "a..b", "a.b*", "1.2", "~~a", "a!"])
def test_malformed_selection(expression):
    """An expression that can select nothing is refused."""
    with pytest.raises(ValueError, match="Invalid plugin expression"):
        Plugin.populate_autogenerate_priority_dispatch(
            PriorityDispatcher(), [expression]
        )


def test_old_name_of_a_plugin_still_selects_it():
    """checkconstraint_byname has moved to alembic.ext."""
    assert (
        plugins._translate_legacy_name("alembic.autogenerate.checkconstraint_byname")
        == "alembic.ext.checkconstraint_byname"
    )
    assert plugins._translate_legacy_name("other") == "other"


def test_name_can_be_taken_once_until_it_is_removed():
    """Two plugins cannot share a name."""
    plugin = Plugin("mine")
    with pytest.raises(ValueError, match="^A plugin named mine is already registered$"):
        Plugin("mine")
    plugin.remove()
    plugin.remove()
    assert Plugin("mine").name == "mine"


def test_setup_from_a_module():
    """The module's setup function gets the new plugin."""
    got = []
    Plugin.setup_plugin_from_module(module_with(got.append), "mine")
    assert got == [plugins._all_plugins["mine"]]


def test_failed_setup_leaves_nothing_behind():
    """Neither a module without setup nor one whose setup fails is registered."""

    def fail(plugin):
        raise LookupError("no")

    with pytest.raises(AttributeError):
        Plugin.setup_plugin_from_module(ModuleType("empty"), "mine")
    with pytest.raises(LookupError):
        Plugin.setup_plugin_from_module(module_with(fail), "mine")
    assert "mine" not in plugins._all_plugins


def test_entry_points_are_loaded_once_at_the_first_need(monkeypatch):
    """Installed plugins are set up when the registry is first needed."""
    loaded = []

    def load():
        loaded.append(1)
        return module_with(lambda plugin: Plugin("theirs.second"))

    monkeypatch.setattr(
        plugins.compat,
        "importlib_metadata_get",
        lambda group: (
            (entry_point("theirs", load),) if group == "alembic.plugins" else ()
        ),
    )
    plugins.load_plugins()
    plugins.load_plugins()
    assert loaded == [1]
    assert list(plugins._all_plugins) == [*BUILT_IN, "theirs", "theirs.second"]


def test_broken_entry_point_is_named_and_only_fatal_where_it_is_selected(monkeypatch):
    """Other plugins work; selecting the broken one says what to do."""

    def load():
        raise ImportError("no module named gone")

    monkeypatch.setattr(
        plugins.compat,
        "importlib_metadata_get",
        lambda group: (entry_point("acme.broken", load),),
    )
    with pytest.warns(
        UserWarning,
        match="The plugin acme.broken cannot be loaded: ImportError: no mod",
    ):
        plugins.load_plugins()
    Plugin("acme.whole")
    select = Plugin.populate_autogenerate_priority_dispatch
    select(PriorityDispatcher(), ["acme.*", "~acme.broken"])
    with pytest.raises(
        CommandError, match=r'acme.broken .* cannot be loaded.*add "~acme.broken" to'
    ):
        select(PriorityDispatcher(), ["acme.*"])


def test_entry_point_under_a_taken_name_is_left_out_with_a_warning(monkeypatch):
    """The first to take a name keeps it."""
    monkeypatch.setattr(
        plugins.compat,
        "importlib_metadata_get",
        lambda group: (entry_point(BUILT_IN[0], lambda: pytest.fail("loaded")),),
    )
    with pytest.warns(UserWarning, match="is left out: its name is taken"):
        plugins.load_plugins()
    assert list(plugins._all_plugins) == BUILT_IN

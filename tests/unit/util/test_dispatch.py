"""alembic.util.dispatch: which function answers for an object or a name."""

from __future__ import annotations

import pytest

from alembic.util import Dispatcher
from alembic.util import DispatchPriority
from alembic.util import PriorityDispatcher
from alembic.util import PriorityDispatchResult


class Base:
    pass


class Derived(Base):
    pass


@pytest.fixture
def dispatcher():
    found = Dispatcher()
    found.dispatch_for(Base)(lambda: "base")
    found.dispatch_for(Base, qualifier="postgresql")(lambda: "base on postgresql")
    found.dispatch_for("word")(lambda: "word")
    return found


@pytest.mark.parametrize(
    ("obj", "qualifier", "expected"),
    [
        (Base(), "default", "base"),
        (Base, "default", "base"),
        (Derived(), "default", "base"),
        (Derived(), "postgresql", "base on postgresql"),
        (Derived(), "sqlite", "base"),
        ("word", "default", "word"),
        ("word", "sqlite", "word"),
    ],
)
def test_nearest_class_and_wanted_qualifier_win(dispatcher, obj, qualifier, expected):
    """The nearest class answers, and in it the wanted dialect before the default."""
    assert dispatcher.dispatch(obj, qualifier)() == expected


def test_a_nearer_class_beats_a_farther_qualifier(dispatcher):
    """A default for the class itself comes before a dialect's for its base."""
    dispatcher.dispatch_for(Derived)(lambda: "derived")
    assert dispatcher.dispatch(Derived(), "postgresql")() == "derived"


def test_nothing_registered_is_an_error(dispatcher):
    """An object of an unknown class is named in the error."""
    with pytest.raises(ValueError, match="no dispatch function for object: 5"):
        dispatcher.dispatch(5)


def test_registering_twice_needs_replace(dispatcher):
    """A second function for the same key is refused unless `replace` is given."""
    with pytest.raises(ValueError, match="use replace=True"):
        dispatcher.dispatch_for(Base)(lambda: "second")
    dispatcher.dispatch_for(Base, replace=True)(lambda: "second")
    assert dispatcher.dispatch(Base())() == "second"


def test_a_branch_is_independent(dispatcher):
    """What is registered in a branch does not reach the original."""
    branch = dispatcher.branch()
    branch.dispatch_for(int)(lambda: "int")
    assert branch.dispatch(1)() == "int"
    with pytest.raises(ValueError, match="no dispatch function"):
        dispatcher.dispatch(1)


@pytest.fixture
def calls():
    return []


@pytest.fixture
def register(calls):
    """A dispatcher whose functions note their names."""
    dispatcher = PriorityDispatcher()

    def add(name, result=None, **kw):
        def fn():
            calls.append(name)
            return result

        dispatcher.dispatch_for("target", **kw)(fn)

    add.dispatcher = dispatcher
    return add


def test_priority_then_registration_orders_calls(register, calls):
    """Higher priorities run first; within one, the order of registration holds."""
    register("last", priority=DispatchPriority.LAST)
    register("medium one")
    register("first", priority=DispatchPriority.FIRST)
    register("medium two")
    result = register.dispatcher.dispatch("target")()
    assert calls == ["first", "medium one", "medium two", "last"]
    assert result is PriorityDispatchResult.CONTINUE


def test_stop_ends_its_subgroup_only(register, calls):
    """After STOP the rest of that subgroup is skipped, others go on."""
    stop = PriorityDispatchResult.STOP
    register("a", stop, subgroup="x")
    register("b", subgroup="x")
    register("c", subgroup="y")
    register("d", subgroup="x", priority=DispatchPriority.LAST)
    register("e")
    assert register.dispatcher.dispatch("target")() is stop
    assert calls == ["a", "c", "e"]


def test_qualified_functions_run_beside_the_default_ones(register, calls):
    """A dialect's functions run before the default ones of the same priority."""
    register("default")
    register("postgresql", qualifier="postgresql")
    register("mysql", qualifier="mysql")
    register.dispatcher.dispatch("target", qualifier="postgresql")()
    assert calls == ["postgresql", "default"]


def test_populate_with_adds_everything(register, calls):
    """`populate_with` takes over the other's functions, `branch` copies them."""
    register("one")
    other = register.dispatcher.branch()
    other.populate_with(register.dispatcher)
    other.dispatch("target")()
    assert calls == ["one", "one"]


def test_populate_with_what_is_being_filled(register, calls):
    """As by another thread: what is registered meanwhile disturbs nobody."""

    class Entries(list):
        def __iter__(self):
            register("late", qualifier="sqlite")
            return super().__iter__()

    register("one")
    [(key, entries)] = register.dispatcher._registry.items()
    register.dispatcher._registry[key] = Entries(entries)
    register.dispatcher.branch().dispatch("target")()
    assert calls == ["one"]


def test_an_unknown_target_runs_nothing(register, calls):
    """Dispatching a name that nobody registered is no error."""
    register.dispatcher.dispatch("other")()
    assert calls == []

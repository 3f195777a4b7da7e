"""alembic.context: the functions that speak to the current environment."""

from __future__ import annotations

import inspect
import threading

import pytest

from alembic import context
from alembic.config import Config
from alembic.environment import EnvironmentContext


def environment(**kw):
    return EnvironmentContext(Config(), object(), **kw)


def test_outside_of_a_run():
    """Outside of a run a function says that there is no current environment."""
    with pytest.raises(NameError, match="'get_context'.*'EnvironmentContext'"):
        context.get_context()
    with pytest.raises(AttributeError, match="has no attribute 'config'"):
        context.config
    assert context._proxy is None


def test_inside_of_a_run():
    """Inside of a run, functions and attributes are those of the environment."""
    with environment(tag="t") as env:
        assert context._proxy is env
        assert context.config is env.config
        assert context.script is env.script
        assert context.get_tag_argument() == "t"
    assert context._proxy is None


def test_after_an_error():
    """An error leaves nothing behind."""
    with pytest.raises(ZeroDivisionError), environment():
        raise ZeroDivisionError
    assert context._proxy is None


def test_runs_nest():
    """A run inside of a run is current until it ends."""
    with environment(tag="outer"):
        with environment(tag="inner"):
            assert context.get_tag_argument() == "inner"
        assert context.get_tag_argument() == "outer"


def test_stands_in_for_the_object():
    """The module does for code that expects an EnvironmentContext."""
    with environment(destination_rev="x") as env:
        for name in dir(env):
            if not name.startswith("_"):
                assert hasattr(context, name), name


def test_every_method_has_its_function():
    """Each public method of EnvironmentContext is a function with its signature."""
    for name, method in inspect.getmembers(EnvironmentContext, inspect.isfunction):
        if name.startswith("_"):
            continue
        function = getattr(context, name)
        mine = list(inspect.signature(function).parameters.values())
        its = list(inspect.signature(method).parameters.values())
        assert mine == its[1:], name
        assert function.__doc__ == method.__doc__


def test_typed_names_are_the_methods():
    """The names written down for type checkers are exactly the public methods."""
    source = inspect.getsource(context)
    named = {
        line.split("=")[0].strip()
        for line in source.splitlines()
        if "= _current." in line
    }
    methods = {
        name
        for name, _ in inspect.getmembers(EnvironmentContext, inspect.isfunction)
        if not name.startswith("_")
    }
    assert named == methods


def test_threads_do_not_mix():
    """Each thread speaks to the environment that it has entered itself."""
    entered = threading.Barrier(4)
    seen = {}

    def work(name):
        with environment(tag=name):
            entered.wait(120)
            seen[name] = context.get_tag_argument()
            entered.wait(120)

    threads = [threading.Thread(target=work, args=(f"t{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {f"t{n}": f"t{n}" for n in range(4)}


def test_a_thread_of_env_py():
    """A thread that env.py starts sees the environment that env.py runs in."""
    seen = []
    with environment(tag="t"):
        thread = threading.Thread(
            target=lambda: seen.append(context.get_tag_argument())
        )
        thread.start()
        thread.join()
    assert seen == ["t"]


def test_patched_function():
    """A program may replace a function of the module, as env.py files do."""
    original = context.configure
    given = {}

    def configure(**kw):
        given.update(kw)
        original(**dict(kw, compare_type=False))

    context.configure = configure
    try:
        with environment() as env:
            context.configure(dialect_name="sqlite")
            assert env.get_context().opts["compare_type"] is False
    finally:
        context.configure = original
    assert given == {"dialect_name": "sqlite"}

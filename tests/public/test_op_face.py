"""The module `alembic.op` offers what `Operations` offers, typed."""

from __future__ import annotations

import ast
import inspect
import threading
from pathlib import Path

import pytest

from alembic import op
from alembic.operations import Operations
from tests.support.recorder import Recorder

NOT_GIVEN = ("self", "cls")


def methods():
    """Return the public methods of Operations."""
    return {
        name
        for name in dir(Operations)
        if not name.startswith("_")
        and name != "create_module_class_proxy"
        and callable(getattr(Operations, name))
    }


def typed_names():
    """Return the names that op.py tells type checkers."""
    tree = ast.parse(Path(op.__file__).read_text())
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    return [
        node.targets[0].id
        for node in block.body
        if isinstance(node, ast.Assign) and node.targets[0].id != "_current"
    ]


def test_list_in_op_equals_the_class():
    """Every method is named once, in order, and nothing else is."""
    assert typed_names() == sorted(methods())


@pytest.mark.parametrize("name", sorted(methods()))
def test_function_has_the_signature_of_the_method(name):
    """Parameters are those of the method without ``self``."""

    def parameters(function):
        found = inspect.signature(function).parameters.values()
        # Python 3.8 shows `cls` of a class method that is a context manager
        return [parameter for parameter in found if parameter.name not in NOT_GIVEN]

    assert parameters(getattr(op, name)) == parameters(getattr(Operations, name))
    assert "self" not in inspect.signature(getattr(op, name)).parameters


def test_functions_need_migrations_to_run():
    """Called from the body of a module, they say what to do."""
    with pytest.raises(NameError, match="Try placing this code inside a callable"):
        op.drop_table("t")
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        op.nonsense
    assert op._proxy is None


def drop_and_fail(recorder):
    with Operations.context(recorder.context):
        op.drop_table("u")
        1 / 0


def test_context_installs_and_removes_the_current_object():
    """After an error in the block as well."""
    recorder = Recorder("postgresql")
    with Operations.context(recorder.context) as operations:
        assert op._proxy is operations
        op.drop_table("t")
        inner = Recorder("postgresql")
        with pytest.raises(ZeroDivisionError):
            drop_and_fail(inner)
        assert op._proxy is operations
        assert inner.statements == ["DROP TABLE u"]
    assert op._proxy is None
    assert recorder.statements == ["DROP TABLE t"]


def test_each_thread_speaks_to_its_own_context():
    """Two threads that migrate two databases do not meet."""
    recorders = [Recorder("postgresql") for _ in range(2)]
    meet = threading.Barrier(2)

    def migrate(recorder, name):
        with Operations.context(recorder.context):
            for number in range(20):
                meet.wait(120)
                op.drop_table(f"{name}{number}")

    threads = [
        threading.Thread(target=migrate, args=(recorder, name))
        for recorder, name in zip(recorders, "ab")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for recorder, name in zip(recorders, "ab"):
        assert recorder.statements == [f"DROP TABLE {name}{n}" for n in range(20)]

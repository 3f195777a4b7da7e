"""Every public name of Alembic 1.20.1 is here, and takes what it takes there.

``surface.txt`` was made by looking at the released package at run time: a line for each
name, with its parameters, or with its base classes in brackets.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from pathlib import Path

import pytest

LINES = Path(__file__).with_name("surface.txt").read_text().splitlines()


# there an override names its first parameter differently from the method it overrides,
# so nobody can pass it by name; here it is the inherited method
INHERITED = {"alembic.ddl.postgresql.PostgresqlImpl.render_type"}


def parts(line):
    """Split a line into the dotted name, the parameters and the bases."""
    name, parameters, bases = re.fullmatch(
        r"([\w.]+)(?:\((.*)\))?(?: \[(.*)\])?", line
    ).groups()
    return name, parameters, bases


def find(name):
    """Return the object that a dotted name stands for."""
    words = name.split(".")
    for count in range(len(words), 0, -1):
        try:
            found = importlib.import_module(".".join(words[:count]))
        except ModuleNotFoundError as missing:
            if not name.startswith(str(missing.name)):
                raise
            continue
        break
    for word in words[count:]:
        # an instance attribute may stand in the annotations alone
        if inspect.isclass(found) and not hasattr(found, word):
            annotated = {
                key
                for cls in found.__mro__
                for key in vars(cls).get("__annotations__", ())
            }
            assert word in annotated or word in inspect.getsource(found), name
            return None
        found = getattr(found, word)
    return found


def wanted_signature(parameters):
    """Return the parameters of a line as ``(name, kind, has default)``."""
    text = re.sub(r"<[^>]*>+|immutabledict\([^)]*\)|\.\.\.", "None", parameters)
    arguments = ast.parse(f"def f({text}): pass").body[0].args
    positional = arguments.posonlyargs + arguments.args
    optional = len(positional) - len(arguments.defaults)
    found = [(arg.arg, "positional", i >= optional) for i, arg in enumerate(positional)]
    found += [
        (arg.arg, "keyword", default is not None)
        for arg, default in zip(arguments.kwonlyargs, arguments.kw_defaults)
    ]
    return found, bool(arguments.vararg), bool(arguments.kwarg)


@pytest.mark.parametrize("line", LINES, ids=[parts(line)[0] for line in LINES])
def test_name_is_there_and_takes_the_same(line):
    """A name can be imported, and calls written for it are accepted."""
    name, parameters, bases = parts(line)
    found = find(name)
    if bases:
        ours = {cls.__name__ for cls in found.__mro__}
        assert set(bases.split(", ")) <= ours
    if parameters is None or found is None:
        return
    wanted, takes_more, takes_any = wanted_signature(parameters)
    signature = inspect.signature(found)
    ours = signature.parameters
    kinds = {parameter.kind for parameter in ours.values()}
    if takes_any:
        assert inspect.Parameter.VAR_KEYWORD in kinds
    if takes_more:
        assert inspect.Parameter.VAR_POSITIONAL in kinds
    positions = [
        key
        for key, parameter in ours.items()
        if parameter.kind
        in (parameter.POSITIONAL_OR_KEYWORD, parameter.POSITIONAL_ONLY)
    ]
    if name in INHERITED:
        return
    expected = [key for key, kind, _ in wanted if kind == "positional"]
    assert positions[: len(expected)] == expected
    for key, kind, optional in wanted:
        if kind == "keyword" and key not in ours:
            assert inspect.Parameter.VAR_KEYWORD in kinds, key
            continue
        if optional:
            assert ours[key].default is not inspect.Parameter.empty, key
    for key, parameter in ours.items():
        if key not in {one for one, _, _ in wanted} and parameter.kind in (
            parameter.POSITIONAL_OR_KEYWORD,
            parameter.KEYWORD_ONLY,
        ):
            assert parameter.default is not inspect.Parameter.empty, key

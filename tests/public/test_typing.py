"""What type checkers and editors see of what revisions, env.py and programs use.

The files in ``typed`` are of the kind that users write. A line of theirs that ends in
``# wrong`` is a mistake, which a checker has to report; in all others it has to find
nothing.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from alembic import command
from alembic.environment import EnvironmentContext
from alembic.operations import BatchOperations
from alembic.operations import Operations
from tests.support.editor import Editor
from tests.support.versions import needs

ROOT = Path(__file__).parents[2]
FILES = sorted((Path(__file__).parent / "typed").glob("*.py"))


def names_used(of: str) -> set:
    """Return the attributes of a name that the files use in lines that are right."""
    used = set()
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        wrong = {n for n, line in enumerate(text.splitlines(), 1) if "# wrong" in line}
        for node in ast.walk(ast.parse(text)):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id == of
                and node.lineno not in wrong
            ):
                used.add(node.attr)
    return used


def public(cls: type) -> set:
    return {name for name in dir(cls) if not name.startswith("_")}


@pytest.fixture
def project(tmp_path):
    """The files, in a folder whose checkers find the packages of this process."""
    packages = [str(ROOT), sysconfig.get_paths()["purelib"]]
    settings = {"extraPaths": packages, "typeCheckingMode": "strict"}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    for path in FILES:
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"))
    return tmp_path


def basedpyright(folder):
    pytest.importorskip("basedpyright")
    program = str(Path(sys.executable).with_name("basedpyright"))
    run = subprocess.run(
        [program, "--project", ".", "--outputjson"],
        capture_output=True,
        text=True,
        cwd=str(folder),
    )
    for found in json.loads(run.stdout)["generalDiagnostics"]:
        line = found["range"]["start"]["line"] + 1
        yield Path(found["file"]).name, line, found["message"]


def mypy(folder):
    pytest.importorskip("mypy")
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent"]
        + ["--config-file=", f"--cache-dir={folder}/.cache"]
        + [str(folder / path.name) for path in FILES],
        capture_output=True,
        text=True,
        cwd=str(ROOT),
    )
    for file, line, message in re.findall(
        r"^.*?(\w+\.py):(\d+): error: (.*)$", run.stdout, re.MULTILINE
    ):
        yield file, int(line), message


@pytest.mark.slow
@needs("2.0")
@pytest.mark.parametrize("checker", [mypy, basedpyright])
def test_mistakes_are_seen_and_nothing_else(checker, project):
    """Each line that is wrong is reported by a strict checker; no line that is right."""
    found = list(checker(project))
    wrong = {
        (path.name, number)
        for path in FILES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if line.endswith("# wrong")
    }
    assert {(file, line) for file, line, _ in found} == wrong, "\n".join(
        f"{file}:{line}: {message}"
        for file, line, message in found
        if (file, line) not in wrong
    )


@pytest.mark.parametrize(
    ("name", "cls", "but"),
    [
        # these two are used as decorators of the class, before there is an object
        ("op", Operations, {"implementation_for", "register_operation", "context"}),
        (
            "batch_op",
            BatchOperations,
            {
                "implementation_for",
                "register_operation",
                "batch_alter_table",
                # what is common to both is looked at once
                *("get_bind", "get_context", "inline_literal", "invoke", "run_async"),
                # parts of the object rather than directives
                *("context", "create_module_class_proxy", "impl", "migration_context"),
            },
        ),
        ("context", EnvironmentContext, {"context_opts", "script"}),
    ],
    ids=["op", "batch_op", "context"],
)
def test_the_files_use_everything(name, cls, but):
    """No directive is left out of the files."""
    everything = {
        found
        for found in public(cls) - but
        if not found.startswith("create_module") and callable(getattr(cls, found))
    }
    assert everything - names_used(name) == set()


# what is shown beside the pointer in an editor


def hovered(folder, module, names):
    """Return what an editor shows for each of a module's functions."""
    path = folder / "hover.py"
    lines = [f"from alembic import {module}", *(f"{module}.{name}" for name in names)]
    path.write_text("\n".join(lines))
    with Editor(folder) as editor:
        editor.open(path)
        return {
            name: editor.hover(path, number, len(module) + 1)
            for number, name in enumerate(names, 1)
        }


def methods(cls):
    return sorted(
        name
        for name in public(cls)
        if inspect.isroutine(getattr(cls, name)) and not name.startswith("create_mod")
    )


@pytest.mark.slow
@needs("2.0")
@pytest.mark.parametrize(
    ("module", "names", "home"),
    [
        ("op", methods(Operations), Operations),
        ("context", methods(EnvironmentContext), EnvironmentContext),
        ("command", sorted(command.__all__), command),
        ("aio", sorted(command.__all__), command),
    ],
    ids=["op", "context", "command", "aio"],
)
def test_an_editor_shows_signature_and_documentation(module, names, home, project):
    """Beside the pointer stand the parameters and the docstring of each function."""
    pytest.importorskip("basedpyright")
    shown = hovered(project, module, names)
    for name in names:
        function = getattr(home, name)
        for parameter in inspect.signature(function).parameters:
            if parameter != "self":
                assert re.search(rf"\b{parameter}\b", shown[name]), name
        first_line = inspect.getdoc(function).splitlines()[0]
        assert first_line.split("``")[0] in shown[name], shown[name]


# both vocabularies


def shared_parameters():
    for name in sorted(public(Operations) & public(BatchOperations)):
        one, other = getattr(Operations, name), getattr(BatchOperations, name)
        if one is other or not inspect.isfunction(one):
            continue
        known = set(inspect.signature(one).parameters)
        for parameter in inspect.signature(other).parameters:
            if parameter in known and parameter not in ("self", "kw"):
                yield name, parameter


@pytest.mark.parametrize(("name", "parameter"), list(shared_parameters()))
def test_batches_take_the_same_arguments(name, parameter):
    """A parameter has one type and one default in both vocabularies."""
    one, other = getattr(Operations, name), getattr(BatchOperations, name)
    assert one.__annotations__[parameter] == other.__annotations__[parameter]
    first, second = (
        inspect.signature(function).parameters[parameter] for function in (one, other)
    )
    assert first.default == second.default

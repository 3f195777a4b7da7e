"""Write hooks: what they run, what they print, and how they fail."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from typing import Dict

import pytest

from alembic.script import ScriptDirectory
from alembic.script import write_hooks
from alembic.util.exc import CommandError


@pytest.fixture(name="file")
def file_fixture(tmp_path: Path) -> Path:
    """A new revision file, with a blank in its path."""
    path = tmp_path / "a folder" / "aaaa_x.py"
    path.parent.mkdir()
    path.write_text("revision = 'aaaa'\n")
    return path


@pytest.fixture(autouse=True)
def registry_fixture(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hooks that a test registers are gone after it."""
    monkeypatch.setattr(write_hooks, "_registry", dict(write_hooks._registry))


def _python(code: str, *arguments: str, **more: str) -> Dict[str, str]:
    """Return the options of a hook that runs Python code."""
    words = " ".join(arguments) or write_hooks.REVISION_SCRIPT_TOKEN
    return {
        "_hook_name": "mine",
        "type": "exec",
        "executable": sys.executable,
        "options": f"-c '{code}' {words}",
        **more,
    }


def test_path_and_output(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The path replaces its token, and what is printed is shown."""
    code = "import sys; print(sys.argv[1:])"
    hook = _python(code, "--file=REVISION_SCRIPT_FILENAME", '"two words"')
    write_hooks._run_hooks(file, [hook])
    assert capsys.readouterr().out == (
        f"Running post write hook 'mine' ...\n['--file={file}', 'two words']\n  done\n"
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (None, ["/p q/x.py"]),
        ("", ["/p q/x.py"]),
        ("-l 79", ["/p q/x.py", "-l", "79"]),
        ("-x 'a b' REVISION_SCRIPT_FILENAME -z", ["-x", "a b", "/p q/x.py", "-z"]),
        ("--f=REVISION_SCRIPT_FILENAME", ["--f=/p q/x.py"]),
    ],
)
def test_arguments(options: Any, words: Any) -> None:
    """Without a token the path comes first."""
    assert write_hooks._parse_cmdline_options(options, "/p q/x.py") == words


def test_working_folder(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A hook may be run in another folder."""
    hook = _python("import os; print(os.getcwd())", cwd=str(file.parent))
    write_hooks._run_hooks(file, [hook])
    assert f"\n{file.parent}\n" in capsys.readouterr().out


def test_hook_that_fails(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A failure says which hook failed, how, and what it printed."""
    code = 'import sys; print(1 + 1); sys.exit("no good")'
    with pytest.warns(UserWarning, match="^Post write hook 'mine' ended") as caught:
        write_hooks._run_hooks(file, [_python(code)])
    text = str(caught[0].message)
    assert text.startswith("Post write hook 'mine' ended with status 1 on ")
    assert "it printed:" in text
    assert "no good" in text
    assert "2" in text
    assert "no good" in capsys.readouterr().out


def test_hook_that_is_not_there(file: Path) -> None:
    """A program that cannot be started is named, with its hook."""
    hook = {"_hook_name": "mine", "type": "exec", "executable": "/no/such/program"}
    with pytest.raises(CommandError) as caught:
        write_hooks._run_hooks(file, [hook])
    assert str(caught.value) == (
        "Post write hook 'mine' can't run '/no/such/program': No such file or directory"
    )


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (
            {},
            "Key 'mine.type' (or 'type' in toml) is required for post write hook 'mine'",
        ),
        (
            {"type": "nope"},
            "No formatter with name 'nope' registered; the type of hook 'mine' may be "
            "console_scripts, exec, module",
        ),
        (
            {"type": "exec"},
            "Key mine.executable is required for post write hook 'mine'",
        ),
        (
            {"type": "console_scripts"},
            "Key mine.entrypoint is required for post write hook 'mine'",
        ),
        ({"type": "module"}, "Key mine.module is required for post write hook 'mine'"),
        (
            {"type": "console_scripts", "entrypoint": "no_such"},
            "Could not find entrypoint console_scripts.no_such, which post write hook "
            "'mine' runs; install the package that offers it",
        ),
        (
            {"type": "module", "module": "no_such.module"},
            "Could not find module no_such.module, which post write hook 'mine' runs; "
            "install the package that holds it",
        ),
    ],
)
def test_wrong_options(file: Path, options: Dict[str, str], text: str) -> None:
    """What is missing from the configuration of a hook is named."""
    with pytest.raises(CommandError) as caught:
        write_hooks._run_hooks(file, [{"_hook_name": "mine", **options}])
    assert str(caught.value) == text


def test_module(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A module is run as with -m."""
    file.write_text('{"a": 1}')
    hook = {
        "_hook_name": "mine",
        "type": "module",
        "module": "json.tool",
    }
    write_hooks._run_hooks(file, [hook])
    assert '"a": 1\n' in capsys.readouterr().out


def test_console_script(
    file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A program of an installed package is run in a process of its own."""
    (tmp_path / "hook_package.py").write_text(
        "import sys\nclass Tool:\n    @staticmethod\n    def main():\n"
        "        print(sys.argv)\n"
    )
    (tmp_path / "hook_package-2.1.dist-info").mkdir()
    info = tmp_path / "hook_package-2.1.dist-info"
    info.joinpath("METADATA").write_text(
        "Metadata-Version: 2.1\nName: hook_package\nVersion: 2.1\n"
    )
    info.joinpath("entry_points.txt").write_text(
        "[console_scripts]\nthe-tool = hook_package:Tool.main\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    options = {"_hook_name": "mine", "entrypoint": "the-tool"}
    write_hooks.console_scripts(str(file), options, verify_version=(2, 0))
    assert capsys.readouterr().out == f"['the-tool', '{file}']\n"
    write_hooks.console_scripts(str(file), options, ignore_output=True)
    assert capsys.readouterr().out == ""
    with pytest.raises(CommandError, match="hook_package 2.1 is installed, but .* 3.0"):
        write_hooks.console_scripts(str(file), options, verify_version=(3, 0))


def test_registered_hooks(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A registered function gets the path and the options; hooks run in order."""
    seen = []

    @write_hooks.register("own")
    def own(path: str, options: Dict[str, str]) -> None:
        seen.append((path, options["word"]))

    hooks = [
        {"_hook_name": name, "type": "own", "word": word}
        for name, word in (("one", "a"), ("two", "b"))
    ]
    write_hooks._run_hooks(file, hooks, quiet=True)
    assert seen == [(str(file), "a"), (str(file), "b")]
    assert capsys.readouterr().out == ""
    write_hooks._invoke("own", file, {"word": "c"})
    assert seen[-1] == (str(file), "c")


def test_new_revision_is_read_after_its_hooks(tmp_path: Path) -> None:
    """What a hook has changed in a file counts."""

    @write_hooks.register("rewrite")
    def rewrite(path: str, options: Dict[str, str]) -> None:
        content = Path(path).read_text()
        Path(path).write_text(content.replace("message", "other words"))

    (tmp_path / "script.py.mako").write_text(
        '"""message"""\nrevision = ${repr(up_revision)}\ndown_revision = None\n'
    )
    script = ScriptDirectory(tmp_path, hooks=[{"_hook_name": "x", "type": "rewrite"}])
    new = script.generate_revision("aaaa", "x")
    assert new is not None
    assert new.doc == "other words"

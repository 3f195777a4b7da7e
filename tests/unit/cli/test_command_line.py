"""alembic.cli: from words to a function and from its outcome to an exit status."""

from __future__ import annotations

import io
import sys
from argparse import ArgumentParser
from argparse import Namespace

import pytest

from alembic import command
from alembic import config as door
from alembic.config import CommandLine
from alembic.config import Config
from alembic.util import CommandError

# the options of each command of Alembic 1.20.1
OPTIONS = {
    "branches": ["-v/--verbose"],
    "check": [],
    "current": ["-c/--check-heads", "-v/--verbose"],
    "downgrade": ["--sql", "--tag", "revision"],
    "edit": ["rev"],
    "ensure_version": ["--sql"],
    "heads": ["-v/--verbose", "--resolve-dependencies"],
    "history": ["-r/--rev-range", "-v/--verbose", "-i/--indicate-current"],
    "init": ["-t/--template", "--package", "directory"],
    "list_templates": [],
    "merge": [
        "-m/--message",
        "--branch-label",
        "--rev-id",
        "--splice",
        "revisions",
    ],
    "revision": [
        "-m/--message",
        "--autogenerate",
        "--sql",
        "--head",
        "--splice",
        "--branch-label",
        "--version-path",
        "--rev-id",
        "--depends-on",
    ],
    "show": ["rev"],
    "stamp": ["--sql", "--tag", "--purge", "revisions"],
    "upgrade": ["--sql", "--tag", "revision"],
}

# what this project adds to them
LOCKING = ["--lock-wait", "--no-lock"]
TIMEOUTS = ["--table-lock-timeout", "--statement-timeout"]
ADDED = {
    "check": ["-v/--verbose"],
    "downgrade": [*LOCKING, *TIMEOUTS],
    "history": ["--applied"],
    "revision": ["--allow-mass-drop"],
    "stamp": LOCKING,
    "upgrade": [*LOCKING, *TIMEOUTS],
}
ADDED_COMMANDS = {"resolve": ["--applied", "--rolled-back", *LOCKING]}


def spelled(parser: ArgumentParser) -> list:
    return [
        "/".join(action.option_strings) or action.dest
        for action in parser._actions
        if action.dest not in ("help", "==SUPPRESS==")
    ]


def calls(line, name="mine"):
    """Register a command that notes its arguments; return the list of them."""
    made = []

    def mine(config, revision, bar=None, sql=False, verbose=False):
        """Do a thing that is 100% ours.

        Not shown.
        """
        made.append((config, revision, bar, sql, verbose))

    mine.__name__ = name
    line.register_command(mine)
    return made


@pytest.mark.parametrize("name", OPTIONS)
def test_each_command_has_the_options_of_the_reference(name):
    """Same flags, same arguments, in the same order, and those that are our own."""
    line = CommandLine("alembic")
    options = spelled(line.subparsers.choices[name])
    added = ADDED.get(name, [])
    assert [option for option in options if option not in added] == OPTIONS[name]
    assert [option for option in options if option in added] == added


@pytest.mark.parametrize("name", ADDED_COMMANDS)
def test_options_of_own_commands(name):
    """A command that the reference does not have takes these."""
    found = spelled(CommandLine("alembic").subparsers.choices[name])
    assert found == ADDED_COMMANDS[name]


def test_commands_are_those_of_the_command_module_in_alphabetical_order():
    """Each function in __all__ is a command and says that it is of alembic.command."""
    line = CommandLine()
    assert list(line.subparsers.choices) == sorted(command.__all__)
    assert set(command.__all__) == {*OPTIONS, *ADDED_COMMANDS}
    for name in command.__all__:
        assert getattr(command, name).__module__ == "alembic.command"


def test_global_options():
    """What goes before the command."""
    assert spelled(CommandLine().parser) == [
        "--version",
        "-c/--config",
        "-n/--name",
        "-x",
        "--raiseerr",
        "-q/--quiet",
    ]


def test_every_option_is_explained():
    """No argument of a command of ours is without help."""
    line = CommandLine()
    for parser in [line.parser, *line.subparsers.choices.values()]:
        for action in parser._actions:
            if action is not line.subparsers:
                assert action.help, (parser.prog, action.dest)


def test_parsed_command_is_found_by_env_py():
    """cmd_opts.cmd holds the function, its positional and its keyword arguments."""
    options = CommandLine().parser.parse_args(["-x", "a=b", "stamp", "r1", "r2"])
    assert options.cmd == (command.stamp, ["revisions"], ["sql", "tag", "purge"])
    assert options.cmd[0].__name__ == "stamp"
    assert options.revisions == ["r1", "r2"]
    assert options.x == ["a=b"]
    revision = CommandLine().parser.parse_args(["revision"])
    assert revision.cmd[2][-1] == "process_revision_directives"
    assert revision.head is None
    assert revision.depends_on is None
    assert revision.name == "alembic"


def test_registered_command_takes_known_options_and_has_its_docstring_for_help(capsys):
    """Parameters that go by the name of one of our options become that option."""
    line = CommandLine("alembic")
    made = calls(line)
    assert spelled(line.subparsers.choices["mine"]) == [
        "--sql",
        "-v/--verbose",
        "revision",
    ]
    line.main(["-c", "x.ini", "mine", "abc", "--sql"])
    [(config, revision, bar, sql, verbose)] = made
    assert (revision, bar, sql, verbose) == ("abc", None, True, False)
    assert config.config_file_name == "x.ini"
    assert config.cmd_opts.revision == "abc"
    with pytest.raises(SystemExit):
        line.main(["--help"])
    assert "Do a thing that is 100% ours." in capsys.readouterr().out


def test_command_run_with_a_namespace_made_by_hand(capsys):
    """A foreign parser needs to give no more than the command."""
    line = CommandLine()
    made = calls(line)
    fn = line.subparsers.choices["mine"].get_default("cmd")[0]
    config = Config()
    line.run_cmd(config, Namespace(cmd=(fn, ["revision"], ["bar"]), revision="a"))
    assert made == [(config, "a", None, False, False)]


def failing(error):
    def fail(config):
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (CommandError("100% wrong"), "FAILED: 100% wrong\n"),
        (
            ValueError("x://u:pw@h"),
            "FAILED: ValueError: x://u:***@h",
        ),
    ],
)
def test_failure_is_one_line_and_a_status(error, line, capsys):
    """FAILED on standard output, status 255 for a shell; --raiseerr raises."""
    command_line = CommandLine()
    command_line.register_command(failing(error))
    with pytest.raises(SystemExit) as caught:
        command_line.main(["fail"])
    assert caught.value.code == -1
    output = capsys.readouterr()
    assert output.out.startswith(line)
    assert output.out.count("\n") == 1
    assert output.err == ""
    with pytest.raises(type(error)):
        command_line.main(["--raiseerr", "fail"])


def test_failure_is_told_on_standard_error_when_quiet(capsys):
    """-q keeps standard output clean but does not hide an error."""
    line = CommandLine()
    line.register_command(failing(CommandError("no")))
    with pytest.raises(SystemExit) as caught:
        line.main(["-q", "fail"])
    assert caught.value.code == -1
    assert capsys.readouterr() == ("", "FAILED: no\n")


def test_interruption_has_the_status_of_a_shell(capsys):
    """Ctrl-C ends a command with one line and status 130."""
    line = CommandLine()
    line.register_command(failing(KeyboardInterrupt()))
    with pytest.raises(SystemExit) as caught:
        line.main(["fail"])
    assert caught.value.code == 130
    assert capsys.readouterr().err == "FAILED: interrupted\n"


def test_a_guess_of_argparse_gives_way(capsys: pytest.CaptureFixture[str]) -> None:
    """Python 3.15 guesses a mistyped word too; the line still names the word alone."""
    line = CommandLine()
    with pytest.raises(SystemExit):
        line.parser.error(
            "argument {branches}: invalid choice: 'hed', maybe you meant 'heads'? "
            "(choose from branches, heads)"
        )
    said = capsys.readouterr().err
    assert "invalid choice: 'hed' is not a command; did you mean 'heads'? (" in said


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["hed"], "'hed' is not a command; did you mean 'heads'?"),
        (["downgrad", "-1"], "did you mean 'downgrade'?"),
        (["zzz"], "'zzz' is not a command (choose from branches, check"),
        ([], "too few arguments"),
        (["upgrade"], "the following arguments are required: revision"),
        (["heads", "--bogus"], "unrecognized arguments: --bogus\n"),
        (
            ["upgrade", "head", "-x", "a=b"],
            "options of all commands go before the comm",
        ),
    ],
)
def test_wrong_usage_is_status_2_and_says_what_is_meant(words, message, capsys):
    """A mistyped command is answered with the closest one."""
    with pytest.raises(SystemExit) as caught:
        CommandLine("alembic").main(words)
    assert caught.value.code == 2
    assert message in capsys.readouterr().err


def test_mistake_in_a_choice_of_somebody_elses_command(capsys):
    """Only commands are guessed; other choices keep argparse's words."""
    line = CommandLine("alembic")
    calls(line)
    line.subparsers.choices["mine"].add_argument("--color", choices=["red", "blue"])
    with pytest.raises(SystemExit):
        line.main(["mine", "x", "--color", "gren"])
    assert "is not a command" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "environ", "expected"),
    [
        ([], None, ("pyproject.toml", "alembic.ini")),
        (["a.ini"], None, ("pyproject.toml", "a.ini")),
        (["a.cfg"], None, ("pyproject.toml", "a.cfg")),
        (["b.toml"], None, ("b.toml", "alembic.ini")),
        (["a.ini", "b.toml"], None, ("b.toml", "a.ini")),
        (["x/pyproject.toml", "a.ini"], None, ("x/pyproject.toml", "a.ini")),
        ([], "e.ini", ("pyproject.toml", "e.ini")),
        ([], "e.toml", ("e.toml", "alembic.ini")),
        ([], "", ("pyproject.toml", "alembic.ini")),
        (["a.ini"], "e.ini", ("pyproject.toml", "a.ini")),
        ([""], None, ("pyproject.toml", "alembic.ini")),
    ],
)
def test_which_configuration_files(typed, environ, expected, monkeypatch, tmp_path):
    """-c, else ALEMBIC_CONFIG, else the usual names; one file of each kind."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ALEMBIC_CONFIG", raising=False)
    if environ is not None:
        monkeypatch.setenv("ALEMBIC_CONFIG", environ)
    line = CommandLine()
    words = [word for name in typed for word in ("-c", name)]
    options = line.parser.parse_args([*words, "heads"])
    assert line._inis_from_config(options) == expected


def test_other_configuration_file_is_found_beside_the_one_that_was_named(
    monkeypatch, tmp_path
):
    """Unless the working directory has one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "pyproject.toml").touch()
    line = CommandLine()
    options = line.parser.parse_args(["-c", "sub/alembic.ini", "heads"])
    assert line._inis_from_config(options) == ("sub/pyproject.toml", "sub/alembic.ini")
    (tmp_path / "pyproject.toml").touch()
    assert line._inis_from_config(options)[0] == "pyproject.toml"


@pytest.mark.parametrize(
    ("files", "kind"), [(("a.ini", "b.ini"), "ini"), (("a.toml", "b.toml"), "toml")]
)
def test_two_files_of_one_kind(files, kind, capsys):
    """-c may be given twice, but not for the same kind of file."""
    words = [word for name in files for word in ("-c", name)]
    with pytest.raises(SystemExit):
        CommandLine().main([*words, "heads"])
    assert f"FAILED: only one {kind} file may be indicated" in capsys.readouterr().out
    with pytest.raises(CommandError):
        CommandLine().main(["--raiseerr", *words, "heads"])


@pytest.mark.parametrize(
    "words",
    [
        ["-r", "-3:current"],
        ["--rev-range", "-3:current"],
        ["-r-3:current"],
        ["--rev-range=-3:current"],
    ],
)
def test_range_that_begins_with_a_minus(words):
    """argparse alone takes it for another option."""
    line = CommandLine()
    made = []

    def ranged(config, rev_range=None):
        made.append(rev_range)

    line.register_command(ranged)
    line.main(["ranged", *words])
    assert made == ["-3:current"]


def test_version(capsys):
    """--version says the name of the program and the version."""
    with pytest.raises(SystemExit) as caught:
        CommandLine("alembic").main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == "alembic 1.21.0\n"


def test_program_name_and_arguments_of_the_process(monkeypatch, capsys):
    """main() takes sys.argv and the name that it is given."""
    monkeypatch.setattr(sys, "argv", ["ignored", "list_templates"])
    door.main(prog="myapp")
    assert "Available templates:" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        door.main(argv=["--help"], prog="myapp")
    assert capsys.readouterr().out.startswith("usage: myapp")


def test_completion_is_asked_only_by_a_completing_shell(monkeypatch):
    """argcomplete is imported when the shell asks, and may be missing."""
    line = CommandLine()
    made = calls(line)
    monkeypatch.setitem(sys.modules, "argcomplete", None)
    monkeypatch.setenv("_ARGCOMPLETE", "1")
    line.main(["mine", "a"])
    assert len(made) == 1


def test_completion_gets_the_parser(monkeypatch):
    """With argcomplete installed the parser answers."""
    asked = []
    monkeypatch.setitem(
        sys.modules, "argcomplete", Namespace(autocomplete=asked.append)
    )
    monkeypatch.setenv("_ARGCOMPLETE", "1")
    line = CommandLine()
    calls(line)
    line.main(["mine", "a"])
    assert asked == [line.parser]


def test_output_goes_to_the_configs_stdout():
    """Commands called as functions print where the Config says."""
    buffer = io.StringIO()
    command.list_templates(Config(stdout=buffer))
    assert buffer.getvalue().startswith("Available templates:\n\nasync - ")

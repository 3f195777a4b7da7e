"""From what was typed to a command, and from its outcome to an exit status."""

from __future__ import annotations

import os
import re
import sys
import warnings
from argparse import ArgumentParser
from contextlib import nullcontext

from .. import __version__
from .. import command
from ..util.collector import keep_what_is_loaded
from ..util.collector import relax
from ..util.exc import CommandError
from ..util.messaging import err
from ..util.messaging import log_failure
from . import options as rows
from .parsers import Formatter
from .parsers import LateParser
from .signature import read_signature

TYPE_CHECKING = False

if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any
    from typing import ContextManager
    from typing import List
    from typing import NoReturn
    from typing import Optional
    from typing import Protocol
    from typing import Sequence
    from typing import Tuple
    from typing import Type

    from ..settings import Config
else:
    Protocol = object

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep

_format_as_python = warnings.formatwarning

# Python 3.15 adds a guess of its own
_INVALID_CHOICE = r"invalid choice: '?(.*?)'?(?:, maybe you meant .*?)? \(choose from"


class CommandFunction(Protocol):
    """A function that the command line can run: a configuration, then options."""

    __name__: str
    __module__: str

    def __call__(self, config: Config, *args: Any, **kwargs: Any) -> Any: ...


class _Parser(ArgumentParser):
    """An `ArgumentParser` that guesses what a mistyped command was meant to be."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.commands: Any = {}

    def error(self, message: str) -> NoReturn:
        mistyped = re.search(_INVALID_CHOICE, message)
        if mistyped and self.commands:
            message = self._unknown_command(mistyped.group(1))
        elif message.startswith("unrecognized arguments:") and re.search(
            r" (-x|-n|--name|--config|--raiseerr|-q|--quiet)\b", message
        ):
            message += " (options of all commands go before the command)"
        elif message.startswith("unrecognized arguments: -"):
            message += self._similar_flag(message.split()[2])
        super().error(message)

    def _similar_flag(self, word: str) -> str:
        """Return a guess at a mistyped flag, among those of all commands."""
        import difflib

        known = [flag for row in rows.KEYWORDS.values() for flag in row[:-1]]
        known += ["--config", "--help", "--name", "--quiet", "--raiseerr", "--version"]
        close = difflib.get_close_matches(
            word.partition("=")[0], known, n=1, cutoff=0.75
        )
        return f"; did you mean '{close[0]}'?" if close else ""

    def _unknown_command(self, word: str) -> str:
        import difflib

        known = list(self.commands)
        close = difflib.get_close_matches(word, known, n=1)
        guess = f"; did you mean '{close[0]}'?" if close else ""
        return (
            f"invalid choice: '{word}' is not a command{guess} (choose from "
            f"{', '.join(known)})"
        )


class CommandLine:
    """The command line ``alembic``.

    :param prog: the name of the program in its help.

    Example::

        line = CommandLine()
        line.register_command(my_command)
        line.main(["my_command", "--sql"])
    """

    # read by programs that build a command line of their own upon this one
    _KWARGS_OPTS = rows.KEYWORDS
    _POSITIONAL_OPTS = rows.POSITIONALS
    _POSITIONAL_TRANSLATIONS = rows.RENAMED_POSITIONALS

    _used: Optional[Config] = None

    def __init__(self, prog: Optional[str] = None) -> None:
        self._generate_args(prog)

    def _generate_args(self, prog: Optional[str]) -> None:
        parser = _Parser(
            prog=prog,
            description="Migrate the schema of a database, one revision at a time.",
            epilog="Begin a project with 'alembic init migrations'. More about one "
            "command: alembic upgrade --help",
            formatter_class=Formatter,
        )
        _add_global_options(parser)
        # of another class, since only the outer one guesses; and told the name of the
        # program, which argparse would write a usage to find out
        self.subparsers = parser.add_subparsers(
            parser_class=LateParser, prog=parser.prog
        )
        parser.commands = self.subparsers.choices
        self.parser: ArgumentParser = parser
        for name in command.__all__:
            function: CommandFunction = getattr(command, name)
            self.register_command(function)

    def register_command(self, fn: CommandFunction) -> None:
        """Add a function as a command.

        Its name is that of the function, its help the first paragraph of the
        docstring. Parameters without a default are positional arguments; those with
        a default that go by the name of one of Alembic's own options, such as
        ``sql`` or ``verbose``, become that option.

        :param fn: a function whose first parameter is the `Config`.
        """
        positional, keywords, help_text = self._inspect_function(fn)
        flags = [*keywords, *rows.COMMAND_LINE_ONLY.get(fn, ())]

        def fill(subparser: ArgumentParser) -> None:
            for name in flags:
                # a flag may mean something else for one command
                own = f"{fn.__name__}.{name}"
                row = self._KWARGS_OPTS.get(own) or self._KWARGS_OPTS.get(name)
                if row is not None:
                    *spellings, settings = row
                    subparser.add_argument(*spellings, **settings)
            for name in positional:
                subparser.add_argument(name, **self._POSITIONAL_OPTS.get(name, {}))
            subparser.set_defaults(cmd=(fn, positional, keywords))

        self.subparsers.add_parser(
            fn.__name__,
            help=help_text.replace("%", "%%"),
            description=help_text.replace("%", "%%"),
            epilog=rows.EXAMPLES.get(fn),
            formatter_class=Formatter,
        ).when_made(fill)

    def _inspect_function(
        self, fn: CommandFunction
    ) -> Tuple[List[str], List[str], str]:
        renamed = self._POSITIONAL_TRANSLATIONS.get(fn, {})
        return read_signature(fn, renamed)

    def run_cmd(self, config: Config, options: Namespace) -> None:
        """Run the command that was parsed.

        :param config: the options of the project.
        :param options: the parsed command line, with the command in ``cmd``.
        :raises SystemExit: when it fails, after one line that says why; with
            ``options.raiseerr`` the error itself is raised.
        """
        fn, positional, keywords = options.cmd
        try:
            with _shown_progress(fn, config):
                fn(
                    config,
                    *[getattr(options, name, None) for name in positional],
                    **{name: getattr(options, name, None) for name in keywords},
                )
            # what is not written yet may not be writable
            sys.stdout.flush()
        except BrokenPipeError:
            # the reader of our output, such as `head`, has seen enough
            _silence_stdout()
            sys.exit(1)
        except KeyboardInterrupt:
            if getattr(options, "raiseerr", False):
                raise
            _fail("interrupted", config.messaging_opts.get("quiet", False), 130)
        except Exception as error:
            if getattr(options, "raiseerr", False):
                raise
            from .explain import explain

            quiet = config.messaging_opts.get("quiet", False)
            _fail(explain(error, config), quiet)

    def _inis_from_config(self, options: Namespace) -> Tuple[str, str]:
        """Return the paths of the TOML and of the INI file, as typed or by default."""
        given: Sequence[str] = [name for name in options.config or () if name]
        if not given:
            given = [os.environ.get("ALEMBIC_CONFIG") or "alembic.ini"]
        tomls = [name for name in given if name.lower().endswith(".toml")]
        inis = [name for name in given if name not in tomls]
        for names, kind in ((inis, "ini"), (tomls, "toml")):
            if len(names) > 1:
                raise CommandError(f"only one {kind} file may be indicated")
        toml = tomls[0] if tomls else _beside("pyproject.toml", inis)
        ini = inis[0] if inis else _beside("alembic.ini", tomls)
        return toml, ini

    def main(self, argv: Optional[Sequence[str]] = None) -> None:
        """Parse a command line and run its command.

        :param argv: the words after the program's name; by default those of this
            process.
        :raises SystemExit: on wrong usage, status 2, and when the command fails.
        """
        if "_ARGCOMPLETE" in os.environ:
            from .completion import complete

            complete(self.parser, self.subparsers.choices, self._config)
        words = sys.argv[1:] if argv is None else argv
        options = self.parser.parse_args(_join_ranges(words))
        if not hasattr(options, "cmd"):
            self.parser.error(
                "too few arguments: 'alembic --help' lists the commands, 'alembic init "
                "migrations' begins a project"
            )
        try:
            config = self._config(options)
        except CommandError as error:
            if options.raiseerr:
                raise
            _fail(str(error), options.quiet)
        self.run_cmd(config, options)

    def _config(self, options: Namespace) -> Config:
        from ..settings import Config

        toml, ini = self._inis_from_config(options)
        self._used = Config(
            file_=ini, toml_file=toml, ini_section=options.name, cmd_opts=options
        )
        return self._used

    def print_traceback(self) -> None:
        """Print the error that is being handled, as Python would, but for passwords."""
        import traceback

        from .secrets import known_passwords
        from .secrets import without_secrets

        text = without_secrets(traceback.format_exc(), known_passwords(self._used))
        print(text, end="", file=sys.stderr)


def _shown_progress(fn: Any, config: Config) -> ContextManager[None]:
    """Show how far a migration has come, if there is somebody at a terminal."""
    quiet = config.messaging_opts.get("quiet", False)
    is_terminal = getattr(sys.stderr, "isatty", lambda: False)()
    if quiet or not is_terminal or fn not in (command.downgrade, command.upgrade):
        return nullcontext()
    from ..util.progress import listening
    from .progress import TerminalProgress

    return listening(TerminalProgress(sys.stderr))


def _add_global_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--version", action="version", version=f"%(prog)s {__version__}"
    )
    parser.add_argument(
        "-c",
        "--config",
        action="append",
        help="the configuration file: an .ini or a .toml file, or one of each when "
        "given twice; by default what the environment variable ALEMBIC_CONFIG says, "
        "else alembic.ini and pyproject.toml",
    )
    parser.add_argument(
        "-n",
        "--name",
        default="alembic",
        help="the section of the .ini file that holds the options (default: alembic)",
    )
    parser.add_argument(
        "-x",
        action="append",
        help="a setting for env.py, which finds it with context.get_x_argument(), as "
        "in -x tenant=acme; may be given several times",
    )
    parser.add_argument(
        "--raiseerr",
        action="store_true",
        help="show the full traceback of an error",
    )
    parser.add_argument(
        "-q", "--quiet", action="store_true", help="print nothing but errors"
    )


def _beside(name: str, others: Sequence[str]) -> str:
    """Return a file of the working directory or, failing that, of another's folder."""
    for other in others:
        found = os.path.join(os.path.dirname(other), name)
        if not os.path.exists(name) and os.path.exists(found):
            return found
    return name


def _join_ranges(words: Sequence[str]) -> List[str]:
    """Let ``-r -3:current`` be one option; argparse takes ``-3:`` for another one."""
    joined: List[str] = []
    for word in words:
        if joined and joined[-1] in ("-r", "--rev-range") and re.match(r"-\d", word):
            joined[-1] = f"--rev-range={word}"
        else:
            joined.append(word)
    return joined


def _fail(message: str, quiet: bool, status: int = -1) -> NoReturn:
    if not quiet and status == -1:
        try:
            try:
                err(message)
            finally:
                sys.stdout.flush()
        except OSError:
            # nothing can be written there; perhaps that is what has failed
            _silence_stdout()
    else:
        log_failure(message, sys.stderr)
    # with -q standard output is left to the data that scripts read
    print(f"FAILED: {message}", file=sys.stderr)
    sys.exit(status)


def _format_warning(
    message: Any, category: Type[Warning], filename: str, lineno: int, line: Any = None
) -> str:
    """Return a warning as it is printed; where in our code it came up helps nobody."""
    if filename.startswith(_PACKAGE) and issubclass(category, UserWarning):
        return f"{category.__name__}: {' '.join(str(message).split())}\n"
    return _format_as_python(message, category, filename, lineno, line)


def _silence_stdout() -> None:
    # Python flushes standard output once more when it exits
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main(
    argv: Optional[Sequence[str]] = None, prog: Optional[str] = None, **kwargs: Any
) -> None:
    """Run the command line ``alembic``.

    :param argv: the words after the program's name; by default those of this process.
    :param prog: the name of the program in its help.
    :raises SystemExit: on wrong usage and when the command fails.
    """
    line = CommandLine(prog=prog)
    if argv is not None:
        line.main(argv=argv)
        return
    # the words are those of the process, so the process is this program
    relax()
    keep_what_is_loaded()
    warnings.formatwarning = _format_warning
    try:
        line.main()
        # Python would look through it once more when it exits
        keep_what_is_loaded()
    except Exception:
        # what --raiseerr lets through
        line.print_traceback()
        sys.exit(1)

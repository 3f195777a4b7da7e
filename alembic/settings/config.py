"""Config: every option of a project, wherever it is written."""

from __future__ import annotations

import os
import sys
from functools import cached_property

from ..util.exc import CommandError
from ..util.messaging import warn_deprecated
from ..util.messaging import write_outstream
from ..util.paths import absolute
from ..util.sequences import asbool
from ..util.sequences import EMPTY_DICT
from ..util.sequences import immutabledict
from . import separators
from . import sources

TYPE_CHECKING = False

if TYPE_CHECKING:
    from argparse import Namespace
    from configparser import ConfigParser
    from pathlib import Path
    from typing import Any
    from typing import Callable
    from typing import Dict
    from typing import List
    from typing import Mapping
    from typing import Optional
    from typing import overload
    from typing import TextIO
    from typing import TypeVar
    from typing import Union

    from .messaging_options import MessagingOptions

    _T = TypeVar("_T")

_STDOUT = sys.stdout

# the folder of the templates that come with the package
_TEMPLATES = os.path.join(os.path.dirname(os.path.dirname(__file__)), "templates")


class Config:
    """The options of a project, from INI, TOML, or set by a program.

    An option is looked up in the main section of the INI file first and in
    ``[tool.alembic]`` of the TOML file second. Neither file has to exist: a program
    may set everything with `set_main_option`. Nothing is read before it is asked for.

    :param file_: path of the INI file. A path that ends in ``.toml`` is taken for
        the TOML file when ``toml_file`` is not given.
    :param toml_file: path of the TOML file.
    :param ini_section: the section of the INI file that holds the options.
    :param output_buffer: where ``--sql`` writes; by default ``stdout``.
    :param stdout: where commands print.
    :param cmd_opts: the parsed command line; `alembic.context.get_x_argument` and
        env.py read it.
    :param config_args: values that the INI file may use as ``%(name)s``.
    :param attributes: anything env.py is to find, such as a connection. Copied.

    Example::

        config = Config("alembic.ini")
        config.set_main_option("sqlalchemy.url", "postgresql://u:p%40ss@host/db")
        command.upgrade(config, "head")
    """

    cmd_opts: Optional[Namespace] = None
    """The parsed command line, or None."""

    config_file_name: Optional[str] = None
    """Path of the INI file, or None."""

    toml_file_name: Optional[str] = None
    """Path of the TOML file, or None."""

    config_ini_section: str = None  # type: ignore[assignment]
    """The section of the INI file that holds the options."""

    config_args: Mapping[str, Any] = EMPTY_DICT
    toml_args: Mapping[str, Any] = EMPTY_DICT

    def __init__(
        self,
        file_: Optional[Union[str, os.PathLike[str]]] = None,
        toml_file: Optional[Union[str, os.PathLike[str]]] = None,
        ini_section: str = "alembic",
        output_buffer: Optional[TextIO] = None,
        stdout: TextIO = _STDOUT,
        cmd_opts: Optional[Namespace] = None,
        config_args: Mapping[str, Any] = EMPTY_DICT,
        attributes: Optional[Dict[str, Any]] = None,
    ) -> None:
        ini, toml = _as_text(file_), _as_text(toml_file)
        if ini is not None and toml is None and ini.lower().endswith(".toml"):
            ini, toml = None, ini
        self.config_file_name = ini
        self.toml_file_name = toml
        self.config_ini_section = ini_section
        self.output_buffer = output_buffer
        # a test runner or a server may have replaced sys.stdout since the import
        self.stdout = sys.stdout if stdout is _STDOUT else stdout
        self.cmd_opts = cmd_opts
        self.config_args = dict(config_args)
        self.toml_args: Dict[str, Any] = {}
        if attributes:
            self.attributes.update(attributes)

    # -- the sources

    @cached_property
    def attributes(self) -> Dict[str, Any]:
        """Whatever a program wants env.py to find; commands leave it alone.

        Example::

            with engine.begin() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        """
        return {}

    @cached_property
    def messaging_opts(self) -> MessagingOptions:
        """Keywords for the functions of `alembic.util` that print."""
        quiet = bool(getattr(self.cmd_opts, "quiet", False))
        options: Any = immutabledict({"quiet": quiet})
        return options  # type: ignore[no-any-return]

    @property
    def _config_file_path(self) -> Optional[Path]:
        from pathlib import Path

        return Path(self.config_file_name) if self.config_file_name else None

    @property
    def _toml_file_path(self) -> Optional[Path]:
        from pathlib import Path

        return Path(self.toml_file_name) if self.toml_file_name else None

    @cached_property
    def file_config(self) -> ConfigParser:
        """The INI file as a `configparser.ConfigParser`; empty without a file.

        :raises CommandError: when the file is there but is no INI file.
        """
        path = self.config_file_name or None
        self.config_args = {**self.config_args, "here": _folder_of(path)}
        return sources.read_ini(path, self.config_ini_section, self.config_args)

    @cached_property
    def toml_alembic_config(self) -> Mapping[str, Any]:
        """The table ``[tool.alembic]`` as written; empty without a file.

        :raises CommandError: when the file is there but is no TOML file.
        """
        path = self.toml_file_name or None
        self.toml_args = {**self.toml_args, "here": _folder_of(path)}
        return sources.read_toml(path)

    # -- options of any section

    if TYPE_CHECKING:

        @overload
        def get_section(self, name: str) -> Optional[Dict[str, str]]: ...

        @overload
        def get_section(self, name: str, default: Dict[str, str]) -> Dict[str, str]: ...

        @overload
        def get_section(
            self, name: str, default: Mapping[str, str]
        ) -> Union[Dict[str, str], Mapping[str, str]]: ...

    def get_section(
        self, name: str, default: Optional[Mapping[str, str]] = None
    ) -> Optional[Mapping[str, str]]:
        """Return a section of the INI file as a new dictionary.

        :param name: the section.
        :param default: what to return when there is no such section.
        """
        if not self.file_config.has_section(name):
            return default
        return self._interpolated(lambda: dict(self.file_config.items(name)))

    def get_section_option(
        self, section: str, name: str, default: Optional[str] = None
    ) -> Optional[str]:
        """Return one option of a section of the INI file.

        :param section: the section.
        :param name: the option.
        :param default: what to return when the section lacks the option.
        :raises CommandError: when there is no such section.
        """
        if not self.file_config.has_section(section):
            raise CommandError(
                f"No config file {self.config_file_name!r} found, or file has no "
                f"'[{section}]' section"
            )
        if not self.file_config.has_option(section, name):
            return default
        return self._interpolated(lambda: self.file_config.get(section, name))

    def set_section_option(self, section: str, name: str, value: str) -> None:
        """Set an option of a section, for this `Config` only; no file is written.

        :param section: the section; it is added when missing.
        :param name: the option.
        :param value: its value. ``%(name)s`` refers to other options and ``%%``
            stands for a percent sign, as in the file; a value with any other percent
            sign in it, such as a URL, is taken as it is.
        """
        if not self.file_config.has_section(section):
            self.file_config.add_section(section)
        if isinstance(value, str):
            value = sources.escape_for_ini(value)
        self.file_config.set(section, name, value)

    def _interpolated(self, read: Callable[[], _T]) -> _T:
        from configparser import InterpolationError

        try:
            return read()
        except InterpolationError as error:
            path = self.config_file_name or None
            raise sources.interpolation_error(error, path) from error

    # -- options of the main section

    if TYPE_CHECKING:

        @overload
        def get_main_option(self, name: str, default: str) -> str: ...

        @overload
        def get_main_option(
            self, name: str, default: Optional[str] = None
        ) -> Optional[str]: ...

    def get_main_option(
        self, name: str, default: Optional[str] = None
    ) -> Optional[str]:
        """Return an option of the main section of the INI file.

        TOML is not looked at; see `get_alembic_option`.

        :param name: the option, such as ``"sqlalchemy.url"``.
        :param default: what to return when it is not set.
        """
        return self.get_section_option(self.config_ini_section, name, default)

    def set_main_option(self, name: str, value: str) -> None:
        """Set an option of the main section; see `set_section_option`."""
        self.set_section_option(self.config_ini_section, name, value)

    def remove_main_option(self, name: str) -> None:
        """Take an option out of the main section, if it is there."""
        if self.file_config.has_section(self.config_ini_section):
            self.file_config.remove_option(self.config_ini_section, name)

    # -- options from either file

    if TYPE_CHECKING:

        @overload
        def get_alembic_option(self, name: str, default: str) -> str: ...

        @overload
        def get_alembic_option(
            self, name: str, default: Optional[str] = None
        ) -> Any: ...

    def get_alembic_option(self, name: str, default: Optional[str] = None) -> Any:
        """Return an option from the INI file or, failing that, from the TOML file.

        :param name: the option.
        :param default: what to return when neither has it.
        :returns: a string from INI; from TOML whatever type it was written as.
        """
        section = self.config_ini_section
        if self.file_config.has_option(section, name):
            return self.get_section_option(section, name)
        return self._get_toml_config_value(name, default)

    def get_alembic_boolean_option(self, name: str) -> bool:
        """Return an option as true or false; false when it is not set.

        :raises CommandError: when its value is neither.
        """
        section = self.config_ini_section
        if self.file_config.has_option(section, name):
            word = self.get_section_option(section, name) or "false"
            try:
                return asbool(word)
            except ValueError:
                raise CommandError(
                    f"Option '{name}' in section [{section}] must be true or false, "
                    f"not '{word}'"
                ) from None
        value = self._get_toml_config_value(name, None)
        if value is None:
            return False
        if not isinstance(value, bool):
            raise CommandError(f"boolean value expected for TOML parameter '{name}'")
        return value

    def _get_toml_config_value(self, name: str, default: Optional[Any] = None) -> Any:
        value = self.toml_alembic_config.get(name)
        if value is None:
            return default
        return sources.interpolate_toml(value, self.toml_args)

    def explain_missing(self, name: str) -> str:
        """Return the line for an option that is needed but set nowhere."""
        line = f"No '{name}' key found in configuration."
        ini, section = self.config_file_name, self.config_ini_section
        if ini is None:
            cure = f"Set it with Config.set_main_option('{name}', ...)"
        elif self.toml_alembic_config:
            cure = f"Add it to [tool.alembic] in '{self.toml_file_name}'"
        elif not os.path.exists(ini):
            cure = self._cure_for_missing_file(ini)
        elif not self.file_config.has_section(section):
            cure = f"'{ini}' has no section [{section}]; name another one with -n"
        else:
            cure = f"Add it to section [{section}] of '{ini}'"
        return f"{line} {cure}"

    def _cure_for_missing_file(self, ini: str) -> str:
        """Return what to do where the INI file, and what was typed, is not there."""
        typed = getattr(self.cmd_opts, "config", None)
        if typed and not any(os.path.exists(name) for name in typed):
            return f"There is no file '{typed[0]}': check the name after -c"
        line = f"There is no file '{ini}'"
        if typed or os.path.dirname(ini):
            return (
                f"{line}: check the name, or begin a project with 'alembic init "
                "migrations'"
            )
        folder = os.path.dirname(os.getcwd())
        while not os.path.exists(os.path.join(folder, ini)):
            if folder == os.path.dirname(folder):
                return (
                    f"{line}: begin a project with 'alembic init migrations', or name "
                    "the file with -c"
                )
            folder = os.path.dirname(folder)
        return f"{line} here, but in '{folder}': run the command there"

    # -- lists

    def get_version_locations_list(self) -> Optional[List[str]]:
        """Return the folders of revision files, or None when it is not configured.

        :raises CommandError: when the separator or the TOML value is not valid.
        """
        return self._path_list(
            "version_locations",
            ("path_separator", "version_path_separator"),
            separators.split_spaces_commas,
            "spaces/commas",
        )

    def get_prepend_sys_paths_list(self) -> Optional[List[str]]:
        """Return the folders to put on `sys.path`, or None when it is not configured.

        :raises CommandError: when the separator or the TOML value is not valid.
        """
        return self._path_list(
            "prepend_sys_path",
            ("path_separator",),
            separators.split_spaces_commas_colons,
            "spaces, commas, and colons",
        )

    def _path_list(
        self,
        option: str,
        separator_options: tuple[str, ...],
        legacy_split: Callable[[str], List[str]],
        legacy_characters: str,
    ) -> Optional[List[str]]:
        section = self.config_ini_section
        if self.file_config.has_option(section, option):
            text = self.get_section_option(section, option)
            if not text:
                return None
            separator = self._get_file_separator_char(*separator_options)
            if separator is not None:
                return separators.split_paths(text, separator)
            warn_deprecated(
                separators.legacy_warning(option, legacy_characters), stacklevel=3
            )
            return legacy_split(text)
        value = self._get_toml_config_value(option, None)
        if value is not None and not (
            isinstance(value, list) and all(isinstance(item, str) for item in value)
        ):
            raise CommandError(
                f"'{option}' in [tool.alembic] of '{self.toml_file_name}' must be a "
                f'list of strings, such as {option} = ["{value}"]'
            )
        paths: Optional[List[str]] = value
        return paths

    def _get_file_separator_char(self, *names: str) -> Optional[str]:
        """Return the separator that the first of the options that is set stands for."""
        for name in names:
            value = self.get_main_option(name)
            if value is None:
                continue
            if name == "version_path_separator":
                warn_deprecated(
                    "The version_path_separator configuration parameter is "
                    "deprecated; please use path_separator",
                    stacklevel=4,
                )
            return separators.separator_char(name, value)
        return None

    def get_hooks_list(self) -> List[Dict[str, str]]:
        """Return the write hooks in order, each with its options.

        The key ``_hook_name`` holds the name of the hook; the others are its options
        as written under ``[post_write_hooks]`` (INI, with ``<name>.`` in front) or in
        one ``[[tool.alembic.post_write_hooks]]`` (TOML).

        :raises CommandError: when the TOML value is not a list of tables.
        """
        options = self.get_section("post_write_hooks", {})
        names = separators.split_spaces_commas(options.get("hooks", ""))
        if not names:
            return self._toml_hooks()
        return [
            {
                **{
                    key[len(name) + 1 :]: value
                    for key, value in options.items()
                    if key.startswith(f"{name.lower()}.")
                },
                "_hook_name": name,
            }
            for name in names
        ]

    def _toml_hooks(self) -> List[Dict[str, str]]:
        tables = self._get_toml_config_value("post_write_hooks", [])
        if not isinstance(tables, list) or not all(
            isinstance(table, dict) for table in tables
        ):
            raise CommandError(
                f"'post_write_hooks' in [tool.alembic] of '{self.toml_file_name}' must "
                "be a list of tables, each under [[tool.alembic.post_write_hooks]]"
            )
        for number, table in enumerate(tables, 1):
            if not isinstance(table.get("name"), str):
                raise CommandError(
                    f"Write hook number {number} in '{self.toml_file_name}' has no "
                    'name; add name = "..." to it'
                )
        return [
            {
                **{key: value for key, value in table.items() if key != "name"},
                "_hook_name": table["name"],
            }
            for table in tables
        ]

    # -- what commands need

    def get_template_directory(self) -> str:
        """Return the folder that holds the templates of ``alembic init``.

        A subclass may return another folder to offer templates of its own.
        """
        return os.path.realpath(_TEMPLATES)

    def _get_template_path(self) -> Path:
        from pathlib import Path

        return Path(self.get_template_directory())

    def print_stdout(self, text: str, *arg: Any) -> None:
        """Print a line on this config's ``stdout``; nothing when it is to be quiet.

        :param text: the line, or a ``%``-format for ``arg``.
        :param arg: values for the format.
        """
        line = str(text) % arg if arg else text
        write_outstream(self.stdout, f"{line}\n", **self.messaging_opts)


def _as_text(path: Optional[Union[str, os.PathLike[str]]]) -> Optional[str]:
    return None if path is None else os.fspath(path)


def _folder_of(path: Optional[str]) -> str:
    if path is None:
        return "."
    return os.path.dirname(absolute(path)).replace(os.sep, "/")

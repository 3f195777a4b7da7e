"""Reads alembic.ini and pyproject.toml, and says in one line why one is unreadable."""

from __future__ import annotations

import os
import re

from ..util import compat
from ..util.exc import CommandError

TYPE_CHECKING = False

if TYPE_CHECKING:
    from configparser import ConfigParser
    from configparser import InterpolationError
    from typing import Any
    from typing import Dict
    from typing import Mapping
    from typing import Optional

# compiled when they are needed
_STRAY_PERCENT = r"%(?![%(])|%\((?![^()]+\)s)"
_PERCENT_PAIR = r"%%|%\(here\)s"


class UnreadableConfig(CommandError, ValueError):
    """A configuration file is there but cannot be understood."""


def read_ini(
    path: Optional[str], section: str, defaults: Dict[str, Any]
) -> ConfigParser:
    """Read an INI file.

    :param path: the file; None, or one that does not exist, gives an empty
        configuration.
    :param section: the section that is there even without a file.
    :param defaults: values that every section sees.
    :raises UnreadableConfig: when the file is no INI file, or cannot be read.
    """
    import configparser

    # ConfigParser wants strings; users may pass numbers and paths in config_args
    parser = configparser.ConfigParser(
        {key: str(value) for key, value in defaults.items()}
    )
    if path is None:
        parser.add_section(section)
        return parser
    try:
        if not compat.read_config_parser(parser, [path]) and os.path.exists(path):
            # ConfigParser passes by what it cannot open
            with open(path, "rb"):
                pass
    except OSError as error:
        raise UnreadableConfig(
            f"Config file '{path}' cannot be read: {error.strerror or error}"
        ) from error
    except configparser.Error as error:
        raise UnreadableConfig(
            f"Config file '{path}' is not a valid INI file: {_first_line(error)}"
        ) from error
    except UnicodeDecodeError as error:
        raise UnreadableConfig(
            f"Config file '{path}' cannot be read as {error.encoding}: byte "
            f"{error.object[error.start]:#04x} at position {error.start}; save it as "
            "UTF-8"
        ) from error
    return parser


def read_toml(path: Optional[str]) -> Dict[str, Any]:
    """Return the ``[tool.alembic]`` table of a TOML file; empty when there is none.

    :raises UnreadableConfig: when the file cannot be read, is no TOML file, or
        ``tool.alembic`` is not a table.
    """
    if path is None or not os.path.isfile(path):
        return {}
    try:
        content: Any = compat.load_toml(path)
    except OSError as error:
        raise UnreadableConfig(
            f"Config file '{path}' cannot be read: {error.strerror or error}"
        ) from error
    except ValueError as error:
        raise UnreadableConfig(
            f"Incorrect TOML format: '{path}' is not a valid TOML file: "
            f"{_first_line(error)}"
        ) from error
    for name in ("tool", "alembic"):
        content = content.get(name, {})
        if not isinstance(content, dict):
            raise UnreadableConfig(
                f"Incorrect TOML format: '{name}' in '{path}' is not a table; write "
                "the options under [tool.alembic]"
            )
    table: Dict[str, Any] = content
    return table


def interpolate_toml(value: Any, variables: Mapping[str, Any]) -> Any:
    """Replace ``%(here)s`` and ``%%`` in a TOML value; any other ``%`` is a plain one.

    Lists and tables are gone through, whatever is no string is left as it is.
    """
    if isinstance(value, str):
        here = str(variables.get("here", "."))
        return re.sub(
            _PERCENT_PAIR,
            lambda found: "%" if found.group() == "%%" else here,
            value,
        )
    if isinstance(value, list):
        return [interpolate_toml(item, variables) for item in value]
    if isinstance(value, dict):
        return {k: interpolate_toml(item, variables) for k, item in value.items()}
    return value


def escape_for_ini(value: str) -> str:
    """Return a value so that an INI interpolation gives back what was meant.

    A value whose percent signs are all written for INI, as ``%%`` or ``%(name)s``,
    stays as it is. A percent sign that INI cannot read, as in the URL of a database
    whose password holds ``%40``, shows that nobody escaped it: all are doubled then.
    """
    if re.search(_STRAY_PERCENT, value.replace("%%", "")):
        return value.replace("%", "%%")
    return value


def interpolation_error(error: InterpolationError, path: Optional[str]) -> CommandError:
    """Return the error for an option whose percent signs cannot be read.

    The value is left out: it may hold a password.
    """
    from configparser import InterpolationMissingOptionError

    where = f"'{path}'" if path is not None else "the configuration"
    if isinstance(error, InterpolationMissingOptionError):
        return UnreadableConfig(
            f"Option '{error.option}' in section [{error.section}] of {where} refers "
            f"to '%({error.reference})s', which is not set; write %% for a percent sign"
        )
    return UnreadableConfig(
        f"Option '{error.option}' in section [{error.section}] of {where} holds a "
        "percent sign that stands alone; write it as %%"
    )


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())

"""Which SQLAlchemy is installed."""

from __future__ import annotations

import re
from typing import Tuple

import sqlalchemy

sqlalchemy_version: str = sqlalchemy.__version__
"""The version as SQLAlchemy writes it, such as ``"2.0.36"``."""


def parse_version(text: str) -> Tuple[int, ...]:
    """Return the leading numbers of a version.

    :param text: such as ``"2.1.0b2"``; everything after the numbers is ignored.
    :return: such as ``(2, 1, 0)``.
    """
    match = re.match(r"\d+(?:\.\d+)*", text)
    return tuple(int(part) for part in match.group(0).split(".")) if match else ()


version_tuple: Tuple[int, ...] = parse_version(sqlalchemy_version)
"""The numbers of `sqlalchemy_version`."""

sqla_1_4: bool = version_tuple >= (1, 4)
sqla_2_0: bool = version_tuple >= (2, 0)
sqla_2_0_25: bool = version_tuple >= (2, 0, 25)
sqla_2_1: bool = version_tuple >= (2, 1)

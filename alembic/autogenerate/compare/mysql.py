"""What MySQL and MariaDB make of foreign keys beside what was asked for."""

from __future__ import annotations

import re
from typing import Any
from typing import Mapping
from typing import Sequence

DIALECTS = ("mysql", "mariadb")


def is_index_of_foreign_key(
    index_name: Any,
    index_columns: Sequence[str],
    foreign_key_name: Any,
    foreign_key_columns: Sequence[str],
) -> bool:
    """Tell whether an index that is not unique was made for a foreign key.

    It is called like the foreign key, or like its first column and perhaps a number.

    :param index_name: the name of the index.
    :param index_columns: the names of its columns.
    :param foreign_key_name: the name of the foreign key.
    :param foreign_key_columns: the names of the columns that refer.
    """
    return list(index_columns) == list(foreign_key_columns) and (
        index_name == foreign_key_name
        or bool(
            re.fullmatch(
                rf"{re.escape(foreign_key_columns[0])}(_\d+)?", str(index_name)
            )
        )
    )


def index_prefix(options: Mapping[str, Any]) -> str:
    """Return what stands before INDEX when an index is created, such as FULLTEXT.

    :param options: the dialect options of the index.
    """
    prefixes = (options.get(f"{name}_prefix") for name in DIALECTS)
    return next((prefix.upper() for prefix in prefixes if prefix), "")

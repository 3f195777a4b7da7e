"""Let the database write the model in its own way, so that both sides read alike.

A default, a CHECK or an index expression comes back from the database in another
wording than it was given. Where the wording differs, the model's table is built as a
temporary table, reflected, and dropped or rolled back again; two reflections are then
compared. Nothing of it stays, and nothing is asked while both sides agree by their
text. Where the database does not allow temporary tables the text has the last word.
"""

from __future__ import annotations

from .columns import complete_columns as complete_columns
from .expressions import settled_checks as settled_checks
from .judge import judge_of as judge_of
from .judge import setup as setup
from .postgresql_text import settled as settled
from .scratch import Exclusion as Exclusion
from .scratch import SUPPORTED as SUPPORTED
from .sqlite_text import checks_of_table as checks_of_table
from .sqlite_text import complete_foreign_keys as complete_foreign_keys
from .sqlite_text import complete_uniques as complete_uniques
from .sqlite_text import indexes_of_table as indexes_of_table

__all__ = [
    "Exclusion",
    "SUPPORTED",
    "checks_of_table",
    "complete_columns",
    "complete_foreign_keys",
    "complete_uniques",
    "indexes_of_table",
    "judge_of",
    "settled",
    "settled_checks",
    "setup",
]

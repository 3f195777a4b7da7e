"""MySQL and MariaDB."""

from __future__ import annotations

from .elements import MySQLAlterDefault
from .elements import MySQLChangeColumn
from .elements import MySQLModifyColumn
from .impl import MariaDBImpl
from .impl import MySQLImpl

__all__ = [
    "MariaDBImpl",
    "MySQLAlterDefault",
    "MySQLChangeColumn",
    "MySQLImpl",
    "MySQLModifyColumn",
]

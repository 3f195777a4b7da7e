"""What a database looks like: its tables, as plain values that can be compared."""

from __future__ import annotations

from typing import Any
from typing import Dict
from typing import List
from typing import Optional

import sqlalchemy

from tests.support.databases import Database


def tables(database: Database, schema: Optional[str] = None) -> Dict[str, Any]:
    """Return the tables of a database with their columns, indexes and foreign keys."""
    inspector = sqlalchemy.inspect(database.engine)
    return {
        name: {
            "columns": [
                f"{column['name']} {column['type']!r} null={column['nullable']}"
                for column in inspector.get_columns(name, schema=schema)
            ],
            "indexes": sorted(
                str(index["name"]) for index in inspector.get_indexes(name, schema)
            ),
            "foreign keys": sorted(
                f"{key['constrained_columns']} {key['referred_table']}"
                for key in inspector.get_foreign_keys(name, schema)
            ),
        }
        for name in sorted(inspector.get_table_names(schema))
    }


def versions(database: Database, table: str = "alembic_version") -> List[str]:
    """Return the rows of the version table; none where there is no such table."""
    if table not in sqlalchemy.inspect(database.engine).get_table_names():
        return []
    rows = database.execute(f"SELECT version_num FROM {table} ORDER BY 1")
    return [row[0] for row in rows]

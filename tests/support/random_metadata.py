"""The MetaData of a random schema, and rows for its tables."""

from __future__ import annotations

from typing import Any
from typing import Dict
from typing import List
from typing import Optional

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from tests.support.random_schemas import UNNAMED
from tests.support.random_types import BY_DIALECT
from tests.support.random_types import DEFAULTS
from tests.support.random_types import STRINGS
from tests.support.random_types import TYPES
from tests.support.random_types import value

Spec = Dict[str, Any]

ROWS = 2
"""How many rows each table gets."""


def build(
    spec: Spec, dialect: str, metadata: Optional[sa.MetaData] = None
) -> sa.MetaData:
    """Return the MetaData of a schema.

    :param spec: the schema, as `random_schemas` makes it.
    :param dialect: what SQLAlchemy calls the dialect.
    :param metadata: where to put it; a new one if none is given.
    """
    metadata = sa.MetaData() if metadata is None else metadata
    builder = _Builder(spec, dialect, metadata)
    for name, table in spec["tables"].items():
        builder.add_table(name, table)
    return metadata


def insert_rows(spec: Spec, dialect: str, connection: Any) -> None:
    """Put rows into all tables of a schema, without what foreign keys refer to."""
    metadata = build(spec, dialect)
    for name, table in spec["tables"].items():
        built = metadata.tables[_key(name, table)]
        referring = {fk["column"] for fk in table["fks"]}
        for number in range(1, ROWS + 1):
            row = {
                column_name: value(column["type"], number)
                for column_name, column in table["columns"].items()
                if column["computed"] is None and column_name not in referring
            }
            connection.execute(built.insert().values(row))


def _key(name: str, table: Spec) -> str:
    schema = table["schema"]
    return f"{schema}.{name}" if schema else name


def _final(name: str) -> Optional[str]:
    return None if name.startswith(UNNAMED) else name


class _Builder:
    """Makes the tables of one MetaData."""

    def __init__(self, spec: Spec, dialect: str, metadata: sa.MetaData) -> None:
        self.spec = spec
        self.dialect = dialect
        self.metadata = metadata
        self.types = {**TYPES, **BY_DIALECT[dialect]}
        self.sequences = {
            name: sa.Sequence(name, metadata=metadata) for name in spec["sequences"]
        }

    def add_table(self, name: str, table: Spec) -> None:
        items: List[Any] = [
            self.column(column_name, column, table)
            for column_name, column in table["columns"].items()
        ]
        items.extend(self.constraints(table))
        options = dict(table["options"])
        if table["partitioned"]:
            options["postgresql_partition_by"] = "RANGE (id)"
        built = sa.Table(
            name,
            self.metadata,
            *items,
            comment=table["comment"],
            schema=table["schema"],
            **options,
        )
        for index_name, index in table["indexes"].items():
            self.add_index(built, index_name, index)
        if table["partitioned"]:
            quoted = postgresql.dialect().identifier_preparer.format_table
            sa.event.listen(
                built,
                "after_create",
                sa.DDL(
                    f"CREATE TABLE {quoted(sa.table(f'{name}_part'))} PARTITION OF "
                    f"{quoted(built)} FOR VALUES FROM (0) TO (99)"
                ),
            )

    def quoted(self, name: str) -> str:
        return f"`{name}`" if self.dialect == "mysql" else f'"{name}"'

    def column(self, name: str, column: Spec, table: Spec) -> sa.Column:
        args: List[Any] = [self.types[column["type"]]]
        options: Spec = {
            "nullable": column["null"],
            "comment": column["comment"],
            "primary_key": name in table["pk"],
        }
        if column["identity"]:
            args.append(sa.Identity(**column["identity"]))
        if column["computed"]:
            base, factor = column["computed"]
            text = f"{self.quoted(base)} * {factor}"
            args.append(sa.Computed(text, persisted=not column["virtual"]))
        if column["sequence"]:
            sequence = self.sequences[column["sequence"]]
            options["server_default"] = sequence.next_value()
        elif column["default"] is not None:
            default = DEFAULTS[column["type"]][column["default"]]
            if self.dialect == "mysql" and column["type"] == "JSON":
                default = sa.text(f"'{default}'")
            options["server_default"] = default
        if name in table["pk"] and len(table["pk"]) > 1 and not column["identity"]:
            options["autoincrement"] = False
        return sa.Column(name, *args, **options)

    def constraints(self, table: Spec) -> List[Any]:
        found: List[Any] = [
            sa.UniqueConstraint(
                *unique["columns"], name=unique["name"], **unique["options"]
            )
            for unique in table["uniques"]
        ]
        for name, (column, limit) in table["checks"].items():
            text = f"{self.quoted(column)} > {limit}"
            if table["columns"][column]["type"] in STRINGS:
                text = f"{self.quoted(column)} NOT IN ('x{limit}', 'it''s 5%')"
            found.append(sa.CheckConstraint(text, name=_final(name)))
        for name, column in table["excludes"].items():
            found.append(
                postgresql.ExcludeConstraint(
                    (column, "="), name=_final(name), using="btree"
                )
            )
        for fk in table["fks"]:
            target = _key(fk["target"], self.spec["tables"][fk["target"]])
            found.append(
                sa.ForeignKeyConstraint(
                    [fk["column"]],
                    [f"{target}.id"],
                    name=fk["name"],
                    use_alter=fk["use_alter"] and fk["name"] is not None,
                    **fk["options"],
                )
            )
        return found

    def condition(self, column: sa.Column) -> Any:
        """Return the condition of a partial index, according to a column's type."""
        if isinstance(column.type, sa.Integer):
            return column.in_([1, 2, 3])
        if isinstance(column.type, sa.String):
            return sa.or_(column != "it's 5%", column.like("a%"))
        return column.isnot(None)

    def add_index(self, table: sa.Table, name: str, index: Spec) -> None:
        elements: List[Any] = [table.c[column] for column in index["columns"]]
        if index["form"] == "desc":
            elements[0] = elements[0].desc()
        elif index["form"] == "nulls":
            elements[0] = elements[0].desc().nullslast()
        elif index["form"] == "lower" and isinstance(elements[0].type, sa.String):
            elements[0] = sa.func.lower(elements[0])
        elif index["form"] == "coalesce" and isinstance(elements[0].type, sa.String):
            elements[0] = sa.func.coalesce(elements[0], "it's 5%")
        elif index["form"] == "case":
            text = f"(case when {self.quoted(index['columns'][0])} is null then 1 end)"
            elements[0] = sa.text(text)
        options = dict(index["options"])
        if index["where"]:
            options[f"{self.dialect}_where"] = self.condition(
                table.c[index["columns"][-1]]
            )
        sa.Index(name, *elements, unique=index["unique"], _table=table, **options)

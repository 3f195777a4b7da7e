"""Random pairs of schemas, as plain values."""

from __future__ import annotations

import copy
import random
from typing import Any
from typing import Dict
from typing import List
from typing import Optional
from typing import Sequence
from typing import Tuple

import sqlalchemy as sa

from tests.support.random_types import BY_DIALECT
from tests.support.random_types import DEFAULTS
from tests.support.random_types import KEYS
from tests.support.random_types import NUMBERS
from tests.support.random_types import STRINGS
from tests.support.random_types import TYPES
from tests.support.random_types import WIDER
from tests.support.random_types import WITHOUT_VALUES
from tests.support.versions import has
from tests.support.versions import postgresql_knows

Spec = Dict[str, Any]

INDEXABLE = (*KEYS, "Date", "DateTime", "Numeric10", "String50", "SmallInteger")

_WITH_IS_KNOWN = postgresql_knows(sa.Table, "postgresql_with")
_DISTINCT_NULLS_ARE_KNOWN = postgresql_knows(sa.Index, "postgresql_nulls_not_distinct")

PLAIN_COLUMN: Spec = {
    "type": "Integer",
    "null": True,
    "default": None,
    "comment": None,
    "identity": None,
    "computed": None,
    "virtual": False,
    "sequence": None,
}

COMMENTS = ("about it", "it's 5%", 'back\\slash: "x"')

UNNAMED = "unnamed"
"""What the names of constraints begin with that the model leaves unnamed."""

PLAIN_INDEX: Spec = {
    "unique": False,
    "form": None,
    "where": False,
    "options": {},
}


def pair(
    dialect: str, seed: int, schemas: Sequence[Optional[str]] = (None,)
) -> Tuple[Spec, Spec]:
    """Return two schemas, the second of which often is like the first.

    :param dialect: ``sqlite``, ``postgresql`` or ``mysql``.
    :param seed: decides everything.
    :param schemas: where tables may be; None for the default one without its name.
    """
    generator = Generator(dialect, seed, schemas)
    before = generator.schema()
    generator.repair(before)
    after = generator.mutate(before) if seed % 3 else generator.schema()
    generator.repair(after)
    make_room_for_rows(before, after)
    return before, after


def _refers(column: str) -> bool:
    """Tell whether a column is, or was, that of a foreign key, and has no values."""
    return column.startswith("r")


def make_room_for_rows(before: Spec, after: Spec) -> None:
    """Change columns that only one schema has so that rows can do without a value."""
    for one, other in ((before, after), (after, before)):
        for name, table in one["tables"].items():
            if name not in other["tables"]:
                continue
            known = other["tables"][name]["columns"]
            new = {column for column in table["columns"] if column not in known}
            empty = {
                column_name
                for column_name, column in table["columns"].items()
                if _refers(column_name) or column["type"] in WITHOUT_VALUES
            }
            table["pk"] = [
                column for column in table["pk"] if column not in new | empty
            ]
            for column in new | empty:
                table["columns"][column]["null"] = True
            for unique in [*table["uniques"], *table["indexes"].values()]:
                if unique.get("unique", True) and set(unique["columns"]) <= new:
                    # one default for all rows would be there twice
                    for column in unique["columns"]:
                        table["columns"][column].update(default=None, sequence=None)
                    unique["options"].pop("postgresql_nulls_not_distinct", None)
            for column in new & set(table["excludes"].values()):
                table["columns"][column].update(default=None, sequence=None)


class Generator:
    """Makes schemas for one dialect from one seed.

    :param dialect: ``sqlite``, ``postgresql`` or ``mysql``.
    :param seed: decides everything.
    :param schemas: where tables may be.
    """

    def __init__(
        self, dialect: str, seed: int, schemas: Sequence[Optional[str]]
    ) -> None:
        self.dialect = dialect
        self.random = random.Random(f"{dialect}{seed}")
        self.types = [*TYPES, *BY_DIALECT[dialect]]
        self.schemas = schemas
        self.counter = 0

    def name(self, prefix: str) -> str:
        self.counter += 1
        # SQLAlchemy 1.3 does not reflect names with a space
        odd = self.chance(0.08) and has("1.4")
        return f"{prefix} {self.counter}" if odd else f"{prefix}{self.counter}"

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    @property
    def is_postgresql(self) -> bool:
        return self.dialect == "postgresql"

    def some(self, names: List[str], most: int = 2) -> List[str]:
        count = min(len(names), self.random.randint(1, most))
        return self.random.sample(names, count)

    # -- a schema -------------------------------------------------------------

    def schema(self) -> Spec:
        """Return a random schema."""
        spec: Spec = {"tables": {}, "sequences": []}
        for _ in range(self.random.randint(1, 4)):
            spec["tables"][self.name("t")] = self.table()
        self.connect(spec, self.random.randint(0, 4))
        if self.chance(0.3):
            self._sequences(spec)
        return spec

    def table(self) -> Spec:
        table: Spec = {
            "columns": {"id": {**PLAIN_COLUMN, "null": False}},
            "pk": ["id"],
            "indexes": {},
            "uniques": [],
            "fks": [],
            "checks": {},
            "excludes": {},
            "comment": self.random.choice(COMMENTS) if self.chance(0.2) else None,
            "schema": self.random.choice([None, *self.schemas]),
            # before, it reflects no index of such tables
            "partitioned": self.is_postgresql and self.chance(0.1) and has("1.3.24"),
            "options": {},
        }
        if not table["partitioned"]:
            self.give_identity(table)
        self.give_options(table)
        for _ in range(self.random.randint(1, 6)):
            table["columns"][self.name("c")] = self.column()
        if self.chance(0.3):
            self.add_computed(table)
        for _ in range(self.random.randint(0, 2)):
            self.add_index(table)
        if self.chance(0.5):
            self.add_unique(table)
        if self.chance(0.3):
            self.add_check(table)
        if self.chance(0.2):
            self.add_exclude(table)
        return table

    def give_identity(self, table: Spec) -> None:
        options: List[Optional[Spec]] = [None]
        if self.is_postgresql and has("1.4"):
            options += [{"start": 5, "increment": 2}, {"minvalue": 1, "cycle": True}]
        table["columns"]["id"]["identity"] = self.random.choice(options)

    def give_options(self, table: Spec) -> None:
        options: List[Spec] = [{}, {}]
        if self.dialect == "mysql":
            options += [{"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}]
            options += [{"mysql_engine": "InnoDB", "mysql_collate": "utf8mb4_bin"}]
        elif self.is_postgresql and not table["partitioned"] and _WITH_IS_KNOWN:
            options += [{"postgresql_with": {"fillfactor": 70}}]
        table["options"] = self.random.choice(options)

    def column(self) -> Spec:
        column = {
            **PLAIN_COLUMN,
            "type": self.random.choice(self.types),
            "null": self.chance(0.6),
            "comment": self.random.choice(COMMENTS) if self.chance(0.2) else None,
        }
        if column["type"] in WITHOUT_VALUES:
            column["null"] = True
        self.give_default(column)
        return column

    def give_default(self, column: Spec) -> None:
        options = DEFAULTS.get(column["type"])
        chosen = options and self.chance(0.4)
        column["default"] = (
            self.random.randrange(len(options or ())) if chosen else None
        )
        column["sequence"] = None

    def plain(self, table: Spec, *types: str) -> List[str]:
        return [
            name
            for name, column in table["columns"].items()
            if column["type"] in types and column["computed"] is None
        ]

    def numbers(self, table: Spec) -> List[str]:
        """Return the columns that can be computed and checked with."""
        names = self.plain(table, *NUMBERS)
        if self.dialect == "mysql":
            # neither AUTO_INCREMENT columns nor those of foreign keys can be used
            names = [name for name in names if name.startswith("c")]
        return names

    def add_computed(self, table: Spec) -> None:
        numbers = self.numbers(table)
        if numbers and hasattr(sa, "Computed"):
            table["columns"][self.name("g")] = {
                **PLAIN_COLUMN,
                "type": "BigInteger",
                "computed": (self.random.choice(numbers), self.random.randint(1, 3)),
                "virtual": not self.is_postgresql and self.chance(0.3),
            }

    def add_index(self, table: Spec) -> None:
        columns = self.plain(table, *INDEXABLE)
        if not columns:
            return
        index = {
            **PLAIN_INDEX,
            "columns": self.some(columns),
            "unique": self.chance(0.2) and not table["partitioned"],
            "options": {},
        }
        if self.dialect != "mysql":
            forms = [None, None, None, "lower", "case", "coalesce"]
            if self.is_postgresql:
                forms += ["desc", "nulls"]
            form, where = self.random.choice(forms), self.chance(0.15)
            if has("2.0") or not self.is_postgresql:
                # before, it does not reflect them there
                index["form"], index["where"] = form, where
            # the same for all rows
            index["unique"] = index["unique"] and index["form"] != "case"
        if self.is_postgresql and has("2.0"):
            index["options"] = self.index_options(table, index)
        table["indexes"][self.name("ix")] = index

    def index_options(self, table: Spec, index: Spec) -> Spec:
        options: List[Spec] = [{}, {}, {"postgresql_with": {"fillfactor": 50}}]
        others = [c for c in table["columns"] if c not in index["columns"]]
        if others:
            options.append({"postgresql_include": [self.random.choice(others)]})
        if index["unique"] and not any(map(_refers, index["columns"])):
            if _DISTINCT_NULLS_ARE_KNOWN:
                options.append({"postgresql_nulls_not_distinct": True})
        elif (
            not index["unique"] and index["form"] is None and len(index["columns"]) == 1
        ):
            options.append({"postgresql_using": "hash"})
            column = index["columns"][0]
            if table["columns"][column]["type"] in STRINGS:
                options.append({"postgresql_ops": {column: "varchar_pattern_ops"}})
        return self.random.choice(options)

    def add_unique(self, table: Spec) -> None:
        columns = self.plain(table, *INDEXABLE)
        taken = [sorted(unique["columns"]) for unique in table["uniques"]]
        if not columns or table["partitioned"]:
            return
        chosen = self.some(columns)
        if sorted(chosen) in taken:
            return
        options: List[Spec] = [{}, {}]
        if self.is_postgresql:
            options += [{"deferrable": True}]
            options += [{"deferrable": True, "initially": "DEFERRED"}]
            if _DISTINCT_NULLS_ARE_KNOWN and not any(map(_refers, chosen)):
                options += [{"postgresql_nulls_not_distinct": True}]
        table["uniques"].append(
            {
                "name": self.name("uq") if self.chance(0.7) else None,
                "columns": chosen,
                "options": dict(self.random.choice(options)),
            }
        )

    def checkable(self, table: Spec) -> List[str]:
        """Return the columns that can be checked."""
        strings = [c for c in self.plain(table, *STRINGS) if c.startswith("c")]
        return [*self.numbers(table), *strings]

    def add_check(self, table: Spec) -> None:
        columns = self.checkable(table)
        if columns:
            limit = self.random.randint(-9, -1)
            name = self.name("ck" if self.chance(0.7) else UNNAMED)
            table["checks"][name] = (self.random.choice(columns), limit)

    def add_exclude(self, table: Spec) -> None:
        columns = self.plain(table, *INDEXABLE)
        if columns and self.is_postgresql and not table["partitioned"]:
            name = self.name("ex" if self.chance(0.7) else UNNAMED)
            table["excludes"][name] = self.random.choice(columns)

    def connect(self, spec: Spec, count: int) -> None:
        """Add foreign keys, from new columns, in any direction."""
        names = list(spec["tables"])
        for _ in range(count):
            source = spec["tables"][self.random.choice(names)]
            target_name = self.random.choice(names)
            target = spec["tables"][target_name]
            if target["pk"] != ["id"]:
                continue
            column = self.name("r")
            source["columns"][column] = {
                **PLAIN_COLUMN,
                "type": target["columns"]["id"]["type"],
            }
            source["fks"].append(
                {
                    "name": self.name("fk") if self.chance(0.6) else None,
                    "column": column,
                    "target": target_name,
                    "options": self.key_options(),
                    "use_alter": self.chance(0.2),
                }
            )
            if self.chance(0.4):
                source["indexes"][self.name("ix")] = {
                    **PLAIN_INDEX,
                    "columns": [column],
                    "options": {},
                }

    def key_options(self) -> Spec:
        options: List[Spec] = [
            {},
            {},
            {"ondelete": "CASCADE"},
            {"ondelete": "SET NULL"},
            {"ondelete": "RESTRICT", "onupdate": "CASCADE"},
            {"ondelete": "NO ACTION", "onupdate": "SET NULL"},
        ]
        if self.dialect != "mysql" and (self.is_postgresql or has("1.4")):
            options += [{"deferrable": True, "initially": "DEFERRED"}]
            options += [{"deferrable": True, "initially": "IMMEDIATE"}]
            options += [{"ondelete": "SET DEFAULT"}]
        if self.is_postgresql or (self.dialect == "sqlite" and has("2.0")):
            options += [{"match": "FULL"}, {"deferrable": True, "ondelete": "CASCADE"}]
            options += [{"match": "SIMPLE", "onupdate": "CASCADE"}]
        return self.random.choice(options)

    # -- another schema -------------------------------------------------------

    def mutate(self, spec: Spec) -> Spec:
        """Return a schema a few steps away from another one."""
        other = copy.deepcopy(spec)
        for _ in range(self.random.randint(1, 7)):
            self.random.choice(self._steps)(self, other)
        return other

    def _any_table(self, spec: Spec) -> Any:
        tables = list(spec["tables"].values())
        return self.random.choice(tables) if tables else None

    def _drop_table(self, spec: Spec) -> None:
        if spec["tables"]:
            del spec["tables"][self.random.choice(list(spec["tables"]))]

    def _add_table(self, spec: Spec) -> None:
        spec["tables"][self.name("t")] = self.table()
        self.connect(spec, self.random.randint(0, 2))

    def _drop_column(self, spec: Spec) -> None:
        table = self._any_table(spec)
        if table:
            names = [name for name in table["columns"] if name != "id"]
            if names:
                del table["columns"][self.random.choice(names)]

    def _add_column(self, spec: Spec) -> None:
        table = self._any_table(spec)
        if table:
            table["columns"][self.name("c")] = self.column()

    def _change_column(self, spec: Spec) -> None:
        table = self._any_table(spec)
        if not table:
            return
        names = [
            name
            for name, column in table["columns"].items()
            if name != "id" and column["computed"] is None
        ]
        if not names:
            return
        name = self.random.choice(names)
        column = table["columns"][name]
        what = self.random.choice(["null", "default", "comment", "type"])
        if what == "null":
            column["null"] = not column["null"]
        elif what == "default":
            self.give_default(column)
        elif what == "comment":
            column["comment"] = self.random.choice([None, "new", *COMMENTS])
        elif not any(fk["column"] == name for fk in table["fks"]):
            column["type"] = self.random.choice(
                WIDER.get(column["type"], [column["type"]])
            )
            column.update(default=None, sequence=None)

    def _change_id(self, spec: Spec) -> None:
        table = self._any_table(spec)
        if table and not table["partitioned"]:
            table["columns"]["id"]["type"] = self.random.choice(
                ["Integer", "BigInteger"]
            )

    def _change_identity(self, spec: Spec) -> None:
        table = self._any_table(spec)
        if table and not table["partitioned"]:
            self.give_identity(table)

    def _indexes(self, spec: Spec) -> None:
        table = self._any_table(spec)
        if not table:
            return
        if not table["indexes"] or self.chance(0.5):
            self.add_index(table)
            return
        name = self.random.choice(list(table["indexes"]))
        index = table["indexes"][name]
        if self.chance(0.5):
            del table["indexes"][name]
        elif self.is_postgresql and has("2.0") and self.chance(0.5):
            index["options"] = self.index_options(table, index)
        elif not table["partitioned"] and index["form"] != "case":
            index["unique"] = not index["unique"]
            index["options"] = {}

    def _uniques(self, spec: Spec) -> None:
        table = self._any_table(spec)
        if table:
            if table["uniques"] and self.chance(0.5):
                table["uniques"].pop()
            else:
                self.add_unique(table)

    def _fks(self, spec: Spec) -> None:
        table = self._any_table(spec)
        if table and table["fks"] and self.chance(0.5):
            fk = self.random.choice(table["fks"])
            if self.chance(0.5):
                table["fks"].remove(fk)
            else:
                fk["options"] = self.key_options()
        elif spec["tables"]:
            self.connect(spec, 1)

    def _checks(self, spec: Spec) -> None:
        table = self._any_table(spec)
        if table and table["checks"] and self.chance(0.6):
            name = self.random.choice(list(table["checks"]))
            column, limit = table["checks"].pop(name)
            if self.chance(0.5):
                table["checks"][name] = (column, limit - 1)
        elif table:
            self.add_check(table)

    def _excludes(self, spec: Spec) -> None:
        table = self._any_table(spec)
        if table and table["excludes"] and self.chance(0.6):
            name = self.random.choice(list(table["excludes"]))
            del table["excludes"][name]
            columns = self.plain(table, *INDEXABLE)
            if self.chance(0.5) and columns:
                table["excludes"][name] = self.random.choice(columns)
        elif table:
            self.add_exclude(table)

    def _computed(self, spec: Spec) -> None:
        table = self._any_table(spec)
        if table:
            computed = [n for n, c in table["columns"].items() if c["computed"]]
            if computed and self.chance(0.6):
                column = table["columns"][self.random.choice(computed)]
                base, factor = column["computed"]
                column["computed"] = (base, factor + 1)
            else:
                self.add_computed(table)

    def _comment(self, spec: Spec) -> None:
        table = self._any_table(spec)
        if table:
            table["comment"] = self.random.choice([None, "one", *COMMENTS])

    def _options(self, spec: Spec) -> None:
        table = self._any_table(spec)
        # an option that the model no longer names is left as it is
        if table and not table["options"]:
            self.give_options(table)

    def _sequences(self, spec: Spec) -> None:
        """Let a column count with a sequence of its own."""
        table = self._any_table(spec)
        if not table or self.dialect == "sqlite" or not has("1.4"):
            return
        numbers = [name for name in self.numbers(table) if name.startswith("c")]
        if numbers:
            name = self.name("sq")
            spec["sequences"].append(name)
            table["columns"][self.random.choice(numbers)].update(
                default=None, sequence=name
            )

    def _primary_key(self, spec: Spec) -> None:
        table = self._any_table(spec)
        if not table or table["partitioned"]:
            return
        name = next(n for n, t in spec["tables"].items() if t is table)
        if any(
            fk["target"] == name for t in spec["tables"].values() for fk in t["fks"]
        ):
            return
        if table["pk"] == ["id"]:
            others = [c for c in self.plain(table, *KEYS) if c != "id"]
            others = [c for c in others if not table["columns"][c]["null"]]
            if others:
                table["pk"] = ["id", self.random.choice(others)]
        else:
            for column in table["pk"][1:]:
                table["columns"][column]["null"] = self.chance(0.5)
            table["pk"] = ["id"]

    _steps = (
        _drop_table,
        _add_table,
        _drop_column,
        _add_column,
        _add_column,
        _change_column,
        _change_column,
        _change_id,
        _change_identity,
        _indexes,
        _indexes,
        _uniques,
        _fks,
        _fks,
        _checks,
        _excludes,
        _computed,
        _comment,
        _options,
        _sequences,
        _primary_key,
    )

    # -- what does not fit ----------------------------------------------------

    def repair(self, spec: Spec) -> None:
        """Take out what refers to something that is gone."""
        for table in spec["tables"].values():
            self._repair_computed(table)
            columns = table["columns"]
            usable = set(self.plain(table, *INDEXABLE))
            referring = {fk["column"] for fk in table["fks"]} & set(columns)
            checkable = set(self.checkable(table))
            table["indexes"] = {
                name: index
                for name, index in table["indexes"].items()
                if set(index["columns"]) <= usable | referring
                and set(index["options"].get("postgresql_include", ())) <= set(columns)
                and self._operators_fit(columns, index)
            }
            table["uniques"] = [
                u for u in table["uniques"] if set(u["columns"]) <= usable
            ]
            table["checks"] = {
                name: check
                for name, check in table["checks"].items()
                if check[0] in checkable
            }
            table["excludes"] = {
                name: column
                for name, column in table["excludes"].items()
                if column in usable
            }
            for column in columns.values():
                if column["sequence"] and column["type"] not in NUMBERS:
                    column["sequence"] = None
        for table in spec["tables"].values():
            self._repair_keys(spec, table)

    def _repair_computed(self, table: Spec) -> None:
        columns = table["columns"]
        for name, column in list(columns.items()):
            base = column["computed"] and column["computed"][0]
            if base and (base not in columns or columns[base]["type"] not in NUMBERS):
                del columns[name]

    def _operators_fit(self, columns: Spec, index: Spec) -> bool:
        return all(
            columns[column]["type"] in STRINGS
            for column in index["options"].get("postgresql_ops", ())
        )

    def _finds(self, table: Spec, target: Spec) -> bool:
        """Tell whether a table without a schema is found from another table.

        MySQL looks for it in the schema of the table that refers to it.
        """
        return self.dialect != "mysql" or not (
            target["schema"] is None and table["schema"] == self.schemas[-1] is not None
        )

    def _repair_keys(self, spec: Spec, table: Spec) -> None:
        columns = table["columns"]
        table["fks"] = [
            fk
            for fk in table["fks"]
            if fk["column"] in columns
            and fk["target"] in spec["tables"]
            and spec["tables"][fk["target"]]["pk"] == ["id"]
            and self._finds(table, spec["tables"][fk["target"]])
        ]
        for fk in table["fks"]:
            target = spec["tables"][fk["target"]]
            columns[fk["column"]].update(
                type=target["columns"]["id"]["type"],
                null=True,
                default=None,
                sequence=None,
            )
        table["pk"] = [column for column in table["pk"] if column in columns]
        for name in table["pk"]:
            columns[name]["null"] = False
            if columns[name]["type"] not in KEYS:
                columns[name].update(type="Integer", default=None)

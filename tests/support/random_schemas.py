"""Random pairs of schemas, as plain values, and the MetaData they stand for."""

from __future__ import annotations

import copy
import random
from typing import Any
from typing import Dict
from typing import List
from typing import Optional

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects import postgresql

from alembic.sqla.version import sqla_1_4
from tests.support import versions

has_computed = hasattr(sa, "Computed")
has_identity = hasattr(sa, "Identity")

Spec = Dict[str, Any]

TYPES: Dict[str, List[Any]] = {
    "Integer": [sa.Integer()],
    "SmallInteger": [sa.SmallInteger()],
    "BigInteger": [sa.BigInteger()],
    "String20": [sa.String(20)],
    "String50": [sa.String(50)],
    "Text": [sa.Text()],
    "Numeric10": [sa.Numeric(10, 2)],
    "Numeric12": [sa.Numeric(12, 4)],
    "Float": [sa.Float()],
    "Boolean": [sa.Boolean()],
    "Date": [sa.Date()],
    "DateTime": [sa.DateTime()],
    "Time": [sa.Time()],
    "Binary": [sa.LargeBinary()],
    "JSON": [sa.JSON()],
}

BY_DIALECT: Dict[str, Dict[str, List[Any]]] = {
    "postgresql": {
        "Timestamptz": [sa.DateTime(timezone=True)],
        "JSONB": [postgresql.JSONB()],
        "UUID": [postgresql.UUID()],
        "Array": [postgresql.ARRAY(sa.Integer())],
        "INET": [postgresql.INET()],
        "Collated": [sa.String(20, collation="C")],
        "Timestamp3": [postgresql.TIMESTAMP(precision=3)],
        "Enum": [sa.Enum("a", "b", "c", name="abc")],
        "EnumArray": [postgresql.ARRAY(sa.Enum("x", "y", name="xy"))],
    },
    "mysql": {
        "DateTime6": [mysql.DATETIME(fsp=6)],
        "Unsigned": [mysql.INTEGER(unsigned=True)],
        "Enum": [sa.Enum("a", "b", "c")],
        "MediumText": [mysql.MEDIUMTEXT()],
        "Collated": [mysql.VARCHAR(20, charset="utf8mb4", collation="utf8mb4_bin")],
    },
    "sqlite": {
        "Collated": [sa.String(20, collation="NOCASE")],
    },
}

DEFAULTS: Dict[str, List[Any]] = {
    "Integer": ["1", "0", sa.text("7")],
    "SmallInteger": ["3"],
    "BigInteger": ["-5", sa.text("9")],
    "String20": ["plain", "it's", "50%", "a:b", sa.text("'x'")],
    "String50": ["", 'double " quote', "back\\slash", "now()"],
    "Numeric10": ["0", "1.50"],
    "Float": ["0.5"],
    "Boolean": [sa.true(), sa.false()],
    "Date": ["2020-01-01"],
    "DateTime": [sa.func.now(), sa.func.current_timestamp()],
    "Timestamptz": [sa.func.now()],
    "Time": ["12:30:00"],
    "JSON": ["{}", '{"a": [1, 2]}'],
    "JSONB": ["{}"],
    "UUID": [sa.text("gen_random_uuid()")],
    "Array": ["{}", "{1,2}"],
    "Unsigned": ["4"],
    "Enum": ["b"],
}

KEYS = ("Integer", "BigInteger", "String20")


class Generator:
    """Makes schemas for one dialect from one seed.

    :param dialect: ``sqlite``, ``postgresql`` or ``mysql``.
    :param seed: decides everything.
    """

    def __init__(self, dialect: str, seed: int) -> None:
        self.dialect = dialect
        self.random = random.Random(f"{dialect}{seed}")
        self.types = {**TYPES, **BY_DIALECT[dialect]}
        self.counter = 0

    def name(self, prefix: str) -> str:
        self.counter += 1
        # SQLAlchemy 1.3 does not reflect names with a space
        odd = self.random.random() < 0.08 and sqla_1_4
        return f"{prefix} {self.counter}" if odd else f"{prefix}{self.counter}"

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def schema(self) -> Spec:
        """Return a random schema."""
        spec: Spec = {"tables": {}}
        for _ in range(self.random.randint(1, 4)):
            name = self.name("t")
            spec["tables"][name] = self.table(name)
        self.connect(spec, self.random.randint(0, 4))
        return spec

    def table(self, name: str) -> Spec:
        table: Spec = {
            "columns": {},
            "pk": ["id"],
            "indexes": {},
            "uniques": [],
            "fks": [],
            "checks": {},
            "comment": "about it" if self.chance(0.2) else None,
        }
        identity = has_identity and self.dialect == "postgresql" and self.chance(0.3)
        table["columns"]["id"] = {
            "type": "Integer",
            "null": False,
            "default": None,
            "comment": None,
            "identity": identity,
            "computed": None,
        }
        for _ in range(self.random.randint(1, 6)):
            table["columns"][self.name("c")] = self.column()
        if has_computed and self.chance(0.3):
            self.add_computed(table)
        for _ in range(self.random.randint(0, 2)):
            self.add_index(table)
        if self.chance(0.5):
            self.add_unique(table)
        if self.chance(0.3):
            self.add_check(table)
        return table

    def column(self) -> Spec:
        type_ = self.random.choice(list(self.types))
        column = {
            "type": type_,
            "null": self.chance(0.6),
            "default": None,
            "comment": "why" if self.chance(0.2) else None,
            "identity": False,
            "computed": None,
        }
        self.give_default(column)
        return column

    def give_default(self, column: Spec) -> None:
        options = DEFAULTS.get(column["type"])
        column["default"] = (
            self.random.randrange(len(options))
            if options and self.chance(0.4)
            else None
        )

    def plain(self, table: Spec, *types: str) -> List[str]:
        return [
            name
            for name, column in table["columns"].items()
            if column["type"] in types and column["computed"] is None
        ]

    def add_computed(self, table: Spec) -> None:
        numbers = self.plain(table, "Integer", "SmallInteger")
        if self.dialect == "mysql":
            # neither AUTO_INCREMENT columns nor those of foreign keys can be used
            numbers = [name for name in numbers if name.startswith("c")]
        if numbers:
            base = self.random.choice(numbers)
            table["columns"][self.name("g")] = {
                "type": "BigInteger",
                "null": True,
                "default": None,
                "comment": None,
                "identity": False,
                "computed": (base, self.random.randint(1, 3)),
            }

    def indexable(self, table: Spec) -> List[str]:
        return self.plain(
            table, *KEYS, "Date", "DateTime", "Numeric10", "String50", "SmallInteger"
        )

    @property
    def indexes_expressions(self) -> bool:
        """Is there an index of an expression, and is it seen in the database?"""
        if self.dialect == "postgresql":
            return versions.has("2.0")
        return self.dialect == "sqlite"

    def add_index(self, table: Spec) -> None:
        columns = self.indexable(table)
        if columns:
            chosen = self.random.sample(
                columns, min(len(columns), self.random.randint(1, 2))
            )
            table["indexes"][self.name("ix")] = {
                "columns": chosen,
                "unique": self.chance(0.2),
                "desc": self.chance(0.15) and self.dialect == "postgresql",
                "where": self.dialect != "mysql" and self.chance(0.15),
                "lower": self.indexes_expressions and self.chance(0.15),
            }

    def add_unique(self, table: Spec) -> None:
        columns = self.indexable(table)
        taken = [sorted(unique["columns"]) for unique in table["uniques"]]
        if columns:
            chosen = self.random.sample(
                columns, min(len(columns), self.random.randint(1, 2))
            )
            if sorted(chosen) not in taken:
                table["uniques"].append(
                    {
                        "name": self.name("uq") if self.chance(0.7) else None,
                        "columns": chosen,
                        "deferrable": self.dialect == "postgresql" and self.chance(0.2),
                    }
                )

    def add_check(self, table: Spec) -> None:
        numbers = self.plain(table, "Integer", "SmallInteger", "BigInteger")
        if self.dialect == "mysql":
            numbers = [name for name in numbers if name.startswith("c")]
        if numbers:
            table["checks"][self.name("ck")] = (
                self.random.choice(numbers),
                self.random.randint(-9, -1),
            )

    def connect(self, spec: Spec, count: int) -> None:
        """Add foreign keys, to new columns, in any direction."""
        names = list(spec["tables"])
        for _ in range(count):
            source = self.random.choice(names)
            target = self.random.choice(names)
            if spec["tables"][target]["pk"] != ["id"]:
                continue
            column = self.name("r")
            spec["tables"][source]["columns"][column] = {
                "type": spec["tables"][target]["columns"]["id"]["type"],
                "null": True,
                "default": None,
                "comment": None,
                "identity": False,
                "computed": None,
            }
            spec["tables"][source]["fks"].append(
                {
                    "name": self.name("fk") if self.chance(0.6) else None,
                    "column": column,
                    "target": target,
                    "ondelete": self.random.choice([None, None, "CASCADE", "SET NULL"]),
                    "use_alter": self.chance(0.2),
                }
            )
            if self.chance(0.4):
                spec["tables"][source]["indexes"][self.name("ix")] = {
                    "columns": [column],
                    "unique": False,
                    "desc": False,
                    "where": False,
                    "lower": False,
                }

    def mutate(self, spec: Spec) -> Spec:
        """Return a schema a few steps away from another one."""
        other = copy.deepcopy(spec)
        for _ in range(self.random.randint(1, 7)):
            self.random.choice(self._steps)(self, other)
        self.repair(other)
        return other

    def _any_table(self, spec: Spec) -> Any:
        return (
            self.random.choice(list(spec["tables"].values()))
            if spec["tables"]
            else None
        )

    def _drop_table(self, spec: Spec) -> None:
        if spec["tables"]:
            del spec["tables"][self.random.choice(list(spec["tables"]))]

    def _add_table(self, spec: Spec) -> None:
        name = self.name("t")
        spec["tables"][name] = self.table(name)
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
            column["comment"] = self.random.choice([None, "new", "it's 5%"])
        elif not any(fk["column"] == name for fk in table["fks"]):
            column["type"] = self.random.choice(
                WIDER.get(column["type"], [column["type"]])
            )
            column["default"] = None

    def _change_id(self, spec: Spec) -> None:
        table = self._any_table(spec)
        if table:
            name = next(n for n, t in spec["tables"].items() if t is table)
            table["columns"]["id"]["type"] = self.random.choice(
                ["Integer", "BigInteger"]
            )
            for other in spec["tables"].values():
                for fk in other["fks"]:
                    if fk["target"] == name and fk["column"] in other["columns"]:
                        other["columns"][fk["column"]]["type"] = table["columns"]["id"][
                            "type"
                        ]

    def _change_identity(self, spec: Spec) -> None:
        table = self._any_table(spec)
        if has_identity and table and self.dialect == "postgresql":
            table["columns"]["id"]["identity"] = not table["columns"]["id"]["identity"]

    def _indexes(self, spec: Spec) -> None:
        table = self._any_table(spec)
        if table:
            if table["indexes"] and self.chance(0.5):
                name = self.random.choice(list(table["indexes"]))
                if self.chance(0.5):
                    del table["indexes"][name]
                else:
                    table["indexes"][name]["unique"] = not table["indexes"][name][
                        "unique"
                    ]
            else:
                self.add_index(table)

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
                fk["ondelete"] = self.random.choice([None, "CASCADE", "SET NULL"])
        elif spec["tables"]:
            self.connect(spec, 1)

    def _checks(self, spec: Spec) -> None:
        table = self._any_table(spec)
        if table:
            if table["checks"] and self.chance(0.6):
                name = self.random.choice(list(table["checks"]))
                column, limit = table["checks"].pop(name)
                if self.chance(0.5):
                    table["checks"][name] = (column, limit - 1)
            else:
                self.add_check(table)

    def _computed(self, spec: Spec) -> None:
        table = self._any_table(spec)
        if table:
            computed = [n for n, c in table["columns"].items() if c["computed"]]
            if computed and self.chance(0.6):
                column = table["columns"][self.random.choice(computed)]
                base, factor = column["computed"]
                column["computed"] = (base, factor + 1)
            elif has_computed:
                self.add_computed(table)

    def _comment(self, spec: Spec) -> None:
        table = self._any_table(spec)
        if table:
            table["comment"] = self.random.choice([None, "one", "it's two"])

    def _primary_key(self, spec: Spec) -> None:
        table = self._any_table(spec)
        if not table:
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
        _computed,
        _comment,
        _primary_key,
    )

    def repair(self, spec: Spec) -> None:
        """Take out what refers to something that is gone."""
        for table in spec["tables"].values():
            columns = table["columns"]
            for name in [
                n
                for n, c in columns.items()
                if c["computed"]
                and (
                    c["computed"][0] not in columns
                    or columns[c["computed"][0]]["type"]
                    not in ("Integer", "SmallInteger", "BigInteger")
                )
            ]:
                del columns[name]
            usable = set(self.indexable(table))
            referring = {fk["column"] for fk in table["fks"]}
            table["indexes"] = {
                n: ix
                for n, ix in table["indexes"].items()
                if set(ix["columns"]) <= usable | (referring & set(columns))
            }
            table["uniques"] = [
                u for u in table["uniques"] if set(u["columns"]) <= usable
            ]
            table["checks"] = {
                n: c
                for n, c in table["checks"].items()
                if c[0] in self.plain(table, "Integer", "SmallInteger", "BigInteger")
            }
            table["fks"] = [
                fk
                for fk in table["fks"]
                if fk["column"] in columns
                and fk["target"] in spec["tables"]
                and spec["tables"][fk["target"]]["pk"] == ["id"]
            ]
            for fk in table["fks"]:
                columns[fk["column"]]["null"] = True
                columns[fk["column"]]["type"] = spec["tables"][fk["target"]]["columns"][
                    "id"
                ]["type"]
                columns[fk["column"]]["default"] = None
            table["pk"] = [c for c in table["pk"] if c in columns]
            for c in table["pk"]:
                columns[c]["null"] = False
                if columns[c]["type"] not in KEYS:
                    columns[c]["type"] = "Integer"
                    columns[c]["default"] = None


WIDER = {
    "Integer": ["BigInteger", "String20", "Numeric12"],
    "SmallInteger": ["Integer", "BigInteger"],
    "String20": ["String50", "Text"],
    "String50": ["Text"],
    "Numeric10": ["Numeric12", "String50"],
    "Float": ["String50"],
    "Date": ["DateTime"],
    "Boolean": ["String20"],
    "Unsigned": ["BigInteger"],
    "DateTime6": ["DateTime"],
    "Collated": ["String50", "String20"],
    "Timestamp3": ["DateTime"],
    "JSON": ["Text"],
    "Enum": ["String20"],
}


def build(
    spec: Spec, generator: Generator, metadata: Optional[sa.MetaData] = None
) -> sa.MetaData:
    """Return the MetaData of a schema, a new one if none is given."""
    metadata = sa.MetaData() if metadata is None else metadata
    for name, table in spec["tables"].items():
        items: List[Any] = []
        for column_name, column in table["columns"].items():
            items.append(_column(column_name, column, table, generator))
        for unique in table["uniques"]:
            options = {"deferrable": True, "initially": "DEFERRED"}
            items.append(
                sa.UniqueConstraint(
                    *unique["columns"],
                    name=unique["name"],
                    **(options if unique["deferrable"] else {}),
                )
            )
        for check, (column_name, limit) in table["checks"].items():
            quoted = (
                f'"{column_name}"'
                if generator.dialect != "mysql"
                else f"`{column_name}`"
            )
            items.append(sa.CheckConstraint(f"{quoted} > {limit}", name=check))
        for fk in table["fks"]:
            items.append(
                sa.ForeignKeyConstraint(
                    [fk["column"]],
                    [f"{fk['target']}.id"],
                    name=fk["name"],
                    ondelete=fk["ondelete"],
                    use_alter=fk["use_alter"] and fk["name"] is not None,
                )
            )
        built = sa.Table(name, metadata, *items, comment=table["comment"])
        for index_name, index in table["indexes"].items():
            elements: List[Any] = [built.c[column] for column in index["columns"]]
            if index["desc"]:
                elements[0] = elements[0].desc()
            elif index["lower"] and isinstance(elements[0].type, sa.String):
                elements[0] = sa.func.lower(elements[0])
            options = {}
            if index["where"]:
                options[f"{generator.dialect}_where"] = built.c[
                    index["columns"][-1]
                ].isnot(None)
            sa.Index(index_name, *elements, unique=index["unique"], **options)
    return metadata


def _column(name: str, column: Spec, table: Spec, generator: Generator) -> sa.Column:
    args: List[Any] = [generator.types[column["type"]][0]]
    options: Spec = {
        "nullable": column["null"],
        "comment": column["comment"],
        "primary_key": name in table["pk"],
    }
    if column["identity"]:
        args.append(sa.Identity())
    if column["computed"]:
        base, factor = column["computed"]
        quoted = f'"{base}"' if generator.dialect != "mysql" else f"`{base}`"
        args.append(sa.Computed(f"{quoted} * {factor}", persisted=True))
    default = column["default"]
    if default is not None:
        value = DEFAULTS[column["type"]][default]
        if generator.dialect == "mysql" and column["type"] in ("JSON", "Text"):
            value = sa.text("'" + value + "'") if isinstance(value, str) else value
        options["server_default"] = value
    if name in table["pk"] and len(table["pk"]) > 1 and not column["identity"]:
        options["autoincrement"] = False
    return sa.Column(name, *args, **options)

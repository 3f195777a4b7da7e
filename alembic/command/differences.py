"""Differences between models and database, each as a line for a person.

The words are made from names that the objects of a diff tuple carry; nothing here
needs SQLAlchemy, but for somebody who writes types and expressions as SQL.
"""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Iterator
from typing import List
from typing import NamedTuple
from typing import Optional

AsSQL = Callable[[Any], str]


class Difference(NamedTuple):
    """One difference.

    :ivar what: what differs.
    :ivar code: the operation that makes it go away, as a revision would hold it; empty
        when it cannot be written.
    """

    what: str
    code: str

    def __str__(self) -> str:
        return f"{self.what}: {self.code}" if self.code else self.what


def differences(
    found: Any, render: Callable[[Any], str], as_sql: AsSQL = str
) -> Iterator[Difference]:
    """Yield what each operation is there for.

    :param found: operations, with those of a table in containers of their own.
    :param render: writes an operation as Python.
    :param as_sql: writes a type or an expression as SQL.
    """
    for operation in found.ops:
        if hasattr(operation, "ops"):
            yield from differences(operation, render, as_sql)
            continue
        try:
            code = render(operation)
        except Exception:  # a renderer of somebody else's, or none
            code = ""
        try:
            what = "; ".join(describe(operation.to_diff_tuple(), as_sql))
        except NotImplementedError:  # an operation of somebody else's
            what = type(operation).__name__
        yield Difference(what, _code_on_one_line(code))


def _code_on_one_line(code: str) -> str:
    joined = ""
    for line in (line.strip() for line in code.splitlines()):
        if not line or line.startswith("#"):
            continue
        tight = not joined or joined.endswith(("(", "[")) or line.startswith((")", "]"))
        joined += line if tight else f" {line}"
    return joined


def describe(diff: Any, as_sql: AsSQL = str) -> List[str]:
    """Return the lines for one element of `UpgradeOps.as_diffs()`.

    :param diff: a diff tuple, or the list of them that belongs to one column.
    :param as_sql: writes a type or an expression as SQL.
    """
    if isinstance(diff, list):
        return [line for part in diff for line in describe(part, as_sql)]
    try:
        return [getattr(_Words(as_sql), diff[0])(*diff[1:])]
    except (AttributeError, IndexError, TypeError):
        # an operation of somebody else's, with a tuple of its own
        return [" ".join(str(diff).split())]


class _Words:
    """The words for each kind of difference: a method called like it.

    :param as_sql: writes a type or an expression as SQL.
    """

    def __init__(self, as_sql: AsSQL) -> None:
        self._as_sql = as_sql

    def add_table(self, table: Any) -> str:
        return f"add table {_of_table(table)}"

    def remove_table(self, table: Any) -> str:
        return f"remove table {_of_table(table)}"

    def add_table_comment(self, table: Any, existing: Optional[str] = None) -> str:
        if existing is None:
            return f"add comment on table {_of_table(table)}"
        return (
            f"change comment of table {_of_table(table)} "
            f"from {existing!r} to {table.comment!r}"
        )

    def remove_table_comment(self, table: Any, *_: Any) -> str:
        return f"remove comment on table {_of_table(table)}"

    def add_column(self, *column: Any) -> str:
        return self._column("add", *column)

    def remove_column(self, *column: Any) -> str:
        return self._column("remove", *column)

    def add_index(self, index: Any) -> str:
        return self._index("add", index)

    def remove_index(self, index: Any) -> str:
        return self._index("remove", index)

    def add_constraint(self, constraint: Any) -> str:
        return self._item("add", _kind(constraint), constraint)

    def remove_constraint(self, constraint: Any) -> str:
        return self._item("remove", _kind(constraint), constraint)

    def add_fk(self, constraint: Any) -> str:
        return self._item("add", "foreign key", constraint)

    def remove_fk(self, constraint: Any) -> str:
        return self._item("remove", "foreign key", constraint)

    def modify_nullable(
        self, schema: Any, table_name: Any, column: Any, _: Any, old: Any, new: Any
    ) -> str:
        name = _quoted(schema, table_name, column)
        return f"change column {name} to {'NULL' if new else 'NOT NULL'}"

    def modify_type(
        self, schema: Any, table_name: Any, column: Any, _: Any, old: Any, new: Any
    ) -> str:
        before, after = self._sql(old), self._sql(new)
        if before == after:
            # PostgreSQL's enumerations, of which SQL says no more than the name
            before, after = repr(old), repr(new)
        name = _quoted(schema, table_name, column)
        return f"change type of column {name} from {before} to {after}"

    def modify_default(
        self, schema: Any, table_name: Any, column: Any, _: Any, old: Any, new: Any
    ) -> str:
        name = _quoted(schema, table_name, column)
        before, after = self._default(old), self._default(new)
        return f"change server default of column {name} from {before} to {after}"

    def modify_comment(
        self, schema: Any, table_name: Any, column: Any, _: Any, old: Any, new: Any
    ) -> str:
        name = _quoted(schema, table_name, column)
        before, after = ("none" if text is None else repr(text) for text in (old, new))
        return f"change comment of column {name} from {before} to {after}"

    def execute(self, sql: Any) -> str:
        return f"run {_one_line(str(sql))}"

    def _column(self, verb: str, schema: Any, table_name: Any, column: Any) -> str:
        name = _quoted(schema, table_name, column.name)
        definition = self._sql(column.type)
        computed = getattr(column, "computed", None)
        if computed is not None:
            definition += f", computed as {self._sql(computed.sqltext)}"
        elif not column.nullable:
            definition += " NOT NULL"
        return f"{verb} column {name} ({definition})"

    def _index(self, verb: str, index: Any) -> str:
        return self._item(verb, "unique index" if index.unique else "index", index)

    def _item(self, verb: str, kind: str, item: Any) -> str:
        name = f"'{item.name}' " if item.name else ""
        on = _of_table(item.table) if item.table is not None else "?"
        to = "".join(f" to '{target}'" for target in _targets(item))
        options = " ".join(["", *self._options(item)])
        return f"{verb} {kind} {name}on table {on}{self._parts(item)}{to}{options}"

    def _parts(self, item: Any) -> str:
        """Return the columns or the condition of an index or constraint."""
        condition = getattr(item, "sqltext", None)
        if condition is not None:
            return f" ({self._sql(condition)})"
        # an index may have expressions among its columns
        parts = [
            part.name if part.__visit_name__ == "column" else self._sql(part)
            for part in getattr(item, "expressions", item.columns)
        ]
        return f" ({', '.join(parts)})" if parts else ""

    def _options(self, item: Any) -> Iterator[str]:
        for name in ("ondelete", "onupdate", "match"):
            value = getattr(item, name, None)
            if value:
                yield f"{_OPTIONS[name]} {value.upper()}"
        if getattr(item, "deferrable", None):
            yield "DEFERRABLE"
        if getattr(item, "initially", None):
            yield f"INITIALLY {item.initially.upper()}"
        for name, value in sorted(getattr(item, "dialect_kwargs", {}).items()):
            if isinstance(value, (str, int, dict, list, tuple)):
                if value:
                    yield f"{name}={value!r}"
            elif value is not None:
                yield f"{name}={self._sql(value)}"

    def _default(self, default: Any) -> str:
        if default is None or default is False:
            return "none"
        # a server default keeps its text, or its expression, in .arg
        inner = getattr(default, "arg", default)
        if isinstance(inner, str):
            escaped = inner.replace("'", "''")
            return f"'{escaped}'"
        return self._sql(inner)

    def _sql(self, value: Any) -> str:
        try:
            text = self._as_sql(value)
        except Exception:  # a type without a SQL form of its own
            text = repr(value)
        return _one_line(text)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _dotted(*parts: Optional[Any]) -> str:
    return ".".join(str(part) for part in parts if part)


def _quoted(*parts: Optional[Any]) -> str:
    return f"'{_dotted(*parts)}'"


def _of_table(table: Any) -> str:
    return _quoted(table.schema, table.name)


_OPTIONS = {"ondelete": "ON DELETE", "onupdate": "ON UPDATE", "match": "MATCH"}

_KINDS = {
    "unique_constraint": "unique constraint",
    "check_constraint": "check constraint",
    "table_or_column_check_constraint": "check constraint",
    "foreign_key_constraint": "foreign key",
    "primary_key_constraint": "primary key",
    "exclude_constraint": "exclude constraint",
}


def _kind(constraint: Any) -> str:
    return _KINDS.get(getattr(constraint, "__visit_name__", ""), "constraint")


def _targets(item: Any) -> List[str]:
    """Return the table that a foreign key refers to."""
    columns = [key.target_fullname for key in getattr(item, "elements", ())]
    return list(dict.fromkeys(name.rpartition(".")[0] for name in columns))

"""Differences between models and database, each as a line for a person.

The words are made from names that the objects of a diff tuple carry; nothing here
needs SQLAlchemy.
"""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Dict
from typing import Iterator
from typing import List
from typing import NamedTuple
from typing import Optional


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


def differences(found: Any, render: Callable[[Any], str]) -> Iterator[Difference]:
    """Yield what each operation is there for.

    :param found: operations, with those of a table in containers of their own.
    :param render: writes an operation as Python.
    """
    for operation in found.ops:
        if hasattr(operation, "ops"):
            yield from differences(operation, render)
            continue
        try:
            code = render(operation)
        except Exception:  # a renderer of somebody else's, or none
            code = ""
        try:
            what = "; ".join(describe(operation.to_diff_tuple()))
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


def describe(diff: Any) -> List[str]:
    """Return the lines for one element of `UpgradeOps.as_diffs()`.

    :param diff: a diff tuple, or the list of them that belongs to one column.
    """
    if isinstance(diff, list):
        return [line for part in diff for line in describe(part)]
    try:
        return [_DESCRIPTIONS[diff[0]](*diff[1:])]
    except (AttributeError, IndexError, KeyError, TypeError):
        # an operation of somebody else's, with a tuple of its own
        return [" ".join(str(diff).split())]


def _dotted(*parts: Optional[Any]) -> str:
    return ".".join(str(part) for part in parts if part)


def _quoted(*parts: Optional[Any]) -> str:
    return f"'{_dotted(*parts)}'"


def _of_table(table: Any) -> str:
    return _quoted(table.schema, table.name)


def _table(verb: str) -> Callable[..., str]:
    return lambda table: f"{verb} table {_of_table(table)}"


def _column(verb: str) -> Callable[..., str]:
    def say(schema: Any, table_name: Any, column: Any) -> str:
        name = _quoted(schema, table_name, column.name)
        return f"{verb} column {name} ({_one_line(column.type)})"

    return say


def _item(verb: str, kind: str) -> Callable[..., str]:
    def say(item: Any) -> str:
        name = f"'{item.name}' " if item.name else ""
        on = _of_table(item.table) if item.table is not None else "?"
        to = "".join(f" to '{target}'" for target in _targets(item))
        return f"{verb} {kind or _kind(item)} {name}on table {on}{_columns(item)}{to}"

    return say


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


def _columns(item: Any) -> str:
    # an index may have expressions among its columns
    parts = getattr(item, "expressions", item.columns)
    names = [
        part.name if part.__visit_name__ == "column" else _one_line(part)
        for part in parts
    ]
    return f" ({', '.join(names)})" if names else ""


def _targets(item: Any) -> List[str]:
    """Return the table that a foreign key refers to."""
    columns = [key.target_fullname for key in getattr(item, "elements", ())]
    return list(dict.fromkeys(name.rpartition(".")[0] for name in columns))


def _change(what: str) -> Callable[..., str]:
    def say(
        schema: Any, table_name: Any, column: Any, existing: Any, old: Any, new: Any
    ) -> str:
        name = _quoted(schema, table_name, column)
        return f"change {what} of column {name} from {_value(old)} to {_value(new)}"

    return say


def _change_nullable(
    schema: Any, table_name: Any, column: Any, existing: Any, old: Any, new: Any
) -> str:
    name = _quoted(schema, table_name, column)
    return f"change column {name} to {'NULL' if new else 'NOT NULL'}"


def _value(value: Any) -> str:
    """Return a type, a comment or a default as a person would write it."""
    if value is None or value is False:
        return "none"
    # a server default keeps its text, or its expression, in .arg
    inner = getattr(value, "arg", value)
    inner = getattr(inner, "text", inner)
    return f"'{inner}'" if isinstance(inner, str) else _one_line(inner)


def _one_line(value: Any) -> str:
    try:
        text = str(value)
    except Exception:  # a type without a SQL form of its own
        text = repr(value)
    return " ".join(text.split())


def _table_comment(verb: str) -> Callable[..., str]:
    return lambda table, *_: f"{verb} comment on table {_of_table(table)}"


_DESCRIPTIONS: Dict[str, Callable[..., str]] = {
    "add_table": _table("add"),
    "remove_table": _table("remove"),
    "add_column": _column("add"),
    "remove_column": _column("remove"),
    "add_index": _item("add", "index"),
    "remove_index": _item("remove", "index"),
    "add_constraint": _item("add", ""),
    "remove_constraint": _item("remove", ""),
    "add_fk": _item("add", "foreign key"),
    "remove_fk": _item("remove", "foreign key"),
    "modify_nullable": _change_nullable,
    "modify_type": _change("type"),
    "modify_default": _change("server default"),
    "modify_comment": _change("comment"),
    "execute": lambda sql: f"run {_one_line(sql)}",
    "add_table_comment": _table_comment("add"),
    "remove_table_comment": _table_comment("remove"),
}

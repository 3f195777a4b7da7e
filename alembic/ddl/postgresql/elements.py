"""PostgreSQL's own DDL elements, and their SQL."""

from __future__ import annotations

from typing import Any
from typing import List
from typing import Optional
from typing import TYPE_CHECKING
from typing import Union

from sqlalchemy import types as sqltypes
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ClauseElement

from ...sqla import defaults
from ..base import alter_column
from ..base import alter_table
from ..base import AlterColumn
from ..base import cannot_compute
from ..base import ComputedColumnDefault
from ..base import format_column_name
from ..base import format_table_name
from ..base import format_type
from ..base import IdentityColumnDefault
from ..base import RenameTable
from ..conditions import Guarded
from ..conditions import target_of
from .serial import literal

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql.base import PGDDLCompiler
    from sqlalchemy.types import TypeEngine


class PostgresqlColumnType(AlterColumn):
    """Another type, perhaps with the expression that turns old values into new ones.

    :param type_: the type the column shall have.
    :param using: the expression, as SQL text or not; for USING.
    """

    def __init__(
        self, name: str, column_name: str, type_: TypeEngine[Any], **kw: Any
    ) -> None:
        using: Optional[Union[str, ClauseElement]] = kw.pop("using", None)
        super().__init__(name, column_name, **kw)
        self.type_ = sqltypes.to_instance(type_)
        self.using = using


@compiles(RenameTable, "postgresql")
def visit_rename_table(element: RenameTable, compiler: PGDDLCompiler, **kw: Any) -> str:
    """Write ``ALTER TABLE old RENAME TO new``, the new name without a schema."""
    head = alter_table(compiler, element.table_name, element.schema)
    # not format_table_name(): a translated default schema has no place here
    return f"{head} RENAME TO {format_column_name(compiler, element.new_table_name)}"


@compiles(PostgresqlColumnType, "postgresql")
def visit_column_type(
    element: PostgresqlColumnType, compiler: PGDDLCompiler, **kw: Any
) -> str:
    """Write ``ALTER COLUMN c TYPE ... USING ...``."""
    text = f"{_alter_column_head(element, compiler)} TYPE "
    text += format_type(compiler, element.type_)
    if element.using is None or element.using == "":
        return text
    using = (
        element.using
        if isinstance(element.using, str)
        else compiler.sql_compiler.process(element.using, literal_binds=True)
    )
    return f"{text} USING {using}"


@compiles(ComputedColumnDefault, "postgresql")
def _visit_computed_column(
    element: ComputedColumnDefault, compiler: PGDDLCompiler, **kw: Any
) -> str:
    """Write ``SET EXPRESSION AS (...)`` or ``DROP EXPRESSION``, which keeps values."""
    head = _alter_column_head(element, compiler)
    before: Any = element.existing_server_default
    if not defaults.is_computed(element.default):
        if before.persisted is False:
            raise cannot_compute(element)
        return f"{head} DROP EXPRESSION"
    if not defaults.is_computed(before) or (
        len({element.default.persisted, before.persisted} - {None}) > 1
    ):
        raise cannot_compute(element)
    sql = compiler.sql_compiler.process(
        element.default.sqltext, include_table=False, literal_binds=True
    )
    return f"{head} SET EXPRESSION AS ({sql})"


@compiles(IdentityColumnDefault, "postgresql")
def visit_identity_column(
    element: IdentityColumnDefault, compiler: PGDDLCompiler, **kw: Any
) -> str:
    """Write ``ADD GENERATED``, ``DROP IDENTITY``, or ``SET`` for what has changed."""
    head = _alter_column_head(element, compiler)
    before = element.existing_server_default
    any_compiler: Any = compiler
    if not defaults.is_identity(element.default):
        return f"{head} DROP IDENTITY"
    if not defaults.is_identity(before):
        identity = any_compiler.visit_identity_column(element.default)
        return f"{head} ADD {identity}"
    different = element.impl._compare_identity_default(  # noqa: SLF001
        element.default, before
    )[0]
    return f"{head} {' '.join(_set_options(any_compiler, element.default, different))}"


def _set_options(compiler: Any, identity: Any, names: Any) -> List[str]:
    """Return ``SET ...`` for each option of an identity that changes."""
    parts: List[str] = []
    for name in sorted(names):
        if name == "always":
            how = "ALWAYS" if identity.always else "BY DEFAULT"
            parts.append(f"SET GENERATED {how}")
        else:
            single = defaults.Identity(**{name: getattr(identity, name)})
            parts.append(f"SET {compiler.get_identity_options(single)}")
    return parts


def _alter_column_head(element: AlterColumn, compiler: PGDDLCompiler) -> str:
    """Return ``ALTER TABLE t ALTER COLUMN c``."""
    head = alter_table(compiler, element.table_name, element.schema)
    return f"{head} {alter_column(compiler, element.column_name)}"


@compiles(Guarded, "postgresql")
def _guarded(element: Guarded, compiler: PGDDLCompiler, **kw: Any) -> str:
    """Write a block that adds a constraint where there is none of its name."""
    any_compiler: Any = compiler
    target = target_of(element.statement, compiler.dialect)
    table = format_table_name(compiler, target.table, target.schema)
    return f"""DO $alembic$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conrelid = {literal(table)}::pg_catalog.regclass
        AND conname = {literal(str(target.name))}
    ) THEN
        {any_compiler.process(element.statement).strip()};
    END IF;
END
$alembic$"""

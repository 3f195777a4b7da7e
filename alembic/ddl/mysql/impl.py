"""MySQLImpl and MariaDBImpl: keep what MODIFY would lose, drop constraints by kind."""

from __future__ import annotations

import re
from typing import Any
from typing import Callable
from typing import cast
from typing import Dict
from typing import List
from typing import NamedTuple
from typing import Optional
from typing import Set
from typing import Tuple
from typing import TYPE_CHECKING
from typing import Union

from sqlalchemy import schema as sqlalchemy_schema
from sqlalchemy import text
from sqlalchemy import types as sqltypes
from sqlalchemy.exc import StatementError
from sqlalchemy.schema import CheckConstraint
from sqlalchemy.schema import Column
from sqlalchemy.schema import CreateIndex
from sqlalchemy.schema import DropConstraint
from sqlalchemy.schema import DropIndex
from sqlalchemy.schema import ForeignKeyConstraint
from sqlalchemy.schema import PrimaryKeyConstraint
from sqlalchemy.schema import UniqueConstraint

from ...sqla import connections
from ...sqla import constraints as sqla_constraints
from ...sqla import defaults
from ...sqla import driver
from ...sqla import expressions
from ...sqla import names
from ...sqla import types as sqla_types
from ...util.exc import CommandError
from .. import default_text
from ..base import AddColumn
from ..base import cannot_compute
from ..base import ColumnName
from ..base import ComputedColumnDefault
from ..base import DropColumn
from ..comparison import ComparesDefaultsByText
from ..conditions import Guarded
from ..conditions import target_of
from ..conditions import without_condition
from ..impl import DefaultImpl
from ..signatures import ForeignKeySignature
from ..type_text import Params
from .definitions import ColumnDefinition
from .definitions import find_column
from .definitions import VerbatimType
from .elements import MySQLAlterDefault
from .elements import MySQLChangeColumn
from .elements import MySQLModifyColumn
from .elements import write_constant_as_expression

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.schema import Constraint
    from sqlalchemy.schema import Index
    from sqlalchemy.schema import Table
    from sqlalchemy.sql.elements import ClauseElement
    from sqlalchemy.types import TypeEngine

    from ..contracts import ServerDefaultArgument


_JSON_CHECK = re.compile(r"CHECK \(json_valid\(`(?:[^`]|``)*`\)\)", re.IGNORECASE)


class Existing(NamedTuple):
    """What a column is before it changes, as far as it is known."""

    type: Optional[TypeEngine[Any]]
    nullable: Optional[bool]
    server_default: ServerDefaultArgument
    autoincrement: Optional[bool]
    comment: Union[str, bool, None]
    charset: str = ""
    generated: str = ""
    rest: str = ""

    @classmethod
    def of_definition(cls, column: ColumnDefinition) -> Existing:
        """Return what the table itself says."""
        return cls(
            type=VerbatimType(column.type),
            nullable=column.nullable,
            server_default=(
                None
                if column.default is None
                else expressions.literal_text(column.default)
            ),
            autoincrement=column.autoincrement,
            comment=False if column.comment is None else column.comment,
            charset=column.charset,
            generated=column.generated,
            rest=column.rest,
        )

    def changed(
        self,
        nullable: Optional[bool],
        server_default: ServerDefaultArgument,
        type_: Optional[TypeEngine[Any]],
        autoincrement: Optional[bool],
        comment: Union[str, bool, None],
        generated: str,
    ) -> Dict[str, Any]:
        """Return the whole definition to be, as `MySQLChangeColumn` takes it.

        :param generated: what computes it, if the server default is a ``Computed``.
        """
        if nullable is None:
            nullable = self.nullable
        charset, rest = self.charset, self.rest
        if type_ is not None and _JSON_CHECK.search(rest):
            # what MariaDB's JSON consists of goes with it
            charset, rest = "", _JSON_CHECK.sub("", rest).strip()
        return {
            "type_": type_ if type_ is not None else self.type,
            "nullable": True if nullable is None else nullable,
            "default": (
                None
                if generated
                else server_default
                if server_default is not False
                else self.server_default
            ),
            "autoincrement": (
                autoincrement if autoincrement is not None else self.autoincrement
            ),
            "comment": comment if comment is not False else self.comment,
            "charset": charset,
            "generated": self.generated if server_default is False else generated,
            "rest": rest,
        }


class MySQLImpl(ComparesDefaultsByText, DefaultImpl):
    """Schema changes on MySQL.

    MODIFY and CHANGE replace a column's whole definition. Online, what the call does
    not mention is read from the table and repeated; in a script it has to be given in
    the ``existing_`` arguments.
    """

    __dialect__ = "mysql"

    transactional_ddl = False
    guards = True

    type_synonyms = (
        *DefaultImpl.type_synonyms,
        {"BOOL", "TINYINT"},
        {"JSON", "LONGTEXT"},
        {"DOUBLE", "DOUBLE PRECISION", "REAL"},
    )
    type_arg_extract = (r"character set ([\w\-_]+)", r"collate ([\w\-_]+)")
    type_args_complete = True
    implied_type_args = {
        "decimal": ("10", "0"),
        "numeric": ("10", "0"),
        "char": ("1",),
        "binary": ("1",),
        "bit": ("1",),
        "datetime": ("0",),
        "timestamp": ("0",),
        "time": ("0",),
    }

    default_rules = default_text.DefaultRules(
        backslash_escapes=True,
        synonyms={
            "current_timestamp": "now",
            "current_timestamp()": "now",
            "now": "now",
            "now()": "now",
            "localtime": "now",
            "localtime()": "now",
            "localtimestamp": "now",
            "localtimestamp()": "now",
            "curdate()": "current_date",
            "current_date()": "current_date",
        },
    )

    def render_ddl_sql_expr(
        self,
        expr: ClauseElement,
        is_server_default: bool = False,
        is_index: bool = False,
        **kw: Any,
    ) -> str:
        """Return an expression as SQL, in parentheses where an index wants them.

        :param expr: the expression.
        :param is_server_default: whether it is a server default.
        :param is_index: whether it is an element of an index.
        """
        if is_index and expressions.needs_grouping_in_index(expr):
            expr = expressions.grouped(expr)
        return super().render_ddl_sql_expr(expr, is_server_default, **kw)

    # -- columns --------------------------------------------------------------

    def alter_column(
        self,
        table_name: str,
        column_name: str,
        *,
        nullable: Optional[bool] = None,
        server_default: ServerDefaultArgument = False,
        name: Optional[str] = None,
        type_: Optional[TypeEngine[Any]] = None,
        schema: Optional[str] = None,
        existing_type: Optional[TypeEngine[Any]] = None,
        existing_server_default: ServerDefaultArgument = None,
        existing_nullable: Optional[bool] = None,
        autoincrement: Optional[bool] = None,
        existing_autoincrement: Optional[bool] = None,
        comment: Union[str, bool, None] = False,
        existing_comment: Optional[str] = None,
        **kw: Any,
    ) -> None:
        """Change a column, and keep what the call does not change.

        The arguments are those of `DefaultImpl.alter_column`.

        :raises CommandError: when the whole definition is needed and its type is
            neither given nor to be found.
        """
        both = (server_default, existing_server_default)
        if server_default is not False and defaults.is_identity(*both):
            # says that it cannot be done
            self._alter_server_default(
                table_name,
                column_name,
                server_default,
                {"schema": schema, "existing_server_default": existing_server_default},
            )
        redefines = (
            nullable is not None
            or type_ is not None
            or autoincrement is not None
            or comment is not False
            or (server_default is not False and defaults.is_computed(*both))
        )
        if not redefines and name is None and server_default is False:
            return
        of_moments = self._is_mysql_allowed_functional_default(
            type_ if type_ is not None else existing_type, server_default
        )
        if not redefines and name is None and not of_moments:
            self._exec(
                MySQLAlterDefault(
                    table_name, column_name, server_default, schema, existing_type
                )
            )
            return
        if (
            name not in (None, column_name)
            and not redefines
            and (server_default is False and self._can_rename_column())
        ):
            self._exec(ColumnName(table_name, column_name, name, schema=schema))
            return
        existing = self._existing(
            table_name,
            column_name,
            schema,
            Existing(
                existing_type,
                existing_nullable,
                None
                if defaults.is_computed(existing_server_default)
                else existing_server_default,
                existing_autoincrement,
                existing_comment if existing_comment is not None else False,
                generated=self._generated(existing_server_default),
            ),
        )
        generated = self._generated(server_default)
        is_told = self._live is not None or bool(existing.generated) or not generated
        if server_default is not False and not (
            is_told and _is_virtual(generated) == _is_virtual(existing.generated)
        ):
            raise cannot_compute(
                ComputedColumnDefault(table_name, column_name, server_default)
            )
        element = (
            MySQLModifyColumn if name is None and not of_moments else MySQLChangeColumn
        )
        self._exec(
            element(
                table_name,
                column_name,
                schema=schema,
                newname=name if name is not None else column_name,
                **existing.changed(
                    nullable, server_default, type_, autoincrement, comment, generated
                ),
            )
        )

    def _generated(self, default: Any) -> str:
        """Return what makes a generated column of a ``Computed``, or nothing."""
        if not defaults.is_computed(default):
            return ""
        sql = self.render_ddl_sql_expr(default.sqltext)
        kind = {None: "", True: " STORED", False: " VIRTUAL"}[default.persisted]
        return f"GENERATED ALWAYS AS ({sql}){kind}"

    def _can_rename_column(self) -> bool:
        """Tell whether the server has RENAME COLUMN, which loses nothing."""
        if self._live is None:
            return False
        version = tuple(connections.server_version(self._live) or ())
        return version >= ((10, 5, 2) if self._is_mariadb else (8, 0, 3))

    @property
    def _is_mariadb(self) -> bool:
        return driver.is_mariadb(self.dialect)

    def _existing(
        self, table_name: str, column_name: str, schema: Optional[str], given: Existing
    ) -> Existing:
        """Return what a column is: by the table if that can be asked, else as given."""
        live = self._live
        if live is None:
            return given
        column = self.answers(
            f"column {schema}.{table_name}.{column_name}",
            lambda: find_column(
                _show_create_table(live, table_name, schema), column_name
            ),
        )
        if column is None:
            raise CommandError(f"Table {table_name!r} has no column {column_name!r}")
        # a list, if it was kept as JSON
        return Existing.of_definition(ColumnDefinition(*column))

    def _is_mysql_allowed_functional_default(
        self,
        type_: Optional[TypeEngine[Any]],
        server_default: ServerDefaultArgument,
    ) -> bool:
        """Tell whether a column's type takes a function such as now() for a default."""
        is_moment = (
            type_ is not None and sqla_types.affinity(type_) is sqltypes.DateTime
        )
        text = expressions.text_of(server_default) or ""
        # only a whole definition can have it
        is_moment = is_moment or bool(_ON_UPDATE.search(text))
        return is_moment and server_default is not None

    # -- tables, constraints and indexes --------------------------------------

    @property
    def unconditional(self) -> Tuple[type, ...]:  # type: ignore[override]
        """Statements with IF EXISTS or IF NOT EXISTS for MariaDB alone."""
        return () if self._is_mariadb else _OF_MARIADB

    def _exec_conditional(self, construct: Any) -> None:
        if self._live is None:
            self._exec(Guarded(construct))
        elif not isinstance(construct, DropConstraint):
            super()._exec_conditional(construct)
        else:
            target = target_of(construct, self.dialect)
            table = sqla_constraints.table_of(construct.element)
            if self._kinds_of_constraint(table, str(target.name)):
                self._exec(without_condition(construct))

    def create_table(self, table: Table, **kw: Any) -> None:
        """Create a table with its indexes and comments.

        The arguments are those of `DefaultImpl.create_table`. A CHECK with a name,
        which MariaDB does not read inside a column, is moved to its table.
        """
        if self._is_mariadb:
            sqla_constraints.move_named_checks(table)
        for column in table.columns:
            write_constant_as_expression(column, self.dialect)
        super().create_table(table, **kw)

    def add_column(self, table_name: str, column: Column[Any], **kw: Any) -> None:
        """Add a column; a constant default of JSON or TEXT in parentheses.

        The arguments are those of `DefaultImpl.add_column`.
        """
        write_constant_as_expression(column, self.dialect)
        super().add_column(table_name, column, **kw)

    def drop_constraint(self, const: Constraint, **kw: Any) -> None:
        """Drop a constraint by its kind, which is looked up when it was not given.

        :param const: the constraint.
        :raises NotImplementedError: when the kind is not known.
        """
        if sqla_constraints.is_type_bound(const):
            self._drop_check_of_type(const)
            return
        if type(const) is sqlalchemy_schema.Constraint and self._live is not None:
            const = self._with_kind(const)
        try:
            super().drop_constraint(const, **kw)
        except StatementError as error:
            if not error.connection_invalidated:
                self._tell_kind(const, error)
            raise

    def _tell_kind(self, const: Constraint, error: StatementError) -> None:
        """Say of which kind a constraint is that could not be dropped as another.

        :raises CommandError: when it is of another kind.
        """
        table, name = sqla_constraints.table_of(const), str(const.name)
        kinds = self._kinds_of_constraint(table, name)
        if len(kinds) == 1 and not isinstance(const, type(_KINDS[kinds[0]](name))):
            kind = _TYPES[kinds[0]]
            raise CommandError(
                f"Constraint {name!r} is of another type; give type_={kind!r}"
            ) from error

    def _drop_check_of_type(self, const: Constraint) -> None:
        """Drop the CHECK of a Boolean or Enum, where there is one."""
        name = names.final_constraint_name(const, self.dialect)
        if name is not None and self._live is not None:
            table = sqla_constraints.table_of(const)
            if "CHECK" in self._kinds_of_constraint(table, name):
                self._exec(DropConstraint(const))

    def _with_kind(self, const: Constraint) -> Constraint:
        """Return a constraint of a kind that only the database knows."""
        table = sqla_constraints.table_of(const)
        name = cast(str, const.name)
        kinds = self._kinds_of_constraint(table, name)
        if not kinds:
            raise CommandError(f"Table {table.name!r} has no constraint {name!r}")
        if len(kinds) > 1:
            raise CommandError(
                f"Table {table.name!r} has several constraints {name!r} "
                f"({', '.join(kinds)}); say which one with type_"
            )
        constraint = _KINDS[kinds[0]](names.conv(name))
        throw_away = sqlalchemy_schema.Table(
            table.name, sqlalchemy_schema.MetaData(), schema=table.schema
        )
        throw_away.append_constraint(constraint)
        return constraint

    def _kinds_of_constraint(self, table: Table, name: str) -> List[str]:
        """Return the kinds of the constraints of a name, in alphabetical order."""
        live = cast("Connection", self._live)
        kinds: List[str] = self.answers(
            f"constraint {table.schema}.{table.name}.{name}",
            lambda: sorted(_constraint_kinds(live, table.name, table.schema, name)),
        )
        return kinds

    # -- comparison -----------------------------------------------------------

    def _canonical_type(self, params: Params) -> Params:
        """Return a type without what MySQL ignores, and by the name it will have."""
        params = super()._canonical_type(params)
        words = [params.token0, *params.tokens]
        args = params.args
        if words[0] == "national":
            words = words[1:]
        if words[0] == "bool":
            words, args = ["tinyint"], ["1"]
        if words[0] == "float" and len(args) == 1:
            words[0], args = ("float" if int(args[0]) <= 24 else "double"), []
        if words[0] in _WITHOUT_ARGS:
            # a display width, or a hint for the choice of a size
            args = []
        if "zerofill" in words and "unsigned" not in words:
            words.insert(words.index("zerofill"), "unsigned")
        return Params(words[0], words[1:], args, params.kwargs)

    def _column_types_match(
        self, inspector_params: Params, metadata_params: Params
    ) -> bool:
        """Tell whether two types have the same name, or synonymous ones."""
        if super()._column_types_match(inspector_params, metadata_params):
            return True
        # with a length, TEXT and BLOB become the smallest size that holds it
        meta, found = metadata_params.token0, inspector_params.token0
        return "sized" in metadata_params.kwargs and (
            found in ("tiny" + meta, "medium" + meta, "long" + meta)
        )

    def _tokenize_column_type(self, column: Column[Any]) -> Params:
        """Return a column's type as tokens, with a note when TEXT has a length."""
        params = super()._tokenize_column_type(column)
        if params.token0 in ("text", "blob") and getattr(column.type, "length", None):
            params.kwargs["sized"] = "yes"
        return params

    def correct_for_autogen_constraints(
        self,
        conn_unique_constraints: Set[UniqueConstraint],
        conn_indexes: Set[Index],
        metadata_unique_constraints: Set[UniqueConstraint],
        metadata_indexes: Set[Index],
    ) -> None:
        """Leave out the indexes that MySQL makes by itself for foreign keys."""
        wanted = {index.name for index in metadata_indexes}
        for index in list(conn_indexes):
            if not index.unique and index.name not in wanted and _serves_fk(index):
                conn_indexes.discard(index)
        self._skip_functional_indexes(metadata_indexes, conn_indexes)

    def correct_for_autogen_foreignkeys(
        self,
        conn_fks: Set[ForeignKeyConstraint],
        metadata_fks: Set[ForeignKeyConstraint],
    ) -> None:
        """Take RESTRICT and NO ACTION, which are one there, for the same."""
        found = {
            ForeignKeySignature(False, self, fk).unnamed_no_options: fk
            for fk in conn_fks
        }
        for fk in metadata_fks:
            match = found.get(ForeignKeySignature(True, self, fk).unnamed_no_options)
            if match is None:
                continue
            for option in ("ondelete", "onupdate"):
                both = getattr(fk, option), getattr(match, option)
                if all((action or "").upper() in _RESTRICTS for action in both):
                    setattr(match, option, both[0])


_OF_MARIADB = (AddColumn, DropColumn, CreateIndex, DropIndex, DropConstraint)
_ON_UPDATE = re.compile(r"\bon\s+update\b", re.IGNORECASE)
_STORED = re.compile(r"\b(?:STORED|PERSISTENT)$", re.IGNORECASE)


def _is_virtual(generated: str) -> bool:
    """Tell whether a column is computed and not stored, which MODIFY cannot change."""
    return bool(generated and not _STORED.search(generated))


_WITHOUT_ARGS = frozenset(
    (
        *("tinyint", "smallint", "mediumint", "integer", "int", "bigint", "year"),
        *("text", "blob", "tinytext", "mediumtext", "longtext", "json"),
    )
)
_KINDS: Dict[str, Callable[[str], Constraint]] = {
    "CHECK": lambda name: CheckConstraint("", name=name),
    "FOREIGN KEY": lambda name: ForeignKeyConstraint([], [], name=name),
    "PRIMARY KEY": lambda name: PrimaryKeyConstraint(name=name),
    "UNIQUE": lambda name: UniqueConstraint(name=name),
}
"""Throw-away constraints by their kind in information_schema."""
_TYPES = {
    "CHECK": "check",
    "FOREIGN KEY": "foreignkey",
    "PRIMARY KEY": "primary",
    "UNIQUE": "unique",
}
"""What ``type_`` of ``op.drop_constraint()`` is for each of them."""
_RESTRICTS = frozenset(("", "RESTRICT", "NO ACTION"))


class MariaDBImpl(MySQLImpl):
    """Schema changes on MariaDB."""

    __dialect__ = "mariadb"


def _serves_fk(index: Index) -> bool:
    """Tell whether MySQL made an index for a foreign key of its table."""
    columns = [column.name for column in index.columns]
    table: Any = index.table
    for fk in table.foreign_key_constraints:
        if [element.parent.name for element in fk.elements] == columns and (
            index.name == fk.name
            or re.fullmatch(rf"{re.escape(columns[0])}(_\d+)?", str(index.name))
        ):
            return True
    return False


def _show_create_table(
    connection: Connection, table_name: str, schema: Optional[str]
) -> str:
    """Return the CREATE TABLE statement of a table."""
    quote = connection.dialect.identifier_preparer.quote
    schema = driver.translated_schema(connection, schema)
    name = (
        quote(table_name) if schema is None else f"{quote(schema)}.{quote(table_name)}"
    )
    row = driver.fetch_row(connection, expressions.escaped(f"SHOW CREATE TABLE {name}"))
    return str(row[1])


def _constraint_kinds(
    connection: Connection, table_name: str, schema: Optional[str], name: str
) -> Set[str]:
    """Return the kinds of the constraints of a name: "UNIQUE", "FOREIGN KEY", ..."""
    rows = connections.execute(
        connection,
        text(
            "SELECT constraint_type FROM information_schema.table_constraints "
            "WHERE table_schema = COALESCE(:schema, DATABASE()) "
            "AND table_name = :table AND constraint_name = :name"
        ),
        {
            "schema": driver.translated_schema(connection, schema),
            "table": table_name,
            "name": name,
        },
    )
    return {str(row[0]).upper() for row in rows}

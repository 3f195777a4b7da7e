"""Types as Python that makes the same type."""

from __future__ import annotations

import sys
import types
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mssql
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects import oracle
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite

from alembic.autogenerate.render import _repr_type
from alembic.sqla.types import compiled_type
from tests.support.rendering import rendering_context

MODULES = {
    "postgresql": postgresql,
    "mysql": mysql,
    "mssql": mssql,
    "oracle": oracle,
    "sqlite": sqlite,
}


class Length(sa.types.TypeDecorator):
    """A decorator whose length is an argument of its own."""

    impl = sa.String
    cache_ok = True


class Fixed(sa.types.TypeDecorator):
    """A decorator that takes no arguments, though its inner type has one."""

    impl = sa.CHAR
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(36)


class Money(sa.types.UserDefinedType):
    """A type with a required argument and an optional one; its repr() is prose."""

    cache_ok = True

    def __init__(self, currency: str, digits: int = 2) -> None:
        self.currency = currency
        self.digits = digits

    def __repr__(self) -> str:
        return f"{self.digits} digits of {self.currency}"

    def get_col_spec(self, **kw: Any) -> str:
        return f"MONEY_{self.currency}_{self.digits}"


class Unreadable(sa.types.UserDefinedType):
    """A type whose repr() is no Python."""

    cache_ok = True

    def __repr__(self) -> str:
        return "<unreadable>"

    def get_col_spec(self, **kw: Any) -> str:
        return "UNREADABLE"


class Holder:
    """Holds a type."""

    class Inner(sa.Integer):
        """A type that is an attribute of a class."""


def text_of(type_: Any, dialect_name: Any = None, **opts: Any) -> Any:
    """Return the Python of a type and what it imports."""
    context = rendering_context(dialect_name, **opts)
    return _repr_type(type_, context), sorted(context.imports)


def made_by(text: str, imports: Any) -> Any:
    """Run the Python of a type."""
    namespace: Any = {"sa": sa}
    exec("\n".join(imports), namespace)
    return eval(text, namespace)


TEXTS = [
    (sa.Integer(), "sa.Integer()"),
    (sa.String(50), "sa.String(length=50)"),
    (sa.String(50, collation="de"), "sa.String(length=50, collation='de')"),
    (sa.Numeric(10, 2), "sa.Numeric(precision=10, scale=2)"),
    (sa.DateTime(timezone=True), "sa.DateTime(timezone=True)"),
    (sa.Boolean(name="b"), "sa.Boolean(name='b')"),
    (sa.Interval(), "sa.Interval()"),
    (
        sa.Interval(native=False, second_precision=3),
        "sa.Interval(native=False, second_precision=3)",
    ),
    (sa.PickleType(), "sa.PickleType()"),
    (sa.Enum("a", "it's", name="e"), "sa.Enum('a', \"it's\", name='e')"),
    (sa.Enum("a", name="e", metadata=sa.MetaData()), "sa.Enum('a', name='e')"),
    (sa.Enum("a", name="e", schema="s"), "sa.Enum('a', name='e', schema='s')"),
    (sa.types.NullType(), "sa.types.NullType()"),
    (sa.ARRAY(sa.Integer), "sa.ARRAY(sa.Integer())"),
    (sa.ARRAY(sa.Enum("a", name="e")), "sa.ARRAY(sa.Enum('a', name='e'))"),
]


@pytest.mark.parametrize(("type_", "text"), TEXTS, ids=[text for _, text in TEXTS])
def test_sqlalchemy_types(type_, text):
    """A type of SQLAlchemy's own stands behind ``sa.`` and imports nothing."""
    assert text_of(type_) == (text, [])


DIALECT_TEXTS = [
    (postgresql.JSONB(), "postgresql.JSONB(astext_type=sa.Text())"),
    (postgresql.HSTORE(), "postgresql.HSTORE(text_type=sa.Text())"),
    (
        postgresql.ARRAY(postgresql.ENUM("a", name="e")),
        "postgresql.ARRAY(postgresql.ENUM('a', name='e'))",
    ),
    (
        postgresql.ENUM("a", name="e", create_type=False),
        "postgresql.ENUM('a', name='e', create_type=False)",
    ),
    (postgresql.BIT(5, varying=True), "postgresql.BIT(length=5, varying=True)"),
    (mysql.SET("a", "b"), "mysql.SET('a', 'b')"),
    (mysql.INTEGER(unsigned=True), "mysql.INTEGER(unsigned=True)"),
    (mssql.DATETIMEOFFSET(3), "mssql.DATETIMEOFFSET(precision=3)"),
    (oracle.RAW(5), "oracle.RAW(length=5)"),
    (sqlite.JSON(none_as_null=True), "sqlite.JSON(none_as_null=True)"),
]


@pytest.mark.parametrize("rendered_for", [None, "postgresql", "sqlite"])
@pytest.mark.parametrize(
    ("type_", "text"), DIALECT_TEXTS, ids=[text for _, text in DIALECT_TEXTS]
)
def test_dialect_types(type_, text, rendered_for):
    """A dialect's type imports the dialect, whichever database is looked at."""
    module = text.partition(".")[0]
    imports = [f"from sqlalchemy.dialects import {module}"]
    assert text_of(type_, rendered_for) == (text, imports)


class _Disguised(postgresql.ENUM):
    """As libraries make them that give an enum another ``repr()``."""

    def __repr__(self):
        return "ENUM('a', name='e', create_type=False)"


_Disguised.__module__ = "sqlalchemy.dialects.postgresql"


def test_a_class_may_pass_itself_off_as_one_of_a_dialect():
    """Its module and its ``repr()`` say how it is written."""
    assert text_of(_Disguised("a", name="e")) == (
        "postgresql.ENUM('a', name='e', create_type=False)",
        ["from sqlalchemy.dialects import postgresql"],
    )


def test_domains_are_complete():
    """A domain tells all that creating it takes."""
    domain = getattr(postgresql, "DOMAIN", None)
    if domain is None:
        pytest.skip("this SQLAlchemy has no domains")
    type_ = domain(
        "positive",
        sa.Integer(),
        collation="C",
        default=sa.text("1"),
        constraint_name="ck",
        not_null=True,
        check="VALUE > 0",
        schema="s",
        create_type=False,
    )
    text, imports = text_of(type_)
    assert text == (
        "postgresql.DOMAIN('positive', sa.Integer(), collation='C', "
        "default=sa.text('1'), constraint_name='ck', not_null=True, "
        "check='VALUE > 0', schema='s', create_type=False)"
    )
    again = made_by(text, imports)
    assert str(again.check) == "VALUE > 0"


def every_type():
    """Yield each type of SQLAlchemy that can be made without arguments."""
    for module in (sa.types, *MODULES.values()):
        for name in sorted(vars(module)):
            cls = getattr(module, name)
            if not isinstance(cls, type) or not issubclass(cls, sa.types.TypeEngine):
                continue
            if not hasattr(cls, "__visit_name__") or name.startswith("_"):
                continue
            try:
                type_ = cls()
            except (TypeError, AssertionError, NotImplementedError):
                continue
            except sa.exc.SADeprecationWarning:
                # a former name of another type, such as sqlalchemy.types.Binary
                continue
            yield pytest.param(type_, id=f"{module.__name__}.{name}")


@pytest.mark.parametrize("type_", list(every_type()))
def test_every_type_is_valid_python(type_):
    """What is rendered for a type makes an object of the same class."""
    text, imports = text_of(type_)
    assert type(made_by(text, imports)) is type(type_)


ARGUMENTS = {
    "postgresql": [
        "sa.Interval(native=False)",
        "sa.Interval(second_precision=3)",
        "sa.Numeric(7, 3)",
        "sa.Float(53)",
        'sa.String(7, collation="C")',
        'sa.Enum("a", "b", name="e", schema="s")',
        'sa.Enum("a", "b", native_enum=False, length=40)',
        "sa.PickleType(impl=sa.LargeBinary(5))",
        'sa.Integer().with_variant(postgresql.OID(), "postgresql")',
        "postgresql.TIMESTAMP(timezone=True, precision=3)",
        "postgresql.TIME(timezone=True, precision=2)",
        'postgresql.INTERVAL(fields="DAY TO SECOND", precision=3)',
        "postgresql.BIT(3)",
        "postgresql.ARRAY(sa.Numeric(5, 2), dimensions=2)",
        'postgresql.ARRAY(postgresql.ENUM("a", name="e", schema="s"))',
    ],
    "mysql": [
        'mysql.VARCHAR(5, charset="utf8mb4", collation="utf8mb4_bin")',
        'mysql.ENUM("a", "it\'s", charset="latin1")',
        'mysql.SET("a", "b\'c", "d")',
        "mysql.DECIMAL(8, 3, unsigned=True, zerofill=True)",
        "mysql.DOUBLE(8, 3, asdecimal=False)",
        "mysql.TINYINT(1, unsigned=True)",
        "mysql.DATETIME(fsp=6)",
        "mysql.TIMESTAMP(fsp=3)",
        "mysql.TEXT(length=9, national=True)",
        "mysql.NCHAR(4)",
        "mysql.BIT(4)",
        "mysql.YEAR(4)",
        "sa.LargeBinary(70000)",
    ],
    "mssql": [
        "mssql.DATETIME2(3)",
        "mssql.TIME(2)",
        'mssql.VARBINARY("max")',
        'mssql.NVARCHAR(9, collation="Latin1_General_CI_AS")',
        "mssql.TIMESTAMP(convert_int=True)",
        "sa.DateTime(timezone=True)",
    ],
    "oracle": [
        "oracle.NUMBER(10, 2)",
        "oracle.FLOAT(binary_precision=5)",
        "oracle.VARCHAR2(7)",
        "oracle.NVARCHAR2(7)",
        "oracle.INTERVAL(day_precision=2, second_precision=3)",
        "oracle.TIMESTAMP(local_timezone=True)",
        "oracle.RAW(3)",
    ],
    "sqlite": ["sa.String(3)", "sa.Numeric(5, 1)", "sqlite.DATETIME()"],
}


def argument_rows():
    """Yield the types that this SQLAlchemy offers."""
    for dialect_name, sources in ARGUMENTS.items():
        for source in sources:
            try:
                type_ = eval(source, {"sa": sa, **MODULES})
            except TypeError:
                # an argument, or a type, of newer versions
                continue
            yield pytest.param(type_, dialect_name, id=source)


@pytest.mark.parametrize(("type_", "dialect_name"), list(argument_rows()))
def test_arguments_survive(type_, dialect_name):
    """The database would see the same type."""
    context = rendering_context(dialect_name)
    text = _repr_type(type_, context)
    again = made_by(text, context.imports)
    dialect = context.dialect
    assert compiled_type(again, dialect) == compiled_type(type_, dialect)


def test_variants():
    """Variants come in the order of their dialects' names, each with its import."""
    type_ = sa.Integer().with_variant(postgresql.JSONB(), "postgresql")
    type_ = type_.with_variant(mysql.BIGINT(unsigned=True), "mysql")
    assert text_of(type_) == (
        "sa.Integer().with_variant(mysql.BIGINT(unsigned=True), 'mysql')"
        ".with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')",
        [
            "from sqlalchemy.dialects import mysql",
            "from sqlalchemy.dialects import postgresql",
        ],
    )


HERE = __name__


@pytest.fixture
def importable(monkeypatch, tmp_path):
    """A module that Python finds by name, with the types of this file."""
    (tmp_path / "shop_types.py").write_text(
        "import sqlalchemy as sa\n"
        "class Length(sa.types.TypeDecorator):\n"
        "    impl = sa.String\n"
        "    cache_ok = True\n"
        "class Holder:\n"
        "    class Inner(sa.Integer):\n"
        "        pass\n"
        "def make():\n"
        "    class Local(sa.Integer):\n"
        "        pass\n"
        "    return Local()\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    import shop_types  # type: ignore[import-not-found]

    yield shop_types
    del sys.modules["shop_types"]


def test_user_types_are_imported(importable):
    """A program's type stands behind its module, which is imported."""
    expected = ("shop_types.Length(length=5)", ["import shop_types"])
    assert text_of(importable.Length(5)) == expected


def test_nested_classes_are_found(importable):
    """The name of a class in a class is the whole way to it."""
    expected = ("shop_types.Holder.Inner()", ["import shop_types"])
    assert text_of(importable.Holder.Inner()) == expected


def test_user_types_in_other_types(importable):
    """Arguments are rendered and imported like types that stand alone."""
    text, imports = text_of(postgresql.ARRAY(importable.Length(5)))
    assert text == "postgresql.ARRAY(shop_types.Length(length=5))"
    assert imports == [
        "from sqlalchemy.dialects import postgresql",
        "import shop_types",
    ]


def test_what_cannot_be_imported_is_not(importable):
    """A class in a function keeps its module's prefix, without an import."""
    assert text_of(importable.make()) == ("shop_types.Local()", [])


def test_scripts_are_not_imported(monkeypatch):
    """A module that Python would not find again is not imported."""
    module: Any = types.ModuleType("loaded_by_path")
    module.Plain = type("Plain", (sa.Integer,), {"__module__": "loaded_by_path"})
    module.__file__ = "/nowhere/env.py"
    monkeypatch.setitem(sys.modules, "loaded_by_path", module)
    assert text_of(module.Plain()) == ("loaded_by_path.Plain()", [])


def test_a_module_of_the_same_name_is_another(importable, monkeypatch, tmp_path):
    """Where the name would find another file, nothing is imported."""
    other = tmp_path / "other" / "shop_types.py"
    other.parent.mkdir()
    other.write_text("")
    monkeypatch.syspath_prepend(str(other.parent))
    assert text_of(importable.Length(5)) == ("shop_types.Length(length=5)", [])


@pytest.mark.parametrize("prefix", ["", "custom.", "a.b."])
def test_user_module_prefix(importable, prefix):
    """With ``user_module_prefix`` the import is the program's own business."""
    text, imports = text_of(importable.Length(5), user_module_prefix=prefix)
    assert (text, imports) == (f"{prefix}Length(length=5)", [])


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        (Length(5), "Length(length=5)"),
        (Fixed(), "Fixed()"),
        (Money("EUR"), "Money(currency='EUR')"),
        (Money("EUR", digits=3), "Money(currency='EUR', digits=3)"),
        (Unreadable(), "Unreadable()"),
    ],
    ids=lambda value: repr(value),
)
def test_user_types_are_called_as_they_can_be(type_, text):
    """The arguments are those that the class accepts."""
    assert text_of(type_, user_module_prefix="")[0] == text


@pytest.mark.parametrize("prefix", ["", None, "sqla."])
def test_sqlalchemy_module_prefix(prefix):
    """The prefix stands before nested types, too."""
    text, _ = text_of(postgresql.ARRAY(sa.Integer), sqlalchemy_module_prefix=prefix)
    assert text == f"postgresql.ARRAY({prefix or ''}Integer())"


def test_render_item():
    """The hook comes first, for nested types as well; ``False`` passes."""

    def render_item(kind, obj, context):
        if kind == "type" and isinstance(obj, sa.Integer):
            context.imports.add("import own")
            return "own.Int()"
        return False

    assert text_of(sa.Integer(), render_item=render_item) == (
        "own.Int()",
        ["import own"],
    )
    assert text_of(sa.Text(), render_item=render_item) == ("sa.Text()", [])
    text, _ = text_of(postgresql.ARRAY(sa.Integer), render_item=render_item)
    assert text == "postgresql.ARRAY(own.Int())"


def test_the_dialect_may_render(monkeypatch):
    """``DefaultImpl.render_type()`` of the database's dialect comes before the type."""
    context = rendering_context()
    impl = context.migration_context.impl
    monkeypatch.setattr(
        impl,
        "render_type",
        lambda type_, context: "sa.X()" if isinstance(type_, sa.Date) else False,
        raising=False,
    )
    assert _repr_type(sa.Date(), context) == "sa.X()"
    assert _repr_type(sa.Time(), context) == "sa.Time()"


def test_equal_types_are_asked_for_their_python_once(monkeypatch):
    """However many columns have such a type, its ``repr()`` is taken for one of them."""
    context = rendering_context()
    asked = []
    plain = sa.types.TypeEngine.__repr__

    def counted(self):
        asked.append(self)
        return plain(self)

    def rendered_twenty():
        return {_repr_type(sa.Numeric(10, 2), context) for _ in range(20)}

    monkeypatch.setattr(sa.types.TypeEngine, "__repr__", counted)
    assert rendered_twenty() == {"sa.Numeric(precision=10, scale=2)"}
    first = len(asked)
    assert rendered_twenty() == {"sa.Numeric(precision=10, scale=2)"}
    assert first
    assert len(asked) == first


def test_types_that_differ_are_never_taken_for_each_other():
    """Not by class, not by value, not by ``1`` and ``True``, and not after a change."""
    context = rendering_context()
    changed = sa.String(5)
    types_ = [sa.Integer(), sa.BigInteger(), sa.String(1), sa.String(True), sa.String()]
    assert [_repr_type(type_, context) for type_ in [*types_, changed]] == [
        "sa.Integer()",
        "sa.BigInteger()",
        "sa.String(length=1)",
        "sa.String(length=True)",
        "sa.String()",
        "sa.String(length=5)",
    ]
    changed.length = 6
    assert _repr_type(changed, context) == "sa.String(length=6)"
    context.opts["sqlalchemy_module_prefix"] = "other."
    assert _repr_type(changed, context) == "other.String(length=6)"

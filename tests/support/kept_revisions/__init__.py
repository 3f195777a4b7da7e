"""Generated revision files that are kept, so that each SQLAlchemy runs the same ones.

A folder for each database holds two revisions, which take it to one model and on to
another. What the models use is in SQLAlchemy 1.3.0 already.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from typing import List

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects import postgresql

from alembic import command
from alembic.config import Config

FOLDER = Path(__file__).parent

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

ENV = """\
from alembic import context

config = context.config
with config.attributes["engine"].connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=config.attributes["model"],
        compare_server_default=True,
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()
"""


def _types(dialect: str) -> List[Any]:
    """Return columns of types that only one database has."""
    if dialect == "postgresql":
        return [
            sa.Column("payload", postgresql.JSONB),
            sa.Column("host", postgresql.INET),
            sa.Column("words", postgresql.ARRAY(sa.String(20))),
        ]
    if dialect == "mysql":
        return [
            sa.Column("payload", mysql.LONGTEXT),
            sa.Column("count", mysql.INTEGER(unsigned=True)),
            sa.Column("kind", mysql.VARCHAR(20, collation="utf8mb4_bin")),
        ]
    return [sa.Column("payload", sa.JSON)]


def before(dialect: str) -> sa.MetaData:
    """Return the model of the first revision."""
    metadata = sa.MetaData(naming_convention=NAMES)
    sa.Table(
        "author",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(80), nullable=False, index=True),
        sa.Column("born", sa.Date),
        sa.Column("rating", sa.Float, sa.CheckConstraint("rating >= 0", name="rated")),
        sa.Column("active", sa.Boolean(name="active"), server_default=sa.true()),
        sa.Column("seen", sa.DateTime, server_default=sa.func.current_timestamp()),
        comment="who writes",
    )
    sa.Table(
        "book",
        metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("author_id", sa.ForeignKey("author.id", ondelete="CASCADE")),
        sa.Column("title", sa.String(100), nullable=False, comment="it's 100% : a"),
        sa.Column("state", sa.Enum("new", "it's old", name="state"), nullable=False),
        sa.Column("price", sa.Numeric(10, 2), nullable=False),
        sa.Column("pages", sa.Integer, nullable=False, server_default="0"),
        sa.Column("text", sa.Text),
        *_types(dialect),
        sa.UniqueConstraint("title"),
    )
    return metadata


def after(dialect: str) -> sa.MetaData:
    """Return the model of the second revision."""
    metadata = sa.MetaData(naming_convention=NAMES)
    author = sa.Table(
        "author",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("rating", sa.Float, sa.CheckConstraint("rating >= 0", name="rated")),
        sa.Column("active", sa.Boolean(name="active"), server_default=sa.true()),
        sa.Column("seen", sa.DateTime, server_default=sa.func.current_timestamp()),
        sa.Column("motto", sa.String(40), nullable=False, server_default="it's 5%"),
        comment="who writes books",
    )
    sa.Index("ix_author_both", author.c.name, author.c.rating, unique=True)
    sa.Table(
        "book",
        metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("author_id", sa.ForeignKey("author.id"), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("state", sa.Enum("new", "it's old", name="state"), nullable=False),
        sa.Column("price", sa.Numeric(12, 2), nullable=False),
        sa.Column("pages", sa.Integer, nullable=False, server_default="1"),
    )
    sa.Table(
        "copy",
        metadata,
        sa.Column("book_id", sa.ForeignKey("book.id"), primary_key=True),
        sa.Column("number", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("bought", sa.Date, server_default=sa.text("'2000-01-01'")),
    )
    return metadata


def project(folder: Path, versions: Path, engine: Any) -> Config:
    """Return the configuration of a project.

    :param folder: where its env.py is written.
    :param versions: where its revisions are.
    :param engine: of its database.
    """
    folder.mkdir(exist_ok=True)
    versions.mkdir(exist_ok=True)
    command.init(Config(str(folder / "alembic.ini")), str(folder / "migrations"))
    (folder / "migrations" / "env.py").write_text(ENV, encoding="utf-8")
    config = Config()
    config.set_main_option("script_location", str(folder / "migrations"))
    config.set_main_option("version_locations", str(versions))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("file_template", "%%(rev)s")
    config.attributes.update(engine=engine, model=None)
    return config


def generate(config: Config, model: sa.MetaData, rev_id: str) -> Path:
    """Write the revision that takes a project to a model; return its file."""
    config.attributes["model"] = model
    made = command.revision(config, rev_id, autogenerate=True, rev_id=rev_id)
    path = Path(made.path)
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub("Create Date: .*", "Create Date: kept", text))
    return path

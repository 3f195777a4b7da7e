"""Accounts with schemas, functions, views, triggers and rows declared beside them."""

from __future__ import annotations

import os

import sqlalchemy as sa
from sqlalchemy.orm import declarative_base
from sqlalchemy_declarative_extensions import declarative_database
from sqlalchemy_declarative_extensions import Functions
from sqlalchemy_declarative_extensions import register_alembic_events
from sqlalchemy_declarative_extensions import Row
from sqlalchemy_declarative_extensions import Rows
from sqlalchemy_declarative_extensions import Schemas
from sqlalchemy_declarative_extensions import Triggers
from sqlalchemy_declarative_extensions import View
from sqlalchemy_declarative_extensions import Views
from sqlalchemy_declarative_extensions.dialects.postgresql import Function
from sqlalchemy_declarative_extensions.dialects.postgresql import Trigger

register_alembic_events()
STAGE = int(os.environ.get("STAGE", "1"))

BODY = "BEGIN NEW.changed = now(); RETURN NEW; END"


@declarative_database
class Base(declarative_base()):
    """All that the database shall hold."""

    __abstract__ = True
    schemas = Schemas().are("shop")
    if STAGE > 1:
        functions = Functions().are(
            Function(
                "touched", BODY, returns="trigger", language="plpgsql", schema="shop"
            )
        )
        triggers = Triggers().are(
            Trigger.before("update", on="shop.account", execute="shop.touched")
            .named("account_touched")
            .for_each_row()
        )
        views = Views().are(
            View("names", "SELECT name FROM shop.account", schema="shop")
        )
        rows = Rows().are(
            Row("shop.account", id=1, name="root"),
            *([Row("shop.account", id=2, name="guest")] if STAGE > 2 else []),
        )


class Account(Base):
    """Who may buy."""

    __tablename__ = "account"
    __table_args__ = {"schema": "shop"}
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.Text, nullable=False)
    changed = sa.Column(sa.DateTime)


metadata = Base.metadata
OPTIONS = {"include_schemas": True}

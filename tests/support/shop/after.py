"""The shop later: a table and a column more, a column less, others changed."""

from __future__ import annotations

import enum

from sqlalchemy import Boolean
from sqlalchemy import Column
from sqlalchemy import DateTime
from sqlalchemy import Enum
from sqlalchemy import ForeignKey
from sqlalchemy import func
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import JSON
from sqlalchemy import MetaData
from sqlalchemy import Numeric
from sqlalchemy import String
from sqlalchemy import Table
from sqlalchemy import Text
from sqlalchemy import text
from sqlalchemy import UniqueConstraint

# with names for everything, a later migration can drop what it must
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class State(enum.Enum):
    open = "open"
    paid = "paid"
    sent = "sent"


customer = Table(
    "customer",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(200), nullable=False, unique=True),
    Column("name", String(100), nullable=False),
    Column("phone", String(30)),
    Column("active", Boolean, nullable=False, server_default=text("1")),
    Column("since", DateTime, nullable=False, server_default=func.current_timestamp()),
)

address = Table(
    "address",
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "customer_id",
        ForeignKey("customer.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("street", String(200), nullable=False),
    Column("city", String(100), nullable=False),
)

category = Table(
    "category",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("parent_id", ForeignKey("category.id")),
    Column("name", String(80), nullable=False),
    UniqueConstraint("parent_id", "name"),
)

product = Table(
    "product",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("category_id", ForeignKey("category.id"), nullable=False),
    Column("name", String(100), nullable=False),
    Column("price", Numeric(10, 2), nullable=False, server_default="0"),
    Column("details", JSON),
    Column("description", Text, nullable=False, server_default=""),
    Column("weight", Numeric(8, 3)),
    Index("ix_product_category_name", "category_id", "name", unique=True),
)

tag = Table(
    "tag",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("word", String(30), nullable=False, unique=True),
)

product_tag = Table(
    "product_tag",
    metadata,
    Column("product_id", ForeignKey("product.id"), primary_key=True),
    Column("tag_id", ForeignKey("tag.id"), primary_key=True),
)

orders = Table(
    "orders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("customer_id", ForeignKey("customer.id"), nullable=False, index=True),
    Column("state", Enum(State), nullable=False, server_default="open"),
    Column("placed", DateTime, nullable=False, server_default=func.current_timestamp()),
    Index("ix_orders_state_placed", "state", "placed"),
)

order_line = Table(
    "order_line",
    metadata,
    Column("order_id", ForeignKey("orders.id"), primary_key=True),
    Column("product_id", ForeignKey("product.id"), primary_key=True),
    Column("quantity", Integer, nullable=False, server_default="1"),
    Column("price", Numeric(10, 2), nullable=False),
)

review = Table(
    "review",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("product_id", ForeignKey("product.id"), nullable=False, index=True),
    Column("stars", Integer, nullable=False),
    Column("words", Text),
)

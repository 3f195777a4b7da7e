"""Accounts, with functions, a view and a trigger that alembic-utils looks after."""

from __future__ import annotations

import os

import sqlalchemy as sa
from alembic_utils.pg_extension import PGExtension
from alembic_utils.pg_function import PGFunction
from alembic_utils.pg_materialized_view import PGMaterializedView
from alembic_utils.pg_trigger import PGTrigger
from alembic_utils.pg_view import PGView
from alembic_utils.replaceable_entity import register_entities

metadata = sa.MetaData()
STAGE = int(os.environ.get("STAGE", "1"))

account = sa.Table(
    "account",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.Text, nullable=False, unique=True),
    sa.Column("changed", sa.DateTime),
    *([sa.Column("active", sa.Boolean, server_default=sa.true())] if STAGE > 2 else []),
)

touched = PGFunction(
    schema="public",
    signature="touched()",
    definition="""
    RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN NEW.changed = now(); RETURN NEW; END; $$
    """,
)
domain = PGFunction(
    schema="public",
    signature="domain_of(email text)",
    definition="RETURNS text LANGUAGE sql AS $$ SELECT split_part(email, '@', 2) $$"
    if STAGE == 2
    else "RETURNS text LANGUAGE sql AS $$ SELECT lower(split_part(email, '@', 2)) $$",
)
trigger = PGTrigger(
    schema="public",
    signature="account_touched",
    on_entity="public.account",
    definition="BEFORE UPDATE ON public.account "
    "FOR EACH ROW EXECUTE FUNCTION public.touched()",
)
domains = PGView(
    schema="public",
    signature="domains",
    definition="SELECT DISTINCT split_part(email, '@', 2) AS domain FROM account"
    if STAGE == 2
    else "SELECT id, split_part(email, '@', 2) AS domain FROM account WHERE id > 0",
)
counted = PGMaterializedView(
    schema="public",
    signature="counted",
    definition="SELECT count(*) AS accounts FROM account",
    with_data=True,
)

# entities can only be compared when their tables are there; the last stage has let go
# of the view
entities = [touched, domain, counted, trigger, domains]
register_entities({1: [], 2: entities, 3: entities, 4: entities[:4]}[STAGE])


def include_object(entity, name, type_, reflected, compare_to):
    """Leave out what the server brings along."""
    return not isinstance(entity, PGExtension)


OPTIONS = {"include_object": include_object}

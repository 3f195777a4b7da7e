"""A table whose migrations Audit-Alembic keeps a record of."""

from __future__ import annotations

import sqlalchemy as sa
from audit_alembic import Auditor

metadata = sa.MetaData()
sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True))
auditor = Auditor.create("1.0")
OPTIONS = {
    "on_version_apply": auditor.listen,
    "include_name": lambda name, kind, parents: name != "alembic_version_history",
}

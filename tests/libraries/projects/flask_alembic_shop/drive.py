"""Uses Flask-Alembic as a program would."""

from __future__ import annotations

from app import alembic
from app import app
from app import db


def show(what, value) -> None:
    """Print a value under a name."""
    print(f"{what}: {value}")


with app.app_context():
    show("needs revision", alembic.needs_revision())
    show("differences", [diff[0] for diff in alembic.compare_metadata()])
    made = alembic.revision("changed")
    show("made", [(one.revision, one.down_revision) for one in made])
    show("needs upgrade", alembic.needs_upgrade())
    alembic.upgrade()
    show("current", [one.revision for one in alembic.current()])
    show("needs revision", alembic.needs_revision())
    alembic.downgrade(-1)
    show("current", [one.revision for one in alembic.current() if one])
    alembic.upgrade(1)
    show("current", [one.revision for one in alembic.current()])
    show("heads", [one.revision for one in alembic.heads()])
    show("log", [one.revision for one in alembic.log()])
    side = alembic.revision("side", empty=True, branch="side", label="other")
    show("side", [(one.revision, sorted(one.branch_labels)) for one in side])
    alembic.upgrade()
    show("current", sorted(one.revision for one in alembic.current()))
    alembic.op.create_table("by_hand", db.Column("id", db.Integer))
    alembic.op.drop_table("by_hand")
    merged = alembic.merge()
    show("merged", (merged.revision, sorted(merged.down_revision)))
    alembic.stamp()
    show("current", [one.revision for one in alembic.current()])
    show("branches", [one.revision for one in alembic.branches()])
    alembic.downgrade("base")
    show("current", [one for one in alembic.current() if one])

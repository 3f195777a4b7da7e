"""Flask-Migrate on this project: its own Config, templates and command line."""

from __future__ import annotations

import pytest

from tests.libraries.sides import Side
from tests.support.shape import tables
from tests.support.shape import versions

pytestmark = pytest.mark.peer


def grow(side: Side) -> None:
    """Begin, change the models, go up and down, branch and merge."""
    side.type(
        "flask",
        "list-templates",
        "init",
        "init",
        "init -t nothing -d other",
        "migrate -m begin --rev-id a1",
        "upgrade --sql",
        "upgrade",
    )
    side.type("flask", "check")
    side.look("files", sorted(path.name for path in side.folder.glob("migrations/*")))
    side.revision("a1")
    side.look("begun", tables(side.database))
    side.edit(
        "app.py",
        "    # more of the customer",
        "    name = db.Column(db.String(80), index=True)",
    )
    side.edit("app.py", "db.String(120), nullable=False", "db.String(200)")
    side.type(
        "flask",
        "migrate -m names --rev-id b2",
        "upgrade",
        "current -v",
        "heads -v",
        "history",
        "history -v -i",
        "history -r a1:b2",
        "show b2",
    )
    side.revision("b2")
    side.look("grown", tables(side.database))
    side.type(
        "flask",
        "downgrade",
        "revision -m empty --rev-id c3 --head a1 --splice",
        "upgrade",
        "branches",
        "merge heads -m together --rev-id d4",
        "upgrade heads",
        "downgrade --sql",
        "stamp c3",
        "current",
        "stamp heads",
    )
    side.revision("c3")
    side.revision("d4")
    side.look("at", versions(side.database))
    side.type("flask", "downgrade base")
    side.look("left", sorted(tables(side.database)))


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_a_project_grows(stage, backend):
    """Every command of a project's life does and prints the same."""
    ours = stage.agree(grow, "flask_shop", backend)
    assert ours.seen[-1] == {"left": ["alembic_version"]}


def test_mariadb_goes_all_the_way_back(stage):
    """There an index that a foreign key needs is in the way; here the key goes first."""
    theirs, ours = stage.play(grow, "flask_shop", "mariadb")
    assert theirs.seen[-1] == {"left": ["alembic_version", "customer", "order"]}
    assert ours.seen[-1] == {"left": ["alembic_version"]}


def several(side: Side) -> None:
    """Use the template for several databases."""
    side.edit(
        "app.py",
        "# more of the application",
        'app.config["SQLALCHEMY_BINDS"] = {"logs": "sqlite:///" + '
        'os.path.abspath("logs.db")}\n',
    )
    side.edit(
        "app.py",
        "# more tables",
        "class Entry(db.Model):\n"
        '    __bind_key__ = "logs"\n'
        "    id = db.Column(db.Integer, primary_key=True)\n",
    )
    side.type(
        "flask",
        "init --multidb",
        "migrate -m begin --rev-id a1",
        "upgrade",
        "current",
        "downgrade base",
        "current",
    )
    side.revision("a1")


def test_several_databases(stage):
    """One revision holds the changes of two databases."""
    ours = stage.agree(several, "flask_shop")
    assert "def upgrade_logs" in ours.seen[-1]["code"]


def test_what_is_to_be_done_is_told_line_by_line(stage):
    """``check`` fails on both sides; here it says what to do about each difference."""

    def story(side: Side) -> None:
        side.type("flask", "init", "check")

    theirs, ours = stage.play(story, "flask_shop")
    said = [side.seen[0]["output"] for side in (theirs, ours)]
    assert all(text.endswith("-> 1\n") for text in said)
    assert "op.create_table" not in said[0]
    assert "op.create_table('customer'" in said[1]

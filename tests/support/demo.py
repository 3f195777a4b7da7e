"""Runs the main job on SQLite in a folder of its own and shows each step.

Usage: python tests/support/demo.py [FOLDER]
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import List

SHOP = Path(__file__).resolve().parent / "shop"


class Demo:
    """One run: a folder, and commands shown with what they printed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def say(self, words: str) -> None:
        print(f"\n# {words}", flush=True)

    def alembic(self, *argv: str) -> str:
        shown = " ".join(f'"{word}"' if " " in word else word for word in argv)
        print(f"$ alembic {shown}", flush=True)
        done = subprocess.run(
            [sys.executable, "-m", "alembic", *argv],
            cwd=str(self.folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        print(done.stdout, end="", flush=True)
        if done.returncode:
            print(f"(exit status {done.returncode})")
            raise SystemExit(f"the demo failed at: alembic {shown}")
        return done.stdout

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        content = path.read_text()
        if old not in content:
            raise SystemExit(f"the demo did not find {old!r} in {name}")
        path.write_text(content.replace(old, new))
        print(f"(in {name}: {old.strip()!r} becomes {new.strip()!r})")

    def show(self, path: Path, above: str) -> None:
        """Print a file from the line that begins with ``above`` on."""
        print(f"--- {path.relative_to(self.folder)}")
        text = path.read_text()
        print(text[text.index(above) :].rstrip())
        print("---")

    def sql(self, statement: str) -> List[tuple]:
        print(f"sqlite> {statement}")
        connection = sqlite3.connect(str(self.folder / "shop.db"))
        with connection:
            rows = connection.execute(statement).fetchall()
        connection.close()
        for row in rows:
            print("  " + " | ".join(str(value) for value in row))
        return rows

    def expect(self, truth: bool, claim: str) -> None:
        print(f"  {'ok' if truth else 'NOT TRUE'}: {claim}")
        if not truth:
            raise SystemExit(f"the demo failed: {claim}")

    def newest_revision(self) -> Path:
        return max((self.folder / "migrations/versions").glob("*.py"), key=_made)


def _made(path: Path) -> int:
    return path.stat().st_mtime_ns


def main(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    # the models are imported from the project's own folder
    os.environ.pop("ALEMBIC_CONFIG", None)
    demo = Demo(folder)

    demo.say("An environment for migrations: one command in an empty folder.")
    demo.alembic("init", "migrations")

    demo.say("It is told where the database is and where the models are.")
    shutil.copy(str(SHOP / "before.py"), str(folder / "models.py"))
    ini = (folder / "alembic.ini").read_text()
    [url] = [line for line in ini.splitlines() if line.startswith("sqlalchemy.url")]
    demo.edit("alembic.ini", url, "sqlalchemy.url = sqlite:///shop.db")
    demo.edit(
        "migrations/env.py",
        "target_metadata = None",
        "import models\n\ntarget_metadata = models.metadata",
    )

    demo.say("Eight tables in models.py become the first migration.")
    demo.alembic("revision", "--autogenerate", "-m", "the first eight tables")
    first = demo.newest_revision()
    demo.show(first, "def upgrade")

    demo.say("The database is brought up to it.")
    demo.alembic("upgrade", "head")
    demo.alembic("current", "--verbose")
    tables = demo.sql("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")
    demo.expect(len(tables) == 9, "eight tables and alembic_version are there")

    demo.say("It is used: rows go in.")
    demo.sql("INSERT INTO customer (email, name, fax) VALUES ('a@b.c', 'Ada', '17')")
    demo.sql("INSERT INTO category (name) VALUES ('books')")
    demo.sql("INSERT INTO product (category_id, name, price) VALUES (1, 'Atlas', 12.5)")
    demo.sql("INSERT INTO orders (customer_id) VALUES (1)")

    demo.say("The models change. The next migration holds just the change.")
    shutil.copy(str(SHOP / "after.py"), str(folder / "models.py"))
    demo.alembic("revision", "--autogenerate", "-m", "reviews and weights")
    second = demo.newest_revision()
    demo.show(second, "def upgrade")
    demo.edit(
        str(second.relative_to(folder)),
        "def upgrade() -> None:",
        "def upgrade() -> None:\n"
        "    op.execute(\"UPDATE product SET description = '' "
        'WHERE description IS NULL")\n',
    )

    demo.say("Upgrading keeps the rows.")
    demo.alembic("upgrade", "head")
    rows = demo.sql(
        "SELECT c.name, p.name, p.price, p.weight, o.state "
        "FROM customer c, product p, orders o"
    )
    demo.expect(rows == [("Ada", "Atlas", 12.5, None, "open")], "nothing was lost")

    demo.say("The models and the database agree now.")
    demo.alembic("check")

    demo.say("One step back, and forward again.")
    demo.alembic("downgrade", "-1")
    demo.alembic("current")
    columns = [row[1] for row in demo.sql("PRAGMA table_info(customer)")]
    demo.expect("fax" in columns and "phone" not in columns, "fax is back")
    demo.alembic("upgrade", "head")
    demo.alembic("history", "--verbose")

    demo.say("The same as a SQL script, for a database that somebody else changes.")
    demo.alembic("upgrade", first.name.split("_")[0], "--sql")
    print(f"\nThe demo is done. Look around in {folder}.")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "demo-project").resolve())

"""Evaluates scenarios under whichever `alembic` is importable, as JSON in and out.

Run as a script by `tests/peer/peer.py` with the interpreter of either side; it imports
nothing of this project's tests. Standard input holds a list of scenarios, each with an
``id``, a ``kind`` and what that kind needs; standard output gets the outcomes by id.
"""

from __future__ import annotations

import contextlib
import glob
import io
import json
import logging
import os
import re
import shlex
import sys
import tempfile
import warnings

import sqlalchemy as sa
from sqlalchemy.dialects import mssql
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects import oracle
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite


def namespace(**more):
    """Return the names that the code of a scenario may use."""
    from alembic import op
    from alembic.operations import ops

    return dict(
        op=op,
        ops=ops,
        sa=sa,
        mssql=mssql,
        mysql=mysql,
        oracle=oracle,
        postgresql=postgresql,
        sqlite=sqlite,
        **more,
    )


def evaluate_sql(scenario):
    """SQL that operations write offline for a dialect."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    buffer = io.StringIO()
    context = MigrationContext.configure(
        dialect_name=scenario["dialect"],
        opts=dict(
            scenario.get("opts", {}),
            as_sql=True,
            output_buffer=buffer,
            literal_binds=True,
        ),
    )
    names = namespace()
    with Operations.context(context):
        exec(scenario["code"], names)
    return [" ".join(part.split()) for part in buffer.getvalue().split("\n\n") if part]


def evaluate_value(scenario):
    """The value of `result` after the code has run, as text."""
    names = namespace()
    exec(scenario["code"], names)
    return plain(names["result"])


def evaluate_raised(scenario):
    """What kind of exception the code raises, with its bases and attributes."""
    return in_folder(_raised, scenario)


def _raised(scenario):
    for path, content in scenario.get("files", {}).items():
        write(path, content)
    names = namespace(command_line=_typed)
    try:
        exec(scenario["code"], names)
    except BaseException as error:
        bases = [cls.__name__ for cls in type(error).__mro__]
        return {
            "type": bases[0],
            "bases": bases[1:],
            "attributes": {
                key: plain(value) for key, value in sorted(vars(error).items())
            },
            "text": normal(str(error))[:1],
        }
    return {"type": None, "value": plain(names.get("result"))}


def evaluate_diff(scenario):
    """Diff tuples and rendered code between two metadata on SQLite in memory."""
    from alembic.autogenerate import compare_metadata
    from alembic.autogenerate import produce_migrations
    from alembic.autogenerate import render_python_code
    from alembic.migration import MigrationContext

    before, after = sa.MetaData(), sa.MetaData()
    exec(scenario["before"], namespace(m=before))
    exec(scenario["after"], namespace(m=after))
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        before.create_all(connection)
        options = dict(scenario.get("opts", {}), target_metadata=after)
        context = MigrationContext.configure(connection, opts=options)
        diffs = compare_metadata(context, after)
        script = produce_migrations(context, after)
        return {
            "diffs": plain(diffs),
            "upgrade": render_python_code(script.upgrade_ops),
            "downgrade": render_python_code(script.downgrade_ops),
        }


def evaluate_render(scenario):
    """Rendered Python of a list of operations."""
    from alembic.autogenerate import render_python_code

    names = namespace(m=sa.MetaData())
    exec(scenario["code"], names)
    return render_python_code(
        ops_container(names["result"]), **scenario.get("opts", {})
    )


def ops_container(operations):
    from alembic.operations import ops

    return ops.UpgradeOps(ops=list(operations))


def evaluate_graph(scenario):
    """What a revision map answers to a list of questions."""
    from alembic.script.revision import Revision
    from alembic.script.revision import RevisionMap

    revisions = [
        Revision(
            row["id"],
            listed(row["down"]),
            dependencies=listed(row.get("depends")),
            branch_labels=listed(row.get("labels")),
        )
        for row in scenario["revisions"]
    ]
    answers = []
    for question in scenario["questions"]:
        answers.append(attempt(answer, question, RevisionMap(lambda: revisions)))
    return answers


def answer(question, revision_map):
    return plain(eval(question, {"map": revision_map}))


def listed(value):
    return tuple(value) if isinstance(value, list) else value


def evaluate_steps(scenario):
    """Version rows after each of a list of commands, on SQLite, with the log."""
    return in_folder(_steps, scenario)


def _steps(scenario):
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "scripts")
    config.set_main_option("path_separator", "os")
    os.makedirs("scripts/versions")
    write(
        "scripts/env.py",
        "from alembic import context\n"
        "from sqlalchemy import create_engine\n"
        "if context.is_offline_mode():\n"
        "    context.configure(dialect_name='sqlite')\n"
        "    with context.begin_transaction():\n"
        "        context.run_migrations()\n"
        "else:\n"
        "    with create_engine('sqlite:///d.db').connect() as connection:\n"
        "        context.configure(connection=connection)\n"
        "        with context.begin_transaction():\n"
        "            context.run_migrations()\n",
    )
    write("scripts/script.py.mako", "")
    for row in scenario["revisions"]:
        write(
            f"scripts/versions/{row['id']}_.py",
            f"'''message {row['id']}'''\n"
            f"revision = {row['id']!r}\n"
            f"down_revision = {listed(row['down'])!r}\n"
            f"depends_on = {listed(row.get('depends'))!r}\n"
            f"branch_labels = {listed(row.get('labels'))!r}\n"
            "def upgrade(): pass\n"
            "def downgrade(): pass\n",
        )
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    logger = logging.getLogger("alembic.runtime.migration")
    logger.addHandler(handler)
    logger.setLevel("INFO")
    engine = sa.create_engine("sqlite:///d.db")
    seen = []
    for name, arguments in scenario["commands"]:
        log.seek(0)
        log.truncate()
        arguments = [listed(argument) for argument in arguments]
        outcome = attempt(getattr(command, name), config, *arguments)
        with engine.connect() as connection:
            rows = []
            if sa.inspect(connection).has_table("alembic_version"):
                rows = connection.execute(
                    sa.text("SELECT version_num FROM alembic_version ORDER BY 1")
                ).fetchall()
        lines = [
            line for line in log.getvalue().splitlines() if line.startswith("Running")
        ]
        seen.append({"rows": [row[0] for row in rows], "log": lines, "is": outcome})
    engine.dispose()
    logger.removeHandler(handler)
    return seen


def evaluate_cli(scenario):
    """What commands print and log, how they end, and which files they leave."""
    return in_folder(_cli, scenario)


def _cli(scenario):
    for path, content in scenario.get("files", {}).items():
        write(path, content)
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
    logger = logging.getLogger("alembic")
    logger.addHandler(handler)
    logger.setLevel("INFO")
    seen = []
    for words in scenario["lines"]:
        log.seek(0)
        log.truncate()
        outcome = _typed(shlex.split(words))
        lines = [
            line
            for line in normal(log.getvalue())
            if "runtime.plugins" not in line and not line.startswith("ERROR")
        ]
        seen.append({"line": words, "log": lines, **outcome})
    logger.removeHandler(handler)
    files = {
        path.replace(os.sep, "/"): normal(_read(path))
        for path in sorted(glob.glob("**", recursive=True, include_hidden=True))
        if os.path.isfile(path)
        and path not in scenario.get("files", {})
        and "__pycache__" not in path
        and not path.endswith(".db")
        and not os.path.basename(path).startswith(".alembic")
    }
    return {"seen": seen, "files": files}


def _read(path):
    with open(path, encoding="utf-8", errors="replace") as stream:
        return stream.read()


def _typed(argv):
    """Type a command line in this process."""
    import alembic.config as config_module
    from alembic.config import CommandLine

    out, err = io.StringIO(), io.StringIO()
    original = config_module.Config.__init__

    def patched(self, *arg, **kw):
        # the default is bound when the class is defined
        kw["stdout"] = out
        original(self, *arg, **kw)

    status, error = 0, None
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        config_module.Config.__init__ = patched
        try:
            CommandLine(prog="alembic").main(argv=argv)
        except SystemExit as ended:
            status = (ended.code or 0) & 255
        except Exception as raised:
            status, error = 1, type(raised).__name__
        finally:
            config_module.Config.__init__ = original
    return {
        "status": status,
        "out": normal(out.getvalue()),
        "usage": "usage:" in err.getvalue(),
        "error": error,
    }


def normal(text):
    """Leave out what differs from run to run: the folder and random ids."""
    text = text.replace(os.getcwd(), "<here>")
    text = re.sub(r"\b[0-9a-f]{12}\b", "<id>", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?", "<date>", text)
    text = text.replace(os.path.realpath(os.getcwd()), "<here>")
    text = re.sub(r" +\.\.\. +done", " ... done", text)
    return text.splitlines()


def in_folder(work, scenario):
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            return work(scenario)
        finally:
            os.chdir(before)


def write(path, content):
    folder = os.path.dirname(path)
    if folder:
        os.makedirs(folder, exist_ok=True)
    with open(path, "w") as stream:
        stream.write(content)


def plain(value):
    """Return a value as JSON can hold it, objects as stable text."""
    if isinstance(value, (str, int, float, bool, type(None))):
        return value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in sorted(value.items(), key=str)}
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item) for item in value), key=str)
    if isinstance(value, sa.Table):
        return f"Table {value.key} {[plain(column) for column in value.columns]}"
    if isinstance(value, sa.Column):
        return f"Column {value.name} {value.type!r} null={value.nullable}"
    if isinstance(value, sa.Index):
        return f"Index {value.name} {[str(e) for e in value.expressions]} {bool(value.unique)}"
    if isinstance(value, sa.ForeignKeyConstraint):
        targets = [element.target_fullname for element in value.elements]
        return f"ForeignKey {value.name} {list(value.column_keys)} {targets}"
    if isinstance(value, sa.UniqueConstraint):
        return f"Unique {value.name} {[column.name for column in value.columns]}"
    if isinstance(value, (sa.types.TypeEngine,)):
        return repr(value)
    if hasattr(value, "revision") and hasattr(value, "nextrev"):
        return f"Revision {value.revision}"
    if isinstance(value, (list, tuple)) or hasattr(value, "__next__"):
        return [plain(item) for item in value]
    if isinstance(value, sa.DefaultClause):
        return f"Default {value.arg}"
    return re.sub(r" at 0x[0-9a-f]+", "", str(value))


def attempt(work, *arguments):
    try:
        return work(*arguments)
    except Exception as error:
        return {"error": type(error).__name__, "text": str(error)}


def evaluate(scenario):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return attempt(globals()["evaluate_" + scenario["kind"]], scenario)


def main():
    scenarios = json.load(sys.stdin)
    # what the code under test, and what that starts, prints is no part of the answer
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    json.dump({row["id"]: evaluate(row) for row in scenarios}, answer)
    answer.close()


if __name__ == "__main__":
    main()

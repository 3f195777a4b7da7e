"""A scratch environment on disk: a folder ``scratch`` with revisions, made and removed.

It is made in the current folder, or in the one that the variable
``ALEMBIC_TESTING_FOLDER`` names.
"""

from __future__ import annotations

import os
import shutil
import textwrap
from argparse import Namespace
from pathlib import Path
from typing import Any
from typing import Optional
from typing import Tuple
from typing import Union

from sqlalchemy import create_engine

from ..command.scaffold import init
from ..script import Script
from ..script import ScriptDirectory
from ..settings import Config
from ..util.sequences import rev_id

_INI = "test_alembic.ini"

_LOGGING = """
[loggers]
keys = root

[handlers]
keys = console

[logger_root]
level = WARNING
handlers = console

[handler_console]
class = StreamHandler
args = (sys.stderr,)
formatter = plain

[formatters]
keys = plain

[formatter_plain]
format = %%(levelname)-5.5s [%%(name)s] %%(message)s
"""


def staging_directory() -> str:
    """Return the path of the scratch folder, which need not exist."""
    return str(Path(os.environ.get("ALEMBIC_TESTING_FOLDER", ""), "scratch"))


_get_staging_directory = staging_directory


def _path(*parts: str) -> Path:
    return Path(staging_directory(), *parts)


# -- the environment


def staging_env(
    create: bool = True, template: str = "generic", sourceless: Any = False
) -> ScriptDirectory:
    """Make a scratch environment, as ``alembic init`` does.

    :param create: False: the folder is there already.
    :param template: the template to make it from.
    :param sourceless: ``"pep3147_envonly"`` or ``"simple"``: env.py is there as
        compiled code only.
    :return: its revisions.
    """
    config = _testing_config()
    if create:
        clear_staging_env()
        config.set_main_option("script_location", str(_path("scripts")))
        _path().mkdir(parents=True)
        init(
            Config(str(_path(_INI)), cmd_opts=Namespace(quiet=True)),
            str(_path("scripts")),
            template=template,
        )
        if sourceless:
            make_sourceless(
                _path("scripts", "env.py"),
                "pep3147" if "pep3147" in str(sourceless) else "simple",
            )
    return ScriptDirectory.from_config(config)


def clear_staging_env() -> None:
    """Remove the scratch folder."""
    shutil.rmtree(str(_path()), ignore_errors=True)


def make_sourceless(path: Union[str, os.PathLike[str]], style: str) -> None:
    """Replace a Python file by its compiled code.

    :param path: the file.
    :param style: ``"simple"``: beside where the source was; ``"pep3147"``: in
        ``__pycache__``.
    """
    import importlib.util
    import py_compile

    source = Path(path)
    target = (
        source.with_suffix(".pyc")
        if style == "simple"
        else Path(importlib.util.cache_from_source(str(source)))
    )
    py_compile.compile(str(source), cfile=str(target), doraise=True)
    source.unlink()


def env_file_fixture(txt: str) -> None:
    """Write env.py of the scratch environment.

    :param txt: its text; the names ``config`` and ``context`` are set above it.
    """
    head = "from alembic import context\nconfig = context.config\n"
    target = _path("scripts", "env.py")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(head + textwrap.dedent(txt), encoding="utf-8")
    # the compiled file of another env.py may have been written in the same second
    shutil.rmtree(str(target.parent / "__pycache__"), ignore_errors=True)


def script_file_fixture(txt: str) -> None:
    """Write script.py.mako of the scratch environment.

    :param txt: its text.
    """
    _path("scripts", "script.py.mako").write_text(txt, encoding="utf-8")


# -- configurations


def _testing_config() -> Config:
    """Return a `Config` without a file, for the scratch folder."""
    return Config(str(_path(_INI)))


def _write_config_file(text: str) -> Config:
    """Write the scratch alembic.ini and return its `Config`."""
    _path().mkdir(parents=True, exist_ok=True)
    _path(_INI).write_text(text, encoding="utf-8")
    return Config(str(_path(_INI)))


def _write_toml_config(tomltext: str, initext: str) -> Config:
    """Write the scratch pyproject.toml and alembic.ini and return their `Config`."""
    _path().mkdir(parents=True, exist_ok=True)
    _path("pyproject.toml").write_text(tomltext, encoding="utf-8")
    _path(_INI).write_text(initext, encoding="utf-8")
    return Config(str(_path(_INI)), toml_file=str(_path("pyproject.toml")))


def _ini(url: Any, directives: str = "") -> str:
    escaped = str(url).replace("%", "%%")
    return (
        f"[alembic]\nscript_location = {_path('scripts')}\n"
        f"sqlalchemy.url = {escaped}\n{directives}\n{_LOGGING}"
    )


def _sqlite_file_db(
    tempname: str = "foo.db", scope: Optional[str] = None, **options: Any
) -> Any:
    """Return an engine on a SQLite file in the scratch environment."""
    folder = _path("scripts")
    folder.mkdir(parents=True, exist_ok=True)
    return create_engine(f"sqlite:///{folder / tempname}", **options)


def _sqlite_testing_config(sourceless: Any = False) -> Config:
    """Return a `Config` for a SQLite file, with an env.py that migrates it."""
    url = f"sqlite:///{_path('scripts', 'foo.db')}"
    return _write_config_file(
        _ini(url, f"sourceless = {'true' if sourceless else 'false'}")
    )


def _multi_dir_testing_config(
    sourceless: Any = False, extra_version_location: str = ""
) -> Config:
    """Return a `Config` with several folders of revisions."""
    url = f"sqlite:///{_path('scripts', 'foo.db')}"
    folders = " ".join(f"%(here)s/model{number}/" for number in (1, 2, 3))
    return _write_config_file(
        _ini(
            url,
            f"sourceless = {'true' if sourceless else 'false'}\n"
            "path_separator = space\n"
            f"version_locations = {folders} {extra_version_location}",
        )
    )


def _no_sql_testing_config(dialect: str = "postgresql", directives: str = "") -> Config:
    """Return a `Config` for a database that is not there, for ``--sql``."""
    return _write_config_file(_ini(f"{dialect}://", directives))


def _no_sql_pyproject_config(
    dialect: str = "postgresql", directives: str = ""
) -> Config:
    """Return a `Config` as `_no_sql_testing_config`, with pyproject.toml."""
    location = str(_path("scripts")).replace("\\", "/")
    return _write_toml_config(
        f'[tool.alembic]\nscript_location = "{location}"\n'
        + textwrap.dedent(directives),
        f"[alembic]\nsqlalchemy.url = {dialect}://\n{_LOGGING}",
    )


def _multidb_testing_config(engines: Any) -> Config:
    """Return a `Config` for the template ``multidb``.

    :param engines: engines by the name of their section.
    """
    sections = "\n".join(
        f"[{name}]\nsqlalchemy.url = {str(engine.url).replace('%', '%%')}\n"
        for name, engine in engines.items()
    )
    return _write_config_file(
        f"[alembic]\nscript_location = {_path('scripts')}\n"
        f"databases = {', '.join(engines)}\n\n{sections}\n{_LOGGING}"
    )


# -- revisions


def write_script(
    scriptdir: ScriptDirectory,
    rev_id: str,
    content: str,
    encoding: str = "ascii",
    sourceless: Any = False,
) -> Script:
    """Write the text of a revision, which is loaded anew.

    :param scriptdir: the revisions.
    :param rev_id: the identifier of one of them.
    :param content: the text of its file, which keeps the name.
    :param encoding: the encoding to write it in.
    :param sourceless: ``"simple"`` or ``"pep3147"``: leave its compiled code only.
    :return: the revision.
    """
    path = Path(scriptdir.get_revision(rev_id).path)
    path.write_bytes(textwrap.dedent(content).encode(encoding))
    # one that was compiled from another text in the same second would be taken for it
    shutil.rmtree(str(path.parent / "__pycache__"), ignore_errors=True)
    if sourceless:
        style = sourceless if isinstance(sourceless, str) else "simple"
        make_sourceless(path, "pep3147" if "pep3147" in style else "simple")
    old = scriptdir.revision_map.get_revision(rev_id)
    fresh = ScriptDirectory(
        scriptdir.dir,
        version_locations=scriptdir.version_locations,
        sourceless=bool(sourceless) or scriptdir.sourceless,
    )
    script = fresh.get_revision(rev_id)
    if old is not None and old.down_revision != script.down_revision:
        raise ValueError(
            f"Revision {rev_id} stood on {old.down_revision!r}, and would stand on "
            f"{script.down_revision!r}; a new text cannot move it"
        )
    scriptdir.revision_map = fresh.revision_map
    return script


def _revision(
    script: ScriptDirectory,
    id_: str,
    message: str,
    doc: str,
    step: str,
    sourceless: Any = False,
    **options: Any,
) -> None:
    made = script.generate_revision(id_, message, refresh=True, **options)
    assert made is not None
    write_script(
        script,
        id_,
        f'''\
        # coding: utf-8
        "{doc}"
        revision = {id_!r}
        down_revision = {made.down_revision!r}

        from alembic import op


        def upgrade():
            op.execute("CREATE STEP {step}")


        def downgrade():
            op.execute("DROP STEP {step}")
        ''',
        encoding="utf-8",
        sourceless=sourceless,
    )


def three_rev_fixture(cfg: Config) -> Tuple[str, str, str]:
    """Write three revisions, one on the other.

    Their statements are ``CREATE STEP 1`` and ``DROP STEP 1``, and so on.

    :param cfg: the `Config` of the scratch environment.
    :return: their identifiers, the lowest first.
    """
    a, b, c = rev_id(), rev_id(), rev_id()
    script = ScriptDirectory.from_config(cfg)
    _revision(script, a, "revision a", "Rev A", "1", head="base")
    # letters beyond ASCII and a percent sign, which have been trouble
    _revision(script, b, "revision b", "Rev B, m\u00e9il, %3", "2", head=a)
    _revision(script, c, "revision c", "Rev C", "3", head=b)
    return a, b, c


def multi_heads_fixture(cfg: Config, a: str, b: str, c: str) -> Tuple[str, str, str]:
    """Write three revisions more than `three_rev_fixture`: d on b, e on d, f on b.

    :param cfg: the `Config` of the scratch environment.
    :return: the identifiers of d, e and f.
    """
    d, e, f = rev_id(), rev_id(), rev_id()
    script = ScriptDirectory.from_config(cfg)
    _revision(script, d, "revision d from b", "Rev D", "4", head=b, splice=True)
    _revision(script, e, "revision e from d", "Rev E", "5", head=d, splice=True)
    _revision(script, f, "revision f from b", "Rev F", "6", head=b, splice=True)
    return d, e, f

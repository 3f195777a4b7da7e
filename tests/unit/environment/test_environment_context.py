"""EnvironmentContext: what it knows before and after configure()."""

from __future__ import annotations

import argparse
import io

import pytest

from alembic.config import Config
from alembic.environment import EnvironmentContext
from alembic.migration import MigrationContext
from alembic.util.exc import CommandError
from tests.support.steps import execute
from tests.support.steps import FakeHistory


class Script:
    """A folder of revisions whose head is ``c``."""

    def as_revision_number(self, given):
        named = {"head": "c", "heads": ("c",), "base": None}
        return named.get(given, given)


def environment(**kw):
    return EnvironmentContext(Config(), Script(), **kw)


def offline(**kw):
    return environment(as_sql=True, **kw)


@pytest.mark.parametrize(("as_sql", "offline"), [(True, True), (False, False)])
def test_mode(as_sql, offline):
    """Offline mode is known before configure(), and a connection is its contrary."""
    env = environment(as_sql=as_sql)
    assert env.is_offline_mode() is offline
    assert env.requires_connection() is not offline


def test_online_is_the_default():
    """Without a word of the command, the run is online."""
    assert environment().is_offline_mode() is False


@pytest.mark.parametrize(
    "call",
    [
        lambda env: env.get_context(),
        lambda env: env.get_bind(),
        lambda env: env.get_impl(),
        lambda env: env.begin_transaction(),
        lambda env: env.run_migrations(),
        lambda env: env.execute("SELECT 1"),
        lambda env: env.static_output("x"),
        lambda env: env.is_transactional_ddl(),
    ],
)
def test_before_configure(call):
    """What needs a context says that none was configured."""
    with pytest.raises(CommandError, match="^No context has been configured yet."):
        call(environment())


def test_head_revisions():
    """The heads of the files are known without a database."""
    assert environment().get_head_revision() == "c"
    assert environment().get_head_revisions() == ("c",)


@pytest.mark.parametrize(
    ("given", "found"),
    [("head", "c"), ("base", None), ("+1", "+1"), (None, None), ("heads", ("c",))],
)
def test_revision_argument(given, found):
    """The revision argument is resolved as far as it can be without a database."""
    assert environment(destination_rev=given).get_revision_argument() == found


def test_no_revision_argument():
    """A command without a target revision has no such argument."""
    with pytest.raises(KeyError):
        environment().get_revision_argument()


def test_starting_revision_argument():
    """The start is the command's, then the one that env.py configures."""
    with pytest.raises(CommandError, match="No starting revision argument"):
        environment().get_starting_revision_argument()
    env = offline(starting_rev="head")
    assert env.get_starting_revision_argument() == "c"
    env.configure(dialect_name="sqlite", starting_rev="b")
    assert env.get_starting_revision_argument() == "b"


def test_tag():
    """The tag is the command's, then the one that env.py configures."""
    env = environment(tag="command")
    assert env.get_tag_argument() == "command"
    env.configure(dialect_name="sqlite", tag="env")
    assert env.get_tag_argument() == "env"
    assert environment().get_tag_argument() is None


@pytest.mark.parametrize(
    ("cmd_opts", "as_list", "as_dictionary"),
    [
        (None, [], {}),
        (argparse.Namespace(), [], {}),
        (argparse.Namespace(x=None), [], {}),
        (
            argparse.Namespace(x=["a=b", "c", "d=e=f", "%(x)s=1"]),
            ["a=b", "c", "d=e=f", "%(x)s=1"],
            {"a": "b", "c": "", "d": "e=f", "%(x)s": "1"},
        ),
    ],
)
def test_x_arguments(cmd_opts, as_list, as_dictionary):
    """-x arguments come as they were typed, or split at the first equals sign."""
    env = environment()
    env.config.cmd_opts = cmd_opts
    assert env.get_x_argument() == as_list
    assert env.get_x_argument(as_dictionary=True) == as_dictionary


def test_unknown_keywords_are_options():
    """What configure() does not know reaches the options."""
    env = environment()
    env.configure(dialect_name="sqlite", my_own=3, version_table="versions")
    assert env.get_context().opts["my_own"] == 3
    assert env.get_context().version_table == "versions"


def test_options_of_the_command_are_kept():
    """What the command set stays, unless env.py sets it."""
    env = environment(fn="f", my_own=1, transactional_ddl=True, tag="t")
    env.configure(dialect_name="sqlite")
    opts = env.get_context().opts
    assert (opts["fn"], opts["my_own"], opts["tag"]) == ("f", 1, "t")
    assert opts["transactional_ddl"] is True


def test_calls_do_not_see_each_other():
    """Several configure() calls of one run do not inherit options."""
    env = environment()
    env.configure(
        dialect_name="sqlite", transactional_ddl=True, my_own=1, version_table="v"
    )
    first = env.get_context()
    env.configure(dialect_name="sqlite")
    second = env.get_context()
    assert second is not first
    assert second.opts is not first.opts
    assert "my_own" not in second.opts
    assert "transactional_ddl" not in second.opts
    assert second.version_table == "alembic_version"
    assert first.version_table == "v"


def test_defaults_of_configure():
    """The options have the well-known keys and defaults."""
    env = environment()
    env.configure(dialect_name="sqlite")
    opts = dict(env.get_context().opts)
    assert opts.pop("script") is env.script
    assert opts == {
        "transaction_per_migration": False,
        "target_metadata": None,
        "include_name": None,
        "include_object": None,
        "include_schemas": False,
        "render_as_batch": False,
        "upgrade_token": "upgrades",
        "downgrade_token": "downgrades",
        "sqlalchemy_module_prefix": "sa.",
        "alembic_module_prefix": "op.",
        "user_module_prefix": None,
        "literal_binds": False,
        "process_revision_directives": None,
        "on_version_apply": (),
        "compare_type": True,
        "compare_server_default": False,
    }


def test_template_arguments_reach_the_command():
    """template_args go into the dictionary that the command renders with."""
    arguments = {"config": 1}
    env = environment(template_args=arguments)
    env.configure(dialect_name="sqlite", template_args={"engines": ["a", "b"]})
    assert arguments == {"config": 1, "engines": ["a", "b"]}


def test_template_arguments_without_a_template():
    """template_args are left out where no template is rendered."""
    env = environment()
    env.configure(dialect_name="sqlite", template_args={"engines": ["a", "b"]})
    assert "template_args" not in env.get_context().opts


def test_output_goes_where_the_config_says():
    """The Config's buffer is used unless configure() names another."""
    ours, theirs = io.StringIO(), io.StringIO()
    env = offline()
    env.config.output_buffer = theirs
    env.configure(dialect_name="sqlite")
    env.static_output("one")
    env.configure(dialect_name="sqlite", output_buffer=ours)
    env.execute("two")
    assert theirs.getvalue() == "one\n\n"
    assert ours.getvalue() == "two;\n\n"


def test_lock_options_of_the_configuration():
    """lock and lock_timeout may stand in the configuration file; env.py decides."""
    env = environment()
    env.config.set_main_option("lock", "false")
    env.config.set_main_option("lock_timeout", "7.5")
    env.configure(dialect_name="sqlite")
    assert env.get_context().lock._kind is None
    assert env.get_context().lock._timeout == 7.5
    env.configure(dialect_name="sqlite", lock=True, lock_timeout=1)
    assert env.get_context().lock._kind is not None
    assert env.get_context().lock._timeout == 1.0


def test_what_was_typed_goes_before_what_env_py_says():
    """Neither the configuration file nor configure() takes it back."""
    typed = {"lock": False, "lock_timeout": 2.0, "table_lock_timeout": 3.0}
    env = environment(typed=typed)
    env.config.set_main_option("lock", "true")
    env.config.set_main_option("lock_timeout", "7.5")
    env.configure(
        dialect_name="sqlite",
        lock="transaction",
        lock_timeout=1,
        table_lock_timeout=5,
        statement_timeout=6,
    )
    context = env.get_context()
    assert context.lock._kind is None
    assert context.lock._timeout == 2.0
    assert context.timeouts._typed == (3.0, None)
    assert context.timeouts._configured == (5.0, 6.0)
    # who goes without the lock still has sessions that others share
    assert context.timeouts._in_sessions is False


def test_run_sets_the_operations():
    """While migrations run, alembic.op speaks to their context, and not after."""
    from alembic import op

    seen = []
    env = offline(fn=FakeHistory("a", {"a": lambda c: seen.append(op.get_context())}))
    env.configure(dialect_name="sqlite", output_buffer=io.StringIO())
    env.run_migrations()
    assert seen == [env.get_context()]
    with pytest.raises(NameError):
        op.get_context()


def test_several_databases_in_one_run():
    """An env.py for several databases runs each on its own dialect."""
    history = FakeHistory("a", {"a": execute("CREATE TABLE t (x INT)")})
    env = offline(fn=history)
    scripts = {}
    for name in ("postgresql", "mysql"):
        buffer = io.StringIO()
        env.configure(dialect_name=name, output_buffer=buffer, upgrade_token=name)
        with env.begin_transaction():
            env.run_migrations(engine_name=name)
        scripts[name] = buffer.getvalue()
        assert env.get_context().opts["upgrade_token"] == name
    assert scripts["postgresql"].startswith("BEGIN")
    assert scripts["mysql"].startswith("CREATE TABLE alembic_version")
    assert history.ran == ["a", "a"]


def test_context_knows_its_environment():
    """The migration context finds Config and environment."""
    env = environment()
    env.configure(dialect_name="sqlite")
    context = env.get_context()
    assert isinstance(context, MigrationContext)
    assert context.environment_context is env
    assert context.config is env.config
    assert context.script is env.script
    assert env.get_impl() is context.impl
    assert env.get_bind() is None
    assert env.is_transactional_ddl() is False

"""The kit for other people's tests: assertions, fixtures, comparisons, environments."""

# ruff: noqa: B028, SIM117, PT009 - the kit under test looks like what is banned

from __future__ import annotations

import importlib
import warnings

import pytest
import sqlalchemy as sa

from alembic import command
from alembic import op
from alembic import testing
from alembic.testing import assertions
from alembic.testing import env
from alembic.testing import fixtures
from alembic.testing import requirements
from alembic.testing import schemacompare
from alembic.testing import util
from tests.support.versions import has
from tests.support.versions import needs

# what the tests of other packages import, by module
NAMES = {
    "": "TestBase Variation assert_raises assert_raises_message assertions combinations "
    "config emits_python_deprecation_warning emits_warning engines env eq_ "
    "eq_ignore_whitespace exclusions expect_deprecated expect_raises "
    "expect_raises_message expect_sqlalchemy_deprecated expect_warnings fixture "
    "fixtures is_ is_false is_not_ is_true mock ne_ provide_metadata requirements "
    "resolve_lambda skip_if suite util uses_deprecated variation",
    ".assertions": "assert_raises assert_raises_context_ok assert_raises_message "
    "assert_raises_message_context_ok emits_python_deprecation_warning "
    "eq_ignore_whitespace expect_deprecated expect_raises expect_raises_message "
    "expect_sqlalchemy_deprecated expect_warnings",
    ".env": "clear_staging_env env_file_fixture make_sourceless multi_heads_fixture "
    "script_file_fixture staging_env three_rev_fixture write_script",
    ".fixtures": "AlterColRoundTripFixture TablesTest TestBase capture_context_buffer "
    "capture_db capture_engine_context_buffer op_fixture",
    ".plugin.bootstrap": "",
    ".requirements": "SuiteRequirements",
    ".schemacompare": "CompareCheckConstraint CompareColumn CompareForeignKey "
    "CompareIndex ComparePrimaryKey CompareTable CompareUniqueConstraint",
    ".suite": "AlterColRoundTripFixture AlterColumnTest AutogenFixtureTest "
    "AutogenerateCommentsTest AutogenerateComputedTest AutogenerateEmptyCommentsTest "
    "AutogenerateFKOptionsTest AutogenerateForeignKeysTest AutogenerateIdentityTest "
    "AutoincrementTest BackendAlterColumnTest IncludeHooksTest "
    "MigrationTransactionTest",
    ".suite._autogen_fixtures": "AutogenFixtureTest",
    ".util": "flag_combinations metadata_fixture resolve_lambda",
    ".warnings": "setup_filters",
}

# asked for by the suite, and overridden by other packages
REQUIREMENTS = """
alter_column asyncio autocommit_isolation autoincrement_on_composite_pk
check_constraint_reflection check_constraints_w_enforcement comments computed_columns
computed_columns_warn_no_persisted fk_deferrable fk_deferrable_is_reflected fk_initially
fk_names fk_ondelete_is_reflected fk_ondelete_noaction fk_ondelete_restrict fk_onupdate
fk_onupdate_is_reflected fk_onupdate_restrict foreign_key_constraint_reflection
foreign_key_match foreign_key_name_reflection identity_columns identity_columns_alter
integer_subtype_comparisons materialized_views no_name_normalize reflects_fk_options
reflects_pk_names schemas sequences sqlalchemy_2_1
sqlalchemy_copies_fk_ck_dialect_kwargs unique_constraint_reflection windows
"""


# those that are SQLAlchemy's own are not in every SQLAlchemy
SINCE = {
    "combinations": "1.3.24",
    "fixture": "1.3.24",
    "Variation": "2.0",
    "variation": "2.0",
}


@pytest.mark.parametrize("module", sorted(NAMES))
def test_names_of_the_kit(module):
    """What Alembic 1.20.1 has for the tests of other packages is here."""
    home = importlib.import_module(f"alembic.testing{module}")
    missing = [name for name in NAMES[module].split() if not hasattr(home, name)]
    assert all(name in SINCE and not has(SINCE[name]) for name in missing)


@pytest.mark.parametrize("name", REQUIREMENTS.split())
def test_names_of_requirements(name):
    """Each requirement of Alembic 1.20.1 is here, and can be asked."""
    engine = sa.create_engine("sqlite://")
    found = getattr(requirements.SuiteRequirements(), name)
    assert requirements.is_enabled(found, engine) in (True, False)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: testing.eq_(1, 2), "1 != 2"),
        (lambda: testing.ne_(1, 1), "1 == 1"),
        (lambda: testing.is_([], []), r"\[\] is not \[\]"),
        (lambda: testing.is_not_(None, None), "None is None"),
        (lambda: testing.is_true(0), "0 is not true"),
        (lambda: testing.is_false(1), "1 is not false"),
        (lambda: testing.eq_ignore_whitespace("a b", "ab"), "'a b' != 'ab'"),
        (lambda: testing.assert_raises(ValueError, int, 1), "did not raise"),
        (lambda: testing.assert_raises_message(ValueError, "zz", int, "x"), "zz !~"),
    ],
)
def test_assertions_fail_with_the_values(call, message):
    """Each assertion can fail, and shows what it compared."""
    with pytest.raises(AssertionError, match=message):
        call()


def test_assertions_hold():
    """Each assertion passes where it should."""
    testing.eq_(1, 1)
    testing.ne_(1, 2)
    testing.is_(None, None)
    testing.is_not_([], [])
    testing.is_true(1)
    testing.is_false(0)
    testing.eq_ignore_whitespace("a\n  b", "a b")
    testing.assert_raises_message(ValueError, "invalid literal", int, "x")
    with testing.expect_raises(ValueError) as caught:
        int("x")
    assert isinstance(caught.error, ValueError)
    with testing.expect_raises_message(ValueError, "a.b", text_exact=True):
        raise ValueError("a.b")


def _without_cause():
    try:
        raise KeyError("first")
    except KeyError:
        raise ValueError("second")  # noqa: B904 - this is the fault


def test_missing_cause_is_found():
    """An error raised while another was handled must say so, unless that is fine."""
    with pytest.raises(AssertionError, match="does not name it as its cause"):
        testing.assert_raises(ValueError, _without_cause)
    assertions.assert_raises_context_ok(ValueError, _without_cause)
    assertions.assert_raises_message_context_ok(ValueError, "sec", _without_cause)


def test_warnings_are_expected():
    """Expected warnings are swallowed, missing ones found, others handed on."""
    with testing.expect_warnings("fo+"):
        warnings.warn("foo", UserWarning)
    with testing.expect_deprecated("foo"):
        warnings.warn("foo", DeprecationWarning)
    with pytest.raises(AssertionError, match="not seen: 'foo'"):
        with testing.expect_warnings("foo"):
            pass
    with pytest.warns(UserWarning, match="bar"):
        with testing.expect_warnings("foo", assert_=False):
            warnings.warn("bar", UserWarning)
    testing.emits_warning("foo")(lambda: warnings.warn("foo", UserWarning))()


class TestOpFixture(fixtures.TestBase):
    """`op_fixture` writes statements down."""

    @pytest.mark.parametrize("as_sql", [False, True])
    def test_statements_are_written_down(self, as_sql):
        """What operations would run can be asserted, on one line each."""
        context = fixtures.op_fixture("postgresql", as_sql=as_sql)
        op.create_table(
            "t", sa.Column("a", sa.Integer, primary_key=True), sa.Column("b", sa.Text)
        )
        op.drop_column("t", "b")
        context.assert_(
            "CREATE TABLE t (a SERIAL NOT NULL, b TEXT, PRIMARY KEY (a))",
            "ALTER TABLE t DROP COLUMN b",
        )
        context.assert_contains("DROP COLUMN b")
        with pytest.raises(AssertionError, match="Could not locate"):
            context.assert_contains("DROP COLUMN c")
        context.clear_assertions()
        context.assert_()

    def test_options_reach_the_dialect(self):
        """Naming convention and boolean type are as asked for."""
        context = fixtures.op_fixture(
            naming_convention={"uq": "uq_%(table_name)s"}, native_boolean=False
        )
        op.create_unique_constraint(None, "t", ["a"])
        context.assert_("ALTER TABLE t ADD CONSTRAINT uq_t UNIQUE (a)")
        assert not context.dialect.supports_native_boolean


def test_op_fixture_ends():
    """Afterwards `op` speaks to nothing."""
    fixtures.op_fixture()
    fixtures.clear_op_fixture()
    with pytest.raises(NameError):
        op.drop_table("t")


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    """A scratch environment for a database that is not there, and its revisions."""
    monkeypatch.setenv("ALEMBIC_TESTING_FOLDER", str(tmp_path))
    env.staging_env()
    config = env._no_sql_testing_config()
    yield config, env.three_rev_fixture(config)
    env.clear_staging_env()
    assert not (tmp_path / "scratch").exists()


def test_scratch_environment_runs(scratch):
    """The revisions of the fixtures can be upgraded to, and their script caught."""
    config, (a, b, c) = scratch
    d, e, f = env.multi_heads_fixture(config, a, b, c)
    with fixtures.capture_context_buffer() as buffer:
        command.upgrade(config, f"{b}", sql=True)
    assert "CREATE STEP 2;" in buffer.getvalue()
    assert "CREATE STEP 3" not in buffer.getvalue()
    with fixtures.capture_context_buffer(bytes_io=True) as raw:
        command.downgrade(config, f"{c}:{b}", sql=True)
    assert b"DROP STEP 3;" in raw.getvalue()
    assert len({a, b, c, d, e, f}) == 6


def test_files_of_the_scratch_environment_are_written(scratch, capsys):
    """env.py and revisions can be replaced, compiled ones included."""
    config, (a, _, _) = scratch
    env.env_file_fixture("print('hello', config is context.config)")
    command.upgrade(config, a)
    assert "hello True" in capsys.readouterr().out
    script = env.ScriptDirectory.from_config(config)
    text = f"'doc2'\nrevision = {a!r}\ndown_revision = None\n"
    assert env.write_script(script, a, text).doc == "doc2"
    moved = text.replace("None", "'x'")
    with pytest.warns(UserWarning, match="not present"), pytest.raises(
        ValueError, match="a new text cannot move it"
    ):
        env.write_script(script, a, moved)
    env.write_script(script, a, text, sourceless="simple")
    compiled = env._sqlite_testing_config(sourceless=True)
    assert env.ScriptDirectory.from_config(compiled).get_revision(a).doc == "doc2"


def test_capture_db_records():
    """An engine that runs nothing tells what it was told."""
    engine, statements = fixtures.capture_db()
    engine.execute(sa.text("SELECT 1"))
    assert statements == ["SELECT 1"]
    assert engine.dialect.name == "postgresql"


def _table(length=5, unique=False):
    return sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("a", sa.Integer, primary_key=True),
        sa.Column("b", sa.String(length), sa.ForeignKey("u.id", name="fk")),
        sa.CheckConstraint("a > 0", name="ck"),
        sa.UniqueConstraint("b", name="uq"),
        sa.Index("ix", "b", unique=unique),
    )


def test_tables_are_compared():
    """Tables that are alike are equal, and one difference makes them unequal."""
    wrapped = schemacompare.CompareTable(_table())
    assert wrapped == _table()
    assert wrapped == schemacompare.CompareTable(_table())
    assert wrapped != _table(length=6)
    assert wrapped != _table(unique=True)
    assert schemacompare.CompareIndex(
        [*_table().indexes][0], name_only=True
    ) == [*_table(unique=True).indexes][0]  # fmt: skip


def test_requirements_are_told_from_the_dialect():
    """What a database can do follows from its dialect; a subclass knows better."""
    engine = sa.create_engine("sqlite://")
    ours = requirements.SuiteRequirements()
    assert requirements.is_enabled(ours.unique_constraint_reflection, engine)
    assert not requirements.is_enabled(ours.comments, engine)
    assert not requirements.is_enabled(False, engine)


def test_helpers():
    """Arguments come late, flags become parameters."""
    assert util.resolve_lambda(lambda a: a + 1, a=2, b=3) == 3
    assert util.resolve_lambda(lambda: later, later=4) == 4  # noqa: F821
    mark = util.flag_combinations({"a": True}, {"b": True}).mark
    assert mark.args[0] == ["a", "b"]
    assert [each.values for each in mark.args[1]] == [(True, False), (False, True)]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=needs(SINCE.get(name, "1.3")))
        for name in testing.__all__
    ],
)
def test_names_are_there(name):
    """Every name of the kit can be imported."""
    assert getattr(testing, name, None) is not None

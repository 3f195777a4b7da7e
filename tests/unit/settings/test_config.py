"""alembic.settings: options from INI, from TOML, from both and from neither."""

from __future__ import annotations

import io
import os
from argparse import Namespace
from configparser import ConfigParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import alembic.config
from alembic.settings import Config
from alembic.util import CommandError


def test_door():
    """All is to be had and to be seen at the public address."""
    assert alembic.config.Config is Config
    for name in alembic.config.__all__:
        assert name in dir(alembic.config)
        assert getattr(alembic.config, name).__name__ == name


@pytest.fixture
def ini(tmp_path):
    """Return a function that makes a Config from the text of an INI file."""

    def make(text: str, **kw) -> Config:
        path = tmp_path / "alembic.ini"
        path.write_text(text, encoding="utf-8")
        return Config(str(path), **kw)

    return make


@pytest.fixture
def toml(tmp_path):
    """Return a function that makes a Config from the text of a TOML file."""

    def make(text: str, ini_text: str = "") -> Config:
        path = tmp_path / "pyproject.toml"
        path.write_text(text, encoding="utf-8")
        ini_path = None
        if ini_text:
            ini_path = tmp_path / "alembic.ini"
            ini_path.write_text(ini_text, encoding="utf-8")
        return Config(ini_path, toml_file=path)

    return make


# -- without a file


def test_config_without_a_file_takes_what_a_program_sets():
    """No file is needed: options are set, read and removed."""
    config = Config()
    assert config.get_main_option("script_location") is None
    config.set_main_option("script_location", "migrations")
    assert config.get_main_option("script_location") == "migrations"
    assert config.get_alembic_option("script_location") == "migrations"
    config.remove_main_option("script_location")
    config.remove_main_option("never_set")
    assert config.get_main_option("script_location", "default") == "default"


def test_new_section_is_made_when_an_option_is_set_in_it():
    """set_section_option adds the section."""
    config = Config()
    assert config.get_section("other") is None
    assert config.get_section("other", {"a": "b"}) == {"a": "b"}
    config.set_section_option("other", "x", "y")
    assert config.get_section("other") == {"here": ".", "x": "y"}


def test_unknown_section_is_named_in_the_error():
    """Asking for an option of a section that is not there says which one."""
    with pytest.raises(
        CommandError,
        match=r"No config file None found, or file has no '\[other\]' section",
    ):
        Config().get_section_option("other", "x")


def test_missing_file_is_no_error_until_an_option_is_wanted(tmp_path):
    """A Config for a file yet to be written can be made, as for `alembic init`."""
    config = Config(tmp_path / "alembic.ini")
    assert config.file_config.sections() == []
    assert config.get_alembic_option("script_location") is None
    with pytest.raises(CommandError, match="No config file '.*alembic.ini' found"):
        config.get_main_option("script_location")
    config.set_main_option("script_location", "x")
    assert config.get_main_option("script_location") == "x"


def test_attributes_are_the_programs_own_and_copied():
    """What is passed is copied; every Config has attributes of its own."""
    passed = {"connection": object()}
    config = Config(attributes=passed)
    config.attributes["lock"] = 1
    assert config.attributes["connection"] is passed["connection"]
    assert "lock" not in passed
    assert Config().attributes == {}


def test_stdout_is_the_present_one_unless_given(capsys):
    """A stream put in the place of sys.stdout later is used, a given one before it."""
    Config().print_stdout("%s and %s", "a", "b")
    Config().print_stdout("100% %s")
    buffer = io.StringIO()
    Config(stdout=buffer).print_stdout("x")
    assert capsys.readouterr().out == "a and b\n100% %s\n"
    assert buffer.getvalue() == "x\n"


def test_quiet_silences_a_config(capsys):
    """`-q` on the command line reaches print_stdout and the messages."""
    config = Config(cmd_opts=Namespace(quiet=True))
    config.print_stdout("x")
    assert capsys.readouterr().out == ""
    assert config.messaging_opts == {"quiet": True}
    assert Config(cmd_opts=Namespace()).messaging_opts == {"quiet": False}
    assert Config(cmd_opts=SimpleNamespace(x=["a=b"])).messaging_opts["quiet"] is False


def test_subclass_may_keep_templates_elsewhere_and_skip_our_constructor():
    """A Config subclassed as Flask-Migrate does works."""

    class Theirs(Config):
        def __init__(self, *args, **kwargs):
            self.template_directory = kwargs.pop("template_directory", None)
            super().__init__(*args, **kwargs)

        def get_template_directory(self):
            return self.template_directory or "/nowhere"

    config = Theirs("alembic.ini", template_directory="/templates")
    assert config.get_template_directory() == "/templates"
    assert config._get_template_path() == Path("/templates")


def test_default_template_directory_holds_the_five_templates():
    """The templates come with the package."""
    assert {
        path.name for path in Path(Config().get_template_directory()).iterdir()
    } == {
        "async",
        "generic",
        "multidb",
        "pyproject",
        "pyproject_async",
    }


def test_paths_are_kept_as_text(tmp_path):
    """File names given as paths are read back as str."""
    config = Config(tmp_path / "a.ini", toml_file=tmp_path / "b.toml")
    assert config.config_file_name == str(tmp_path / "a.ini")
    assert config.toml_file_name == str(tmp_path / "b.toml")
    assert config._config_file_path == tmp_path / "a.ini"
    assert config._toml_file_path == tmp_path / "b.toml"


def test_toml_file_as_the_first_argument_is_read_as_toml(tmp_path):
    """Config("pyproject.toml") means what it says."""
    path = tmp_path / "pyproject.toml"
    path.write_text('[tool.alembic]\nscript_location = "a"\n', encoding="utf-8")
    assert Config(str(path)).get_alembic_option("script_location") == "a"


# -- percent signs


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("postgresql://u:p%40ss@h/d", "postgresql://u:p%40ss@h/d"),
        ("postgresql://u:p@ss@h/d", "postgresql://u:p@ss@h/d"),
        ("postgresql://u:p%%40ss@h/d", "postgresql://u:p%40ss@h/d"),
        ("100%", "100%"),
        ("%", "%"),
        ("%%", "%"),
        ("a%%b%c", "a%%b%c"),
        ("%(", "%("),
        ("%(half", "%(half"),
        ("%()s", "%()s"),
        ("%(name)d", "%(name)d"),
        ("%(here)s/x", "./x"),
    ],
)
def test_percent_signs_need_no_escaping_in_what_a_program_sets(value, expected):
    """A URL passes as it is; a value that was escaped for INI keeps its meaning."""
    config = Config()
    config.set_main_option("sqlalchemy.url", value)
    assert config.get_main_option("sqlalchemy.url") == expected
    assert config.get_section("alembic")["sqlalchemy.url"] == expected


@given(st.text(alphabet="%()sdae:/@4"))
def test_any_text_without_ini_syntax_comes_back_as_it_was(value):
    """Nothing that a program sets makes set_main_option fail."""
    config = Config()
    config.set_main_option("x", value)
    if "%%" not in value and "%(" not in value:
        assert config.get_main_option("x") == value


@pytest.mark.parametrize("value", [None, 5])
def test_option_values_must_be_strings(value):
    """As in a ConfigParser."""
    with pytest.raises(TypeError):
        Config().set_main_option("x", value)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("u:secret%40x", "holds a percent sign that stands alone; write it as %%"),
        ("secret%(nope)s", r"refers to '%\(nope\)s', which is not set"),
    ],
)
def test_unreadable_percent_sign_in_a_file_is_explained_without_the_value(
    ini, value, message
):
    """The error names file, section and option, and keeps a password to itself."""
    config = ini(f"[alembic]\nsqlalchemy.url = {value}\n")
    for read in (
        lambda: config.get_main_option("sqlalchemy.url"),
        lambda: config.get_alembic_option("sqlalchemy.url"),
        lambda: config.get_section("alembic"),
    ):
        with pytest.raises(CommandError, match=message) as caught:
            read()
        assert "secret" not in str(caught.value)
        assert "'sqlalchemy.url' in section [alembic]" in str(caught.value)


# -- INI


def test_here_is_the_folder_of_the_file_with_forward_slashes(ini, tmp_path):
    """%(here)s can be used in every section."""
    config = ini("[alembic]\nx = %(here)s/a\n[other]\ny = %(here)s/b\n")
    assert config.get_main_option("x") == f"{tmp_path.as_posix()}/a"
    assert config.get_section_option("other", "y") == f"{tmp_path.as_posix()}/b"
    assert config.get_main_option("here") == tmp_path.as_posix()


def test_relative_file_name_still_gives_an_absolute_here(tmp_path, monkeypatch):
    """The folder does not change with the working directory."""
    (tmp_path / "alembic.ini").write_text("[alembic]\nx = %(here)s\n")
    monkeypatch.chdir(tmp_path)
    assert Config("alembic.ini").get_main_option("x") == tmp_path.as_posix()


def test_config_args_can_be_used_in_the_file(ini):
    """Values passed by a program are variables of the INI file."""
    config = ini(
        "[alembic]\nx = %(tenant)s/%(n)s\n", config_args={"tenant": "t", "n": 3}
    )
    assert config.get_main_option("x") == "t/3"


def test_other_section_of_the_file(ini):
    """ini_section chooses which section holds the options."""
    config = ini("[alembic]\nx = 1\n[second]\nx = 2\n", ini_section="second")
    assert config.get_main_option("x") == "2"
    assert config.config_ini_section == "second"


def test_section_is_a_dictionary_of_the_callers_own(ini):
    """env.py may change what get_section returns."""
    config = ini("[alembic]\nsqlalchemy.url = a\n")
    section = config.get_section("alembic")
    section["sqlalchemy.url"] = "b"
    assert config.get_main_option("sqlalchemy.url") == "a"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"script_location = x\n", "is not a valid INI file: .*no section headers"),
        (b"[alembic]\na = 1\na = 2\n", "is not a valid INI file: .*already exists"),
        (b"[alembic]\na = \xe9\n", "cannot be read as utf-8: byte 0xe9 at position 14"),
    ],
)
def test_unreadable_ini_file_is_one_line(tmp_path, content, message):
    """What is wrong with the file and where, on one line."""
    path = tmp_path / "alembic.ini"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=message) as caught:
        Config(str(path)).get_main_option("a")
    assert "\n" not in str(caught.value)
    assert "alembic.ini" in str(caught.value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("true", True),
        ("True", True),
        ("yes", True),
        ("1", True),
        ("on", True),
        ("false", False),
        ("0", False),
        ("", False),
    ],
)
def test_boolean_option_in_an_ini_file(ini, value, expected):
    """The usual words for true and false, in any case."""
    config = ini(f"[alembic]\nsourceless = {value}\n")
    assert config.get_alembic_boolean_option("sourceless") is expected
    assert config.get_alembic_boolean_option("not_there") is False


def test_boolean_option_that_is_neither(ini):
    """A word that is no truth value is refused, by name."""
    with pytest.raises(
        CommandError, match=r"'sourceless' in section \[alembic\] must be true or false"
    ):
        ini("[alembic]\nsourceless = banana\n").get_alembic_boolean_option("sourceless")


# -- TOML


def test_toml_values_keep_their_types(toml, tmp_path):
    """Lists, numbers and truth values are what TOML says; %(here)s is replaced."""
    config = toml(
        "[tool.alembic]\n"
        'script_location = "%(here)s/migrations"\n'
        "truncate_slug_length = 10\n"
        "sourceless = true\n"
        'version_locations = ["%(here)s/a", "b"]\n'
        'prepend_sys_path = ["."]\n'
        'file_template = "%%(rev)s_%%(slug)s"\n'
    )
    here = tmp_path.as_posix()
    assert config.get_alembic_option("script_location") == f"{here}/migrations"
    assert config.get_alembic_option("truncate_slug_length") == 10
    assert config.get_alembic_boolean_option("sourceless") is True
    assert config.get_version_locations_list() == [f"{here}/a", "b"]
    assert config.get_prepend_sys_paths_list() == ["."]
    assert config.get_alembic_option("file_template") == "%(rev)s_%(slug)s"
    assert config.get_alembic_option("not_there", "default") == "default"
    assert config.get_main_option("script_location") is None


def test_percent_signs_in_toml_stand_for_themselves(toml):
    """A file name template needs no doubled percent signs, but may have them."""
    config = toml('[tool.alembic]\na = "%(rev)s"\nb = "50%"\nc = "50%%"\n')
    assert [config.get_alembic_option(name) for name in "abc"] == [
        "%(rev)s",
        "50%",
        "50%",
    ]


def test_ini_goes_before_toml(toml):
    """An option that both files hold comes from the INI file."""
    config = toml(
        '[tool.alembic]\nscript_location = "t"\ntimezone = "UTC"\n',
        "[alembic]\nscript_location = i\nsqlalchemy.url = sqlite://\n",
    )
    assert config.get_alembic_option("script_location") == "i"
    assert config.get_alembic_option("timezone") == "UTC"
    assert config.get_alembic_option("sqlalchemy.url") == "sqlite://"


def test_toml_file_that_is_missing_or_silent_is_empty(toml, tmp_path):
    """Neither a missing file nor one without [tool.alembic] is an error."""
    assert Config(toml_file=tmp_path / "none.toml").toml_alembic_config == {}
    assert toml("[tool.other]\n").toml_alembic_config == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool.alembic\n", "Incorrect TOML format: '.*pyproject.toml' is not a valid"),
        (
            "[tool]\nalembic = 5\n",
            "Incorrect TOML format: 'alembic' in .* is not a table",
        ),
        ("tool = 5\n", "Incorrect TOML format: 'tool' in .* is not a table"),
    ],
)
def test_unreadable_toml_file_is_one_line(toml, text, message):
    """What is wrong with the file, on one line."""
    with pytest.raises(CommandError, match=message) as caught:
        toml(text).get_alembic_option("script_location")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", ['"true"', "1"])
def test_boolean_option_in_toml_must_be_one(toml, value):
    """A text or a number is no truth value in TOML."""
    with pytest.raises(
        CommandError, match="boolean value expected for TOML parameter 'sourceless'"
    ):
        toml(f"[tool.alembic]\nsourceless = {value}\n").get_alembic_boolean_option(
            "sourceless"
        )


@pytest.mark.parametrize("value", ['"a:b"', "5", "[1]"])
def test_paths_in_toml_must_be_a_list(toml, value):
    """The error shows how to write it."""
    config = toml(f"[tool.alembic]\nversion_locations = {value}\n")
    with pytest.raises(CommandError, match="must be a list of strings, such as"):
        config.get_version_locations_list()


# -- lists of paths

SEPARATORS = [
    ("os", f"a b{os.pathsep} c", ["a b", "c"]),
    (":", "a:b: c d", ["a", "b", "c d"]),
    (";", "a;b ; c:d;", ["a", "b", "c:d"]),
    ("space", "a b\n c", ["a", "b", "c"]),
    ("newline", "\n a\n b c\n", ["a", "b c"]),
]


@pytest.mark.parametrize(("separator", "text", "expected"), SEPARATORS)
@pytest.mark.parametrize(
    ("option", "method"),
    [
        ("version_locations", "get_version_locations_list"),
        ("prepend_sys_path", "get_prepend_sys_paths_list"),
    ],
)
def test_path_separator_splits_both_lists(
    ini, separator, text, expected, option, method
):
    """The same rule for version_locations and prepend_sys_path."""
    value = text.replace("\n", "\n   ")
    config = ini(f"[alembic]\npath_separator = {separator}\n{option} = {value}\n")
    assert getattr(config, method)() == expected


@pytest.mark.parametrize(
    ("option", "method", "text", "expected"),
    [
        (
            "version_locations",
            "get_version_locations_list",
            "a, b c:d",
            ["a", "b", "c:d"],
        ),
        (
            "prepend_sys_path",
            "get_prepend_sys_paths_list",
            "a, b c:d",
            ["a", "b", "c", "d"],
        ),
    ],
)
def test_without_a_separator_the_old_rules_hold_with_a_warning(
    ini, option, method, text, expected
):
    """Blanks and commas part paths, and colons too in prepend_sys_path."""
    config = ini(f"[alembic]\n{option} = {text}\n")
    with pytest.warns(
        DeprecationWarning,
        match=f"No path_separator found in configuration; .* for {option}.  Consider",
    ):
        assert getattr(config, method)() == expected


def test_version_path_separator_still_works_with_a_warning(ini):
    """The older option is used where path_separator is not set, and for no other list."""
    config = ini("[alembic]\nversion_path_separator = :\nversion_locations = a b:c\n")
    with pytest.warns(DeprecationWarning, match="version_path_separator .* deprecated"):
        assert config.get_version_locations_list() == ["a b", "c"]
    config.set_main_option("path_separator", "space")
    assert config.get_version_locations_list() == ["a", "b:c"]


@pytest.mark.parametrize("error", [CommandError, ValueError])
def test_invalid_separator_lists_the_valid_ones(ini, error):
    """Programs may catch it as either kind of error."""
    config = ini("[alembic]\npath_separator = |\nversion_locations = a\n")
    with pytest.raises(
        error,
        match="'|' is not a valid value for path_separator; expected 'space', 'newline', "
        "'os', ':', ';'",
    ):
        config.get_version_locations_list()


def test_list_that_is_not_configured_is_none(ini):
    """Neither absent nor empty options give a list."""
    config = ini("[alembic]\nversion_locations =\n")
    assert config.get_version_locations_list() is None
    assert config.get_prepend_sys_paths_list() is None


# -- write hooks


def test_hooks_of_an_ini_file(ini, tmp_path):
    """Each hook with its own options, in the order of the list."""
    config = ini(
        "[post_write_hooks]\nhooks = b, A\nA.type = exec\nA.options = %(here)s\n"
        "b.type = module\nc.type = unused\n"
    )
    assert config.get_hooks_list() == [
        {"type": "module", "_hook_name": "b"},
        {"type": "exec", "options": tmp_path.as_posix(), "_hook_name": "A"},
    ]


def test_hooks_of_a_toml_file(toml, tmp_path):
    """Each table is a hook; its name is kept beside its options."""
    config = toml(
        '[[tool.alembic.post_write_hooks]]\nname = "x"\ntype = "exec"\n'
        'options = "%(here)s 50%%"\n',
        "[alembic]\n[post_write_hooks]\n",
    )
    assert config.get_hooks_list() == [
        {"type": "exec", "options": f"{tmp_path.as_posix()} 50%", "_hook_name": "x"}
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('post_write_hooks = {name = "x"}', "must be a list of tables"),
        ('post_write_hooks = [{type = "exec"}]', "Write hook number 1 .* has no name"),
    ],
)
def test_malformed_hooks_of_a_toml_file(toml, text, message):
    """What is wrong, and how it is written."""
    with pytest.raises(CommandError, match=message):
        toml(f"[tool.alembic]\n{text}\n").get_hooks_list()


def test_no_hooks():
    """A project without hooks has an empty list."""
    assert Config().get_hooks_list() == []


def test_file_config_is_a_config_parser(ini):
    """Programs use it directly."""
    config = ini("[alembic]\nx = 1\n")
    assert isinstance(config.file_config, ConfigParser)
    assert config.file_config.get("alembic", "x") == "1"


# -- options that are needed


def test_missing_option_is_explained_by_where_it_could_be(ini, toml, tmp_path):
    """What to do depends on which files there are."""

    def explained(config):
        return config.explain_missing("script_location")

    start = "No 'script_location' key found in configuration. "
    assert explained(Config()) == start + (
        "Set it with Config.set_main_option('script_location', ...)"
    )
    assert "begin a project with 'alembic init migrations'" in explained(
        Config(tmp_path / "alembic.ini")
    )
    assert explained(ini("[alembic]\n")) == start + (
        f"Add it to section [alembic] of '{tmp_path / 'alembic.ini'}'"
    )
    assert "has no section [other]; name another one with -n" in explained(
        ini("[alembic]\n", ini_section="other")
    )
    assert "Add it to [tool.alembic] in" in explained(
        toml('[tool.alembic]\ntimezone = "UTC"\n', "[alembic]\n")
    )

"""No password reaches a line that is printed, whatever characters it is made of."""

from __future__ import annotations

import sys
from urllib.parse import quote
from urllib.parse import quote_plus
from urllib.parse import unquote

import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import strategies as st

from alembic.cli.explain import explain
from alembic.cli.secrets import known_passwords
from alembic.cli.secrets import without_secrets
from alembic.config import Config
from alembic.config import main
from alembic.util.exc import CommandError

# as long as a password that is known by itself has to be; nothing that the lines
# around it say
PASSWORD = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"]), min_size=6, max_size=12
).map(lambda text: f"Q7{text}")

# how a password gets into a URL: by the book, by another book, or as it is
WRITTEN = [lambda text: quote(text, safe=""), quote_plus, str]


@given(PASSWORD, st.sampled_from(WRITTEN), st.booleans())
@example("Q7a b'c\"d@e:f/g", str, True)
@example("Q7a%40b c", str, False)
def test_passwords_of_urls(password, write, typed):
    """In whole URLs, encoded, decoded, and alone, as drivers and programs put them."""
    written = write(password)
    url = f"postgresql://user:{written}@host:1/db"
    if typed:
        config = Config(cmd_opts=type("Options", (), {"x": [f"url={url}"]})())
    else:
        config = Config()
        config.set_main_option("sqlalchemy.url", url)
    said = (
        f"no {url} there",
        f"password authentication failed for {unquote(written)}",
        f"dsn: host=h password='{unquote(written)}' user=u",
        f"{written} is wrong",
    )
    for text in said:
        for error in (CommandError(text), RuntimeError(text)):
            line = explain(error, config)
            for form in (written, unquote(written)):
                assert form not in line, text
                assert " ".join(form.split()) not in line, text


@given(PASSWORD)
def test_options_that_are_called_passwords(password):
    """An option of one's own, in a section of one's own."""
    config = Config()
    config.set_section_option("database", "db_password", password.replace("%", "%%"))
    assert password not in explain(RuntimeError(f"a {password} b"), config)


def test_short_ones_do_not_blank_the_text():
    """What is shorter than any password should be is masked where it stands only."""
    config = Config()
    config.set_main_option("sqlalchemy.url", "postgresql://user:er@host/db")
    line = explain(RuntimeError("error at postgresql://user:er@host/db"), config)
    assert line.startswith("RuntimeError: error at postgresql://user:***@host/db")


def test_configuration_that_cannot_be_read(tmp_path):
    """It has no passwords, and its own error is the one that is told."""
    path = tmp_path / "alembic.ini"
    path.write_text("no section")
    assert known_passwords(Config(path)) == []
    assert known_passwords(None) == []


def test_passwords_in_toml(tmp_path):
    """At any depth, also in a list."""
    path = tmp_path / "pyproject.toml"
    path.write_text(
        "[tool.alembic]\nurls = ['x://u:first-one@h']\n"
        "[tool.alembic.deep]\npassword = 'second-one'\n"
    )
    config = Config(toml_file=path)
    assert sorted(known_passwords(config)) == ["first-one", "second-one"]


@pytest.mark.parametrize("word", ["password", "PASSWORD", "passwd", "pwd"])
def test_passwords_by_name(word):
    """As they stand in the strings of drivers."""
    assert without_secrets(f"{word}=abc; {word}: 'd e'") == f"{word}=***; {word}: ***"


def test_traceback_of_the_program(tmp_path, monkeypatch, capsys):
    """--raiseerr shows the way to the error, and no password."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scripts" / "versions").mkdir(parents=True)
    (tmp_path / "scripts" / "env.py").write_text(
        "from alembic import context\n"
        "url = context.config.get_main_option('sqlalchemy.url')\n"
        "raise RuntimeError(f'cannot connect to {url}')\n"
    )
    (tmp_path / "alembic.ini").write_text(
        "[alembic]\nscript_location = scripts\npath_separator = os\n"
        "sqlalchemy.url = postgresql://u:very secret@h/d\n"
    )
    monkeypatch.setattr(sys, "argv", ["alembic", "--raiseerr", "current"])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 1
    shown = capsys.readouterr().err
    assert shown.startswith("Traceback")
    assert "env.py" in shown
    assert "RuntimeError: cannot connect to postgresql://u:***@h/d" in shown
    with pytest.raises(RuntimeError):
        main(["--raiseerr", "current"])

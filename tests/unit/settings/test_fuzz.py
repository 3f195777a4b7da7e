"""Whatever a configuration file holds, it is read or refused in one line."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import strategies as st

from alembic.settings import Config
from alembic.util import CommandError

WORDS = st.sampled_from(
    [
        "[alembic]",
        "[tool.alembic]",
        "[post_write_hooks]",
        "[[tool.alembic.post_write_hooks]]",
        "script_location",
        "version_locations",
        "prepend_sys_path",
        "path_separator",
        "sourceless",
        "hooks",
        "name",
        " = ",
        ": ",
        "\n",
        "\n  ",
        "%(here)s",
        "%(",
        "%",
        '"',
        "[",
        "]",
        "{",
        "a, b",
        "true",
        "5",
        "os",
        "#",
        "é",
        "\x00",
        "\ufeff",
    ]
)
TEXTS = st.lists(WORDS, max_size=25).map("".join)

READERS = [
    lambda config: config.get_alembic_option("script_location"),
    lambda config: config.get_alembic_boolean_option("sourceless"),
    lambda config: config.get_section("alembic"),
    lambda config: config.get_version_locations_list(),
    lambda config: config.get_prepend_sys_paths_list(),
    lambda config: config.get_hooks_list(),
]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@given(
    st.one_of(TEXTS.map(str.encode), st.binary()), st.sampled_from([".ini", ".toml"])
)
@example(b"[alembic]\npath_separator = |\nversion_locations = a\n", ".ini")
@example(b"[tool]\nalembic = [[]]\n", ".toml")
def test_any_file_is_read_or_refused(content, suffix):
    """Nothing but a CommandError of one line comes out of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{suffix}"
        path.write_bytes(content)
        for read in READERS:
            try:
                read(Config(path))
            except CommandError as error:
                assert "\n" not in str(error)  # noqa: PT017

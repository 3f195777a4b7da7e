"""Columns out of SHOW CREATE TABLE."""

from __future__ import annotations

import pytest

from alembic.ddl.mysql.definitions import ColumnDefinition
from alembic.ddl.mysql.definitions import find_column
from alembic.ddl.mysql.definitions import parse


def column(type_: str, **kw: object) -> ColumnDefinition:
    """Return a definition with what is given, and nothing else."""
    parts = {
        "charset": "",
        "generated": "",
        "nullable": True,
        "default": None,
        "autoincrement": False,
        "comment": None,
        "rest": "",
    }
    return ColumnDefinition(type=type_, **{**parts, **kw})


@pytest.mark.parametrize(
    ("text", "definition"),
    [
        ("int(11) DEFAULT NULL", column("int(11)")),
        (
            "int(10) unsigned zerofill NOT NULL",
            column("int(10) unsigned zerofill", nullable=False),
        ),
        (
            "varchar(5) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL "
            "DEFAULT 'it''s' COMMENT 'say \"x\", ok'",
            column(
                "varchar(5)",
                charset="CHARACTER SET latin1 COLLATE latin1_bin",
                nullable=False,
                default="'it''s'",
                comment='say "x", ok',
            ),
        ),
        (
            "datetime(3) DEFAULT current_timestamp(3) ON UPDATE current_timestamp(3)",
            column(
                "datetime(3)",
                default="current_timestamp(3) ON UPDATE current_timestamp(3)",
            ),
        ),
        (
            "timestamp NULL DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP",
            column("timestamp", default="ON UPDATE CURRENT_TIMESTAMP"),
        ),
        (
            "int(11) GENERATED ALWAYS AS (`a` + (1)) STORED COMMENT 'c'",
            column(
                "int(11)",
                generated="GENERATED ALWAYS AS (`a` + (1)) STORED",
                comment="c",
            ),
        ),
        (
            "int GENERATED ALWAYS AS (`a`) VIRTUAL NOT NULL",
            column(
                "int", generated="GENERATED ALWAYS AS (`a`) VIRTUAL", nullable=False
            ),
        ),
        ("enum('a','b)c') DEFAULT 'a'", column("enum('a','b)c')", default="'a'")),
        (
            "bigint NOT NULL AUTO_INCREMENT",
            column("bigint", nullable=False, autoincrement=True),
        ),
        (
            "int(11) INVISIBLE DEFAULT 3 CHECK (`b` > 1)",
            column("int(11)", default="3", rest="INVISIBLE CHECK (`b` > 1)"),
        ),
        (
            "int DEFAULT '1' /*!80023 INVISIBLE */",
            column("int", default="'1'", rest="INVISIBLE"),
        ),
        ("varchar(36) DEFAULT (uuid())", column("varchar(36)", default="(uuid())")),
        ("varchar(36) DEFAULT uuid()", column("varchar(36)", default="uuid()")),
        ("text COMMENT 'it\\'s\\na'", column("text", comment="it's\na")),
        (
            "geometry NOT NULL SRID 4326",
            column("geometry", nullable=False, rest="SRID 4326"),
        ),
    ],
)
def test_definition_is_taken_apart(text: str, definition: ColumnDefinition) -> None:
    """Every clause of a column's definition is found and kept."""
    assert parse(text) == definition


CREATE = """CREATE TABLE `t` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `we``ird, one` varchar(5) DEFAULT 'a,b',
  PRIMARY KEY (`id`),
  KEY `name` (`id`)
) ENGINE=InnoDB"""


def test_column_is_found_in_the_statement() -> None:
    """A column is found by its name, whatever its case, and keys are no columns."""
    found = find_column(CREATE, "WE`ird, one")
    assert found == column("varchar(5)", default="'a,b'")
    assert find_column(CREATE, "id") is not None
    assert find_column(CREATE, "name") is None
    assert find_column(CREATE, "nope") is None

"""Foreign keys: what autogenerate says of a change."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Dict
from typing import List
from typing import Optional
from typing import Sequence
from typing import Tuple

import pytest
from sqlalchemy import Column
from sqlalchemy import ForeignKeyConstraint
from sqlalchemy import Integer
from sqlalchemy import MetaData
from sqlalchemy import String
from sqlalchemy import Table
from sqlalchemy import UniqueConstraint

from ._autogen_fixtures import AutogenFixtureTest
from .base import needs
from .base import PREFIX

CHILD = f"{PREFIX}_child"
PARENT = f"{PREFIX}_parent"
KEY = f"{PREFIX}_fk"

Key = Tuple[Optional[str], Sequence[str], Sequence[str], Dict[str, Any]]
"""The name of a foreign key, its columns, those it refers to, its options."""

ONE: Key = (KEY, ["a"], ["x"], {})
TWO: Key = (KEY, ["a", "b"], ["y", "z"], {})

ADD_ONE = ("add_fk", KEY, ["a"], ["x"])
REMOVE_ONE = ("remove_fk", KEY, ["a"], ["x"])
ADD_TWO = ("add_fk", KEY, ["a", "b"], ["y", "z"])
REMOVE_TWO = ("remove_fk", KEY, ["a", "b"], ["y", "z"])


def _model(*keys: Key, **column_keys: str) -> MetaData:
    """Return a model of two tables.

    :param keys: the foreign keys.
    :param column_keys: other names by which the model knows columns of the child.
    """
    metadata = MetaData()
    Table(
        PARENT,
        metadata,
        Column("x", String(10), primary_key=True),
        Column("y", String(10)),
        Column("z", String(10)),
        UniqueConstraint("y", "z", name=f"{PREFIX}_uq"),
        mysql_engine="InnoDB",
    )
    child = Table(
        CHILD,
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("a", String(10), key=column_keys.get("a", "a")),
        Column("b", String(10), key=column_keys.get("b", "b")),
        mysql_engine="InnoDB",
    )
    for name, columns, referred, options in keys:
        child.append_constraint(
            ForeignKeyConstraint(
                [column_keys.get(column, column) for column in columns],
                [f"{PARENT}.{column}" for column in referred],
                name=name,
                **options,
            )
        )
    return metadata


class _KeysTest(AutogenFixtureTest):
    __test__ = False

    def _said(self, before: MetaData, after: MetaData, **arguments: Any) -> List[Any]:
        """Return what is said of foreign keys: what to do, name, columns, referred."""
        found: Any = self._fixture(before, after, **arguments)
        return [
            (
                kind,
                constraint.name,
                [column.name for column in constraint.columns],
                [element.column.name for element in constraint.elements],
            )
            for kind, constraint in (each for each in found if each[0] in _KINDS)
        ]


_KINDS = ("add_fk", "remove_fk")


class AutogenerateForeignKeysTest(_KeysTest):
    """A foreign key comes, goes and stays."""

    @needs("foreign_key_constraint_reflection")
    def test_remove_fk(self) -> None:
        """A key that is gone is removed."""
        assert self._said(_model(ONE), _model()) == [REMOVE_ONE]

    @needs("foreign_key_constraint_reflection")
    def test_add_fk(self) -> None:
        """A new key is added."""
        assert self._said(_model(), _model(ONE)) == [ADD_ONE]

    @needs("foreign_key_constraint_reflection")
    def test_no_change(self) -> None:
        """A key that is as it was is nothing to do, though the model has no name."""
        assert self._said(_model(ONE), _model(ONE)) == []
        assert self._said(_model(), _model((None, *ONE[1:]))) == []

    @needs("foreign_key_constraint_reflection")
    def test_no_change_composite_fk(self) -> None:
        """A key of two columns that is as it was is nothing to do."""
        assert self._said(_model(TWO), _model(TWO)) == []

    @needs("fk_ondelete_is_reflected", "foreign_key_name_reflection")
    def test_casing_convention_changed_so_put_drops_first(self) -> None:
        """A key that changes together with its name is removed before it is added."""
        changed: Key = (f"{KEY}_2", ["a"], ["x"], {"ondelete": "CASCADE"})
        assert self._said(_model(ONE), _model(changed)) == [
            REMOVE_ONE,
            ("add_fk", f"{KEY}_2", ["a"], ["x"]),
        ]

    @needs("foreign_key_constraint_reflection")
    def test_add_composite_fk_with_name(self) -> None:
        """A new key of two columns is added."""
        assert self._said(_model(), _model(TWO)) == [ADD_TWO]

    @needs("foreign_key_constraint_reflection")
    def test_remove_composite_fk(self) -> None:
        """A key of two columns that is gone is removed."""
        assert self._said(_model(TWO), _model()) == [REMOVE_TWO]

    @needs("foreign_key_constraint_reflection")
    def test_add_fk_colkeys(self) -> None:
        """A key is added with the names of columns, not those the model uses."""
        assert self._said(_model(), _model(TWO, a="first", b="second")) == [ADD_TWO]

    @needs("foreign_key_constraint_reflection")
    def test_no_change_colkeys(self) -> None:
        """Names that only the model uses are no difference."""
        assert self._said(_model(TWO), _model(TWO, a="first", b="second")) == []


class AutogenerateFKOptionsTest(_KeysTest):
    """An option of a foreign key comes, goes, stays and changes."""

    def _fk_opts_fixture(
        self, old_opts: Dict[str, Any], new_opts: Dict[str, Any]
    ) -> List[Any]:
        """Return what is said when the options of a key change."""
        return self._said(_model((*ONE[:3], old_opts)), _model((*ONE[:3], new_opts)))

    def _same(self, old: Dict[str, Any], new: Optional[Dict[str, Any]] = None) -> None:
        assert self._fk_opts_fixture(old, old if new is None else new) == []

    def _differ(self, old: Dict[str, Any], new: Dict[str, Any]) -> None:
        assert self._fk_opts_fixture(old, new) == [REMOVE_ONE, ADD_ONE]

    # -- what happens to the child

    @needs("fk_ondelete_is_reflected")
    def test_add_ondelete(self) -> None:
        """ON DELETE where there was none is found."""
        self._differ({}, {"ondelete": "cascade"})

    @needs("fk_ondelete_is_reflected")
    def test_remove_ondelete(self) -> None:
        """ON DELETE that is gone is found."""
        self._differ({"ondelete": "CASCADE"}, {})

    @needs("fk_ondelete_is_reflected")
    def test_nochange_ondelete(self) -> None:
        """How ON DELETE is written is no difference."""
        self._same({"ondelete": "CASCADE"}, {"ondelete": "cascade"})

    @needs("fk_ondelete_is_reflected", "fk_ondelete_restrict")
    def test_nochange_ondelete_restrict(self) -> None:
        """ON DELETE RESTRICT stays."""
        self._same({"ondelete": "RESTRICT"}, {"ondelete": "restrict"})

    @needs("fk_ondelete_is_reflected", "fk_ondelete_noaction")
    def test_nochange_ondelete_noaction(self) -> None:
        """ON DELETE NO ACTION stays."""
        self._same({"ondelete": "NO ACTION"}, {"ondelete": "no action"})

    @needs("fk_ondelete_is_reflected", "fk_ondelete_restrict")
    def test_change_ondelete_from_restrict(self) -> None:
        """ON DELETE with another action is found."""
        self._differ({"ondelete": "RESTRICT"}, {"ondelete": "cascade"})

    @needs("fk_onupdate_is_reflected", "fk_onupdate")
    def test_add_onupdate(self) -> None:
        """ON UPDATE where there was none is found."""
        self._differ({}, {"onupdate": "cascade"})

    @needs("fk_onupdate_is_reflected", "fk_onupdate")
    def test_remove_onupdate(self) -> None:
        """ON UPDATE that is gone is found."""
        self._differ({"onupdate": "CASCADE"}, {})

    @needs("fk_onupdate_is_reflected", "fk_onupdate")
    def test_nochange_onupdate(self) -> None:
        """How ON UPDATE is written is no difference."""
        self._same({"onupdate": "CASCADE"}, {"onupdate": "cascade"})

    @needs("fk_onupdate_is_reflected", "fk_onupdate_restrict")
    def test_nochange_onupdate_restrict(self) -> None:
        """ON UPDATE RESTRICT stays."""
        self._same({"onupdate": "RESTRICT"}, {"onupdate": "restrict"})

    @needs("fk_onupdate_is_reflected", "fk_onupdate")
    def test_nochange_onupdate_noaction(self) -> None:
        """ON UPDATE NO ACTION stays."""
        self._same({"onupdate": "NO ACTION"}, {"onupdate": "no action"})

    @needs("fk_onupdate_is_reflected", "fk_onupdate_restrict")
    def test_change_onupdate_from_restrict(self) -> None:
        """ON UPDATE with another action is found."""
        self._differ({"onupdate": "RESTRICT"}, {"onupdate": "cascade"})

    @needs("fk_ondelete_is_reflected", "fk_onupdate_is_reflected", "fk_onupdate")
    def test_ondelete_onupdate_combo(self) -> None:
        """Of two actions one changes."""
        self._differ(
            {"onupdate": "CASCADE", "ondelete": "SET NULL"},
            {"onupdate": "CASCADE", "ondelete": "CASCADE"},
        )

    # -- when it is checked

    @needs("fk_deferrable_is_reflected", "fk_initially")
    def test_add_initially_deferred(self) -> None:
        """INITIALLY DEFERRED where there was none is found."""
        self._differ({}, {"initially": "deferred"})

    @needs("fk_deferrable_is_reflected", "fk_initially")
    def test_remove_initially_deferred(self) -> None:
        """INITIALLY DEFERRED that is gone is found."""
        self._differ({"initially": "deferred"}, {})

    @needs("fk_deferrable_is_reflected", "fk_deferrable")
    def test_add_deferrable(self) -> None:
        """DEFERRABLE where there was none is found."""
        self._differ({}, {"deferrable": True})

    @needs("fk_deferrable_is_reflected", "fk_deferrable")
    def test_remove_deferrable(self) -> None:
        """DEFERRABLE that is gone is found."""
        self._differ({"deferrable": True}, {})

    @needs("fk_deferrable_is_reflected", "fk_initially")
    def test_add_initially_immediate_plus_deferrable(self) -> None:
        """INITIALLY IMMEDIATE together with DEFERRABLE is found."""
        self._differ({}, {"initially": "immediate", "deferrable": True})

    @needs("fk_deferrable_is_reflected", "fk_initially")
    def test_remove_initially_immediate_plus_deferrable(self) -> None:
        """INITIALLY IMMEDIATE with DEFERRABLE that is gone is found."""
        self._differ({"initially": "immediate", "deferrable": True}, {})

    @needs("fk_deferrable_is_reflected", "fk_initially")
    def test_add_initially_deferrable_nochange_one(self) -> None:
        """DEFERRABLE INITIALLY IMMEDIATE stays."""
        self._same({"deferrable": True, "initially": "immediate"})

    @needs("fk_deferrable_is_reflected", "fk_initially")
    def test_add_initially_deferrable_nochange_two(self) -> None:
        """DEFERRABLE INITIALLY DEFERRED stays."""
        self._same({"deferrable": True, "initially": "deferred"})

    @needs("fk_deferrable_is_reflected", "fk_initially")
    def test_add_initially_deferrable_nochange_three(self) -> None:
        """INITIALLY DEFERRED alone stays."""
        self._same({"initially": "deferred"})


HOOKS = pytest.mark.parametrize("hook_type", ["object", "name"])


class IncludeHooksTest(_KeysTest):
    """Hooks of env.py keep foreign keys out of sight."""

    def _hooked(self, hook_type: str) -> Dict[str, Callable[..., bool]]:
        """Return the hook that leaves one key out, as an argument for ``_fixture``."""

        def by_object(
            obj: Any, name: Any, type_: str, reflected: bool, compare_to: Any
        ) -> bool:
            return not (type_ == "foreign_key_constraint" and name == KEY)

        def by_name(name: Any, type_: str, parents: Any) -> bool:
            return not (type_ == "foreign_key_constraint" and name == KEY)

        if hook_type == "object":
            return {"object_filters": by_object}
        return {"name_filters": by_name}

    @HOOKS
    @needs("foreign_key_name_reflection", "fk_names")
    def test_remove_connection_fk(self, hook_type: str) -> None:
        """A key of the database that is out of sight is not removed."""
        other: Key = (f"{KEY}_2", *TWO[1:])
        found = self._said(_model(ONE, other), _model(), **self._hooked(hook_type))
        assert found == [("remove_fk", f"{KEY}_2", ["a", "b"], ["y", "z"])]

    @needs("foreign_key_name_reflection", "fk_names")
    def test_add_metadata_fk(self) -> None:
        """A key of the model that is out of sight is not added."""
        other: Key = (f"{KEY}_2", *TWO[1:])
        found = self._said(_model(), _model(ONE, other), **self._hooked("object"))
        assert found == [("add_fk", f"{KEY}_2", ["a", "b"], ["y", "z"])]

    @HOOKS
    @needs("fk_ondelete_is_reflected", "foreign_key_name_reflection", "fk_names")
    def test_change_fk(self, hook_type: str) -> None:
        """A key that is out of sight in the database may change unnoticed.

        By its name it is left out of the database alone, so the model's is added.
        """
        before, after = _model(ONE), _model((*ONE[:3], {"ondelete": "CASCADE"}))
        found = self._said(before, after, **self._hooked(hook_type))
        assert found == ([] if hook_type == "object" else [ADD_ONE])

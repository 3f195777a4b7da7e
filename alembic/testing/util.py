"""Small helpers for tests: variants of a test, arguments that come late, metadata."""

from __future__ import annotations

import inspect
from typing import Any
from typing import Callable
from typing import Dict
from typing import Iterator

from sqlalchemy import create_engine
from sqlalchemy import MetaData


def flag_combinations(*combinations: Dict[str, Any]) -> Callable[..., Any]:
    """Run a test once for each dictionary of flags.

    ::

        @flag_combinations({"batch": True}, {"batch": False, "schema": True})
        def test_it(batch, schema): ...

    :param combinations: the flags; one that is left out is False.
    """
    import pytest

    names = list(dict.fromkeys(name for flags in combinations for name in flags))
    return pytest.mark.parametrize(
        names,
        [
            pytest.param(
                *(flags.get(name, False) for name in names),
                id="-".join(name for name in names if flags.get(name)) or "none",
            )
            for flags in combinations
        ],
    )


def resolve_lambda(__fn: Callable[..., Any], **kw: Any) -> Any:
    """Call a function with those of the keywords that it takes.

    Without parameters of its own, it finds the keywords as its global names.
    """
    import types

    wanted = inspect.signature(__fn).parameters
    if wanted:
        return __fn(**{name: kw[name] for name in wanted if name in kw})
    names = dict(__fn.__globals__)
    names.update(kw)
    return types.FunctionType(
        __fn.__code__, names, __fn.__name__, __fn.__defaults__, __fn.__closure__
    )()


def metadata_fixture(ddl: str = "function") -> Callable[..., Any]:
    """Make a pytest fixture of a function that puts tables into a ``MetaData``.

    The tables exist in the database, which the fixture ``alembic_engine`` gives, while
    the fixture is in use::

        @metadata_fixture()
        def accounts(self, metadata):
            return Table("account", metadata, Column("id", Integer, primary_key=True))

    :param ddl: the scope of the fixture.
    """
    import pytest

    def decorate(function: Callable[..., Any]) -> Any:
        def run(self: Any, alembic_engine: Any) -> Iterator[Any]:
            metadata = MetaData()
            made = function(self, metadata)
            metadata.create_all(alembic_engine)
            yield made
            metadata.drop_all(alembic_engine)

        run.__doc__ = function.__doc__
        make: Any = pytest.fixture
        return make(scope=ddl, name=function.__name__)(run)

    return decorate


def _testing_engine(url: Any = None, options: Any = None) -> Any:
    """Return a new engine.

    :param url: its URL; an in-memory SQLite database by default.
    :param options: keyword arguments of ``create_engine()``.
    """
    return create_engine(url or "sqlite://", **dict(options or {}))


# pytest takes what is named test... in a test module for a test
_testing_engine.__test__ = False  # type: ignore[attr-defined]
testing_engine = _testing_engine

"""Assertions with the values in their messages, and expected warnings and errors."""

from __future__ import annotations

import contextlib
import functools
import re
import warnings
from typing import Any
from typing import Callable
from typing import Iterator
from typing import List
from typing import Optional
from typing import Tuple
from typing import Type

from sqlalchemy import exc as sa_exc

from ..sqla.driver import dialect_of_url

# -- values


def eq_(a: Any, b: Any, msg: Optional[str] = None) -> None:
    """Assert that ``a == b``.

    :param msg: the message, in place of both values.
    """
    if not a == b:
        raise AssertionError(msg or f"{a!r} != {b!r}")


def ne_(a: Any, b: Any, msg: Optional[str] = None) -> None:
    """Assert that ``a != b``."""
    if not a != b:
        raise AssertionError(msg or f"{a!r} == {b!r}")


def is_(a: Any, b: Any, msg: Optional[str] = None) -> None:
    """Assert that ``a is b``."""
    if a is not b:
        raise AssertionError(msg or f"{a!r} is not {b!r}")


def is_not_(a: Any, b: Any, msg: Optional[str] = None) -> None:
    """Assert that ``a is not b``."""
    if a is b:
        raise AssertionError(msg or f"{a!r} is {b!r}")


def is_true(a: Any, msg: Optional[str] = None) -> None:
    """Assert that ``a`` is true, as ``if a:`` tells."""
    if not a:
        raise AssertionError(msg or f"{a!r} is not true")


def is_false(a: Any, msg: Optional[str] = None) -> None:
    """Assert that ``a`` is false, as ``if not a:`` tells."""
    if a:
        raise AssertionError(msg or f"{a!r} is not false")


def eq_ignore_whitespace(a: str, b: str, msg: Optional[str] = None) -> None:
    """Assert that two texts are the same but for line breaks and runs of blanks."""
    eq_(_on_one_line(a), _on_one_line(b), msg)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


# -- errors


class _ErrorContainer:
    """What ``with expect_raises(...) as caught`` gives; ``caught.error`` is the error.

    It is None until the block has ended.
    """

    error: Optional[BaseException] = None


_Errors = Any  # a class of errors, or a tuple of them


def assert_raises(
    except_cls: _Errors, callable_: Callable[..., Any], *args: Any, **kw: Any
) -> BaseException:
    """Call a function and assert that it raises.

    An error raised while another was handled must name its cause (``raise ... from``).

    :param except_cls: the class of errors, or a tuple of classes.
    :param callable_: what to call, with the arguments that follow.
    :return: the error.
    """
    return _raised(except_cls, None, True, callable_, args, kw)


def assert_raises_context_ok(
    except_cls: _Errors, callable_: Callable[..., Any], *args: Any, **kw: Any
) -> BaseException:
    """Do as `assert_raises`, with or without a cause."""
    return _raised(except_cls, None, False, callable_, args, kw)


def assert_raises_message(
    except_cls: _Errors,
    msg: str,
    callable_: Callable[..., Any],
    *args: Any,
    **kwargs: Any,
) -> BaseException:
    """Call a function and assert that it raises with a message.

    :param except_cls: the class of errors, or a tuple of classes.
    :param msg: a regular expression that is searched for in the message.
    :param callable_: what to call, with the arguments that follow.
    :return: the error.
    """
    return _raised(except_cls, msg, True, callable_, args, kwargs)


def assert_raises_message_context_ok(
    except_cls: _Errors,
    msg: str,
    callable_: Callable[..., Any],
    *args: Any,
    **kwargs: Any,
) -> BaseException:
    """Do as `assert_raises_message`, with or without a cause."""
    return _raised(except_cls, msg, False, callable_, args, kwargs)


def _raised(
    except_cls: _Errors,
    msg: Optional[str],
    check_context: bool,
    callable_: Callable[..., Any],
    args: Tuple[Any, ...],
    kw: Any,
) -> BaseException:
    with _expect(except_cls, msg, check_context, False) as caught:
        callable_(*args, **kw)
    assert caught.error is not None
    return caught.error


def expect_raises(
    except_cls: _Errors, check_context: bool = True
) -> contextlib.AbstractContextManager[_ErrorContainer]:
    """Assert that a block raises.

    :param except_cls: the class of errors, or a tuple of classes.
    :param check_context: an error raised while another was handled must name its cause.
    :return: a context manager; what it gives has the error as ``.error`` afterwards.
    """
    return _expect(except_cls, None, check_context, False)


def expect_raises_message(
    except_cls: _Errors,
    msg: str,
    check_context: bool = True,
    text_exact: bool = False,
) -> contextlib.AbstractContextManager[_ErrorContainer]:
    """Assert that a block raises with a message.

    :param except_cls: the class of errors, or a tuple of classes.
    :param msg: a regular expression that is searched for in the message.
    :param check_context: an error raised while another was handled must name its cause.
    :param text_exact: ``msg`` is the whole message, not an expression.
    :return: a context manager; what it gives has the error as ``.error`` afterwards.
    """
    return _expect(except_cls, msg, check_context, text_exact)


@contextlib.contextmanager
def _expect(
    except_cls: _Errors, msg: Optional[str], check_context: bool, text_exact: bool
) -> Iterator[_ErrorContainer]:
    caught = _ErrorContainer()
    # a handler around this block is not the business of the error
    outer = _being_handled()
    try:
        yield caught
    except except_cls as error:
        caught.error = error
        said = str(error)
        if msg is not None:
            same = said == msg if text_exact else re.search(msg, said, re.UNICODE)
            if not same:
                raise AssertionError(f"{msg} !~ {said}") from error
        if check_context and _lacks_cause(error, outer):
            raise AssertionError(
                f"Exception {error!r} was raised while {error.__context__!r} was "
                "handled, but does not name it as its cause; use 'raise ... from'"
            ) from error
    else:
        raise AssertionError("Callable did not raise an exception")


def _being_handled() -> Optional[BaseException]:
    import sys

    return sys.exc_info()[1]


def _lacks_cause(error: BaseException, outer: Optional[BaseException]) -> bool:
    context = error.__context__
    return (
        context is not None
        and context is not outer
        and error.__cause__ is None
        and not error.__suppress_context__
    )


# -- warnings


def expect_warnings(
    *messages: str, **kw: Any
) -> contextlib.AbstractContextManager[None]:
    """Assert that a block emits warnings.

    Other warnings are handed on.

    :param messages: regular expressions, each of which a warning's message must begin
        with; without any, warnings of the kind are swallowed.
    :param kw: ``assert_=False``: the warnings may come or not; ``regex=False``: the
        messages are plain text.
    """
    return _expect_warnings((sa_exc.SAWarning, UserWarning), messages, **kw)


def expect_deprecated(
    *messages: str, **kw: Any
) -> contextlib.AbstractContextManager[None]:
    """Assert that a block emits a ``DeprecationWarning``; see `expect_warnings`."""
    return _expect_warnings((DeprecationWarning,), messages, **kw)


def expect_sqlalchemy_deprecated(
    *messages: str, **kw: Any
) -> contextlib.AbstractContextManager[None]:
    """Assert that a block uses what SQLAlchemy is about to drop."""
    return _expect_warnings((sa_exc.SADeprecationWarning,), messages, **kw)


def emits_warning(*messages: str) -> Callable[..., Any]:
    """Decorate a test that may emit warnings, which are swallowed."""
    return _around(lambda: expect_warnings(*messages, assert_=False))


def emits_python_deprecation_warning(*messages: str) -> Callable[..., Any]:
    """Decorate a test that may emit a ``DeprecationWarning``, which is swallowed."""
    return _around(lambda: expect_deprecated(*messages, assert_=False))


def uses_deprecated(*messages: str) -> Callable[..., Any]:
    """Decorate a test that may use what SQLAlchemy is about to drop."""
    return _around(lambda: expect_sqlalchemy_deprecated(*messages, assert_=False))


def _around(manager: Callable[[], Any]) -> Callable[..., Any]:
    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def run(*args: Any, **kw: Any) -> Any:
            with manager():
                return function(*args, **kw)

        return run

    return decorate


@contextlib.contextmanager
def _expect_warnings(
    categories: Tuple[Type[Warning], ...],
    messages: Tuple[str, ...],
    regex: bool = True,
    assert_: bool = True,
) -> Iterator[None]:
    with warnings.catch_warnings(record=True) as recorded:  # noqa: TID251
        warnings.simplefilter("always")
        yield
    seen = set()
    others: List[warnings.WarningMessage] = []
    for warning in recorded:
        matching = [
            message
            for message in messages
            if (re.match(message, str(warning.message)) if regex else None)
            or message == str(warning.message)
        ]
        expected = issubclass(warning.category, categories)
        if expected and (matching or not messages):
            seen.update(matching)
        else:
            others.append(warning)
    for warning in others:
        warnings.warn_explicit(
            warning.message, warning.category, warning.filename, warning.lineno
        )
    missing = [message for message in messages if message not in seen]
    if assert_ and missing:
        raise AssertionError(f"Warnings were not seen: {', '.join(map(repr, missing))}")


# -- dialects


def _get_dialect(name: Optional[str]) -> Any:
    """Return a new dialect by its name; ``default`` is SQLAlchemy's plain one."""
    if name is None or name == "default":
        from sqlalchemy.engine.default import DefaultDialect

        return DefaultDialect()
    return dialect_of_url(f"{name}://")

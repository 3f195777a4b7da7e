"""Requests that a run ends early."""

from __future__ import annotations

import threading
from contextvars import copy_context

import pytest

from alembic.util.interruption import checkpoint
from alembic.util.interruption import Interrupted
from alembic.util.interruption import Interruption


def test_nothing_is_asked():
    """Without a request a checkpoint does nothing."""
    checkpoint()


def test_asked_in_one_thread_and_seen_in_another():
    """A request reaches the threads that got the context, and no other code."""
    interruption = Interruption()
    context = copy_context()
    context.run(interruption.install)
    context.run(checkpoint)
    seen = []

    def run():
        with pytest.raises(Interrupted):
            context.run(checkpoint)
        seen.append(True)

    interruption.request()
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert seen == [True]
    checkpoint()


def test_passes_by_handlers():
    """An `except Exception` of an env.py does not hold a request back."""
    assert not issubclass(Interrupted, Exception)

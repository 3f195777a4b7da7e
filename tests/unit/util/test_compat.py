"""Claims about what different versions of Python do in their own way."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from datetime import timedelta

import pytest

from alembic.util import compat


def test_local_time() -> None:
    """It is the time, and of the class that everybody knows."""
    before, now, after = datetime.now(), compat.local_time(), datetime.now()
    assert type(now) is datetime
    assert now.tzinfo is None
    assert before - timedelta(seconds=1) <= now <= after + timedelta(seconds=1)


@pytest.mark.parametrize(
    "before", ["pass", "import sys; sys.modules['_datetime'] = None"]
)
def test_local_time_before_all_else(before: str) -> None:
    """The module datetime may be loaded later, or be all that there is."""
    code = (
        f"{before}\nfrom alembic.util.compat import local_time; now = local_time()\n"
        "import datetime; print(type(now) is datetime.datetime)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, check=True
    )
    assert done.stdout.decode().split() == ["True"]

"""The built site, made once for all workers of a session."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import servers
from tests.support.transcript import ROOT


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the site, built as `make docs` does, warnings being errors."""
    for name in ("sphinx", "furo", "sphinx_copybutton"):
        pytest.importorskip(name, reason=f"{name}, of the extra docs, builds the site")
    folder = servers.session_folder()
    target, report = folder / "site", folder / "site.txt"
    with servers._locked(folder / "site.lock"):
        if not report.exists():
            done = subprocess.run(
                [
                    *(sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q"),
                    *("-b", "html", "-d", folder / "doctrees", ROOT / "docs", target),
                ],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            report.write_text(done.stdout if done.returncode else "", encoding="utf-8")
    problems = report.read_text(encoding="utf-8")
    assert not problems, problems
    return target

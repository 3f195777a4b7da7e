"""What is shipped: a wheel and an sdist that install and work with nothing else."""

from __future__ import annotations

import subprocess
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

TEMPLATES = ("generic", "async", "multidb", "pyproject", "pyproject_async")


def pip(python, *argv, cwd=ROOT):
    done = subprocess.run(
        [str(python), "-m", "pip", "--disable-pip-version-check", *map(str, argv)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A wheel built from an sdist built from what git would check out."""
    folder = tmp_path_factory.mktemp("dist")
    source = tmp_path_factory.mktemp("source")
    # a copy without what other runs left in the tree, so that builds do not collide
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    for name in listed:
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    build = (
        "from setuptools import build_meta as b; import sys; b.build_sdist(sys.argv[1])"
    )
    environment = tmp_path_factory.mktemp("build-env")
    venv.create(str(environment), with_pip=True)
    python = environment / "bin" / "python"
    pip(python, "install", "--quiet", "setuptools>=61", "wheel")
    subprocess.run(
        [str(python), "-c", build, str(folder)],
        cwd=source,
        check=True,
        capture_output=True,
    )
    [sdist] = folder.glob("*.tar.gz")
    pip(
        python, "wheel", "--quiet", "--no-deps", "--no-build-isolation",
        "--wheel-dir", folder, sdist,
    )  # fmt: skip
    [found] = folder.glob("*.whl")
    return found


def test_wheel_and_sdist_hold_everything(wheel):
    """Both hold the templates, the typing marker and the licence; no tests."""
    [sdist] = wheel.parent.glob("*.tar.gz")
    assert sdist.name == "alembic-1.21.0.tar.gz"
    assert wheel.name == "alembic-1.21.0-py3-none-any.whl"
    in_wheel = set(zipfile.ZipFile(wheel).namelist())
    with tarfile.open(sdist) as archive:
        in_sdist = {name.partition("/")[2] for name in archive.getnames()}
    for name in TEMPLATES:
        for file in ("env.py", "script.py.mako", "README"):
            assert f"alembic/templates/{name}/{file}" in in_wheel & in_sdist
    assert "alembic/py.typed" in in_wheel & in_sdist
    assert any(name.endswith("LICENSE") for name in in_wheel)
    assert not [name for name in in_wheel if name.startswith("tests")]


def test_works_in_an_empty_environment(wheel, tmp_path):
    """Installed with its dependencies alone, the main job runs."""
    venv.create(str(tmp_path / "env"), with_pip=True)
    bin_ = tmp_path / "env" / "bin"
    pip(bin_ / "python", "install", "--quiet", wheel)
    project = tmp_path / "project"
    project.mkdir()

    def alembic(*argv):
        done = subprocess.run(
            [str(bin_ / "alembic"), *argv],
            cwd=project,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "1.21.0" in alembic("--version")
    alembic("init", "migrations")
    ini = project / "alembic.ini"
    lines = [
        "sqlalchemy.url = sqlite:///d.db" if line.startswith("sqlalchemy.url") else line
        for line in ini.read_text().splitlines()
    ]
    ini.write_text("\n".join(lines))
    alembic("revision", "-m", "first")
    alembic("upgrade", "head")
    assert "(head)" in alembic("current")
    alembic("downgrade", "-1")

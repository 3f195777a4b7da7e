"""States of a project from which transcripts begin."""

from __future__ import annotations

import pytest

from tests.support.projects import new_project
from tests.support.projects import Project


@pytest.fixture
def project(terminal) -> Project:
    """A new project without revisions."""
    return new_project(terminal)


@pytest.fixture
def chain(project) -> Project:
    """Three revisions, one after the other: a1, b2, c3."""
    for rev_id in ("a1", "b2", "c3"):
        project.revision(rev_id)
    return project


@pytest.fixture
def fork(project) -> Project:
    """a1, from which b2 (label "left") and c3 go."""
    project.revision("a1")
    project.revision("b2", branch_label="left")
    project.revision("c3", head="a1", splice=True)
    return project

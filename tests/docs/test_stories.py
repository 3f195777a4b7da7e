"""Every code block of the documents does what it shows."""

from __future__ import annotations

import pytest

from tests.support.documents import DOCUMENTS
from tests.support.documents import Reading
from tests.support.documents import stories
from tests.support.starts import begin
from tests.support.starts import ON
from tests.support.starts import ON_SQLITE
from tests.support.transcript import ROOT
from tests.support.versions import needs

pytest.importorskip("docutils", reason="docutils, of the extra docs, reads documents")

# the documents show how things are written with a SQLAlchemy of today
pytestmark = needs("2.0")

ALL = [
    pytest.param(story, id=f"{path.relative_to(ROOT)}:{story.where.split(':')[1]}")
    for path in DOCUMENTS
    for story in stories(path)
    if story.runs
]


@pytest.mark.parametrize("story", ALL)
def test_story(story, tmp_path, fresh_database):
    """Typed in order, the blocks succeed and print what is shown."""
    folder = tmp_path / "shop"
    folder.mkdir()
    given, _, on = story.given.partition(" on ")
    url = fresh_database(ON[on], "").url if on else ON_SQLITE
    begin(given, folder, url)
    Reading(folder).follow(story.blocks)

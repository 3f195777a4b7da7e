"""The built site: whole, and as a reader meets it in a browser."""

from __future__ import annotations

import http.server
import re
import shutil
import threading
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from typing import Dict
from typing import Iterator
from typing import List
from typing import Set
from urllib.parse import unquote
from urllib.parse import urlsplit

import pytest

from tests.support.transcript import ROOT

PAGES = (
    "index",
    "installation",
    "tutorial",
    "autogenerate",
    "branches",
    "production",
    "testing",
    "cookbook/index",
    "cookbook/changes",
    "commands",
    "configuration",
    "operations",
    "compatibility",
    "architecture",
    "changelog",
)

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
    None,
)


class _Page(HTMLParser):
    """Gathers where a page leads and what can be led to in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.targets: List[str] = []
        self.names: Set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        values: Dict[str, Any] = dict(attrs)
        for name in ("id", "name"):
            if values.get(name):
                self.names.add(values[name])
        for name in ("href", "src"):
            if values.get(name):
                self.targets.append(values[name])


def test_links_lead_somewhere(site) -> None:
    """Every link inside of the site leads to a file, and to a place in it."""
    pages = {
        path.resolve(): _Page(path.read_text(encoding="utf-8"))
        for path in site.rglob("*.html")
    }
    assert len(pages) > len(PAGES)
    broken = []
    for path, page in pages.items():
        for target in page.targets:
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                continue
            name = unquote(parts.path)
            found = (path.parent / name).resolve() if name else path
            names = pages[found].names if found in pages else None
            if not found.exists() or (
                parts.fragment and names is not None and parts.fragment not in names
            ):
                broken.append(f"{path.name}: {target}")
    # the buttons of the theme lead to the top of the page in which they stand
    assert [line for line in broken if not line.endswith(": #")] == []


def test_every_page_is_in_a_table_of_contents(site) -> None:
    """All pages named here are there; the list is not about a site of the past."""
    for name in PAGES:
        assert (site / f"{name}.html").is_file(), name


def test_reference_pages_are_complete(site) -> None:
    """Every command and flag, option and operation has its place to be led to."""
    from alembic.config import CommandLine
    from alembic.operations import BatchOperations
    from alembic.operations import Operations

    commands = (site / "commands.html").read_text(encoding="utf-8")
    names = _Page(commands).names
    line = CommandLine("alembic")
    for name, parser in line.subparsers.choices.items():
        assert f"command-{name}" in names
        for action in parser._actions:
            for flag in action.option_strings:
                assert flag == "-h" or flag == "--help" or flag in commands, flag
    options = _Page((site / "configuration.html").read_text(encoding="utf-8")).names
    example = (ROOT / "alembic.ini.example").read_text(encoding="utf-8")
    section = example.partition("[alembic]\n")[2].partition("\n[")[0]
    known = re.findall(r"^(?:# )?([\w.]+) =", section, re.MULTILINE)
    assert len(known) > 15
    assert {f"option-{name}" for name in known} <= options
    operations = _Page((site / "operations.html").read_text(encoding="utf-8")).names
    for class_ in (Operations, BatchOperations):
        for name in vars(class_):
            if not name.startswith("_"):
                assert f"alembic.operations.{class_.__name__}.{name}" in operations


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright, of the extra docs, drives a browser"
    )
    if CHROMIUM is None:
        pytest.skip("there is no Chromium (Debian: apt-get install chromium)")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        started.close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where the site is served."""
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(_Quiet, directory=str(site))
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def tab(browser, address) -> Iterator[Any]:
    """A tab of a desktop's size that must not complain."""
    context = browser.new_context(
        base_url=address, viewport={"width": 1280, "height": 900}
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened = context.new_page()
    complaints: List[str] = []
    opened.on("console", lambda said: complaints.append(f"{said.type}: {said.text}"))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


def test_navigation(tab) -> None:
    """The side bar leads from the first page to any other."""
    tab.goto("/index.html")
    tab.click(".sidebar-tree >> text=Tutorial")
    assert tab.inner_text("h1").startswith("Tutorial")
    tab.click(".sidebar-tree >> text=Cookbook")
    tab.click("article >> text=Rename a column or a table")
    assert "/cookbook/changes.html#" in tab.url


@pytest.mark.parametrize(
    ("words", "page"),
    [("batch", "batch.html"), ("version_locations", "configuration.html")],
)
def test_search(tab, words, page) -> None:
    """A word that is typed leads to the page that explains it."""
    tab.goto("/index.html")
    tab.fill(".sidebar-search", words)
    tab.press(".sidebar-search", "Enter")
    tab.wait_for_selector("#search-results .search-summary")
    tab.wait_for_selector(f"#search-results a[href*='{page}']")


def test_copy_button(tab) -> None:
    """Copying a session takes what is typed, without prompts and answers."""
    tab.goto("/tutorial.html")
    session = tab.locator(".highlight-console", has_text="alembic init").first
    session.hover()
    session.locator("button.copybtn").click()
    tab.wait_for_selector("button.copybtn.success")
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == "alembic init migrations"


def test_pictures(tab) -> None:
    """Drawings are as wide as they need to be and say in words what they show."""
    for page in ("tutorial", "branches", "architecture"):
        tab.goto(f"/{page}.html")
        picture = tab.locator("figure.picture svg")
        assert picture.count() == 1, page
        assert picture.bounding_box()["height"] > 100, page
        assert len(picture.get_attribute("aria-label")) > 40, page


@pytest.mark.parametrize("page", PAGES)
def test_page_fits_a_phone(tab, page) -> None:
    """No page has to be pushed sideways, and its words are large enough to read."""
    tab.set_viewport_size({"width": 375, "height": 700})
    tab.goto(f"/{page}.html")
    assert tab.locator("h1").first.is_visible()
    assert tab.evaluate("document.documentElement.scrollWidth") <= 375
    size = tab.evaluate(
        "parseFloat(getComputedStyle(document.querySelector('article p')).fontSize)"
    )
    assert size >= 15

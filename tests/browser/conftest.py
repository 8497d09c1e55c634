"""Debian's Chromium without a network, and axe. What no page may do is checked for each."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import parts

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = parts.ROOT / "tests" / "independent" / "node_modules" / "axe-core" / "axe.min.js"

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for each file: while it is open, an event loop runs in this thread, and tests
    that need one of their own could not follow.
    """
    path = parts.require("chromium", "apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


class Pages:
    """Opens pages from the reader's disk, and keeps what they must never do."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self._browser = browser
        self._folder = folder
        self._contexts: list[BrowserContext] = []
        self.asked: list[str] = []
        self.complaints: list[str] = []

    def open(self, html: str, *, width: int = 1280, **options: Any) -> Page:
        """Open a page from a file, without a network."""
        context = self._browser.new_context(
            viewport={"width": width, "height": 900}, offline=True, **options
        )
        self._contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self.complaints.append(message.text))
        file = self._folder / f"page-{len(self._contexts)}.html"
        file.write_text(html, encoding="utf-8")
        page.goto(file.as_uri())
        return page

    def close(self) -> None:
        """Close all, and see that none asked the network, failed, or broke its own policy."""
        for context in self._contexts:
            context.close()
        assert [url for url in self.asked if not url.startswith(("file:", "data:", "blob:"))] == []
        assert self.complaints == []


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[OpenPage]:
    """`open_page(html, width=…, color_scheme=…)`; at the end the pages must have behaved."""
    pages = Pages(browser, tmp_path)
    yield pages.open
    pages.close()


@pytest.fixture(scope="module")
def open_once(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenPage]:
    """The same for pages that all tests of a module share."""
    pages = Pages(browser, tmp_path_factory.mktemp("pages"))
    yield pages.open
    pages.close()


@functools.cache
def _axe() -> str:
    if not AXE.exists():
        parts.absent("axe-core", "make test installs it with npm (apt-get install npm)")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """`axe(page)` lists what axe finds: its rules for WCAG 2.2 A and AA, and its best practices."""

    def find(page: Page) -> list[str]:
        page.evaluate(_axe())
        found = page.evaluate("axe.run(document)")
        return [
            f"{one['id']}: {node['html'][:120]} {node['failureSummary']}"
            for one in found["violations"]
            for node in one["nodes"]
        ]

    return find

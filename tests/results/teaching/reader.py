"""A reader of the teaching page: a real Chromium without a network, and everything that went wrong while they read."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, Playwright, Route

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MOST_TABS: Final = 400


def chromium() -> str | None:
    """Path of a Chromium of this machine."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def launched(playwright: Playwright) -> Browser:
    """That Chromium, without its own talk with the world."""
    return playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))


class Reader:
    """Somebody with the page open.

    Attributes:
        page: the tab of the browser.
        problems: errors of the console, exceptions, and requests to anything but the file itself.
    """

    def __init__(self, page: Page, file: Path) -> None:
        self.page, self.file = page, file
        self.problems: list[str] = []
        page.on("console", lambda said: self.problems.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.context.route("**/*", self._asked)

    def _asked(self, route: Route) -> None:
        if route.request.url.startswith(self.file.as_uri()):
            route.continue_()
        else:
            self.problems.append(f"request to {route.request.url}")
            route.abort()

    def open(self, address: str = "#home") -> Page:
        """Open a view by its address, as a link would."""
        self.page.goto("about:blank")
        self.page.goto(self.file.as_uri() + address)
        self.page.wait_for_selector("html[data-ready]")
        return self.page

    @property
    def address(self) -> str:
        """Where the reader is, as the address says."""
        return str(self.page.evaluate("location.hash"))

    def tab_to(self, selector: str) -> None:
        """Press the tab key until something has the focus."""
        for _press in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"the tab key never reaches {selector}")

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def download(self, selector: str) -> tuple[str, bytes]:
        """Name and content of the file that a button hands out."""
        with self.page.expect_download() as waiting:
            self.page.locator(selector).first.click()
        return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


@contextmanager
def reading(browser: Browser, file: Path, **settings: Any) -> Iterator[Reader]:
    """A reader whose network is off; at the end nothing may have gone wrong."""
    context = browser.new_context(offline=True, **{"viewport": {"width": 1280, "height": 860}, **settings})
    try:
        reader = Reader(context.new_page(), file)
        yield reader
        assert reader.problems == []
    finally:
        context.close()

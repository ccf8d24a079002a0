"""A reader of the teaching page: a real browser without a network, and everything that went wrong while they read."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, Playwright, Route

FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NOWHERE: Final = "socks5://127.0.0.1:9"
MOST_TABS: Final = 400
MOST_WAITS, WAIT_MS = 200, 50


def chromium() -> str | None:
    """Path of a Chromium of this machine."""
    return _first_of("chromium", "chromium-browser", "google-chrome")


def firefox() -> str | None:
    """Path of a Firefox of this machine."""
    return _first_of("firefox-esr", "firefox")


def _first_of(*names: str) -> str | None:
    return next((found for name in names if (found := shutil.which(name))), None)


def launched(playwright: Playwright) -> Browser:
    """That Chromium, without its own talk with the world."""
    return playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))


def launched_firefox(playwright: Playwright, folder: Path) -> Browser:
    """That Firefox, whose own talk with the world ends at a proxy that is not there; downloads go to a folder.

    The channel makes Playwright speak WebDriver BiDi, which a stock Firefox understands; without it, the protocol of
    Playwright's own build.
    """
    return playwright.firefox.launch(
        channel="moz-firefox", executable_path=firefox(), proxy={"server": NOWHERE}, downloads_path=folder
    )


class Reader:
    """Somebody with the page open.

    Attributes:
        page: the tab of the browser.
        folder: where downloads arrive of which Playwright is not told (Firefox), or None.
        problems: errors of the console, exceptions, and requests to anything but the file itself.
    """

    def __init__(self, page: Page, file: Path, folder: Path | None = None) -> None:
        self.page, self.file, self.folder = page, file, folder
        self.problems: list[str] = []
        self._opened = 0
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
        """Open a view by its address, as a link would; the number makes the browser load the page anew."""
        self._opened += 1
        self.page.goto(f"{self.file.as_uri()}?{self._opened}{address}")
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
        button = self.page.locator(selector).first
        if self.folder:
            button.click()
            return self._arrived(self.folder)
        with self.page.expect_download() as waiting:
            button.click()
        return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()

    def _arrived(self, folder: Path) -> tuple[str, bytes]:
        for _wait in range(MOST_WAITS):
            for file in folder.iterdir():
                if file.suffix != ".part" and (content := file.read_bytes()):
                    file.unlink()  # or the next one of this name would get another
                    return file.name, content
            self.page.wait_for_timeout(WAIT_MS)
        raise AssertionError("no file arrives")


@contextmanager
def reading(browser: Browser, file: Path, folder: Path | None = None, **settings: Any) -> Iterator[Reader]:
    """A reader whose network is off; at the end nothing may have gone wrong."""
    context = browser.new_context(offline=True, **{"viewport": {"width": 1280, "height": 860}, **settings})
    try:
        reader = Reader(context.new_page(), file, folder)
        yield reader
        assert reader.problems == []
    finally:
        context.close()

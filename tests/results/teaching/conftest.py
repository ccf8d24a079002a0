"""What the tests in a browser share: the invented page, and somebody who reads it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from results.teaching.page import assembled
from tests.results.teaching.invented_page import invented_payload
from tests.results.teaching.reader import Reader, reading


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page, on disk."""
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(assembled(invented_payload()), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def folder() -> Path | None:
    """Where downloads arrive of which Playwright is not told: nowhere, it hears of Chromium's."""
    return None


@pytest.fixture
def reader(browser: Browser, file: Path, folder: Path | None) -> Iterator[Reader]:
    """Somebody in the browser of the module."""
    with reading(browser, file, folder, locale="en-GB") as one:
        yield one

"""The live page in a real Chromium: it opens without the network, plays, freezes, and two sessions share no model."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.results.teaching.reader import chromium, launched
from tests.scenarios.live.test_village import HAMLET

ROOT: Final = Path(__file__).parents[3]
PATIENCE_MS: Final = 120_000
PATIENCE_S: Final = 300

pytest.importorskip("solara", reason="the extra live is not installed: make setup leaves it out, make test has it")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine")]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Address of the page, and the file of what its server says."""
    folder = tmp_path_factory.mktemp("live")
    (folder / "hamlet.toml").write_text(HAMLET, encoding="utf-8")
    port, log = free_port(), folder / "server.log"
    command = [
        sys.executable,
        "-m",
        "scenarios.cli",
        "live",
        "hamlet.toml",
        "--no-browser",
        "--quiet",
        "--port",
        str(port),
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LANGUAGE": "en"}
    with log.open("w", encoding="utf-8") as said:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=said, stderr=said)
        try:
            yield wait_for(f"http://127.0.0.1:{port}", process, log), log
        finally:
            process.terminate()
            process.wait(30)


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> str:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(address, timeout=PATIENCE_S):
                return address
        except (URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError(log.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = launched(playwright)
        yield opened
        opened.close()


def session(browser: Browser, address: str) -> tuple[Page, list[str]]:
    """A browser of its own, with its own cookies; and what went wrong in it."""
    page = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
    page.set_default_timeout(PATIENCE_MS)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    page.on("request", lambda asked: problems.append(asked.url) if is_far(asked.url, address) else None)
    page.goto(address)
    week(page, 0)
    return page, problems


def is_far(url: str, address: str) -> bool:
    return not url.startswith((address, address.replace("http", "ws", 1), "data:", "blob:"))


def week(page: Page, number: int) -> None:
    """Wait until the page says that it is in a week."""
    expect(page.get_by_text(f"Week {number}", exact=True)).to_be_visible(timeout=PATIENCE_MS)


def step(page: Page) -> None:
    page.get_by_role("button", name="Step").click()


def test_the_page_plays_without_the_network_and_sessions_share_no_model(
    server: tuple[str, Path], browser: Browser
) -> None:
    address, log = server
    first, problems = session(browser, address)
    step(first)
    week(first, 1)
    step(first)
    week(first, 2)
    second, more_problems = session(browser, address)  # begins at week 0: a model at module level would be in week 2
    step(second)
    week(second, 1)
    step(first)
    week(first, 3)
    week(second, 1)
    assert first.locator("img").count() >= 2, "a map and the lines"
    frozen_run(first)
    assert problems == []
    assert more_problems == []
    said = log.read_text(encoding="utf-8")
    assert "Traceback" not in said
    assert "Could not load" not in said


def frozen_run(page: Page) -> None:
    """Freeze, change a slider by the keyboard, reset: the new village has the new value, the frozen one stays."""
    page.get_by_role("button", name="Freeze this run").click()
    expect(page.get_by_text("Frozen: 2 physicians, paid as the scenario says, seed 1")).to_be_visible(
        timeout=PATIENCE_MS
    )
    page.get_by_role("slider").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Physicians of home: 3")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Reset").click()
    week(page, 0)
    expect(page.get_by_text("3 physicians, paid as the scenario says, seed 1", exact=True)).to_be_visible(
        timeout=PATIENCE_MS
    )
    expect(page.get_by_text("Frozen: 2 physicians, paid as the scenario says, seed 1")).to_be_visible(
        timeout=PATIENCE_MS
    )

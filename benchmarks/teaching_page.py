"""The teaching page in a browser: how soon it shows, how smoothly it moves, and its pictures for the documentation.

    careteams teach --out page.html
    python -m benchmarks.teaching_page page.html
    python -m benchmarks.teaching_page page.html --pictures docs/images/teaching

Times are those of an installed Chromium without a graphics card and without a network, so that a classroom's laptop is
rather faster.
"""

import argparse
import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.results.teaching.reader import launched, reading

OPENINGS: Final = 5
SECONDS: Final = 5
WIDTH, HEIGHT, TALLEST = 1000, 800, 1900
QUALITY: Final = 34
FRAMES: Final = """seconds => new Promise(resolve => {
  let count = 0;
  const start = performance.now();
  const step = now => {
    count += 1;
    if (now - start < 1000 * seconds) requestAnimationFrame(step);
    else resolve(1000 * count / (now - start));
  };
  requestAnimationFrame(step);
})"""
ANSWERS: Final = "one => one.type === 'radio' ? one.value : String((Number(one.min) + Number(one.max)) / 2)"
STEPS: Final = ("question", "experiment", "result")


def first_views(browser: Browser, file: Path) -> Iterator[float]:
    """Seconds from asking for the file to the first view being there, opening by opening."""
    for _opening in range(OPENINGS):
        with reading(browser, file) as reader:
            start = time.perf_counter()
            reader.open("#home")
            yield time.perf_counter() - start


def frames(browser: Browser, file: Path, address: str) -> float:
    """Frames a second while the map of a view plays."""
    with reading(browser, file) as reader:
        page = reader.open(address)
        page.locator(".player .play").click()
        return float(page.evaluate(FRAMES, SECONDS))


def pictures(browser: Browser, file: Path, folder: Path) -> Iterator[Path]:
    """Each lesson in both languages, step by step, as pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with reading(browser, file, viewport={"width": WIDTH, "height": HEIGHT}, reduced_motion="no-preference") as reader:
        for language in ("en", "fr"):
            page = reader.open(f"#home?lang={language}")
            lessons = page.locator(".card a").evaluate_all("all => all.map(one => one.hash.split('?')[0])")
            yield picture(page, folder / f"home-{language}.webp")
            for number, lesson in enumerate(lessons, start=1):
                page = reader.open(f"{lesson}?lang={language}")
                answer = page.locator(".question input").first.evaluate(ANSWERS)
                for step in STEPS:
                    asked = "" if step == "question" else f"&answer={answer}&step={step}&week=30"
                    page = reader.open(f"{lesson}?lang={language}{asked}")
                    yield picture(page, folder / f"lesson-{number}-{step}-{language}.webp")


def picture(page: Page, path: Path) -> Path:
    """The view as it stands, cut where it gets very long."""
    page.wait_for_timeout(400)
    shown = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    shown.crop((0, 0, shown.width, min(shown.height, TALLEST))).save(path, quality=QUALITY, method=6)
    return path


def main() -> None:
    """Measure, and draw when asked to."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("file", type=Path)
    options.add_argument("--pictures", type=Path)
    asked = options.parse_args()
    file = asked.file.resolve()
    with sync_playwright() as playwright:
        browser = launched(playwright)
        if asked.pictures:
            made = list(pictures(browser, file, asked.pictures))
            print(f"{len(made)} pictures, {sum(path.stat().st_size for path in made) / 1e6:.2f} MB")
            return
        print(f"file: {file.stat().st_size / 1e6:.2f} MB")
        print("first view, s:", ", ".join(f"{seconds:.2f}" for seconds in first_views(browser, file)))
        print(f"one map: {frames(browser, file, '#map?week=20'):.0f} frames/s")


if __name__ == "__main__":
    main()

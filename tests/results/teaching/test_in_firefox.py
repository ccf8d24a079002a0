"""The page in a real Firefox without a network: what the tests do in Chromium, and the lessons as they are told.

Left to Chromium are axe, which reads the same page, and what no driver can ask of Firefox yet: to want no motion, and
to show what it would print.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from results.teaching.page import assembled
from tests.results.teaching.reader import firefox, launched_firefox, reading
from tests.results.teaching.test_in_browser import (  # noqa: F401  run here too, with the browser of this module
    test_a_cell_and_a_team_are_followed_by_a_click_and_let_go_by_another,
    test_a_design_is_chosen_defended_and_taken_away,
    test_a_figure_leaves_as_png_svg_and_csv,
    test_a_link_brings_somebody_else_to_the_same_place,
    test_a_person_is_followed_by_a_click_on_their_home,
    test_all_eight_lessons_are_finished_with_the_keyboard_alone,
    test_every_lesson_is_reached_by_its_address,
    test_later_steps_stay_shut_until_the_question_is_answered,
    test_nothing_sticks_out_on_a_phone_or_enlarged,
    test_the_first_language_is_that_of_the_browser,
    test_the_language_is_switched_in_place,
    test_the_map_is_walked_with_arrows_and_told_to_who_listens,
    test_the_map_leaves_as_a_picture_and_its_weeks_as_a_table,
    test_weeks_go_by_and_the_numbers_follow,
    test_what_goes_wrong_is_noticed,
)
from tests.taught import taught_payload

pytestmark = pytest.mark.skipif(firefox() is None, reason="no Firefox is installed: apt-get install firefox-esr")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="module")
def browser(folder: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = launched_firefox(playwright, folder)
        yield found
        found.close()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_lessons_told_from_runs_of_the_model_open_too(browser: Browser, tmp_path: Path, language: str) -> None:
    payload = taught_payload()
    file = tmp_path / "page.html"
    file.write_text(assembled(payload), encoding="utf-8")
    with reading(browser, file) as reader:
        for lesson in payload["lessons"]:
            page = reader.open(f"#lesson-{lesson['id']}?lang={language}")
            expect(page.locator("h1")).to_have_text(lesson["title"][language])

"""The page in a real Chromium without a network: lessons by keyboard, views by axe, narrow, large, on paper."""

import io
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, expect, sync_playwright

from tests.results.teaching.invented_page import LESSONS
from tests.results.teaching.reader import Reader, chromium, launched, reading

pytestmark = pytest.mark.skipif(chromium() is None, reason="no Chromium is installed: apt-get install chromium")

LANGUAGES = ("en", "fr")
TOOLS = (
    "#home",
    "#map",
    "#map?beside=village/forfait&follow=person:7&week=4",
    "#map?follow=site:0&tint=area",
    "#compare",
    "#compare?theme=access&a=now&b=bonus",
    "#sharing",
    "#luck",
    "#statement",
    "#story",
    "#design",
    "#pairs",
    "#about",
)
STEPS = (
    "#lesson-village",
    "#lesson-forfait",
    "#lesson-village?answer=b&step=result",
    "#lesson-forfait?answer=20&step=result",
    "#lesson-fees?answer=a&step=experiment",
    "#lesson-nurse?answer=a&step=experiment",
    "#lesson-village?answer=a&step=sources",
    "#lesson-fees?answer=a&print=1",
)
VIEWS = (*TOOLS, *STEPS)
PHONE: Final = {"viewport": {"width": 320, "height": 740}, "is_mobile": True, "device_scale_factor": 2}
"""As narrow as WCAG 2.2 asks for (1.4.10)."""
ENLARGED: Final = {"viewport": {"width": 640, "height": 430}, "device_scale_factor": 2}


FIND: Final = """() => {
  const map = document.querySelector("canvas.map");
  const { width, height } = map;
  const copy = Object.assign(document.createElement("canvas"), { width, height });
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(map, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const found = [];
  for (let at = 0; at < data.length; at += 4)
    if (data[at] === 255 && data[at + 1] === 216 && data[at + 2] === 77) found.push(at / 4);
  const mean = pick => found.map(pick).reduce((sum, one) => sum + one, 0) / found.length;
  return RESULT;
}"""
"""Pixels of the yellow of persons."""
PIXELS: Final = FIND.replace("RESULT", "found.length")
YELLOW: Final = FIND.replace(
    "RESULT", "[mean(one => one % width) / width, mean(one => Math.floor(one / width)) / height]"
)
BEYOND: Final = "[document.documentElement.scrollWidth - document.documentElement.clientWidth, window.innerWidth]"
"""Pixels that stick out, beside the scrollbar that Firefox has; and how wide the window ended."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = launched(playwright)
        yield found
        found.close()


def said_in(language: str, address: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}lang={language}"


def test_what_goes_wrong_is_noticed(reader: Reader) -> None:
    page = reader.open()
    page.evaluate("console.warn('worn'); setTimeout(() => { throw new Error('torn'); })")
    page.evaluate("fetch('https://example.org/shut').catch(() => 'the policy of the page forbids it')")
    with pytest.raises(Error):
        page.goto("https://example.org/away")
    for word in ("worn", "torn", "https://example.org/shut", "request to https://example.org/away"):
        assert any(word in one for one in reader.problems), word
    reader.problems.clear()


# A class works through it.


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_eight_lessons_are_finished_with_the_keyboard_alone(reader: Reader, language: str) -> None:
    page = reader.open(said_in(language, "#home"))
    reader.tab_to(".card a")
    reader.press("Enter")
    for number, name in enumerate(LESSONS, start=1):
        expect(page.locator("h1")).to_have_text(f"Lesson {name}{' (fr)' if language == 'fr' else ''}")
        assert page.locator(".verdict, .takeaway").count() == 0, "the result is shown before the question is answered"
        reader.tab_to(".question input")
        reader.press("ArrowRight" if number % 3 == 0 else "Space")
        reader.tab_to(".question button")
        reader.press("Enter")
        for part in (".part .todo", ".part .verdict", ".part .discussion"):
            expect(page.locator(part)).to_be_visible()
            assert page.evaluate("document.activeElement.tagName") == "H2", "the focus is lost between steps"
            reader.tab_to(".onwards button")
            reader.press("Enter")
    expect(page.locator(".cards")).to_be_visible()
    assert page.locator(".card small", has_text="✓").count() == len(LESSONS)
    assert page.evaluate("document.documentElement.lang") == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_lesson_is_reached_by_its_address(reader: Reader, language: str) -> None:
    for name in LESSONS:
        page = reader.open(said_in(language, f"#lesson-{name}"))
        expect(page.locator("h1")).to_have_text(f"Lesson {name}{' (fr)' if language == 'fr' else ''}")


def test_later_steps_stay_shut_until_the_question_is_answered(reader: Reader) -> None:
    page = reader.open("#lesson-village?step=result")
    assert page.locator(".steps-nav button:disabled").count() == 3
    assert page.locator(".result").count() == 0
    page.locator(".question button").click()
    expect(page.locator(".question .warning")).to_have_text("Choose an answer first; a guess is fine.")
    page.locator(".question input").last.check()
    page.locator(".question button").click()
    assert page.locator(".steps-nav button:disabled").count() == 0
    page.locator(".steps-nav button").nth(2).click()
    expect(page.locator(".answers .right.mine")).to_contain_text("your answer")


def test_a_guessed_number_is_set_beside_the_interval(reader: Reader) -> None:
    page = reader.open("#lesson-forfait?answer=20&step=result")
    expect(page.locator(".result")).to_contain_text("21.0 days [19.5 days; 22.5 days]")
    expect(page.locator(".result")).to_contain_text("Your answer lies within the interval.")
    page = reader.open("#lesson-forfait?answer=7&step=result")
    expect(page.locator(".result")).to_contain_text("Your answer lies outside the interval.")


def test_the_language_is_switched_in_place(reader: Reader) -> None:
    page = reader.open("#compare?theme=hospital&b=bonus")
    page.locator("#lang-fr").click()
    expect(page.locator("h1")).to_have_text("Mêmes patients, autre rémunération")
    assert page.evaluate("document.activeElement.id") == "lang-fr"
    assert "theme=hospital" in reader.address
    assert page.title().startswith("Mêmes patients")
    page.locator("#lang-en").click()
    expect(page.locator("h1")).to_have_text("Same patients, other payment")


@pytest.mark.parametrize(("locale", "language"), [("fr-FR", "fr"), ("en-GB", "en"), ("de-DE", "en")])
def test_the_first_language_is_that_of_the_browser(browser: Browser, file: Path, locale: str, language: str) -> None:
    with reading(browser, file, locale=locale) as one:
        assert one.open("").evaluate("document.documentElement.lang") == language


# The map.


def test_weeks_go_by_and_the_numbers_follow(reader: Reader) -> None:
    page = reader.open("#map?speed=2")
    page.locator(".player .play").click()
    expect(page.locator(".week-name")).not_to_have_text("Year 1, week 1")
    page.locator(".player .play").click()
    week = page.locator(".week-name").inner_text()
    page.wait_for_timeout(300)
    assert page.locator(".week-name").inner_text() == week
    assert page.locator(".aside caption").inner_text() == week
    page.locator(".player button", has_text="+1").click()
    assert page.locator(".week-name").inner_text() != week
    assert "week=" in reader.address


def test_frames_differ_while_it_plays_and_not_for_who_wants_no_motion(browser: Browser, file: Path) -> None:
    grab = "document.querySelector('canvas.map').toDataURL()"
    for motion, moves in (("no-preference", True), ("reduce", False)):
        with reading(browser, file, reduced_motion=motion) as one:
            page = one.open("#home")
            before = page.evaluate(grab)
            page.wait_for_timeout(400)
            assert (page.evaluate(grab) != before) is moves
            assert page.locator(".hero-map button").is_visible() is moves


def test_a_cell_and_a_team_are_followed_by_a_click_and_let_go_by_another(reader: Reader) -> None:
    page = reader.open("#map")
    box = page.locator("canvas.map").bounding_box()
    assert box is not None
    width, height = 5 + 2 * 0.15 + 0.75, 4 + 2 * 0.15  # km that the map shows, margins included
    for x, y, follow, name in ((2.5, 3.5, "cell:17", "Aubry, cell 3-4"), (1.5, 1.5, "site:0", "Lilac")):
        at = {"x": (x + 0.15) / width * box["width"], "y": (4 + 0.15 - y) / height * box["height"]}
        page.locator("canvas.map").click(position=at)  # type: ignore[arg-type]
        assert f"follow={follow.replace(':', '%3A')}" in reader.address
        expect(page.locator(".followed h3")).to_have_text(name)
    page.locator("canvas.map").click(position=at)  # type: ignore[arg-type]
    assert "follow" not in reader.address


def test_a_person_is_followed_by_a_click_on_their_home(reader: Reader) -> None:
    page = reader.open("#map?follow=person:7")
    page.wait_for_function(PIXELS)  # a map is drawn in the frame after its view is there
    chosen = page.evaluate(PIXELS)
    page = reader.open("#map")
    page.wait_for_function(PIXELS)
    box = page.locator("canvas.map").bounding_box()
    assert box is not None
    across, down = page.evaluate(YELLOW)
    assert chosen > page.evaluate(PIXELS) > 0, "the one who is followed stands out"
    page.locator("canvas.map").click(position={"x": across * box["width"], "y": down * box["height"]})
    expect(page.locator(".followed h3")).to_have_text("Mireille, 72")


def test_the_map_is_walked_with_arrows_and_told_to_who_listens(reader: Reader) -> None:
    page = reader.open("#map")
    reader.tab_to("canvas.map")
    reader.press("ArrowRight", "ArrowRight")
    expect(page.locator("#announcer")).to_contain_text("cell 4-2")
    reader.press("Enter")
    expect(page.locator(".followed h3")).to_contain_text("cell 4-2")
    reader.press("Escape")
    assert "follow" not in reader.address


def test_a_person_is_followed_from_the_list(reader: Reader) -> None:
    page = reader.open("#map?week=4")
    page.get_by_label("Follow").select_option("person:7")
    expect(page.locator(".followed h3")).to_have_text("Mireille, 72")
    assert page.locator(".events li").count() == 3
    assert page.locator(".events .now").count() == 2


def test_two_runs_stand_side_by_side_with_their_difference(reader: Reader) -> None:
    page = reader.open("#map?beside=village/forfait")
    assert page.locator("canvas.map").count() == 2
    assert page.locator(".aside .differs").count() > 3
    assert page.locator(".aside thead th", has_text="difference").count() == 1


# Numbers.


def test_what_differs_beyond_chance_stands_out_in_words_too(reader: Reader) -> None:
    page = reader.open("#compare?theme=access")
    drawing = page.locator("figure .stage svg")
    tinted = drawing.first.locator("rect").count()
    assert tinted == drawing.first.locator("text", has_text="beyond chance").count() > 0
    assert "[" in (drawing.first.text_content() or ""), "no interval is shown"


def test_each_figure_has_a_name_words_and_a_table(reader: Reader) -> None:
    for view in ("#compare", "#sharing", "#luck", "#pairs", "#design", "#lesson-fees?answer=a&step=experiment"):
        page = reader.open(view)
        for figure in page.locator("figure.figure").all():
            assert figure.locator(".stage svg > title").text_content()
            assert len(figure.locator(".stage svg > desc").text_content() or "") > 20
            assert figure.locator("table tbody tr").count() > 0


def test_a_design_is_chosen_defended_and_taken_away(reader: Reader) -> None:
    page = reader.open("#design")
    page.get_by_label("forfait").check()
    page.get_by_label("high").check()
    expect(page.locator(".arm h3")).to_contain_text("forfait · high")
    name, content = reader.download(".arm button")
    assert name == "forfait-high.toml"
    assert content.decode().startswith('extends = "agapanthes"')
    page.get_by_label("Defend your design").fill("Because of the nurses.")
    again = reader.open(reader.address)
    assert again.get_by_label("Defend your design").input_value() == "Because of the nurses."
    again.get_by_label("fees").check()
    expect(again.get_by_role("status").filter(has_text="not run")).to_be_visible()  # fees and high were never joined


# Taking away.


def test_a_figure_leaves_as_png_svg_and_csv(reader: Reader) -> None:
    page = reader.open("#compare?theme=access")
    name, png = reader.download("figure button:has-text('PNG')")
    assert name == "compare-village-access.png"
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    shown = page.locator("figure .stage svg").first.bounding_box()
    assert shown is not None
    assert (width, height) == (2 * round(shown["width"]), 2 * round(shown["height"]))
    assert len(png) > 10_000
    _name, svg = reader.download("figure button:has-text('SVG')")
    assert b"<title" in svg
    assert b'xmlns="http://www.w3.org/2000/svg"' in svg
    assert b"forgone" in svg
    _name, csv = reader.download("figure button:has-text('CSV')")
    lines = csv.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("outcome,unit,now,low,high,forfait")
    assert lines[1].startswith("wait_days,n,2")
    assert len(lines) == 3


def test_french_tables_open_in_french_spreadsheets(reader: Reader) -> None:
    reader.open("#compare?theme=access&lang=fr")
    _name, csv = reader.download("figure button:has-text('CSV')")
    line = csv.decode("utf-8-sig").splitlines()[1].split(";")
    assert line[0] == "wait_days (fr)"
    assert float(line[2].replace(",", ".")) == pytest.approx(21, rel=0.05)
    assert "," in line[2]


def test_the_map_leaves_as_a_picture_and_its_weeks_as_a_table(reader: Reader) -> None:
    reader.open("#map")
    name, png = reader.download(".map-frame button:has-text('PNG')")
    assert (name, png[:4]) == ("map-village-now.png", b"\x89PNG")
    _name, csv = reader.download(".map-frame button:has-text('CSV')")
    assert len(io.StringIO(csv.decode("utf-8-sig")).readlines()) == 105


def test_a_link_brings_somebody_else_to_the_same_place(browser: Browser, file: Path, reader: Reader) -> None:
    page = reader.open("#map")
    page.get_by_label("Beside it").select_option("village/forfait")
    page.get_by_label("Living area").check()
    page.get_by_label("Follow").select_option("site:0")
    for _week in range(3):
        page.locator(".player button", has_text="+1").click()
    page.locator("#lang-fr").click()
    with reading(browser, file, locale="en-GB") as other:
        there = other.open(reader.address)
        assert there.locator("canvas.map").count() == 2
        assert there.get_by_label("Territoire de vie").first.is_checked()
        assert there.locator(".followed h3").first.inner_text() == "Lilac (fr)"
        assert there.locator(".week-name").inner_text() == "Année 1, semaine 4"


def test_an_address_that_means_nothing_opens_the_door(reader: Reader) -> None:
    for address in (
        "#nowhere",
        "#map?run=none&beside=none&follow=cell:999&week=x",
        "#compare?study=none&a=none&theme=x",
        "#statement?statement=99",
        "#lesson-village?answer=zzz&step=none",
        "#design?rule=none",
    ):
        expect(reader.open(address).locator("h1")).to_be_visible()


# Everybody can read it.


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_serious_in_any_view(reader: Reader, language: str) -> None:
    axe = Axe()
    for view in VIEWS:
        page = reader.open(said_in(language, view))
        page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
        found = axe.run(page).response["violations"]
        grave = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")]
        assert grave == [], view


def test_axe_would_find_something(reader: Reader) -> None:
    page = reader.open("#home")
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert "button-name" in {one["id"] for one in Axe().run(page).response["violations"]}


@pytest.mark.parametrize(
    ("settings", "language"), [(PHONE, "en"), (PHONE, "fr"), (ENLARGED, "fr")], ids=["phone", "phone, French", "200 %"]
)
def test_nothing_sticks_out_on_a_phone_or_enlarged(
    browser: Browser, file: Path, settings: dict[str, Any], language: str
) -> None:
    wide = settings["viewport"]["width"]
    with reading(browser, file, **settings) as one:
        for view in VIEWS:
            page = one.open(said_in(language, view))
            assert page.evaluate(BEYOND) == [0, wide], view


def test_on_paper_a_lesson_is_whole_and_has_no_controls(reader: Reader) -> None:
    page = reader.open("#lesson-village")
    page.get_by_role("button", name="Print").click()
    assert page.locator(".part").count() == 2, "a worksheet holds no result"
    page = reader.open("#lesson-village?answer=b&print=1")
    page.emulate_media(media="print")
    assert page.locator(".part").count() == 4
    for hidden in ("#header nav", ".tools", ".player", ".onwards", ".question button"):
        assert not any(one.is_visible() for one in page.locator(hidden).all()), hidden
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("main details:not([open])").count() == 0
    assert page.pdf().startswith(b"%PDF")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("main details:not([open])").count() > 0

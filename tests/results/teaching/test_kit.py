import re
from html.parser import HTMLParser
from typing import Any

import pytest

from results.messages import LANGUAGES, language
from results.teaching.kit import _plans, sheets
from tests.taught import taught_payload


@pytest.fixture(scope="module")
def kit() -> dict[str, str]:
    return sheets(taught_payload())


class Balance(HTMLParser):
    """Counts what is open, and what a page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loads += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_every_file_is_whole_html_that_loads_nothing(kit: dict[str, str]) -> None:
    assert len(kit) == 3 * len(LANGUAGES)
    for name, text in kit.items():
        read = Balance()
        read.feed(text)
        assert not read.open, name
        assert not read.loads, name
        assert f'<html lang="{name[-7:-5]}">' in text


def test_every_lesson_stands_in_every_file_with_its_questions(kit: dict[str, str]) -> None:
    import html

    for lesson in taught_payload()["lessons"]:
        for one in LANGUAGES:
            title = html.escape(lesson["title"][one])
            assert all(title in kit[f"{name}-{one}.html"] for name in ("worksheets", "answers", "plan"))
            assert html.escape(lesson["question"]["text"][one]) in kit[f"worksheets-{one}.html"]
            assert all(html.escape(text[one]) in kit[f"plan-{one}.html"] for text in lesson["discussion"])
            assert html.escape(lesson["takeaway"][one]) in kit[f"answers-{one}.html"]


def test_worksheets_give_no_answer_away(kit: dict[str, str]) -> None:
    import html

    for lesson in taught_payload()["lessons"]:
        for one in LANGUAGES:
            sheet = kit[f"worksheets-{one}.html"]
            assert html.escape(lesson["question"]["verdict"][one]) not in sheet
            assert not any(html.escape(text[one]) in sheet for text in lesson["explanation"])
            assert not re.search(r"95\s*%", sheet)


def test_plans_fill_their_minutes_with_lessons_that_exist() -> None:
    known = {"", *(lesson["id"] for lesson in taught_payload()["lessons"])}
    plans: list[dict[str, Any]] = _plans()
    assert [plan["minutes"] for plan in plans] == [50, 100]
    for plan in plans:
        assert sum(step["minutes"] for step in plan["steps"]) == plan["minutes"]
        assert {step["lesson"] for step in plan["steps"]} <= known
        assert all(step[one] for step in plan["steps"] for one in LANGUAGES)


def test_the_language_in_use_stays_what_it_was() -> None:
    before = language()
    sheets(taught_payload())
    assert language() == before

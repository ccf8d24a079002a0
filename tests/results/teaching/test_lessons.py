from typing import Any

import pytest

from results.messages import LANGUAGES, spaced
from results.teaching.estimates import known
from results.teaching.kit import _plans, sheets
from results.teaching.lessons import FORMS, Filled, filled, lessons, placeholders, right, written
from results.teaching.words import both
from scenarios.teaching import outcomes
from scenarios.teaching.making import sources
from tests.taught import invented_studies, small_grid, taught_payload

IDS = ["village", "fees", "forfait", "sharing", "nurse", "bonus", "desert", "design"]


@pytest.fixture(params=lessons(), ids=lambda lesson: lesson["id"])
def lesson(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = request.param
    return found


def texts(node: Any) -> list[dict[str, str]]:
    """Every text of a lesson: a table that has some language."""
    if isinstance(node, dict):
        if set(node) & set(LANGUAGES):
            return [node]
        return [text for value in node.values() for text in texts(value)]
    return [text for value in node for text in texts(value)] if isinstance(node, list) else []


def studies_with(effect: float) -> dict[str, Any]:
    return {
        name: known(one.table, one.plan.territory, one.plan.arms, one.plan.baseline, one.plan.read, one.outcomes)
        for name, one in invented_studies(small_grid(), effect).items()
    }


def said() -> dict[str, Any]:
    task = {"label": {"en": "a task", "fr": "une tâche"}, "unit": {"en": "", "fr": ""}, "decimals": 0, "percent": True}
    return {
        **{name: {"percent": False, **one} for name, one in outcomes.declared().items()},
        **{f"task/k{number:02d}": task for number in range(21)},
    }


FACTS = {f"{place}.{what}": 5.0 for place in ("village", "desert")
         for what in ("people", "cells", "physicians", "nurses", "communes")}  # fmt: skip


def test_there_are_eight_in_order() -> None:
    assert [lesson["id"] for lesson in lessons()] == IDS
    assert [lesson["number"] for lesson in lessons()] == list(range(1, 9))


def test_every_text_is_there_in_both_languages(lesson: dict[str, Any]) -> None:
    found = texts(lesson)
    assert len(found) > 12
    for text in found:
        assert {one for one in LANGUAGES if text.get(one, "").strip()} == set(LANGUAGES), text


def test_french_is_spaced_as_it_is_printed() -> None:
    """In everything that a class reads: the lessons and the rest of the page, its words, and the kit."""
    payload = taught_payload()
    found = [text["fr"] for text in texts({"payload": payload, "plans": _plans()}) if isinstance(text.get("fr"), str)]
    assert any("\u00a0:" in text for text in found)
    for text in (*found, *both()["fr"].values(), *(text for name, text in sheets(payload).items() if "-fr" in name)):
        shown = text.split("</style>")[-1]
        assert spaced(shown) == shown, [one for one in text.split(".") if spaced(one) != one]


def test_a_number_stands_in_both_languages_or_in_none(lesson: dict[str, Any]) -> None:
    by_language = {one: sorted(name for name, language in placeholders(lesson) if language == one) for one in LANGUAGES}
    assert by_language["en"] == by_language["fr"]


def test_every_placeholder_is_a_number_and_every_number_is_used(lesson: dict[str, Any]) -> None:
    named = {name for name, _language in placeholders(lesson)}
    assert named == set(lesson.get("numbers", {})) | set(lesson.get("facts", {}))


def test_texts_bear_no_result_of_their_own(lesson: dict[str, Any]) -> None:
    """What was found comes from the runs; decimals in a text would be a result that somebody typed."""
    import re

    for text in (*texts(lesson["explanation"]), *texts(lesson["question"])):
        for one in LANGUAGES:
            assert not re.search(r"\d[.,]\d(?!00)", text[one]) or "APL" in text[one], text[one]


def test_what_depends_on_a_sign_has_all_its_forms(lesson: dict[str, Any]) -> None:
    parts = [*lesson["explanation"], lesson["takeaway"], lesson["question"]["verdict"]]
    for part in parts:
        if "of" in part:
            assert set(FORMS) <= set(part)
            assert "versus" in lesson["numbers"][part["of"]]


def test_sources_are_records_of_the_evidence(lesson: dict[str, Any]) -> None:
    assert lesson["sources"]
    assert set(lesson["sources"]) <= set(sources())


@pytest.mark.parametrize("effect", [0.1, -0.1, 0.0])
def test_a_lesson_can_be_told_whatever_came_out(lesson: dict[str, Any], effect: float) -> None:
    found = filled(lesson, studies_with(effect), said(), FACTS, ["village/fees"])
    for text in texts(found):
        assert "{" not in text["en"] + text["fr"]
    question = found["question"]
    if question["kind"] == "choice":
        assert question["right"]
        assert set(question["right"]) <= {option["id"] for option in question["options"]}
    else:
        assert question["low"] < question["high"]
        assert question["answer"][0] is not None
    assert set(found["experiment"]["view"].get("runs", [])) <= {"village/fees"}


def test_the_form_follows_the_sign() -> None:
    forfait = next(lesson for lesson in lessons() if lesson["id"] == "forfait")
    told = {
        effect: filled(forfait, studies_with(effect), said(), FACTS, [])["question"]["right"]
        for effect in (0.1, -0.1, 0.0)
    }
    assert told == {0.1: ["more"], -0.1: ["less"], 0.0: ["unclear"]}


def test_an_answer_that_cannot_be_told_from_the_best_one_counts() -> None:
    question = {"pick": "lowest", "options": [{"id": one, "number": one} for one in "abc"]}
    numbers = {"a": (1.0, 0.5, 1.5), "b": (1.2, 0.9, 1.5), "c": (1.3, 0.9, 1.7)}
    apart = {"a": (0.0, 0.0, 0.0), "b": (0.2, -0.1, 0.5), "c": (0.3, 0.1, 0.5)}
    assert right(question, numbers, lambda one, other: {"a": apart[one]}[other]) == ["a", "b"]
    of_c = {"a": (-0.3, -0.5, -0.1), "b": (-0.1, -0.2, -0.05)}
    assert right({**question, "pick": "highest"}, numbers, lambda one, _other: of_c[one]) == ["c"]


def test_numbers_are_written_as_people_write_them() -> None:
    outcome = {"decimals": 2, "percent": False}
    assert written((1.5, 1.0, 2.0), outcome) == "1.50 (95% interval: 1.00 to 2.00)"
    assert written((-1.5, -2.0, 1.0), outcome, difference=True) == (
        "\N{MINUS SIGN}1.50 (95% interval: \N{MINUS SIGN}2.00 to +1.00)"
    )
    assert written((-0.001, -0.2, 0.004), outcome, difference=True) == "0.00 (95% interval: \N{MINUS SIGN}0.20 to 0.00)"
    assert written((0.5, float("nan"), float("nan")), {"decimals": 0, "percent": True}) == "50%"


def test_a_lesson_without_its_number_is_not_told() -> None:
    village = next(lesson for lesson in lessons() if lesson["id"] == "village")
    broken = {**village, "numbers": {}}
    with pytest.raises(KeyError):
        Filled(broken, {}, said(), FACTS).text({"en": "{contacts}", "fr": "{contacts}"})

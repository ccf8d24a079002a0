"""The overview: a map and three panels, also of a run that is shorter than a year."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from results.figures import draw
from results.messages import set_language
from results.run import open_run
from tests.invented import invented_run


@pytest.fixture
def in_french() -> Iterator[None]:
    set_language("fr")
    yield
    set_language("en")


def test_map_week_wait_and_spending(tmp_path: Path) -> None:
    described = draw(open_run(invented_run(tmp_path / "run", years=1, weeks_a_year=4)), "overview")
    headings = " ".join(text.get_text() for text in described.figure.texts)
    assert all(f"{letter}   " in headings for letter in "abcd")
    assert "EUR" in described.text
    assert "days on average" in described.text


@pytest.mark.usefixtures("in_french")
def test_one_year_is_no_decimal_number_of_years(tmp_path: Path) -> None:
    text = draw(open_run(invented_run(tmp_path / "run", years=1)), "overview").text.replace("\u00a0", " ")
    assert " en moyenne sur 1 an." in text
    assert text.startswith("a : carte (")


@pytest.mark.usefixtures("in_french")
def test_words_of_the_right_column_stay_on_the_page_and_apart_in_french(tmp_path: Path) -> None:
    figure = draw(open_run(invented_run(tmp_path / "run", years=1)), "overview").figure
    figure.canvas.draw()
    page = figure.bbox
    headings = [text.get_window_extent() for text in figure.texts]
    legends = [legend.get_window_extent() for axes in figure.axes if (legend := axes.get_legend())]
    assert len(legends) >= 3
    for box in legends:
        assert box.x1 <= page.x1 + 1
        assert not any(box.overlaps(heading) for heading in headings)
    for number, box in enumerate(headings):
        assert not any(box.overlaps(other) for other in headings[number + 1 :])


def test_a_territory_without_a_name_bears_that_of_its_scenario(tmp_path: Path) -> None:
    run = open_run(invented_run(tmp_path / "run", years=1))
    run.manifest["territories"][0]["name"] = run.manifest["territories"][0]["builder"]
    assert draw(run, "overview").text.startswith(f"a: map of {run.name}, ")


def test_a_short_run_says_why_spending_is_missing(tmp_path: Path) -> None:
    described = draw(open_run(invented_run(tmp_path / "run", years=0)), "overview")
    words = [text.get_text() for axes in described.figure.axes for text in axes.texts]
    assert "the run is shorter than a year" in words

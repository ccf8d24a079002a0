"""The overview: a map and three panels, also of a run that is shorter than a year."""

from pathlib import Path

from results.figures import draw
from results.run import open_run
from tests.invented import invented_run


def test_map_week_wait_and_spending(tmp_path: Path) -> None:
    described = draw(open_run(invented_run(tmp_path / "run", years=1, weeks_a_year=4)), "overview")
    headings = " ".join(text.get_text() for text in described.figure.texts)
    assert all(f"{letter}   " in headings for letter in "abcd")
    assert "EUR" in described.text
    assert "days on average" in described.text


def test_a_short_run_says_why_spending_is_missing(tmp_path: Path) -> None:
    described = draw(open_run(invented_run(tmp_path / "run", years=0)), "overview")
    words = [text.get_text() for axes in described.figure.axes for text in axes.texts]
    assert "the run is shorter than a year" in words

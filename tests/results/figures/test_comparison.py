"""The forest of differences."""

from pathlib import Path

import numpy as np
import pytest

from results.comparison import compared
from results.comparison_shown import Named
from results.figures.comparison import draw, foot
from results.figures.style import save, styled
from results.intervals import Numbers
from results.messages import set_language
from tests.results.test_comparison import BASE, NEW, PROVENANCE, tidy, two_arms

NAMES = {"cost": Named("insurer spending a person", "EUR/person/year")}


def test_one_line_an_arm_with_its_interval_and_a_mark_that_is_full_when_sure() -> None:
    with styled():
        described = draw(compared(two_arms(BASE, NEW), ["cost"], "now"), NAMES, PROVENANCE)
    axes = described.figure.axes[0]
    row = compared(two_arms(BASE, NEW), ["cost"], "now").differences.iloc[0]
    lines = {tuple(np.round(line.get_xdata(), 6)) for line in axes.lines}  # type: ignore[arg-type]
    assert (round(row["low"], 6), round(row["high"], 6)) in lines
    assert (1.25,) in lines
    marks = [line for line in axes.lines if line.get_marker() == "o"]
    assert marks[0].get_markerfacecolor() != "white"
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["new"]


def test_the_text_beside_it_holds_the_numbers_and_where_they_come_from() -> None:
    set_language("en")
    with styled():
        described = draw(compared(two_arms(BASE, NEW), ["cost"], "now"), NAMES, PROVENANCE)
    assert "insurer spending a person (EUR/person/year): new +1.25, interval [+0.2229; +2.28]" in described.text
    assert "Study abc, code def, parameters 123" in described.text
    assert foot({}) == "Study –, code –, parameters –."


def test_many_outcomes_arms_and_parameters_fit(tmp_path: Path) -> None:
    values = np.random.default_rng(1).normal(10, 1, (4, 3, 5, 6))
    names = tuple("abcdef")
    found = compared(tidy(values, ("now", "x", "y", "z"), names), names, "now")
    with styled():
        described = draw(found, {}, PROVENANCE)
    assert len(described.figure.axes) == 6
    assert "range over parameters" in [text.get_text() for text in described.figure.legends[0].get_texts()]
    files = save(described, tmp_path, dpi=60)
    assert all(file.stat().st_size for file in files)


@pytest.mark.parametrize("values", [np.zeros((2, 1, 4, 1)), np.full((2, 1, 4, 1), np.nan)])
def test_differences_without_spread_or_without_numbers_can_be_drawn(values: Numbers) -> None:
    with styled():
        draw(compared(tidy(values), ["cost"], "now"), {}, PROVENANCE).figure.canvas.draw()

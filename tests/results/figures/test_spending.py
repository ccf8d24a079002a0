"""Spending: per person and year, and how much of it few people hold."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from results.figures import draw, spending
from results.run import Run, open_run
from tests.invented import invented_run
from tests.results.figures.reading import legend_of


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(invented_run(tmp_path_factory.mktemp("runs") / "town", years=2, weeks_a_year=1))


def test_categories_add_up_to_the_spending_of_all(run: Run) -> None:
    each = spending.per_person(run)
    rows = run.spending.drop_duplicates("year")
    total = rows[[f"spend_{name}" for name in spending.COLOURS]].sum(axis=1) / rows["people"]
    assert each.sum(axis=1).to_numpy() == pytest.approx(total.to_numpy())
    assert each.index.tolist() == [1, 2]


def test_bars_reach_the_total_and_are_named(run: Run) -> None:
    axes = draw(run, "spending").figure.axes[0]
    assert [t.get_text() for t in legend_of(axes).get_texts()][-1] == "hospital"
    top = max(patch.get_y() + patch.get_height() for patch in axes.patches if isinstance(patch, Rectangle))
    assert top == pytest.approx(spending.per_person(run).sum(axis=1).max())


def test_the_curve_starts_at_nothing_and_ends_at_all(run: Run) -> None:
    axes = draw(run, "spending").figure.axes[1]
    curve = np.asarray(axes.get_lines()[1].get_ydata(), float)
    assert curve[0] == 0
    assert curve[-1] == pytest.approx(100)
    assert any("top 10%" in t.get_text() for t in axes.texts)


def test_words_carry_the_total_and_the_top(run: Run) -> None:
    text = draw(run, "spending").text
    assert f"EUR {spending.per_person(run).iloc[-1].sum():,.0f}" in text
    assert "the top 1% hold" in text

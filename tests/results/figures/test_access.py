"""Access: series of the run's own tables, as rates that a reader can compare."""

import numpy as np
import pandas as pd
import pytest

from results.figures import access, draw
from results.run import Run, open_run
from tests.invented import invented_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(invented_run(tmp_path_factory.mktemp("runs") / "town", years=1, weeks_a_year=26))


def test_four_panels_with_units(run: Run) -> None:
    panels = draw(run, "access").figure.axes
    assert [axes.get_ylabel() for axes in panels] == [
        "Days", "Per registered patient per year", "Per 1,000 people per year", "Per 1,000 people per year",
    ]  # fmt: skip
    assert all(axes.get_ylim()[0] == 0 for axes in panels)
    assert all(axes.get_xlabel() == "Years since the start of the run" for axes in panels)


def test_lines_are_the_series_of_the_run(run: Run) -> None:
    panels = draw(run, "access").figure.axes
    weeks = access.by_week(run)
    (wait,) = panels[0].get_lines()
    assert np.asarray(wait.get_ydata(), float) == pytest.approx(access.smooth(weeks["wait"]).to_numpy())
    labels = [line.get_label() for line in panels[2].get_lines()]
    assert labels == ["low", "medium", "high"]  # nobody gives up a vital need in the invented run


def test_rates_are_per_thousand_people_and_year() -> None:
    rates = access.per_thousand_years(pd.Series([10, 0]), pd.Series([52_000, 0]))
    assert rates.tolist() == [10.0, 0.0]


def test_leaks_are_per_registered_patient_and_lie_within_their_spread(run: Run) -> None:
    panel = draw(run, "access").figure.axes[1]
    table = run.physicians
    rate = 52 * table.groupby("week")["leaks"].sum() / table.groupby("week")["registered_list"].sum()
    assert np.asarray(panel.get_lines()[0].get_ydata(), float) == pytest.approx(access.smooth(rate).to_numpy())


def test_words_carry_wait_leaks_and_needs(run: Run) -> None:
    text = draw(run, "access").text
    wait = run.territory["posted_wait_days"].mean()
    assert f"{wait:.1f} days" in text
    assert "vital 0" in text

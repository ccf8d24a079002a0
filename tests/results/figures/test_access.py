"""Access: series of the run's own tables, as rates that a reader can compare."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from results.figures import access, draw
from results.messages import speaking
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


def test_an_empty_post_is_no_part_of_the_spread_of_waits(run: Run) -> None:
    emptied = open_run(run.path)
    table = run.physicians
    gone = (table["physician"] == 0) & (table["week"] > table["week"].min())
    emptied.physicians = table.assign(present=table["present"].where(~gone, 0))
    waits = access.posted_waits(emptied, access.by_week(run))
    assert waits[0].count() == access.GONE_WEEKS, "as long as it may be leave"
    assert waits[1].count() == table["week"].nunique()


def test_a_place_without_a_wait_does_not_shorten_that_of_others(run: Run) -> None:
    both, none = open_run(run.path), open_run(run.path)
    none.territory = run.territory.assign(posted_wait_days=np.nan)
    both.territory = pd.concat([run.territory, none.territory.assign(territory=1)], ignore_index=True)
    assert access.by_week(both)["wait"].to_numpy() == pytest.approx(access.by_week(run)["wait"].to_numpy())
    assert "no wait is posted" in draw(none, "access").text


@pytest.mark.parametrize(("language", "said"), [("en", "over 1 year; lines"), ("fr", "sur 1 an\u202f; les courbes")])
def test_one_year_is_singular(tmp_path: Path, language: str, said: str) -> None:
    year = open_run(invented_run(tmp_path / "year", years=1, weeks_a_year=52))
    with speaking(language):
        assert said in draw(year, "access").text

from pathlib import Path

import pandas as pd
import pytest

from results.messages import set_language
from results.summary import printed, summary
from tests.invented import invented_run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return invented_run(tmp_path_factory.mktemp("runs") / "invented", years=2, weeks_a_year=52)


def test_rates_are_those_of_the_weekly_table(folder: Path) -> None:
    weeks = pd.read_parquet(folder / "territory.parquet")
    last = weeks[weeks["year"] == 2]
    person_years = last["people"].sum() / 52
    lines = {line.label: line.by_year for part in summary(folder).values() for line in part}
    assert lines["GP contacts per person"][1] == pytest.approx(last["gp_contacts"].sum() / person_years)
    assert lines["emergency visits per 1,000 people"][1] == pytest.approx(1000 * last["ed_visits"].sum() / person_years)
    assert lines["people at the end of the year"][1] == last["people"].iloc[-1]
    assert all(len(values) == 2 for values in lines.values())
    assert 0 <= lines["leaks: share of contacts bought elsewhere"][0] <= 1


def test_the_total_of_spending_is_the_sum_of_its_parts(folder: Path) -> None:
    *parts, total = summary(folder)["Spending, EUR per person and year"]
    assert total.label == "total"
    for year in range(2):
        assert total.by_year[year] == pytest.approx(sum(part.by_year[year] for part in parts))


def test_a_run_fits_on_one_screen_in_both_languages(folder: Path) -> None:
    try:
        english = printed(folder)
        set_language("fr")
        french = printed(folder)
    finally:
        set_language("en")
    for text in (english, french):
        assert len(text.splitlines()) <= 40
        assert max(len(line) for line in text.splitlines()) <= 80
    assert "year 2" in english
    assert "année 2" in french


def test_a_run_of_some_weeks_has_its_rates_too(tmp_path: Path) -> None:
    text = printed(invented_run(tmp_path / "short", years=1, weeks_a_year=10))
    assert "10 weeks" in text
    assert "nan" not in text


def test_a_year_in_which_nobody_posts_a_wait_has_none(tmp_path: Path) -> None:
    run = invented_run(tmp_path / "empty", years=2, weeks_a_year=52)
    weeks = pd.read_parquet(run / "territory.parquet")
    weeks["posted_wait_days"] = weeks["posted_wait_days"].where(weeks["year"] < 2)
    weeks.to_parquet(run / "territory.parquet")
    (line,) = [line for line in summary(run)["Access"] if line.label == "posted wait, days"]
    assert line.by_year[0] > 0
    assert line.written(line.by_year[1]) == "–"

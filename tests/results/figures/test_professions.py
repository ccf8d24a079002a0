"""Hours by use: they add up to the minutes of the tables, and overrun is counted once."""

import pytest

from results.figures import draw, professions
from results.run import Run, open_run
from tests.invented import invented_run

USES = [name for uses, _ in professions.GROUPS.values() for name in uses if name != "idle"]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(invented_run(tmp_path_factory.mktemp("runs") / "town", years=1, weeks_a_year=4))


def test_hours_are_the_minutes_of_all_uses_with_overrun_once(run: Run) -> None:
    weeks = professions.mean_weeks(run)
    minutes = run.physicians[[f"minutes_{use}" for use in USES]].sum(axis=1).mean()
    assert professions.worked(weeks)["physician"] == pytest.approx(minutes / 60)


def test_every_profession_of_the_run_has_a_bar_with_its_number(run: Run) -> None:
    axes = draw(run, "professions").figure.axes[0]
    labels = [tick.get_text() for tick in axes.get_yticklabels()]
    assert labels == ["Physicians (18)", "Community nurses (27)", "Asalée nurses (1.3)",
                      "Advanced-practice nurses (1)", "Pathway nurses (1.3)", "Secretaries (7)"]  # fmt: skip


def test_bars_are_as_long_as_the_hours(run: Run) -> None:
    axes = draw(run, "professions").figure.axes[0]
    groups = len(professions.GROUPS)
    ends = [bars[0].get_x() + bars[0].get_width() for bars in axes.containers[:groups]]
    weeks = professions.mean_weeks(run)
    assert ends[-1] == pytest.approx(weeks.loc["physician", list(professions.GROUPS)].sum())


def test_a_post_beyond_a_full_week_is_the_work_of_as_many_nurses(run: Run) -> None:
    pathway = run.nurses["kind"] == "pathway"
    minutes = [str(name) for name in run.nurses if str(name).startswith("minutes_")]
    before = professions.mean_weeks(run)
    run.nurses.loc[pathway, "weekly_minutes"] = 2100.0
    alone = professions.mean_weeks(run)
    run.nurses.loc[pathway, ["weekly_minutes", *minutes]] *= 2.5
    grown = professions.mean_weeks(run)
    uses = [*professions.GROUPS, professions.OVERRUN]
    assert grown.loc["pathway", "n"] == pytest.approx(2.5)
    assert grown.loc["pathway", uses].to_numpy(float) == pytest.approx(alone.loc["pathway", uses].to_numpy(float))
    assert grown.drop(index="pathway").equals(before.drop(index="pathway"))


def test_physicians_stand_in_order_of_their_hours(run: Run) -> None:
    assert professions.worked(professions.each_physician(run)).is_monotonic_increasing


def test_weeks_of_leave_are_left_out(run: Run) -> None:
    run.physicians.loc[run.physicians["week"] == run.physicians["week"].min(), ["present", "minutes_visit"]] = 0
    assert float(professions.mean_weeks(run)["visit"]["physician"]) > 20


def test_words_carry_the_hours(run: Run) -> None:
    text = draw(run, "professions").text
    assert "Secretaries" in text
    assert "the 18 physicians" in text

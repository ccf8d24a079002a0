"""What the live page shows: villages that share nothing, settings that do what they say, pictures of the numbers."""

import numpy as np
import pytest

from agents.mistakes import Mistake
from scenarios.live.pictures import GIVEN_UP, REACH, cell_values, charts, layers, lines_of, map_of, sites, smooth
from scenarios.live.village import FEES, LUMP_SUM, Setting, Village, warmed
from scenarios.reading import load
from sim.specification import ScenarioSpec

pytest.importorskip("mesa")
HAMLET = """
warm_up_years = 1
[territory]
name = "Le Hameau"
people = 900
columns = 4
rows = 4
town = 500
gps_per_10000 = 25.0
nurses_per_10000 = 25.0
[team.home]
kind = "msp"
physicians = 2
liberal_nurses = 1
registered_list = 500
contract = ["fee_for_service", "list_lump_sums", "rosp"]
"""


@pytest.fixture(scope="module")
def hamlet(tmp_path_factory: pytest.TempPathFactory) -> ScenarioSpec:
    """A hamlet with one team."""
    file = tmp_path_factory.mktemp("live") / "hamlet.toml"
    file.write_text(HAMLET, encoding="utf-8")
    return load(file)


@pytest.fixture(scope="module")
def setting(hamlet: ScenarioSpec) -> Setting:
    return Setting.of(hamlet)


def test_two_villages_of_one_world_share_nothing(setting: Setting) -> None:
    first, second = Village(setting), Village(setting)
    before = second.care.world.patients.tobytes()
    for _ in range(3):
        first.step()
    assert (first.week, second.week, warmed(setting).world.week) == (3, 0, 52)
    assert second.care.world.patients.tobytes() == before
    for _ in range(3):
        second.step()
    assert second.care.world.patients.tobytes() == first.care.world.patients.tobytes()
    assert second.lines() == first.lines()


def test_a_village_goes_on_as_a_run_of_its_scenario(setting: Setting, hamlet: ScenarioSpec) -> None:
    from sim.model import prepared

    run, village = prepared(hamlet), Village(setting)
    run.run(3)
    for _ in range(3):
        village.step()
    assert village.care.world.patients.tobytes() == run.world.patients.tobytes()


def test_the_sliders_mean_what_they_say(setting: Setting) -> None:
    assert setting.physicians == 2
    more = setting.changed(physicians=3, seed=4, decisions=False)
    assert Village(more).care.world.teams["physicians"][0] == 3
    assert more.played().decisions is False
    assert more.played().seed == 4
    assert "peps" in setting.changed(payment=LUMP_SUM).played().teams["home"].contract
    assert "peps" not in setting.changed(payment=FEES).played().teams["home"].contract
    assert "3" in more.said()


def test_another_payment_starts_from_the_same_people(setting: Setting) -> None:
    now, other = Village(setting), Village(setting.changed(payment=LUMP_SUM))
    assert now.care.world.patients.tobytes() == other.care.world.patients.tobytes()
    assert warmed(setting) is warmed(setting.changed(payment=LUMP_SUM, decisions=False))


def test_a_scenario_without_a_team_is_refused() -> None:
    with pytest.raises(Mistake, match="first team"):
        Setting.of(ScenarioSpec())


def test_the_map_shows_what_is_in_the_cells(setting: Setting) -> None:
    world = Village(setting).care.world
    world.patients["forgone_need"] = 0
    world.patients["forgone_need"][0, 0] = 2
    values = cell_values(world, GIVEN_UP)
    cell = int(world.patients["cell"][0])
    assert np.flatnonzero(values).tolist() == [cell]
    assert 0 < values[cell] <= 2
    assert np.array_equal(cell_values(world, REACH), world.cells["apl"])
    assert len(sites(world)) == np.sum(world.teams["territory"] == 0) + np.sum(world.hospitals["territory"] == 0)
    for layer, name in layers().items():
        figure = map_of(world, layer, "Week 3")
        assert figure.axes[0].get_title(loc="left") == "Week 3"
        assert name in {axes.get_xlabel() for axes in figure.axes}


def test_lines_are_drawn_over_those_of_a_frozen_run() -> None:
    now = {name: [99.0, 1.0, 2.0, 3.0, 4.0, 5.0] for name in charts()}
    frozen = {name: [99.0, 7.0, 7.0] for name in charts()}
    assert smooth(now["ed_visits"]).tolist() == [1.0, 1.5, 2.0, 2.5, 3.5]
    alone, both = lines_of(now, None, ""), lines_of(now, frozen, "before")
    assert [len(axes.lines) for axes in alone.axes] == [1, 1, 1, 1]
    assert [len(axes.lines) for axes in both.axes] == [2, 2, 2, 2]
    assert np.asarray(both.axes[0].lines[0].get_ydata()).tolist() == [7.0, 7.0]
    assert "before" in {text.get_text() for legend in both.legends for text in legend.get_texts()}

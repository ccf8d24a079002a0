"""Who works where at the start: counts, densities, distributions, and draws that belong to their owner."""

import dataclasses
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.declarations import Table
from agents.mistakes import Mistake
from agents.nurses import ADVANCED_PRACTICE, ASALEE, LIBERAL, PATHWAY
from agents.support import COORDINATOR, SECRETARY
from agents.tasks import K02, K13, K17
from agents.teams import GROUP, MSP, SHARING_RULES, SOLO
from scenarios.reading import load
from sim.parameters import behaviour_record, parameter_record
from sim.specification import Delegation, ScenarioSpec, TeamSpec, TerritorySpec
from sim.staffing import Staff, staff
from sim.staffing.distributions import betas, scaled_to
from sim.staffing.lists import registrable_people
from sim.staffing.places import kilometres
from sim.staffing.practices import practice_sizes
from sim.territory import build_ground
from tests.sim.made_ground import village

PAR, BEHAVIOUR = parameter_record(), behaviour_record()
PRESETS = (
    "default", "health_centre", "agapanthes", "camelias", "sureaux", "bougainvilliers", "orchidees", "grezilhac",
    "msp1", "msp2", "msp3", "msp4", "msp5", "msp6",
)  # fmt: skip
# physicians, then nurses: self-employed, salaried, asalee, advanced practice, pathway (behaviour I)
STAFF_OF = {
    "default": (5, 6, 0, 0, 0, 0),
    "health_centre": (5, 0, 2, 0, 0, 0),
    "agapanthes": (5, 0, 0, 1, 1, 1),
    "camelias": (5, 0, 0, 1, 0, 0),
    "sureaux": (17, 0, 0, 3, 1, 0),
    "bougainvilliers": (5, 4, 0, 0, 0, 0),
    "orchidees": (6, 3, 0, 0, 0, 2),
    "grezilhac": (3, 4, 0, 0, 0, 0),
    "msp1": (11, 4, 0, 0, 0, 0),
    "msp2": (5, 3, 0, 1, 0, 0),
    "msp3": (7, 3, 0, 0, 0, 0),
    "msp4": (7, 12, 0, 2, 0, 0),
    "msp5": (8, 12, 0, 0, 0, 0),
    "msp6": (5, 2, 0, 1, 0, 0),
}
MADE_TEAMS = {
    "north": TeamSpec(kind="msp", physicians=5, liberal_nurses=3, asalee_fte=1.4, coordinator_fte=0.5, sites=2),
    "south": TeamSpec(kind="msp", physicians=4, liberal_nurses=2, registered_list=4_000, commune="Commune 1"),
}


@cache
def preset(name: str) -> tuple[ScenarioSpec, Staff]:
    spec = load(name)
    par = parameter_record(spec.parameters)
    return spec, staff(build_ground(spec.territory, spec.seed, par), spec, spec.seed, par, BEHAVIOUR)


@cache
def many_physicians() -> Table:
    """The physicians of 60 made territories with nothing but default practices, about 1,000 of them."""
    found = [staff(village(name=f"Made {n}"), ScenarioSpec(), 7, PAR, BEHAVIOUR).physicians for n in range(60)]
    return np.concatenate(found)


def made(seed: int = 1, **changes: object) -> Staff:
    return staff(village(), dataclasses.replace(ScenarioSpec(teams=MADE_TEAMS), **changes), seed, PAR, BEHAVIOUR)  # type: ignore[arg-type]


def tables(found: Staff) -> list[Table]:
    return [found.teams, found.physicians, found.nurses, found.dyads, found.support, found.hospitals]


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_gives_its_staff_exactly(name: str) -> None:
    spec, found = preset(name)
    nurses = found.nurses[(found.nurses["team"] == 0) & (found.nurses["in_post"] != 0)]
    employed = (nurses["kind"] == LIBERAL) & (nurses["salaried"] == 1)
    counts = np.bincount(nurses["kind"][~employed], minlength=4)
    physicians, liberal, salaried, asalee, advanced, pathway = STAFF_OF[name]
    assert found.names[: len(spec.teams)] == list(spec.teams)
    assert found.teams["physicians"][0] == np.sum(found.physicians["team"] == 0) == physicians
    assert counts.tolist() == [liberal, asalee, advanced, pathway]
    assert employed.sum() == salaried
    assert found.teams["nurses"][0] == len(nurses)


@pytest.mark.parametrize("name", PRESETS)
def test_who_may_hire_has_the_row_of_a_pathway_nurse(name: str) -> None:
    _, found = preset(name)
    pathway = found.nurses["team"][found.nurses["kind"] == PATHWAY]
    empty = found.nurses[found.nurses["in_post"] == 0]
    assert set(pathway.tolist()) == set(np.flatnonzero(found.teams["kind"] == MSP).tolist())
    assert (empty["kind"] == PATHWAY).all()
    assert (empty["weekly_minutes"] == 0).all()
    assert len(set(empty["team"].tolist())) == len(empty)
    for row, team in enumerate(found.teams):
        own = found.nurses["team"][team["first_nurse"] : team["last_nurse"]]
        assert (own == row).all()
        assert len(own) == (found.nurses["team"] == row).sum()


def test_full_time_equivalents_are_those_of_the_scenario() -> None:
    _, found = preset("agapanthes")
    mine = found.nurses[found.nurses["team"] == 0]
    assert mine["weekly_minutes"][mine["kind"] == PATHWAY].tolist() == pytest.approx([0.6 * 2100])
    assert mine["weekly_minutes"][mine["kind"] == ADVANCED_PRACTICE].tolist() == [2100]
    _, found = preset("msp4")
    mine = found.nurses[found.nurses["team"] == 0]
    assert mine["weekly_minutes"][mine["kind"] == ASALEE].sum() == pytest.approx(1.4 * 2100)
    _, found = preset("health_centre")
    centre = found.physicians[found.physicians["team"] == 0]
    assert centre["half_days"].sum() == pytest.approx(40)
    assert centre["salaried"].all()
    assert centre["identity"].max() == pytest.approx(0.05)
    assert (centre["overhead"] == 0).all()


def test_the_default_territory_has_its_eighteen_physicians_and_thirty_nurses() -> None:
    _, found = preset("default")
    assert len(found.physicians) == 18
    nurses = found.nurses[found.nurses["in_post"] != 0]
    assert len(nurses) == 30
    assert (nurses["kind"] == LIBERAL).all()
    assert sorted(found.teams["physicians"].tolist()) == [1] * 6 + [3, 4, 5]
    assert found.hospitals["beds"].tolist() == [40]


def test_practices_that_nobody_names_fill_the_densities() -> None:
    found = made()
    assert len(found.physicians) == round(23_000 * 7.7 / 10_000)
    assert np.sum(found.nurses["kind"] == LIBERAL) == round(23_000 * 13.1 / 10_000)
    assert np.sum(found.nurses["team"] == -1) == 30 - 5
    others = found.teams[2:]
    assert set(others["kind"].tolist()) <= {SOLO, GROUP}
    assert ((others["kind"] == SOLO) == (others["physicians"] == 1)).all()


def test_densities_of_the_living_area_types_are_used_when_asked() -> None:
    spec = TerritorySpec(gps_per_10000=-1, nurses_per_10000=-1)
    found = made(territory=spec)
    assert len(found.physicians) == round(11_500 * 6.2e-4 + 11_500 * 6.8e-4)
    assert np.sum(found.nurses["kind"] == LIBERAL) == round(11_500 * 12.3e-4 + 11_500 * 15e-4)


def test_without_filling_only_the_teams_are_there() -> None:
    found = made(fill_with_default_teams=False)
    assert found.names == ["north", "south"]
    assert len(found.physicians) == 9
    assert (found.nurses["team"] >= 0).all()


@given(st.integers(0, 400))
def test_practice_sizes_add_up_and_keep_the_share_of_groups(total: int) -> None:
    sizes = practice_sizes(total, 0.61, (4, 3))
    assert sum(sizes) == total
    assert set(sizes) <= {1, 3, 4}
    assert abs(sum(size for size in sizes if size > 1) - 0.61 * total) <= 4


def test_rows_of_a_team_are_contiguous_and_counted() -> None:
    for found in (made(), preset("sureaux")[1]):
        for row, team in enumerate(found.teams):
            assert np.flatnonzero(found.physicians["team"] == row).tolist() == list(
                range(team["first_physician"], team["last_physician"])
            )
            assert np.flatnonzero(found.nurses["team"] == row).tolist() == list(
                range(team["first_nurse"], team["last_nurse"])
            )
            desks = found.support[found.support["team"] == row]
            assert team["secretaries"] == np.sum(desks["role"] == SECRETARY)
            assert team["coordinator_fte"] == pytest.approx(desks["fte"][desks["role"] == COORDINATOR].sum())


def test_each_physician_is_paired_with_each_nurse_of_the_team() -> None:
    found = made()
    assert (np.diff(found.dyads["physician"]) >= 0).all()
    for row, physician in enumerate(found.physicians):
        mine = found.dyads[physician["dyad_start"] : physician["dyad_end"]]
        assert (mine["physician"] == row).all()
        assert mine["nurse"].tolist() == np.flatnonzero(found.nurses["team"] == physician["team"]).tolist()
    together = found.physicians["cell"][found.dyads["physician"]] == found.nurses["cell"][found.dyads["nurse"]]
    assert found.dyads["knowledge"][together] == pytest.approx(0.5)
    assert found.dyads["knowledge"][~together] == pytest.approx(0.2)
    assert set(found.dyads["availability"][~together].tolist()) == {np.float32(0.3)}
    assert 0 < together.sum() < len(together)
    np.testing.assert_allclose(found.dyads["validation"][0], PAR["tasks_validation_start"][0])


def test_the_scenario_says_which_tasks_are_handed_over() -> None:
    team = TeamSpec(
        kind="msp", physicians=2, asalee_fte=1.5, liberal_nurses=1,
        delegation={"k02": Delegation("asalee", 0.3), "k13": Delegation("liberal", 0.2, informal=True)},
    )  # fmt: skip
    found = made(teams={"one": team, "two": TeamSpec(kind="msp", physicians=1, asalee_fte=1.0)})
    kind = found.nurses["kind"][found.dyads["nurse"]]
    first = found.physicians["team"][found.dyads["physician"]] == 0
    assert found.dyads["share"][first & (kind == ASALEE), K02] == pytest.approx(0.15)  # two nurses share the task
    assert found.dyads["share"][first & (kind == LIBERAL), K13] == pytest.approx(0.2)
    assert found.dyads["informal"][first & (kind == LIBERAL)].tolist() == [1 << K13] * 2
    assert found.dyads["share"].sum() == pytest.approx(2 * (0.3 + 0.2))
    assert not found.dyads["share"][~first].any()


def test_lists_sum_to_the_people_who_register_and_respect_the_teams() -> None:
    ground, found = village(), made()
    people = registrable_people(ground, PAR)
    assert people / 23_000 * 10_000 / 7.7 == pytest.approx(1_001, rel=0.02)
    assert found.physicians["list_target"].sum() == pytest.approx(people, rel=1e-5)
    assert found.physicians["list_target"][found.physicians["team"] == 1].sum() == pytest.approx(4_000, rel=1e-5)
    low, high = PAR["workforce_list_bounds"][0]
    assert found.physicians["list_target"].min() >= low
    assert found.physicians["list_target"].max() <= high


def test_lists_larger_than_the_people_are_a_mistake() -> None:
    with pytest.raises(Mistake, match=r"Made.*register 20000 patients, but only 17765 people"):
        made(teams={"vast": TeamSpec(physicians=8, registered_list=20_000)})


def test_distributions_are_those_declared() -> None:
    found = many_physicians()
    assert len(found) == 60 * 18
    assert -found["birth_week"].mean() / 52 == pytest.approx(50, abs=1)
    assert found["woman"].mean() == pytest.approx(0.45, abs=0.04)
    assert found["half_days"].mean() == pytest.approx(9.37, abs=0.12)  # 9.5, less what is clipped at 11
    women, men = found[found["woman"] == 1], found[found["woman"] == 0]
    assert women["half_days"].mean() / men["half_days"].mean() == pytest.approx(0.9, abs=0.025)  # P-H-SEX, P-FEMALE
    assert set(women["slot_acute"].tolist()) == {19}
    assert set(men["slot_chronic"].tolist()) == {20}
    assert np.median(found["alpha"]) == pytest.approx(1.2, rel=0.08)
    assert np.log(found["alpha"]).std() == pytest.approx(0.6, abs=0.05)
    assert found["open_deleg"].mean() == pytest.approx(0.5, abs=0.03)
    assert men["open_deleg"].mean() > women["open_deleg"].mean() + 0.05
    assert found["liability"].mean() == pytest.approx(0.3, abs=0.02)
    assert found["identity"].mean() == pytest.approx(0.6, abs=0.02)
    assert found["leads"].mean() == pytest.approx(0.7, abs=0.04)
    assert found["network"].mean() == pytest.approx(0.5, abs=0.03)
    np.testing.assert_allclose(found["core"][:, 5].mean(), 0.3, atol=0.02)
    assert found["core"][:, 2].std() == pytest.approx(0.15, abs=0.02)


def test_lists_are_spread_like_the_french_ones() -> None:
    # Targets are wider than the lists they lead to: people register near home, which pulls lists to the mean.
    # The lists themselves are judged by V-02, in the first year after the warm-up.
    adults = many_physicians()["list_target"] * 960 / 1_001
    quartiles = np.percentile(adults, [25, 75])
    assert 600 * 0.75 < quartiles[0] < 600
    assert quartiles[1] == pytest.approx(1_300, rel=0.15)


def test_the_leader_has_the_values_of_the_team() -> None:
    team = TeamSpec(kind="msp", physicians=4, network=0.9, knowhow=0.8, will=0.1, intermediaries=2, near_retirement=1)
    found = made(teams={"led": team}).physicians[:4]
    assert found[["network", "knowhow", "will"]][0].tolist() == pytest.approx((0.9, 0.8, 0.1))
    assert found["intermediary"].tolist() == [1, 1, 0, 0]
    assert found["kappa"][:, 0].tolist() == pytest.approx([0.8, 0.8, 0.05, 0.05])
    ages = -found["birth_week"] / 52
    assert 60 <= ages[0] <= 65
    assert (ages[1:] < 60).all()


def test_what_a_team_says_reaches_its_rows() -> None:
    team = TeamSpec(
        kind="msp", physicians=3, slot_chronic=30, slot_chronic_each=[50], share_women=0, load=1.1, departures_due=2,
        closed_tasks=["k02", "k17"], sharing_rule="hold_harmless", hospital_tie=0.7, meetings=12, interns=2,
        renewal_interval_months=6, secretaries=1.5,
    )  # fmt: skip
    found = made(teams={"one": team})
    assert found.physicians["slot_chronic"][:3].tolist() == [50, 30, 30]
    assert found.physicians["demand_share"][:3] == pytest.approx(1.1)
    assert found.physicians["overload"][:3] == pytest.approx(1.0)
    assert found.physicians["renewal_interval_months"][:3].tolist() == [6, 6, 6]
    assert (found.physicians["leaves_week"][:2] >= 0).all()
    assert found.physicians["leaves_week"][:2].max() < 78
    assert found.physicians["leaves_week"][2] == -1
    row = found.teams[0]
    assert row["closed_tasks"] == (1 << K02) | (1 << K17)
    assert SHARING_RULES[row["sharing_rule"]] == "hold_harmless"
    assert (row["kind"], row["meetings"], row["interns"]) == (MSP, 12, 2)
    assert row["hospital_tie"] == np.float32(0.7)
    assert found.support["fte"][found.support["team"] == 0].tolist() == [0.75, 0.75]


def test_a_cpts_leaves_its_members_in_their_own_teams() -> None:
    found = made(teams={**MADE_TEAMS, "network": TeamSpec(kind="cpts", physicians=9, coordinator_fte=1.0)})
    assert found.teams["physicians"][2] == 0
    assert np.sum(found.physicians["team"] == 2) == 0
    assert found.support["role"][found.support["team"] == 2].tolist() == [COORDINATOR]


def test_teams_settle_where_they_say() -> None:
    ground = village()
    spec = ScenarioSpec(
        teams={
            "town": TeamSpec(kind="msp", physicians=2, sites=3),
            "named": TeamSpec(kind="msp", physicians=2, commune="00007"),
            "typed": TeamSpec(kind="msp", physicians=2, area_type="T2"),
        }
    )
    found = staff(ground, spec, 3, PAR, BEHAVIOUR)
    communes = ground.cells["commune"][found.teams["cell"][:3]]
    assert communes[:2].tolist() == [4, 7]
    assert ground.communes["area_type"][communes[2]] == 1
    assert found.teams["sites"][0] == 3
    sites = found.physicians["cell"][:2]
    assert sites[0] != sites[1]


def test_a_place_that_is_not_there_is_a_mistake() -> None:
    with pytest.raises(Mistake, match=r'team "lost": commune = "Comune 3".*Did you mean "Commune 3"'):
        made(teams={"lost": TeamSpec(commune="Comune 3")})
    with pytest.raises(Mistake, match=r'team "lost": area_type = "T5", but the territory "Made" has only T1, T2'):
        made(teams={"lost": TeamSpec(area_type="T5")})


def test_known_facilities_are_where_professionals_work() -> None:
    ground = dataclasses.replace(
        village(), gp_cells=[40] * 6 + [3, 3, 70], nurse_cells=[40, 3, 3, 80], hospital_cells=[44]
    )
    team = TeamSpec(kind="msp", physicians=2, liberal_nurses=1)
    found = staff(ground, ScenarioSpec(teams={"msp": team}), 1, PAR, BEHAVIOUR)
    others = found.physicians["cell"][2:]
    assert len(others) == 9 - 2
    assert set(others.tolist()) <= {40, 3, 70}
    nurses = found.nurses[found.nurses["in_post"] != 0]
    assert len(nurses) == 4
    assert set(nurses["cell"][1:].tolist()) <= {40, 3, 80}
    assert found.hospitals["cell"].tolist() == [44]


def test_a_hospital_lies_at_the_travel_time_asked() -> None:
    near = made(territory=TerritorySpec(hospital_minutes=5)).hospitals
    ground = village()
    assert 2 + kilometres(ground, 40)[near["cell"][0]] / 0.75 == pytest.approx(5, abs=0.8)
    assert near["minutes_beyond"].tolist() == [0]
    far = made(territory=TerritorySpec(hospital_minutes=40)).hospitals
    edge = 2 + kilometres(ground, 40)[far["cell"][0]] / 0.75
    assert edge + far["minutes_beyond"][0] == pytest.approx(40, abs=1e-3)
    assert made(territory=TerritorySpec(hospitals=3)).hospitals["beds"].tolist() == [14, 13, 13]
    assert len(made(territory=TerritorySpec(hospitals=0)).hospitals) == 0


@pytest.mark.parametrize("leads", [False, True])
def test_a_hospital_leads_a_bid_where_the_territory_says_so(leads: bool) -> None:
    found = made(territory=TerritorySpec(hospitals=2, hospital_leads_bid=leads)).hospitals
    assert found["leads_bid"].tolist() == [leads, leads]


def test_rounds_share_the_territory_out() -> None:
    found = made()
    rounds = found.nurses[found.nurses["kind"] == LIBERAL]
    assert rounds["area_km2"].min() >= 1
    assert 81 <= rounds["area_km2"].sum() <= 81 + len(rounds)  # the lowest bound adds to crowded cells


def test_the_same_seed_gives_the_same_bytes() -> None:
    for one, other in zip(tables(made(5)), tables(made(5)), strict=True):
        assert one.tobytes() == other.tobytes()
    assert made(5).physicians.tobytes() != made(6).physicians.tobytes()


def test_another_team_changes_the_draws_of_nobody_else() -> None:
    before = made()
    after = made(teams={"new": TeamSpec(kind="msp", physicians=3, asalee_fte=1), **MADE_TEAMS})
    for old, new, draws in (
        (
            before.physicians,
            after.physicians,
            # no "cell": practices leave room for one another, so another team may move them
            ("birth_week", "woman", "half_days", "alpha", "open_deleg", "core"),
        ),
        (before.nurses, after.nurses, ("kind", "leader_type", "skill", "weekly_minutes", "cell")),
        (before.support, after.support, ("role", "fte")),
    ):
        rows = {int(who): row for row, who in enumerate(new["who"])}
        kept = [(row, rows[int(who)]) for row, who in enumerate(old["who"]) if int(who) in rows]
        assert len(kept) >= len(old) - 3  # three posts fewer for practices that nobody named
        for column in draws:
            assert old[column][[a for a, _ in kept]].tobytes() == new[column][[b for _, b in kept]].tobytes(), column


def test_content_ids_are_distinct() -> None:
    for table in tables(made()) + tables(preset("sureaux")[1]):
        if "who" in (table.dtype.names or ()):
            assert len(np.unique(table["who"])) == len(table)


@settings(max_examples=25)
@given(
    st.builds(
        TeamSpec,
        kind=st.sampled_from(["solo", "group", "msp", "health_centre"]),
        physicians=st.integers(0, 9),
        physician_fte=st.sampled_from([0.0, 3.0]),
        asalee_fte=st.floats(0, 3),
        pathway_fte=st.floats(0, 2),
        sites=st.integers(1, 12),
        share_women=st.floats(0, 1),
        open_deleg=st.floats(0, 1),
        open_deleg_sd=st.floats(0, 0.5),
        half_days=st.floats(1, 12),
        near_retirement=st.integers(0, 12),
        secretaries=st.floats(-1, 4).map(lambda fte: -1.0 if fte < 0 else fte),
    ),
    st.integers(0, 2**63 - 1),
)
def test_no_team_leaves_a_hole(team: TeamSpec, seed: int) -> None:
    found = made(seed, teams={"any": team})
    for table in tables(found):
        for name in table.dtype.names or ():
            assert np.isfinite(table[name].astype(float)).all(), name
    for name in ("open_deleg", "core", "liability", "identity", "list_open"):
        assert found.physicians[name].min(initial=0) >= 0
        assert found.physicians[name].max(initial=0) <= 1
    assert ((found.nurses["weekly_minutes"] > 0) == (found.nurses["in_post"] != 0)).all()


def test_betas_have_the_mean_and_spread_that_are_asked() -> None:
    u = (np.arange(20_000) + 0.5) / 20_000
    for mean, sd in ((0.5, 0.2236), (0.3, 0.15), (0.8, 0.1)):
        drawn = betas(u, mean, sd)
        assert drawn.mean() == pytest.approx(mean, abs=1e-3)
        assert drawn.std() == pytest.approx(sd, abs=2e-3)
    assert betas(u, 1.0, 0.2).tolist() == [1.0] * len(u)


@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=30), st.floats(0, 1))
def test_scaled_numbers_sum_to_the_total_within_bounds(weights: list[float], at: float) -> None:
    total = len(weights) * (1 + at * 8)
    scaled = scaled_to(np.array(weights), total, 1, 9)
    assert scaled.sum() == pytest.approx(total, rel=1e-6)
    assert scaled.min() >= 1
    assert scaled.max() <= 9

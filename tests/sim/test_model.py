"""The model: Mesa's face over the columns, years that close, arms that fork, runs that are saved."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from agents.declarations import Table
from agents.mistakes import Mistake
from agents.views import Hospital, Nurse, Payer, Physician, Secretary, Team
from sim import events as ev
from sim.collector import MODEL_REPORTERS, PHYSICIAN_COLUMNS, collector
from sim.founding import found
from sim.model import CareModel, prepared
from sim.parameters import parameter_record
from sim.specification import ScenarioSpec
from sim.week.passage import Passage
from tests.sim.made_weeks import digest, lived, living, packed, town


def small(seed: int = 1) -> ScenarioSpec:
    return replace(town(2_500, seed), warm_up_years=1)


def fresh(seed: int = 1) -> CareModel:
    """A model at the first week, not warmed up, in which nobody decides."""
    return CareModel(found(small(seed)), replace(small(seed), decisions=False))


@cache
def _warmed() -> CareModel:
    return prepared(small())


def warmed() -> CareModel:
    return _warmed().fork()


def watched(model: CareModel) -> list[Table]:
    """The claim lines of each week to come, as the model meets them."""
    weeks: list[Table] = []
    passed = model.passage.week

    def week(day: date | None = None) -> Table:
        weeks.append(passed(day))
        return weeks[-1]

    model.passage.week = week  # type: ignore[method-assign]
    return weeks


def test_a_step_of_mesa_is_a_week_of_the_passage() -> None:
    model, world = fresh(), found(small())
    for n in range(3):
        model.step()
        assert model.world.week == n + 1
    lived(world, 3)
    assert digest(model.world) == digest(world)
    assert set(model.flows) == {"births", "deaths", "moves_in", "moves_out"}


def test_run_tells_of_each_week_and_a_year_is_52() -> None:
    told: list[int] = []
    model = warmed()
    model.run(5, told.append)
    assert told == [1] * 5
    model = warmed()
    assert model.run_year() == 1
    assert model.year == 2
    assert model.world.week == 104
    assert 1 in model.accounts.years


def test_threads_of_a_model_change_nothing() -> None:
    one, two = (CareModel(found(small()), threads=n) for n in (1, 2))
    one.run(4)
    two.run(4)
    two.passage.close()
    assert digest(one.world) == digest(two.world)


def test_accounts_of_a_year_are_its_claims() -> None:
    model = warmed()
    weeks = watched(model)
    year = model.run_year()
    lines, accounts = np.concatenate(weeks), model.accounts
    assert accounts.exact("claims", year, "territory").sum() == lines["cents"].sum() > 0
    for kind, level, table in (
        (ev.PHYSICIAN, "physician", model.world.physicians),
        (ev.THE_NURSE, "nurse", model.world.nurses),
        (ev.THE_HOSPITAL, "hospital", model.world.hospitals),
    ):
        mine = lines[lines["payee_kind"] == kind]
        sums = np.bincount(mine["payee"], weights=mine["cents"], minlength=len(table))
        np.testing.assert_array_equal(accounts.exact("claims", year, level)[:-1], sums)
    outside = lines[~np.isin(lines["payee_kind"], (ev.PHYSICIAN,))]
    assert accounts.exact("claims", year, "physician")[-1] == outside["cents"].sum()
    for name, kind in (
        ("gp_contacts", ev.GP),
        ("stays_residents", ev.STAY),
        ("delays", ev.DELAY),
        ("forgone", ev.FORGONE),
    ):
        assert accounts.total(name, year) == (lines["kind"] == kind).sum(), name


def test_accounts_hold_the_whole_minutes_of_physicians() -> None:
    model = warmed()
    weeks = watched(model)
    year = model.run_year()
    lines = np.concatenate(weeks)
    contacts = lines[lines["kind"] == ev.GP]
    minutes = np.bincount(contacts["payee"], weights=contacts["minutes_tenths"], minlength=len(model.world.physicians))
    np.testing.assert_array_equal(model.accounts.exact("gp_minutes", year)[:-1], minutes)


def test_yearly_columns_of_patients_begin_again() -> None:
    model = warmed()
    model.run(51)
    patients = model.world.patients
    spent = float(patients["spend"].sum())
    assert patients["gp_contacts"].sum() > 1_000
    assert spent > 0
    model.step()
    for column in ("forgone_need", "gp_contacts", "diabetes_tests", "ipa_quarters", "drugs_quarter", "spend"):
        assert not patients[column].any(), column
    assert patients["spend_prev"].sum() > spent
    model.step()
    assert patients["gp_contacts"].any()


def test_physicians_see_the_contacts_that_patients_count() -> None:
    model = warmed()
    contacts = 0
    for _ in range(10):
        model.step()
        contacts += int(model.world.physicians["contacts"].sum())
    counted = int(model.world.patients["gp_contacts"].astype(int).sum())
    # Those of people who have died or moved away since are no longer there to be counted.
    assert 0.97 * contacts < counted <= contacts


# Mesa's face.


def test_agents_are_views_of_their_rows() -> None:
    model = fresh()
    assert len(model.agents) == 0, "nobody pays for agents that nobody asks for"
    model.attach()
    world = model.world
    for kind, table in (
        (Physician, world.physicians), (Nurse, world.nurses), (Hospital, world.hospitals), (Team, world.teams),
    ):  # fmt: skip
        assert len(model.agents_by_type[kind]) == len(table)
    assert len(model.agents_by_type[Payer]) == 1
    assert len(model.agents_by_type[Secretary]) == (world.support["role"] == 0).sum()
    physicians = model.agents_by_type[Physician]
    model.step()
    assert physicians.get("contacts") == world.physicians["contacts"].tolist()
    assert sum(physicians.get("fees_cents")) == world.physicians["fees_cents"].sum() > 0
    first = next(iter(physicians))
    first.half_days = 3.5
    assert world.physicians["half_days"][first.row] == 3.5
    busy = physicians.select(lambda physician: physician.contacts > 20)
    assert len(busy) == (world.physicians["contacts"] > 20).sum()


def test_agents_stand_on_the_cells_of_their_grid() -> None:
    model = fresh()
    grid = model.grids[0]
    cells = model.world.cells
    for physician in model.agents_by_type[Physician]:
        where = cells[physician.cell_row]
        assert physician.cell is grid[int(where["x_km"]), int(where["y_km"])]
        assert physician in physician.cell.agents
    held = sum(len(list(cell.agents)) for cell in grid.all_cells)
    standing = [agent for agent in model.agents if getattr(agent, "cell", None) is not None]
    assert held == len(standing) >= len(model.world.physicians) + len(model.world.nurses)


def test_attaching_agents_changes_no_trajectory() -> None:
    shown, hidden = fresh(), fresh()
    shown.attach()
    shown.run(4)
    hidden.run(4)
    assert digest(shown.world) == digest(hidden.world)


def test_a_data_collector_reads_the_real_model() -> None:
    model = fresh()
    model.datacollector = collector(model)
    contacts, by_physician = [], []
    for _ in range(4):
        model.step()
        model.datacollector.collect(model)
        contacts.append(float(model.world.physicians["contacts"].sum()))
        by_physician.append(model.world.physicians["contacts"].copy())
    weeks = model.datacollector.get_model_vars_dataframe()
    assert list(weeks.columns) == list(MODEL_REPORTERS)
    assert weeks["gp_contacts"].tolist() == contacts
    assert weeks["week"].tolist() == [0, 1, 2, 3]
    assert weeks["people"].iloc[-1] == living(model.world.patients).sum()
    assert weeks["gp_requests"].sum() >= sum(contacts) > 0
    rows = model.datacollector.get_agenttype_vars_dataframe(Physician)
    assert isinstance(rows, pd.DataFrame)
    assert set(PHYSICIAN_COLUMNS) <= set(rows.columns)
    np.testing.assert_array_equal(rows["contacts"].to_numpy(), np.concatenate(by_physician))


# Arms and files.


def test_a_fork_goes_on_as_the_model_does_and_shares_nothing() -> None:
    model = warmed()
    model.run(7)
    fork = model.fork()
    assert fork.specification is model.specification
    fork.run(45)
    before = digest(model.world)
    assert set(model.accounts.years) == {0}
    assert set(fork.accounts.years) == {0, 1}
    model.run(45)
    assert digest(model.world) == digest(fork.world) != before
    pd.testing.assert_frame_equal(model.accounts.frame(1), fork.accounts.frame(1))


def other_parameters(model: CareModel) -> CareModel:
    world = model.world.fork()
    world.parameters = parameter_record({"needs.emergency": 0.4})
    return model.fork(world=world)


def test_an_arm_with_other_parameters_has_other_ceilings_and_the_same_people() -> None:
    model = warmed()
    arm = other_parameters(model)
    alive = living(model.world.patients)
    np.testing.assert_array_equal(model.world.patients["who"], arm.world.patients["who"])
    assert (arm.world.patients["ceiling"][alive] > model.world.patients["ceiling"][alive]).mean() > 0.99
    visits = []
    for one in (model, arm):
        lines = watched(one)
        one.run(26)
        visits.append(sum(int((week["kind"] == ev.ED).sum()) for week in lines))
    assert visits[1] > 1.3 * visits[0]


def test_a_model_saved_and_read_goes_on_as_if_nothing_had_been(tmp_path: Path) -> None:
    model = warmed()
    model.run_year()
    model.save(tmp_path / "model.npz")
    again = CareModel.load(tmp_path / "model.npz", model.specification)
    assert digest(again.world) == digest(model.world)
    assert set(again.accounts.years) == set(model.accounts.years)
    for year in model.accounts.years:
        for level in ("physician", "team", "territory"):
            pd.testing.assert_frame_equal(again.accounts.frame(year, level), model.accounts.frame(year, level))
    again.run_year()
    model.run_year()
    assert digest(again.world) == digest(model.world)
    pd.testing.assert_frame_equal(again.accounts.frame(2), model.accounts.frame(2))


def test_a_model_is_not_saved_within_a_year(tmp_path: Path) -> None:
    model = warmed()
    model.run(5)
    with pytest.raises(Mistake, match="5 done, 47 to go"):
        model.save(tmp_path / "model.npz")
    assert list(tmp_path.iterdir()) == []
    model.run(47)
    model.save(tmp_path / "model.npz")
    assert set(CareModel.load(tmp_path / "model.npz").accounts.years) == set(model.accounts.years)


CHANGES: tuple[Callable[[CareModel], object], ...] = (
    lambda model: model.world.physicians.__setitem__("half_days", 6.0),
    lambda model: model.world.parameters.__setitem__("choice_teleconsultation", 0.0),
    lambda model: model.world.patients.__setitem__("trust_nurse", 0),
)


@pytest.mark.parametrize("change", CHANGES, ids=["half-days", "teleconsultation", "trust"])
def test_arms_differ_by_what_was_changed_and_have_the_same_births(change: Callable[[CareModel], object]) -> None:
    base, arm = warmed(), warmed()
    change(arm)
    flows: list[list[bytes]] = []
    for model in (base, arm):
        flows.append([])
        for _ in range(15):
            model.step()
            flows[-1].append(b"".join(model.flows[name].tobytes() for name in ("births", "moves_in", "moves_out")))
    assert packed(base.world.patients) != packed(arm.world.patients)
    assert flows[0] == flows[1]


def test_a_model_of_several_territories_has_a_grid_each() -> None:
    world = found([town(1_500, name="One", teams={}), town(1_800, name="Two", teams={})])
    model = CareModel(world)
    model.run(2)
    assert set(model.grids) == {0, 1}
    for physician in model.agents_by_type[Physician]:
        assert physician.cell in set(model.grids[physician.territory].all_cells)
    assert all(len(flow) == 2 for flow in model.flows.values())


def test_the_passage_of_a_model_is_its_own() -> None:
    model = fresh()
    assert isinstance(model.passage, Passage)
    assert model.passage.world is model.world
    assert model.fork().passage.world is not model.world

"""Outcomes by group: the parts make the whole, and each part reads its own people."""

from typing import Any, cast

import numpy as np
import pytest

from agents.patients import ALD, ALIVE, C2S
from agents.uses import USES
from sim.accounts import Accounts
from sim.outcomes import OUTCOMES
from sim.outcomes.groups import EARNERS, GROUPED, PARTS, PROFESSIONS, WORK, of_group
from sim.treasury import Treasury
from sim.world import WEEKS_PER_YEAR, World
from tests.invented_lines import accounting_world, invented_lines
from tests.sim.closed_model import ClosedModel


@pytest.fixture(scope="module")
def model() -> ClosedModel:
    world = accounting_world()
    world.communes["area_type"] = np.arange(len(world.communes)) % 2
    accounts = Accounts(world)
    lines = invented_lines(world, 8_000, weeks=52)
    for week in range(52):
        accounts.add(lines[lines["week"] == world.week + week], world)
    accounts.close_year(world, 1)
    return ClosedModel(world, accounts)


def read(model: ClosedModel, name: str) -> float:
    return OUTCOMES[name].function(cast(Any, model), 1)


def living(world: World) -> Any:
    return world.patients[(world.patients["flags"] & ALIVE) > 0]


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("group", ["ald", "c2s"])
def test_with_and_without_make_the_whole(name: str, group: str, model: ClosedModel) -> None:
    below = "adults" if PARTS[name].adults else "residents"
    whole = model.accounts.total("adult_residents" if PARTS[name].adults else "residents", 1)
    part = model.accounts.total(f"{group}_{below}", 1)
    assert 0 < part < whole
    both = read(model, f"{name}_{group}") * part + read(model, f"{name}_no_{group}") * (whole - part)
    assert both == pytest.approx(read(model, name) * whole)


@pytest.mark.parametrize("name", PARTS)
def test_ages_make_the_whole(name: str, model: ClosedModel) -> None:
    members = GROUPED["age"][name]
    people = {band: model.accounts.total(f"residents_age_{band}", 1) for band in members}
    both = sum(read(model, own) * people[band] for band, own in members.items() if people[band])
    assert both == pytest.approx(read(model, name) * sum(people.values()))


@pytest.mark.parametrize("name", PARTS)
def test_living_areas_make_the_whole(name: str, model: ClosedModel) -> None:
    below = "adult_residents" if PARTS[name].adults else "residents"
    types = model.world.communes["area_type"]
    people = np.bincount(types, weights=model.accounts.array(below, 1, "commune"), minlength=6)
    members = list(GROUPED["area"][name].values())
    both = sum(read(model, own) * many for own, many in zip(members, people, strict=True) if many)
    assert both == pytest.approx(read(model, name) * people.sum())
    assert np.isnan(read(model, f"{name}_T6")), "nobody lives there"


def test_spending_of_a_group_is_that_of_its_people(model: ClosedModel) -> None:
    people = living(model.world)
    for bit, name in ((ALD, "ald"), (C2S, "c2s")):
        own = people[(people["flags"] & bit) > 0]
        assert read(model, f"spending_mean_{name}") == pytest.approx(own["spend"].sum(axis=1, dtype=float).mean())


def test_hours_are_those_of_work(model: ClosedModel) -> None:
    assert set(USES) - set(WORK) == {"idle", "overrun", "personal"}
    held = model.world.physicians["vacant_until"] == -1
    hours = sum(model.accounts.array(f"hours_{use}_physicians", 1) for use in WORK)
    expected = np.asarray(hours)[held].mean() / WEEKS_PER_YEAR
    assert read(model, "hours_per_week_physician") == pytest.approx(expected)


def test_income_is_what_the_treasury_shared(model: ClosedModel) -> None:
    assert np.isnan(read(model, "income_physician")), "no contract, no income"

    class Paid:
        """A treasury that paid everybody by their row."""

        def income_of(self, level: str, size: int, year: int) -> Any:
            return np.arange(size, dtype=float) * (1 if level == "physician" else 10)

    paid = ClosedModel(model.world, model.accounts, cast(Treasury, Paid()))
    held = np.flatnonzero(model.world.physicians["vacant_until"] == -1)
    assert read(paid, "income_physician") == pytest.approx(held.mean())
    liberal = np.flatnonzero((model.world.nurses["kind"] == 0) & (model.world.nurses["in_post"] == 1))
    fees = sum(model.accounts.array(f"fees_quarter_{q}_nurses", 1, "nurse") for q in range(1, 5))
    expected = np.where(liberal > 0, 10.0 * liberal, np.asarray(fees)[liberal]).mean()
    assert read(paid, "income_nurse_liberal") == pytest.approx(expected), "who is paid nothing lives on fees"


def test_every_group_lists_declared_outcomes() -> None:
    assert set(GROUPED) == {"age", "ald", "c2s", "area", "profession"}
    for group in GROUPED:
        assert set(of_group(group)) <= set(OUTCOMES)
    assert of_group("c2s", ("forgone_per_person",)) == ["forgone_per_person_c2s", "forgone_per_person_no_c2s"]
    assert len(of_group("profession")) == len(PROFESSIONS) + len(EARNERS)
    assert "avoidable_stays_per_1000_adults_0-17" not in OUTCOMES

"""Who belongs to a perimeter, and what is counted of them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents import patients as people
from agents.teams import PERIMETERS
from sim import events
from sim.accounts import Accounts
from sim.measures import MEASURES, holds
from sim.payment.accounts_of_year import LIST_CLASSES, AccountsOfYear, Owners
from sim.payment.perimeters import PERIMETER_MEASURES, acts, fees, leaked, patients
from sim.standard_measures.acts import IN_SCOPE, codes
from tests.invented_lines import accounting_world, invented_lines

PARKINSON, DIABETES = 1 << people.NEURO, 1 << people.DIABETES
PERSON = {"age": np.uint8, "flags": np.uint16, "conditions": np.uint8}
OF_PATIENTS = [*(one.name for one in LIST_CLASSES),
               *(one.name for one in PERIMETER_MEASURES if one.source == "patients")]  # fmt: skip


def listed(age: int, flags: int, conditions: int) -> dict[str, int]:
    """Perimeters that a single registered patient is in, as the declared measures count."""
    person = {name: np.array([value], dtype=PERSON[name])
              for name, value in (("age", age), ("flags", flags), ("conditions", conditions))}  # fmt: skip
    counts = {name: float(all(holds(person[column], condition).all() for column, condition in MEASURES[name].where))
              for name in OF_PATIENTS}  # fmt: skip
    accounts = AccountsOfYear.of_tables(2021, {"team": counts})
    return {perimeter: int(patients(accounts, perimeter).sum()) for perimeter in PERIMETERS}


@pytest.mark.parametrize(
    ("age", "flags", "conditions", "elderly", "diabetic"),
    [(55, people.ALD, PARKINSON, 1, 0), (55, people.ALD, DIABETES, 0, 1), (64, 0, 0, 0, 0), (70, 0, 0, 1, 0)],
    ids=["55, Parkinson", "55, diabetes", "64, none", "70"],
)
def test_peps_13(age: int, flags: int, conditions: int, elderly: int, diabetic: int) -> None:
    assert listed(age, flags, conditions) == {"all": 1, "elderly": elderly, "diabetic": diabetic}


@given(st.integers(0, 120), st.integers(0, 2**15 - 1), st.integers(0, 127))
@settings(max_examples=50)
def test_everybody_is_counted_once_or_not_at_all(age: int, flags: int, conditions: int) -> None:
    found = listed(age, flags, conditions)
    assert found["all"] == 1
    assert found["elderly"] == (age >= 65 or (age >= 50 and bool(conditions & PARKINSON)))
    assert found["diabetic"] == bool(conditions & DIABETES and flags & people.ALD)


def test_acts_and_fees_of_a_perimeter_count_whether_billed_or_replaced() -> None:
    accounts = AccountsOfYear.of_tables(2021, {"team": {
        "acts_G_in_list": 10, "shadow_acts_HOME_in_list": 5, "acts_TECH_in_list": 100, "acts_G_other": 7,
        "acts_G_ame": 3, "shadow_acts_AMI_in_list": 40, "fees_G_in_list": 250, "shadow_fees_G_in_list": 25,
        "elderly_65_acts_gp": 4, "elderly_neuro_acts_gp": 2, "elderly_65_acts_nurse": 30, "diabetic_ald_fees_gp": 99,
    }})  # fmt: skip
    assert acts(accounts, "all", "gp") == 15
    assert acts(accounts, "all", "gp", ame=True) == 18
    assert acts(accounts, "all", "gp_nurse") == 55
    assert fees(accounts, "all", "gp") == 275
    assert acts(accounts, "elderly", "gp") == 6
    assert acts(accounts, "elderly", "gp_nurse") == 36
    assert fees(accounts, "diabetic", "gp") == 99


def test_a_year_of_claims_is_counted_by_perimeter() -> None:
    world = accounting_world()
    lines = invented_lines(world, 4000, weeks=8, seed=5)
    accounts = Accounts(world)
    accounts.add(lines, world)
    accounts.close_year(world, 1)
    of_team = AccountsOfYear(2021, {"team": Owners(np.arange(len(world.teams)), np.arange(len(world.teams)))},
                             lambda name, level: accounts.array(name, 1, level), lambda name: np.zeros(0))  # fmt: skip
    age, neuro = lines["age"], lines["conditions"] & PARKINSON > 0
    inside = {"elderly": (age >= 65) | ((age >= 50) & neuro),
              "diabetic": (lines["conditions"] & DIABETES > 0) & (lines["flags"] & people.ALD > 0)}  # fmt: skip
    visits = np.isin(lines["code"], codes(*IN_SCOPE))
    for perimeter, held in inside.items():
        own = lines[held & visits & (lines["scope"] == events.IN_LIST)]
        assert acts(of_team, perimeter, "gp").sum() == own["count"][own["provider_team"] >= 0].sum() > 0
        euros = own["cents"][own["provider_team"] >= 0].sum() / 100
        assert fees(of_team, perimeter, "gp").sum() == pytest.approx(euros)
        lost = lines[held & visits & (lines["marks"] & events.LEAK > 0) & (lines["registered_team"] >= 0)]
        measured = np.sum([of_team.measure(name) for name in leaked(perimeter).strip("()").split(" + ")], axis=0)
        assert measured.sum() == pytest.approx(lost["cents"].sum() / 100)
        assert len(lost)


def test_what_is_counted_on_claims_can_be_counted_by_class() -> None:
    on_claims = [one for one in PERIMETER_MEASURES if one.source == "events"]
    assert len(on_claims) == 15
    for one in on_claims:
        assert {column for column, _ in one.where} <= {"age", "flags", "conditions", "code", "scope", "marks"}
        assert all(events.DTYPE[column].itemsize <= 2 for column, _ in one.where)


@pytest.mark.parametrize("perimeter", PERIMETERS)
def test_leaks_are_measures(perimeter: str) -> None:
    assert set(leaked(perimeter).strip("()").split(" + ")) <= set(MEASURES)

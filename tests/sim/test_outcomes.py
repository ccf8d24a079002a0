"""Outcomes read from invented accounts."""

import numpy as np
import pytest

from agents.mistakes import Mistake
from agents.patients import ALIVE
from sim import events as ev
from sim.accounts import Accounts
from sim.outcomes import OUTCOMES, find_outcome, forget, outcome
from sim.outcomes.access import mean_of_part
from sim.outcomes.groups import GROUPED, of_group
from sim.outcomes.hospital import first_part
from sim.specification import POLICIES
from sim.yearly_facts import correlation, top_share
from tests.invented_lines import accounting_world, invented_lines
from tests.sim.closed_model import ClosedModel


@pytest.fixture(scope="module")
def model() -> ClosedModel:
    world = accounting_world()
    world.physicians["half_days"][:3] = 6
    world.physicians["minutes"] = (1_500, 100, 200, 0, 0, 0, 0, 0, 60, 300, 0, 40, 0, 0)
    accounts = Accounts(world)
    lines = invented_lines(world, 8_000, weeks=52)
    for week in range(52):
        accounts.add(lines[lines["week"] == world.week + week], world)
    accounts.close_year(world, 1)
    return ClosedModel(world, accounts)


def read(model: ClosedModel, name: str) -> float:
    return OUTCOMES[name].function(model, 1)


OF_CONTRACTS = {
    "paid_base_per_person", "paid_substitution_per_person", "paid_add_on_per_person", "paid_staff_per_person",
    "paid_organisation_per_person", "lump_sum_share_of_gp_pay", "aci_per_msp", "bonus_teams_paid", "bonus_per_listed",
    "exit_share_gap", "exit_share_self_employed", "exit_share_salaried",
    *(f"teams_under_{policy}" for policy in POLICIES),
}  # fmt: skip
"""Outcomes that a world without contracts does not have."""


@pytest.mark.parametrize("name", sorted(OF_CONTRACTS))
def test_what_contracts_pay_is_no_number_where_there_are_none(name: str, model: ClosedModel) -> None:
    assert np.isnan(read(model, name))


OF_GROUPS = {name for group in GROUPED for name in of_group(group)}
"""Outcomes of parts of the people, of which this world may have nobody (``test_outcomes_by_group.py``)."""


@pytest.mark.parametrize("name", [name for name in OUTCOMES if name not in OF_CONTRACTS | OF_GROUPS])
def test_every_outcome_is_a_number(name: str, model: ClosedModel) -> None:
    assert np.isfinite(read(model, name))


def test_the_posted_wait_is_that_of_physicians_in_post(model: ClosedModel) -> None:
    physicians = model.world.physicians
    before = physicians[["vacant_until", "posted_wait_days"]].copy()
    try:
        physicians["posted_wait_days"], physicians["vacant_until"][1:] = 90.0, 2**30
        physicians["posted_wait_days"][0] = 4.0
        assert read(model, "posted_wait_days") == 4.0
        physicians["vacant_until"] = 2**30
        assert np.isnan(read(model, "posted_wait_days")), "nobody is in post"
    finally:
        for name in before.dtype.names:
            physicians[name] = before[name]


def test_work(model: ClosedModel) -> None:
    full = model.world.physicians["half_days"] >= 9
    assert read(model, "acts_per_full_activity_gp") == model.accounts.array("acts", 1)[full].mean()
    assert read(model, "hours_with_patients") == pytest.approx(2_160 / 60), "the overrun is part of its minutes"
    assert read(model, "gps") == len(model.world.physicians)
    assert 8 <= read(model, "minutes_per_visit") <= 40


def test_access(model: ClosedModel) -> None:
    tenths = [read(model, f"apl_d{number}") for number in range(1, 11)]
    assert tenths == sorted(tenths)
    assert np.mean(tenths) == pytest.approx(read(model, "apl_mean"))
    residents = (model.world.patients["flags"] & ALIVE > 0).sum()
    assert read(model, "people") == residents
    assert read(model, "yearly_users") * 1000 > read(model, "monthly_users_per_1000") > 0


def test_hospital(model: ClosedModel) -> None:
    emergencies = model.accounts.total("ed_visits_residents", 1)
    assert read(model, "ed_visits_per_1000") == pytest.approx(1000 * emergencies / read(model, "people"))
    ratio = read(model, "heart_failure_rate_deprived_fifth") / read(model, "heart_failure_rate_affluent_fifth")
    assert read(model, "heart_failure_gradient") == pytest.approx(ratio)


def test_a_gradient_planted_in_the_claims_is_found() -> None:
    world = accounting_world()
    lines = invented_lines(world, 20_000)
    stay = lines["kind"] == ev.STAY
    lines["cause"][stay] = ev.CAUSE_HEART_FAILURE
    poor = world.communes["poverty"][lines["commune"]] >= np.median(world.communes["poverty"])
    kept = lines[~stay | poor]
    world.communes["poverty"] = np.linspace(0.05, 0.3, len(world.communes))
    accounts = Accounts(world)
    accounts.add(kept[kept["commune"] >= len(world.communes) // 2], world)
    accounts.close_year(world, 1)
    model = ClosedModel(world, accounts)
    assert read(model, "heart_failure_rate_deprived_fifth") > read(model, "heart_failure_rate_affluent_fifth")


def test_parts_of_a_distribution() -> None:
    values, weights = np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 1.0])
    assert mean_of_part(values, weights, 0, 1) == 2.0
    assert mean_of_part(values, weights, 0, 0.5) == pytest.approx(1.5)
    assert first_part(np.array([3.0, 1.0, 2.0]), np.array([10.0, 10.0, 10.0]), 0.5).tolist() == [0.0, 1.0, 0.5]


def test_facts_of_spending() -> None:
    amounts = np.array([1.0, 1.0, 1.0, 1.0, 6.0])
    assert top_share(amounts, 0.2) == 0.6
    assert correlation(amounts, 2 * amounts) == pytest.approx(1.0)
    assert np.isnan(correlation(amounts, np.ones(5)))


def test_outcomes_are_declared_once_and_found_by_name() -> None:
    @outcome("for_a_moment", "x", "a moment")
    def for_a_moment(model: object, year: int) -> float:
        return 1.0

    assert find_outcome("for_a_moment").function is for_a_moment
    with pytest.raises(Mistake, match="declared twice"):
        outcome("for_a_moment", "x", "again")
    forget("for_a_moment")
    with pytest.raises(Mistake, match='Did you mean "apl_mean"'):
        find_outcome("apl_men")

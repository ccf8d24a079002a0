"""Members as sharing rules see them: read from accounts, or given as columns."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from agents.mistakes import Mistake
from agents.teams import HEALTH_CENTRE, MSP
from sim.measures import MEASURES
from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.history import History
from sim.payment.sharing.members import Members
from sim.payment.sharing.reading import MEASURES_OF_SHARING, replaced_lines
from sim.payment.sharing.rule import SharingParameters, terms_of_package
from sim.tariffs import Tariffs

TERMS = SharingParameters(**{name: dated.value for name, dated in terms_of_package().at(date(2021, 12, 31)).items()})
TEAMS = {"team_kind": [MSP, HEALTH_CENTRE], "n_prof": [6, 4], "shadow_acts_G_in_list": [900, 0]}
PHYSICIANS = {
    "team": [0, 0, 1],
    "physicians": [1, 0, 1],
    "days": [180, 0, 200],
    "acts": [1000, 0, 4000],
    "fees": [5_000, 0, 100_000],
    "shadow_acts_G_in_list": [900, 0, 0],
    "shadow_fees_G_in_list": [22_500, 0, 0],
    "registered_list": [950, 0, 1100],
}
NURSES = {
    "team": [0, 0],
    "team_nurses": [1, 1],
    "nurse_on_a_wage": [0, 1],
    "hours_home_nurses": [800, 0],
    "hours_collective_nurses": [24, 12],
    "hours_idle_nurses": [500, 500],
    "delegated_acts": [40, 60],
}


def accounts(year: int = 2021) -> AccountsOfYear:
    return AccountsOfYear.of_tables(year, {"team": TEAMS, "physician": PHYSICIANS, "nurse": NURSES})


def test_members_are_the_persons_of_the_teams_physicians_first() -> None:
    members = Members.of_accounts(accounts(), History(), terms=TERMS)
    assert members.team.tolist() == [0, 0, 1, 0, 0]
    assert members.level.tolist() == [0, 0, 0, 1, 1]
    assert members.row.tolist() == [0, 1, 2, 0, 1]
    assert members.professionals.tolist() == [6, 4]


def test_a_vacant_post_a_wage_and_a_centre_take_no_part() -> None:
    members = Members.of_accounts(accounts(), History(), terms=TERMS)
    assert members.takes_part.tolist() == [True, False, False, True, False]
    assert members.salaried.tolist() == [False, True]
    assert members.replaced.tolist() == [True, True, True, False, False]


def test_a_post_that_no_nurse_holds_takes_no_part_unless_she_left_in_the_year() -> None:
    for hours, takes_part in ((0, False), (8, True)):
        nurses = NURSES | {"team_nurses": [0, 1], "hours_home_nurses": [hours, 0], "hours_collective_nurses": [0, 12]}
        known = AccountsOfYear.of_tables(2021, {"team": TEAMS, "physician": PHYSICIANS, "nurse": nurses})
        assert Members.of_accounts(known, History(), terms=TERMS).takes_part.tolist()[3] is takes_part


def test_days_of_nurses_are_counted_by_the_hour_without_idle_ones() -> None:
    members = Members.of_accounts(accounts(), History(), terms=replace(TERMS, nurse_day_hours=8.0))
    assert members.days.tolist() == [180, 0, 200, 103, 1.5]
    assert members.hours.tolist() == [0, 0, 0, 24, 12]


def test_acts_are_those_that_a_lump_sum_replaces_or_all() -> None:
    members = Members.of_accounts(accounts(), History(), terms=TERMS)
    assert members.acts.tolist()[:3] == [900, 0, 4000]
    assert members.acts_value.tolist()[:3] == [22_500, 0, 100_000]
    every = Members.of_accounts(accounts(), History(), terms=replace(TERMS, acts_counted="all"))
    assert every.acts_value.tolist()[:3] == [27_500, 0, 100_000]
    assert set(replaced_lines(accounts())) == {("G", "in_list")}


def test_a_reference_year_that_is_known_is_taken() -> None:
    known = {"physician": {**PHYSICIANS, "fees_G_in_list": [30_000, 0, 0], "shadow_fees_G_in_list": [0, 0, 0]}}
    old = AccountsOfYear.of_tables(2019, {"team": {"team_kind": TEAMS["team_kind"]}, **known, "nurse": NURSES})
    members = Members.of_accounts(accounts(), History({2019: old, 2020: accounts(2020)}), terms=TERMS)
    assert members.reference_income.tolist() == [30_000, 0, 100_000, 0, 0]
    assert members.reference_days.tolist()[:3] == [180, 0, 200]
    nothing = Members.of_accounts(accounts(), History(), terms=TERMS)
    assert not nothing.reference_income.any()


def test_prices_follow_the_fees_in_force() -> None:
    members = Members.of_accounts(accounts(), History(), terms=TERMS, tariffs=Tariffs(scale={"G": 2.0}))
    assert members.act_price[0] == 50
    assert members.act_price[3] == pytest.approx(TERMS.letters_per_visit * 3.15)


def test_a_team_without_persons_has_no_members() -> None:
    members = Members.of_accounts(AccountsOfYear.of_tables(2021, {"team": TEAMS}), History(), terms=TERMS)
    assert len(members) == 0
    assert members.teams == 2


def test_wrong_columns_are_told() -> None:
    with pytest.raises(Mistake, match='no column "hour"'):
        Members.of_columns(2021, 1, {"hour": [1]})
    with pytest.raises(Mistake, match="different lengths"):
        Members.of_columns(2021, 1, {"hours": [1], "days": [1, 2]})
    with pytest.raises(Mistake, match="different lengths"):
        Members.of_columns(2021, 2, {"hours": [1], "staff": [1]})


def test_a_rule_reads_only_what_it_brought() -> None:
    members = Members.of_columns(2021, 1, {"hours": [1]})
    with pytest.raises(KeyError, match="was not brought"):
        members.as_accounts().read("hours", "member")


def test_measures_are_declared() -> None:
    assert {one.name for one in MEASURES_OF_SHARING} <= set(MEASURES)
    assert np.isin([one.source for one in MEASURES_OF_SHARING], ["teams", "events", "nurses"]).all()

"""Aid for medical assistants; worked examples are in examples/medical_assistant.toml."""

from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.history import History
from sim.payment.medical_assistant import MedicalAssistant
from tests.sim.payment.some_people import each, people, reordered, same_in_any_order, settled, year_of

LISTS = st.integers(0, 2500)
PHYSICIANS = people(dict.fromkeys(("start", "end", "file_start", "file_end"), LISTS))
OPTIONS = st.sampled_from(("third", "half", "full"))
SINCE = date(2020, 1, 1)
TEAM = {"physicians": 3.0, "practice_under_served": 1.0}
MOST = {"third": 12_000, "half": 18_000, "full": 36_000}


def years(table: dict[str, list[float]], year: int) -> tuple[AccountsOfYear, AccountsOfYear]:
    """The year, and that before the contract."""
    ones = [1.0] * len(table["start"])
    now = {"registered_list": table["end"], "active_file": table["file_end"], "physicians": ones}
    start = {"registered_list": table["start"], "adult_list": table["start"], "active_file": table["file_start"]}
    return year_of(year, "physician", now, TEAM), year_of(2019, "physician", start, TEAM)


@given(PHYSICIANS, OPTIONS, st.integers(2020, 2027))
@settings(max_examples=50)
def test_it_stays_between_nothing_and_the_aid(table: dict[str, list[float]], option: str, year: int) -> None:
    now, start = years(table, year)
    paid = each(settled(MedicalAssistant, now, start, since=SINCE, option=option), "physician", now)
    assert (paid >= 0).all()
    assert (paid <= MOST[option] * 1.05).all()
    assert not paid[np.array(table["start"]) < 640].any()


@given(PHYSICIANS, OPTIONS, st.integers(0, 300))
@settings(max_examples=50)
def test_more_growth_never_pays_less(table: dict[str, list[float]], option: str, more: int) -> None:
    grown = {**table, "end": [patients + more for patients in table["end"]]}
    paid = []
    for one in (table, grown):
        now, start = years(one, 2023)
        paid.append(each(settled(MedicalAssistant, now, start, since=SINCE, option=option), "physician", now))
    assert (paid[1] >= paid[0]).all()


@given(PHYSICIANS, OPTIONS, st.integers(1, 9), st.integers(2020, 2027))
@settings(max_examples=50)
def test_the_order_of_physicians_changes_nothing(
    table: dict[str, list[float]], option: str, seed: int, year: int
) -> None:
    moved, places = reordered(table, seed)
    paid = []
    for one in (table, moved):
        now, start = years(one, year)
        paid.append(each(settled(MedicalAssistant, now, start, since=SINCE, option=option), "physician", now))
    assert same_in_any_order(paid[0], paid[1], places)


@given(PHYSICIANS, OPTIONS)
@settings(max_examples=50)
def test_who_is_aided_has_a_post_and_the_others_none(table: dict[str, list[float]], option: str) -> None:
    now, start = years(table, 2020)
    policy = MedicalAssistant(since=SINCE)
    assert policy.fte_due(now, History({2019: start}))[0] == 0.5 * (np.array(table["start"]) >= 640).sum()


def test_what_is_left_of_the_wage_is_said() -> None:
    now, start = years({"start": [1000.0], "end": [1000.0], "file_start": [0.0], "file_end": [0.0]}, 2020)
    statement = settled(MedicalAssistant, now, start, since=SINCE)
    (sheet,) = statement.sheets()
    assert sheet["left_to_pay"] == 38_000 / 2 - 18_000


def test_empty_accounts_pay_nothing() -> None:
    nobody = AccountsOfYear.of_tables(2024, {"team": {"physicians": [0.0, 0.0]}})
    assert settled(MedicalAssistant, nobody).total == 0
    assert MedicalAssistant().fte_due(nobody, History()).tolist() == [0, 0]

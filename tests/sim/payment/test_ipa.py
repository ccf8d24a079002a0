"""Advanced-practice nurses; worked examples are in examples/ipa.toml."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.measures import MEASURES
from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.history import History
from sim.payment.ipa import Ipa
from tests.sim.payment.some_people import each, people, reordered, same_in_any_order, settled, year_of

QUARTERS_EACH = st.integers(1, 4)


@st.composite
def nurses(draw: st.DrawFn) -> dict[str, list[float]]:
    """Nurses with patients, each seen in one to four quarters."""
    table = draw(people({"ipa_followed": st.integers(0, 300), "only": st.integers(0, 50),
                         "beside": st.integers(0, 50), "more": st.integers(0, 9)}))  # fmt: skip
    quarters, new = draw(QUARTERS_EACH), draw(st.floats(0, 1))
    followed = np.array(table["ipa_followed"])
    occasional = np.array(table["only"]) + np.minimum(table["beside"], followed)
    return {
        "ipa_followed": followed.tolist(), "ipa_initiated": np.floor(new * followed).tolist(),
        "ipa_quarters": (followed * quarters).tolist(),
        "ipa_entrusted": (followed + table["only"]).tolist(), "ipa_occasional": occasional.tolist(),
        "ipa_occasional_contacts": (occasional * (1 + np.array(table["more"]))).tolist(),
    }  # fmt: skip


@given(nurses(), st.integers(2020, 2026))
@settings(max_examples=50)
def test_a_patient_is_worth_at_most_what_was_published(table: dict[str, list[float]], year: int) -> None:
    accounts = year_of(year, "nurse", table)
    paid = each(settled(Ipa, accounts), "nurse", accounts)
    only = np.array(table["ipa_entrusted"]) - table["ipa_followed"]
    assert (paid >= 0).all()
    assert (paid <= 210 * np.array(table["ipa_followed"]) + 94 * only + 0.01).all()


@given(nurses(), st.integers(1, 9), st.integers(2020, 2026))
@settings(max_examples=50)
def test_the_order_of_nurses_changes_nothing(table: dict[str, list[float]], seed: int, year: int) -> None:
    moved, places = reordered(table, seed)
    first, second = year_of(year, "nurse", table), year_of(year, "nurse", moved)
    one, other = (each(settled(Ipa, a), "nurse", a) for a in (first, second))
    assert same_in_any_order(one, other, places)


@given(nurses(), st.integers(2020, 2026))
@settings(max_examples=50)
def test_another_quarter_never_pays_less(table: dict[str, list[float]], year: int) -> None:
    more = {**table, "ipa_quarters": [quarters + 1 for quarters in table["ipa_quarters"]]}
    assert settled(Ipa, year_of(year, "nurse", more)).total >= settled(Ipa, year_of(year, "nurse", table)).total


def test_who_was_followed_before_is_not_new() -> None:
    followed = {"ipa_followed": [10.0], "ipa_entrusted": [10.0], "ipa_quarters": [40.0]}
    assert settled(Ipa, year_of(2025, "nurse", followed)).total == 2000
    assert settled(Ipa, year_of(2025, "nurse", {**followed, "ipa_initiated": [10.0]})).total == 2100


def test_those_who_work_there_are_those_it_pays_for() -> None:
    accounts = AccountsOfYear.of_tables(2024, {"team": {"fte_advanced_practice": [0.0, 1.5]}})
    assert Ipa().fte_due(accounts, History()).tolist() == [0, 1.5]


def test_what_it_counts_is_kept_for_nurses_and_teams() -> None:
    assert all(MEASURES[one.name].per == ("nurse", "team") for one in Ipa.measures)


def test_empty_accounts_pay_nothing() -> None:
    assert settled(Ipa, AccountsOfYear.of_tables(2024, {})).total == 0

"""Who is paid: the self-employed themselves, the employer for the salaried."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.teams import GROUP, HEALTH_CENTRE
from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.history import History
from sim.payment.list_lump_sums import ListLumpSums
from sim.payment.norms import Norms

ADULTS = "list_45-59_women_no_ald_no_c2s"


@given(st.lists(st.tuples(st.sampled_from((GROUP, HEALTH_CENTRE)), st.lists(st.integers(0, 2000), max_size=4)),
                min_size=1, max_size=5))  # fmt: skip
@settings(max_examples=50)
def test_every_patient_is_paid_for_once(teams: list[tuple[int, list[int]]]) -> None:
    kinds, lists = [kind for kind, _ in teams], [listed for _, listed in teams]
    place = [number for number, listed in enumerate(lists) for _ in listed]
    persons = [patients for listed in lists for patients in listed]
    accounts = AccountsOfYear.of_tables(2024, {
        "team": {"team_kind": kinds, ADULTS: [sum(listed) for listed in lists]},
        "physician": {"team": place, ADULTS: persons},
    })  # fmt: skip
    statement = ListLumpSums().settle(accounts, History(), Norms())
    assert statement.total == 5 * sum(persons)
    salaried = np.array([kinds[team] == HEALTH_CENTRE for team in place], dtype=bool)
    to_persons = statement.amounts("physician", len(persons), payee_kind="person")
    assert np.array_equal(to_persons, np.where(salaried, 0, 5 * np.array(persons, dtype=float)))
    to_employers = statement.amounts("team", len(kinds), payee_kind="employer")
    assert np.array_equal(to_employers > 0, (np.array(kinds) == HEALTH_CENTRE) & ([sum(x) > 0 for x in lists]))


def test_a_sheet_says_who_is_paid_only_where_that_differs() -> None:
    def terms(kinds: list[int]) -> dict[str, object]:
        accounts = AccountsOfYear.of_tables(
            2024, {"team": {"team_kind": kinds}, "physician": {"team": range(len(kinds)), ADULTS: [10.0] * len(kinds)}}
        )
        return dict(next(ListLumpSums().settle(accounts, History(), Norms()).lines()).terms)

    assert "paid_here" not in terms([GROUP])
    assert terms([GROUP, HEALTH_CENTRE])["paid_here"] == 1

"""The accounts with which a contract began."""

from datetime import date

import pytest

from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.contract_start import at_start
from sim.payment.history import History

NOW, PAST = AccountsOfYear.of_tables(2020, {}), History({y: AccountsOfYear.of_tables(y, {}) for y in (2018, 2019)})


@pytest.mark.parametrize(("since", "expected"), [(None, 2018), (date(2020, 5, 1), 2019), (date(2017, 1, 1), 2018),
                                                 (date(2021, 1, 1), 2020)])  # fmt: skip
def test_a_contract_starts_from_the_year_before(since: date | None, expected: int) -> None:
    assert at_start(since, NOW, PAST).year == expected


def test_without_history_a_contract_starts_from_the_year_itself() -> None:
    assert at_start(date(2020, 1, 1), NOW, History()) is NOW

"""Who holds a post, and since when."""

from datetime import date

import pytest

from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.history import History
from sim.payment.posts import LONG_AGO, posts


def year(number: int, held: list[float], hands: list[float]) -> AccountsOfYear:
    return AccountsOfYear.of_tables(number, {"team": {}, "physician": {"physicians": held, "successions": hands}})


PAST = History({2018: year(2018, [1, 1, 1], [0, 0, 0]), 2019: year(2019, [1, 0, 1], [0, 0, 2])})
NOW = year(2020, [1, 1, 0], [0, 1, 2])


def test_who_signed_and_stayed_who_followed_and_who_left() -> None:
    found = posts(date(2018, 1, 1), None, NOW, PAST)
    assert found.arrived.tolist() == [2018, 2020, 2019]
    assert found.arrived_before.tolist() == [2018, 2018, 2019]
    assert found.signed.tolist() == [True, False, False]
    assert found.left.tolist() == [False, False, True]
    assert found.comes.tolist() == [False, True, False]
    assert found.in_second_year.tolist() == [False, False, True]
    assert found.stayed.tolist() == [2, 2, 1]


def test_what_happened_before_the_contract_is_of_no_account() -> None:
    found = posts(date(2020, 1, 1), None, NOW, PAST)
    assert found.arrived.tolist() == [2020, 2020, 2020]
    assert not found.left.any()


def test_a_contract_that_always_held_began_long_ago() -> None:
    assert posts(None, None, NOW, History()).arrived.tolist() == [LONG_AGO] * 3


def test_everybody_leaves_at_the_end_of_the_contract() -> None:
    found = posts(date(2018, 1, 1), date(2020, 12, 31), year(2020, [1, 1, 1], [0, 0, 2]), PAST)
    assert found.left.all()
    assert found.stayed == pytest.approx([3, 3, 1])

"""What is made of the lists is kept with the accounts, and with no others."""

import numpy as np

from sim.payment.accounts_of_year import LIST_CLASSES, AccountsOfYear, Numbers


def counted(asked: list[str]) -> AccountsOfYear:
    """Two teams, the second with twice the patients of the first; what is read is put down."""
    tables = {"team": {one.name: [n, 2 * n] for n, one in enumerate(LIST_CLASSES)}}
    accounts = AccountsOfYear.of_tables(2021, tables)

    def read(name: str, level: str) -> Numbers:
        asked.append(name)
        return accounts.read(name, level)

    return accounts.read_by(read)


def test_the_list_is_read_once() -> None:
    asked: list[str] = []
    accounts = counted(asked)
    worth = np.linspace(1.0, 2.0, len(LIST_CLASSES))
    expected = np.arange(len(LIST_CLASSES)) @ worth
    for _ in range(2):
        assert np.allclose(accounts.over_classes(worth), [expected, 2 * expected])
        assert accounts.classes().shape == (2, len(LIST_CLASSES))
    assert asked == [one.name for one in LIST_CLASSES]


def test_acts_that_go_back_to_fees_leave_the_list_as_it_is() -> None:
    asked: list[str] = []
    accounts = counted(asked)
    accounts.classes()
    accounts.with_returned(np.array([True, False]), ["G"]).classes()
    assert len(asked) == len(LIST_CLASSES)


def test_accounts_that_are_read_otherwise_know_nothing_of_the_list() -> None:
    accounts = counted([])
    worth = np.ones(len(LIST_CLASSES))
    whole = accounts.over_classes(worth)
    doubled = accounts.read_by(lambda name, level: 2 * accounts.read(name, level))
    assert (doubled.over_classes(worth) == 2 * whole).all()

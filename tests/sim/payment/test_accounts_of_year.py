"""What is made of the lists is kept with the accounts, and with no others."""

import numpy as np

from sim.payment.accounts_of_year import LIST_CLASSES, AccountsOfYear, Numbers, Owners


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


def test_some_owners_read_what_they_read_among_all() -> None:
    tables = {"team": {"acts": [10.0, 20.0]}, "physician": {"days": [1.0, 2.0], "team": [0.0, 1.0]}}
    whole = AccountsOfYear.of_tables(2021, tables, around={"acts": [5.0, 6.0]})
    whole = whole.with_returned(np.array([True, False]), ["G"])
    twice = {"team": np.array([1, 0, 1]), "physician": np.array([1, 0, 1])}
    owners = {level: Owners(np.arange(3), np.arange(3)) for level in twice}
    some = whole.some(owners, twice)
    assert some.measure("acts").tolist() == [20.0, 10.0, 20.0]
    assert some.measure("days", "physician").tolist() == [2.0, 1.0, 2.0]
    assert some.around("acts", "physician").tolist() == [6.0, 5.0, 6.0]
    assert some.returned["G"].tolist() == [False, True, False]


def test_what_is_made_of_owners_is_made_once_of_each() -> None:
    asked: list[str] = []
    whole = counted(asked)
    often = np.array([1, 0, 1, 1])
    some = whole.some({"team": Owners(np.arange(4), np.arange(4))}, {"team": often})
    worth = np.linspace(1.0, 2.0, len(LIST_CLASSES))
    assert some.over_classes(worth).tolist() == whole.over_classes(worth)[often].tolist()
    assert asked == [one.name for one in LIST_CLASSES]
    sizes: list[int] = []
    read_otherwise = some.read_by(lambda name, level: 2 * some.read(name, level))

    def first(accounts: AccountsOfYear) -> Numbers:
        sizes.append(accounts.size("team"))
        return accounts.measure(LIST_CLASSES[1].name)

    assert read_otherwise.by_owner(first).tolist() == (2 * some.by_owner(first)).tolist()
    assert sizes == [4, 2]

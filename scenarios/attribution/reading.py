"""What a payment rule reads of the accounts: found by letting it settle invented ones."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from scenarios.settling import invented_accounts
from sim.measures import MEASURES
from sim.payment.accounts_of_year import LIST_CLASSES, AccountsOfYear, Numbers
from sim.payment.contract import Contract
from sim.payment.history import History
from sim.payment.norms import Norms

CODE, KIND = "code", "team_kind"
"""Unit of measures that are numbers of a kind of place or team; and the one that invented accounts say themselves."""

type Read = dict[str, dict[str, None]]
"""Names of measures by level, in the order in which they were first read; ``around`` is the territory."""

ALWAYS: Final = ("registered_list", "spend_all", *(one.name for one in LIST_CLASSES))
"""Measures of the team that are read whatever the rule: who is on the list, and what they cost."""


def measures_read(contract: Contract, norms: Norms, years: Sequence[int]) -> dict[str, tuple[str, ...]]:
    """Measures that the rules of a contract read when they settle some calendar years, by level.

    Args:
        contract: the rules.
        norms: what they compare with.
        years: calendar years, in order; those before are read as history.
    """
    read: Read = {"team": dict.fromkeys(ALWAYS), "around": dict.fromkeys(ALWAYS)}
    for n in (1, 2):  # one team alone, and one among others
        history = History({years[0] - 1: _noting(invented_accounts(years[0] - 1, n), read)}, {})
        for year in years:
            accounts = _noting(invented_accounts(year, n), read)
            statements = dict(history.statements)
            now = History(history.accounts, statements)
            for statement in contract.settle(accounts, now, norms):
                statements[year, statement.system] = statement
            history = History({**history.accounts, year: accounts}, statements)
    # What lists cost around the team says what its territory is like.
    read["around"] |= {name: None for name in read["team"] if _of_lists(name)}
    return {level: tuple(names) for level, names in read.items()}


def _of_lists(name: str) -> bool:
    """Whether a measure is known of the lists of a whole territory."""
    return MEASURES[name].of == "list" and "territory" in MEASURES[name].per


def _noting(accounts: AccountsOfYear, read: Read) -> AccountsOfYear:
    """Accounts that put down what is read of them."""

    def noted(name: str, level: str) -> Numbers:
        read.setdefault(level, {})[name] = None
        values = accounts.read(name, level)
        return np.zeros(len(values)) if MEASURES[name].unit == CODE and name != KIND else values

    def around(name: str) -> Numbers:
        read["around"][name] = None
        return accounts.read(name, "team") * 2

    return accounts.read_by(noted, around)

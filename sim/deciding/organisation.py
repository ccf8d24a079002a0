"""Whom a contract funds to be organised: who is paid for criteria is asked to report them (behaviour F5).

By money, as everything else: the rules of the organisation layer are settled on last year's accounts as if all were
reported that they could ask for. Who would be paid something is asked to report; where a rule would pay nothing,
whatever is written, nobody writes, learns or commits anything for it.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agents.deciding.decision import Numbers
from agents.deciding.practice_and_report import told
from agents.declarations import Row
from agents.teams import CRITERIA
from sim.accounts import Accounts
from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.contract import paid_by
from sim.payment.history import History
from sim.payment.policy import Layer, Policy
from sim.treasury import Group, Treasury
from sim.world import World

ALL_OF_LIST: Final = "registered_list"
"""As many files as there are patients may have been reviewed."""


def organised(treasury: Treasury, world: World, accounts: Accounts, year: int) -> NDArray[np.bool_]:
    """Teams that rules of the organisation layer pay, or would pay for better reports, ``(teams,)``.

    Args:
        treasury: contracts, norms and what was paid.
        world: the world; parameters and places are read of it.
        accounts: its accounts; the year before is closed.
        year: year of the run.
    """
    found, calendar = np.zeros(len(world.teams), dtype=bool), treasury.calendar(year)
    for group in treasury.groups:
        rules = [one for one in group.contract.policies if one.layer is Layer.ORGANISATION and one.holds(calendar)]
        if rules and len(group.teams):
            found[group.teams] = _at_best(treasury, world, accounts, year, group, rules) != 0
    return found


def would_pay(
    treasury: Treasury, world: World, accounts: Accounts, year: int, team: int, rules: Sequence[Policy[Any]]
) -> bool:  # fmt: skip
    """Whether rules would pay a team or its members anything in all, were all reported that they could ask for.

    Args:
        treasury: as in :func:`organised`; so are the next three.
        world: the world.
        accounts: its accounts.
        year: year of the run.
        team: row.
        rules: the rules, under their terms.
    """
    group = next(one for one in treasury.groups if team in one.teams)
    paid = _at_best(treasury, world, accounts, year, group, rules)
    return bool(paid[group.teams == team].any())


def _at_best(
    treasury: Treasury, world: World, accounts: Accounts, year: int, group: Group, rules: Sequence[Policy[Any]]
) -> NDArray[np.int64]:  # fmt: skip
    """What rules would pay each team of a group, members included, on last year's accounts (cents), ``(teams,)``."""
    last, past = treasury.books(group, accounts, world, year - 1)
    history = History({**past.accounts, last.year: last}, past.statements)
    best = replace(last.read_by(_reported(last, world.behaviour[0])), year=treasury.calendar(year))
    paid = (paid_by(rule, best, history, treasury.norms).by_team(len(group.teams)) for rule in rules)
    return sum(paid, np.zeros(len(group.teams), dtype=np.int64))


def _reported(accounts: AccountsOfYear, q: Row) -> Callable[[str, str], Numbers]:
    """The measures of a year in which everything is reported that a contract may ask for."""
    meetings, protocols = (float(number[0]) for number in told(np.ones((1, len(CRITERIA))), q))
    full = {"meetings": meetings, "protocols": protocols, "coordinator": 1.0, "opening_ok": 1.0, "it_ok": 1.0}

    def read(name: str, level: str) -> Numbers:
        if name == "files_reviewed":
            return np.maximum(accounts.read(name, level), accounts.read(ALL_OF_LIST, level))
        values = accounts.read(name, level)
        return np.maximum(values, full[name]) if name in full else values

    return read

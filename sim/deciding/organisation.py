"""Whom a contract funds to be organised: who is paid for criteria is asked to report them (behaviour F5).

By money, as everything else: the rules of the organisation layer are settled on last year's accounts as if all were
reported that they could ask for. Who would be paid something is asked to report; where a rule would pay nothing,
whatever is written, nobody writes, learns or commits anything for it.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

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
from sim.payment.policy import Layer
from sim.treasury import Treasury
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
        if not rules or not len(group.teams):
            continue
        last, past = treasury.books(group, accounts, world, year - 1)
        history = History({**past.accounts, last.year: last}, past.statements)
        best = replace(last.read_by(_reported(last, world.behaviour[0])), year=calendar)
        for rule in rules:
            for part in paid_by(rule, best, history, treasury.norms).components:
                found[group.teams[part.team[part.cents != 0]]] = True
    return found


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

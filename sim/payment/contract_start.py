"""The situation when a contract began, with which several rules compare (initial rates, initial lists)."""

from datetime import date

from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.history import History


def at_start(since: date | None, accounts: AccountsOfYear, history: History) -> AccountsOfYear:
    """The accounts of the year before a contract, or the first known ones after that; else the year's own.

    Args:
        since: first day of the contract, None for always: then the first known year.
        accounts: the year that is settled.
        history: earlier years.
    """
    first = since.year - 1 if since else date.min.year
    known = [year for year in history.accounts if first <= year < accounts.year]
    return history.accounts[min(known)] if known else accounts

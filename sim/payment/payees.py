"""Who gets the money of a personal scheme: the professional, or the health centre that employs them (systems 0.2).

    for sheet, to in each_payee(self, accounts):
        sheet.let("due", "amount * registered_list", "An amount a patient")
        pay_here(sheet, "list", "due", to=to, cash=quarters(accounts.year))

A rule is settled once for persons and once for centres, on the sums of a centre's staff: a centre is paid for its list.
"""

from collections.abc import Iterator
from typing import Any, Final

from agents.teams import HEALTH_CENTRE
from sim.payment.accounts_of_year import AccountsOfYear, Numbers
from sim.payment.policy import Policy
from sim.payment.sheet import Sheet
from sim.payment.statement import Cash

PERSON, EMPLOYER = "person", "employer"
PAID_HERE: Final = "paid_here"


def each_payee(policy: Policy[Any], accounts: AccountsOfYear, level: str = "physician") -> Iterator[tuple[Sheet, str]]:
    """A worksheet for the self-employed of a level, and one for the health centres, each with its kind of payee.

    Args:
        policy: the rule.
        accounts: the year.
        level: ``physician`` or ``nurse``.
    """
    for here, to in ((level, PERSON), ("team", EMPLOYER)):
        if accounts.size(here) and paid_here(accounts, here, to).any():
            sheet = policy.sheet(accounts, here)
            mark_payees(sheet, to)
            yield sheet, to


def paid_here(accounts: AccountsOfYear, level: str, to: str) -> Any:
    """Whether each owner of a level is paid as this kind of payee, ``(owners,)``."""
    return (accounts.of_team(accounts.measure("team_kind"), level) == HEALTH_CENTRE) == (to == EMPLOYER)


def mark_payees(sheet: Sheet, to: str) -> None:
    """Put on a sheet who is paid there, unless everybody is."""
    here = paid_here(sheet.accounts, sheet.level, to)
    if not here.all():
        sheet.bring(PAID_HERE, here, "Paid to the person, or to the centre that employs", "yes/no")


def pay_here(sheet: Sheet, component: str, step: str, *, to: str, cash: Cash, weights: Numbers | None = None) -> None:
    """Pay a step to those of a sheet who are paid there; the arguments are those of :meth:`Sheet.pay`."""
    if any(entry.name == PAID_HERE for entry in sheet):
        sheet.let(f"{step}_here", f"{step} * {PAID_HERE}", "Paid to the person, or to the centre that employs")
        step = f"{step}_here"
    sheet.pay(component, step, to=to, cash=cash, weights=weights)

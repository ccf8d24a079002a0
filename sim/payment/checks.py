"""What a payment rule may hand in, and how what goes wrong inside one is told: in one line that names it.

Rules of this package are checked as those of a user's own are. Whatever is wrong is found before anything is paid.
"""

import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from traceback import extract_tb
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agents.mistakes import Mistake, nearest
from agents.teams import PERIMETERS
from sim import events
from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.policy import Policy, Replaced
from sim.payment.statement import PAYEE_KINDS, Component, Statement
from sim.working_time import QUARTERS

OURS: Final = __package__
"""Rules of this package are ours; those of any other module are a user's own."""
PAIR: Final = 2
WHOLE: Final = (int, np.integer)


def asked[T](policy: Policy[Any], question: Callable[..., T], *given: Any) -> T:
    """The answer of a policy.

    Raises:
        Mistake: whatever goes wrong inside it, in one line that names it, and the line of a user's own file.
    """
    try:
        return question(*given)
    except Mistake as mistake:
        where = _where(mistake, policy)
        if not where:
            raise
        if "policy" in mistake.facts:
            raise Mistake("{problem} See {where}.", problem=mistake, where=where) from mistake
        raise Mistake('policy "{policy}", {where}: {problem}',
                      policy=policy.name, where=where, problem=mistake) from mistake  # fmt: skip
    except Exception as error:
        last = extract_tb(error.__traceback__)[-1]
        where = _where(error, policy) or f"{Path(last.filename).name}:{last.lineno}"
        problem = f"{type(error).__name__}: {error}"
        raise Mistake('policy "{policy}" failed at {where}: {problem}.',
                      policy=policy.name, where=where, problem=problem) from error  # fmt: skip


def replaced_by(policy: Policy[Any], day: date) -> Sequence[Replaced]:
    """Claims that a policy replaces on a day.

    Raises:
        Mistake: what goes wrong inside it, or acts, scopes or a perimeter that do not exist.
    """
    found = asked(policy, policy.replaces, day)
    for one in found:
        for what, given, known in (
            (Mistake("act"), one.codes, events.CODES), (Mistake("scope"), one.scopes, events.SCOPES),
            (Mistake("perimeter"), (one.perimeter,), PERIMETERS),
        ):  # fmt: skip
            for name in given:
                if name not in known:
                    raise Mistake(
                        'policy "{policy}": replaces {what} "{name}", which is not known. Did you mean "{nearest}"?'
                        " Known: {known}.",
                        policy=policy.name, what=what, name=name, nearest=nearest(str(name), known) or known[0],
                        known=", ".join(known),
                    )  # fmt: skip
    return found


def eligible(policy: Policy[Any], accounts: AccountsOfYear, *given: Any) -> NDArray[np.bool_]:
    """Teams that a policy finds eligible, ``(teams,)``.

    Raises:
        Mistake: what goes wrong inside it, or an answer that is not yes or no for each team.
    """
    found = np.asarray(asked(policy, policy.eligible, accounts, *given))
    if found.dtype != np.bool_ or found.shape != (accounts.size("team"),):
        raise Mistake('policy "{policy}": eligible must answer yes or no (bool) for each of {n} teams.',
                      policy=policy.name, n=accounts.size("team"))  # fmt: skip
    return found


def checked(
    statement: Any, policy: str, may_be_negative: Sequence[str] = (), accounts: AccountsOfYear | None = None
) -> Statement:
    """A statement that a policy may hand in.

    Args:
        statement: what its ``settle`` returned.
        policy: name of the policy, for messages.
        may_be_negative: components that may take money back.
        accounts: the year that was settled, whose owners are the only possible payees; not looked at without.

    Raises:
        Mistake: no statement or that of another rule or year, an unknown kind of payee, payees or amounts that do not
            fit, a quarter that does not exist, or a negative amount where the rule has none.
    """
    if not isinstance(statement, Statement):
        raise Mistake('policy "{policy}": settle returned {type}, not a Statement.',
                      policy=policy, type=type(statement).__name__)  # fmt: skip
    if accounts is not None and (statement.system, statement.accrual_year) != (policy, accounts.year):
        raise Mistake(
            'policy "{policy}": settle returned a statement of "{system}" for {year}; expected its own for {due}.',
            policy=policy, system=statement.system, year=statement.accrual_year, due=accounts.year,
        )  # fmt: skip
    for part in statement.components:
        problem = _wrong(part, accounts) or _negative(part, may_be_negative)
        if problem:
            raise Mistake('policy "{policy}", component "{component}": {problem}',
                          policy=policy, component=part.name, problem=problem)  # fmt: skip
    return statement


def _wrong(part: Component, accounts: AccountsOfYear | None) -> Mistake | None:
    """What is wrong with a component, if anything."""
    if part.payee_kind not in PAYEE_KINDS:
        return Mistake('payee kind "{kind}" is not known. Known: {known}.',
                       kind=part.payee_kind, known=", ".join(PAYEE_KINDS))  # fmt: skip
    cents = np.asarray(part.cents)
    if cents.dtype.kind not in "iu" or cents.shape != np.shape(part.payees):
        return Mistake("amounts must be whole cents, one for each of {n} payees; found {type} of shape {shape}.",
                       n=np.size(part.payees), type=str(cents.dtype), shape=str(cents.shape))  # fmt: skip
    strangers = None if accounts is None else _strangers(part, accounts)
    return strangers or _wrong_cash(part)


def _strangers(part: Component, accounts: AccountsOfYear) -> Mistake | None:
    """Payees who are none of the accounts, or who stand with another team than their own."""
    owners = accounts.owners.get(part.level)
    if owners is None:
        known = ", ".join(accounts.owners)
        return Mistake('level "{level}" has nobody to be paid. Did you mean "{nearest}"? Known: {known}.',
                       level=part.level, nearest=nearest(part.level, accounts.owners) or next(iter(accounts.owners)),
                       known=known)  # fmt: skip
    if part.payees is owners.rows and part.team is owners.team:
        return None
    payees, team = np.asarray(part.payees), np.asarray(part.team)
    strangers = payees[~np.isin(payees, owners.rows)]
    if len(strangers):
        return Mistake("pays {level} {payee}, which is none of those under this contract.",
                       level=part.level, payee=strangers[0].item())  # fmt: skip
    # Who looks back on what was paid counts on it that a component speaks of everybody, in the order of the accounts.
    if not np.array_equal(payees, owners.rows) or not np.array_equal(team, owners.team):
        return Mistake("payees and their teams must be those of the accounts, all of them and in their order.")
    return None


def _wrong_cash(part: Component) -> Mistake | None:
    """Quarters of payment that do not exist, or weights that do not fit them."""
    quarters = list(part.cash)
    if not quarters or not all(_is_quarter(one) for one in quarters):
        return Mistake("cash must be quarters such as (2024, 1), at least one; found {cash}.", cash=str(part.cash))
    if part.weights is None:
        return None
    weights = np.asarray(part.weights)
    least, most = weights.min(initial=0.0), weights.max(initial=0.0)
    if weights.shape != (len(part.cents), len(quarters)) or not 0.0 <= least <= most < np.inf:  # nor what is no number
        return Mistake("weights must be numbers from 0 on, one for each payee and quarter, shape {due}; found {shape}.",
                       due=str((len(part.cents), len(quarters))), shape=str(weights.shape))  # fmt: skip
    return None


def _is_quarter(one: Any) -> bool:
    """Whether something is a year and a quarter of it."""
    if not isinstance(one, Sequence) or len(one) != PAIR:
        return False
    year, quarter = one
    return isinstance(year, WHOLE) and isinstance(quarter, WHOLE) and 1 <= int(quarter) <= QUARTERS


def _negative(part: Component, may_be_negative: Sequence[str]) -> Mistake | None:
    """Money taken back by a component that may not."""
    if not len(part.cents) or part.cents.min() >= 0 or part.name in may_be_negative:
        return None
    return Mistake("pays {amount} EUR to {level} {payee}; an amount below 0 must be declared in may_be_negative.",
                   amount=int(part.cents.min()) / 100, level=part.level, payee=int(part.payees[part.cents.argmin()])
                   )  # fmt: skip


def _where(error: Exception, policy: Policy[Any]) -> str:
    """The last line of a user's own rule that led to an error (``follow_up.py:21``); "" for a rule of ours."""
    module = sys.modules.get(type(policy).__module__)
    file = getattr(module, "__file__", None)
    if module is None or file is None or module.__name__.startswith(f"{OURS}."):
        return ""
    lines = [frame.lineno for frame in extract_tb(error.__traceback__) if frame.filename == file]
    return f"{Path(file).name}:{lines[-1]}" if lines else ""

"""Lump sums a registered patient, by class of the list; the year they are compared with; and whom a team's goes to.

What a patient is worth, in EUR a year (systems 2.4, ``f``), comes from one of two places:

* ``formula``: visits by age, times what a long-term illness and means-tested cover add, rescaled so that the national
  sum is that of in-scope fees. The fee of a visit cancels out in the rescaling.
* ``norms``: national means of in-scope fees by class, as they were found.

Both stand for care wherever it was bought, so that what patients bought elsewhere can be taken off.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agents.teams import CPTS, HEALTH_CENTRE, SOLO
from sim.payment.accounts_of_year import LIST_CLASSES, AccountsOfYear, Numbers
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.policy import Policy
from sim.payment.sheet import Sheet
from sim.payment.statement import Cash

FROM_NORMS: Final = "norms"
GP_FEES: Final = "gp_fees"
"""Norm: in-scope fees of physicians a registered patient, wherever bought (EUR a year)."""
NURSE_FEES: Final = "nurse_fees"
"""Norm: in-scope fees of nurses a registered patient, wherever bought (EUR a year)."""


@dataclass(frozen=True)
class TermsOfClasses:
    """Terms that say what a patient of each class is worth.

    Attributes:
        f_source: ``formula`` or ``norms``.
        visits: visits a year by age band, such as ``"16-29"`` and ``"75+"``.
        ald_ratio: visits with a long-term illness over visits without, at the same age.
        c2s_ratio: the same for means-tested cover.
    """

    f_source: str
    visits: Mapping[str, float]
    ald_ratio: float
    c2s_ratio: float


@dataclass(frozen=True)
class TermsOfAmounts(TermsOfClasses):
    """Terms that say it in EUR.

    Attributes:
        phi: level of all lump sums; 1 spends what fees spent.
    """

    phi: float


def case_mix(norms: Norms, year: int, terms: TermsOfClasses) -> Numbers:
    """What a patient of each class is worth, the national mean being 1, ``(classes,)``."""
    if terms.f_source == FROM_NORMS:
        return norms.of_classes(GP_FEES, year) / national_mean(norms, year)
    use = _use(terms)
    share = norms.of_classes("share", year)
    return use * share.sum() / (use @ share)


def by_class(norms: Norms, year: int, terms: TermsOfAmounts, *, nurses: bool = False) -> Numbers:
    """Lump sum a patient of each class (EUR a year), ``(classes,)``.

    Args:
        norms: national in-scope fees, and shares of the classes.
        year: calendar year.
        terms: the terms.
        nurses: whether acts of nurses are in scope; their part is that of the norms.
    """
    if terms.f_source == FROM_NORMS:
        amounts = norms.of_classes(GP_FEES, year)
    else:
        amounts = case_mix(norms, year, terms) * national_mean(norms, year)
    return terms.phi * (amounts + norms.of_classes(NURSE_FEES, year) if nurses else amounts)


def summed(patients: Numbers, amounts: Numbers) -> Numbers:
    """Amounts of the patients of each owner, ``(owners, classes)`` and ``(classes,)`` to ``(owners,)``.

    One class after the other, and no matrix product: an owner's sum is the same to the last bit whoever stands beside.
    """
    total = np.zeros(len(patients))
    for column, amount in zip(patients.T, amounts, strict=True):
        total += column * amount
    return total


def national_mean(norms: Norms, year: int) -> float:
    """In-scope fees of physicians a registered patient of the nation (EUR a year)."""
    return norms.number(GP_FEES, year)


def _use(terms: TermsOfClasses) -> Numbers:
    """Visits a patient of each class makes, ``(classes,)``."""
    visits = {int(band.rstrip("+").split("-")[0]): number for band, number in terms.visits.items()}
    starts = np.array(sorted(visits))
    band = np.searchsorted(starts, [one.low_age for one in LIST_CLASSES], side="right") - 1
    ald = np.array([one.ald for one in LIST_CLASSES])
    c2s = np.array([one.c2s for one in LIST_CLASSES])
    per_band = np.array([visits[int(start)] for start in starts])
    return per_band[band] * np.where(ald, terms.ald_ratio, 1.0) * np.where(c2s, terms.c2s_ratio, 1.0)


def last_year(accounts: AccountsOfYear, history: History) -> AccountsOfYear:
    """The accounts whose list is that of 31 December last year: this year's where last year is not known."""
    return history.year(accounts.year - 1) or accounts


def reference_year(policy: Policy[Any], year: int, accounts: AccountsOfYear, history: History) -> (
    AccountsOfYear | None
):  # fmt: skip
    """The accounts of the reference year; where they are not known, of another year before the contract.

    That is the last one before the contract begins; of a contract that always holds, the first one that is known, which
    does not move as years go by.
    """
    if policy.since:
        return history.reference(year, policy.since.year)
    known = [one for one in history.accounts if one < accounts.year]
    if not known:
        return None
    return history.accounts[year if year in known else min(known)]


def can_be_paid(accounts: AccountsOfYear) -> NDArray[np.bool_]:
    """Teams with an account or employer that can receive a lump sum, ``(teams,)``: neither a person nor a territory."""
    return ~np.isin(accounts.measure("team_kind"), (SOLO, CPTS))


def pay_team(sheet: Sheet, component: str, step: str, *, cash: Cash, weights: Numbers | None = None) -> None:
    """Pay the value of a step to teams: to the employer of a salaried centre, to the account of any other.

    Args:
        sheet: the worksheet of the teams.
        component: part of the rule.
        step: name of the value.
        cash: quarters in which it is paid.
        weights: how much of it is paid in each quarter, ``(teams, quarters)``; equal parts by default.
    """
    centre = sheet.accounts.measure("team_kind") == HEALTH_CENTRE
    if not centre.any() or centre.all():
        to = "employer" if centre.any() else "team_account"
        sheet.pay(component, step, to=to, cash=cash, weights=weights)
        return
    sheet.bring(f"{step}_of_centre", centre, "Paid to the employer of a salaried centre", "yes/no")
    for to, text in (("employer", f"{step}_of_centre"), ("team_account", f"(1 - {step}_of_centre)")):
        sheet.let(f"{step}_{to}", f"{step} * {text}", "What goes to this payee")
        sheet.pay(component, f"{step}_{to}", to=to, cash=cash, weights=weights)

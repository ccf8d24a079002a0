"""Shared savings against a group's own past, as in the United States: what both kinds have in common (systems 2B)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.payment.accounts_of_year import AccountsOfYear, Numbers
from sim.payment.history import History
from sim.payment.list_spending import CASH, RECEIVED, SpendingParameters, received, spending, spending_text
from sim.payment.norms import Norms
from sim.payment.quality import in_force, ipep_names
from sim.payment.score_on_sheet import put_score
from sim.payment.sheet import Sheet
from sim.payment.statement import Cash


@dataclass(frozen=True)
class AcoParameters(SpendingParameters):
    """Terms of shared savings against the own past."""

    least_list: float
    weights: Sequence[float]
    active_set: str
    min_den: float
    missing_rule: str
    target_def: str
    missing_quality: float
    share_of_saving: float
    cap_of_gain: float


def put_benchmark(sheet: Sheet, p: AcoParameters, history: History, norms: Norms) -> None:
    """Put on the sheet what the group was expected to spend, what it spent, and the rate that it saved.

    Args:
        sheet: the worksheet.
        p: the terms; ``weights`` are those of three years ago, two years ago and last year.
        history: earlier years; where one is not known, the others weigh more.
        norms: hold the yearly growth of spending.
    """
    year = sheet.accounts.year
    sheet.let("eligible", "registered_list >= least_list", "Enough registered patients to take part", "yes/no")
    total, weight = np.zeros(sheet.accounts.size("team")), np.zeros(sheet.accounts.size("team"))
    for ago, part in zip(range(len(p.weights), 0, -1), p.weights, strict=True):
        before = history.year(year - ago)
        if before is None:
            continue
        spent = spending(before, history, p)
        total += part * spent * norms.grown("spending", year) / norms.grown("spending", year - ago)
        weight += part * (spent > 0)
    benchmark = np.divide(total, weight, out=np.zeros(len(total)), where=weight > 0)
    sheet.bring("benchmark", benchmark, "Own spending of the three years before, at the prices of the year",
                "EUR/patient", "accounts of earlier years, national growth")  # fmt: skip
    if p.own_team_pay == CASH:
        sheet.bring(RECEIVED, received(sheet.accounts, history), "Lump sums received in the place of fees")
    sheet.let("spending", f"({spending_text(p)}) / max(1, registered_list)", "Spending of the list", "EUR/patient")
    sheet.let("saved", "(benchmark - spending) * (benchmark > 0)", "Saved against the own past", "EUR/patient")
    sheet.let("saving_rate", "saved / benchmark if benchmark > 0 else 0", "Rate of saving", "share")


def put_quality(sheet: Sheet, p: AcoParameters, history: History, norms: Norms) -> None:
    """Put quality, from 0 to 1, on the sheet."""
    terms = replace(in_force(sheet.accounts), min_den=p.min_den, missing_rule=p.missing_rule, target_def=p.target_def)
    put_score(sheet, ipep_names(p.active_set), history, norms, terms)
    sheet.let("quality", "score / 100 if scored else missing_quality", "Quality, from 0 to 1", "share")


def pay_savings(sheet: Sheet) -> None:
    """Pay a share of the saving, by quality and up to a cap, from the least rate on."""
    sheet.let("gain", "share_of_saving * quality * saved * registered_list", "Share of the saving, by quality")
    sheet.let("most", "cap_of_gain * benchmark * registered_list", "Most that may be paid")
    sheet.let("shared_saving", "eligible * max(0, min(most, gain)) if saving_rate >= least_rate else 0",
              "Paid, where the rate of saving is large enough")  # fmt: skip
    sheet.pay("shared_saving", "shared_saving", to="team_account", cash=late(sheet.accounts))


def late(accounts: AccountsOfYear) -> Cash:
    """When savings are settled: late in the next year."""
    return [(accounts.year + 1, 4)]


def by_size(patients: Numbers, sizes: Sequence[float], rates: Sequence[float]) -> Numbers:
    """A rate by size of the list, straight between the given sizes."""
    return np.interp(patients, sizes, rates)

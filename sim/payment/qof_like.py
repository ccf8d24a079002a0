"""A strong bonus for quality, after the British example: a quarter of income for reaching targets (systems 2B).

It is paid to the practice for its patients, or to each physician for the own list.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from agents.mistakes import Mistake, nearest
from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.payees import each_payee, pay_here
from sim.payment.policy import Layer, Policy
from sim.payment.quality import HIGHER, INDICATORS, SHARE, in_force, values
from sim.payment.sheet import Sheet
from sim.payment.statement import Statement
from sim.payment.terms import Change

PRACTICE: Final = "practice"


@dataclass(frozen=True)
class QofLikeParameters:
    """Terms of the quality bonus."""

    paid_to: str
    bonus_share: float
    lowest: float
    highest: float
    indicators: Sequence[str]
    weights: Sequence[float]
    min_den: float
    withdraw_year: int


class QofLike(Policy[QofLikeParameters]):
    """Paid for the share of patients who get what is asked, between a lowest and a highest share."""

    name = "qof_like"
    layer = Layer.ADD_ON
    title = "Strong bonus for quality (after the British QOF)"
    parameters = QofLikeParameters

    def __init__(self, changes: Sequence[Change] = (), *, since: date | None = None, until: date | None = None) -> None:
        """A rule under its terms.

        Raises:
            Mistake: an indicator that is no share of patients, or weights that are not one for each.
        """
        super().__init__(changes, since=since, until=until)
        for day in {entry.valid_from for name in ("indicators", "weights") for entry in self.terms.of[name].entries}:
            _check(self.at(day))

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        """See :meth:`Policy.settle`."""
        p = self.at(accounts.last_day)
        statement = Statement(self.name, accounts.year)
        practice = p.paid_to == PRACTICE
        for sheet, to in [(self.sheet(accounts, "team"), "team_account")] if practice else each_payee(self, accounts):
            sheet.let("base_income", "fees", "Fees of the team" if practice else "Fees of the physician")
            if p.withdraw_year and accounts.year >= p.withdraw_year:
                sheet.let("bonus", "0 * base_income", "The bonus has been withdrawn")
            else:
                _put_marks(sheet, p)
                sheet.let("bonus", "bonus_share * base_income * reached", "Bonus for quality")
            pay_here(sheet, "quality_bonus", "bonus", to=to, cash=[(accounts.year + 1, 2)])
            statement += sheet.statement()
        return statement


def _check(p: QofLikeParameters) -> None:
    """Refuse indicators and weights that the bonus cannot be computed from."""
    if len(p.weights) not in (0, len(p.indicators)):
        raise Mistake("qof_like.weights: expected none, or one for each of the {n} indicators.", n=len(p.indicators))
    known = [name for name, one in INDICATORS.items() if one.unit == SHARE]
    for name in p.indicators:
        if name not in known:
            raise Mistake(
                'qof_like.indicators: "{name}" is no share of patients. Did you mean "{nearest}"? Known: {known}.',
                name=name, nearest=nearest(name, known) or "", known=", ".join(known),
            )  # fmt: skip


def _put_marks(sheet: Sheet, p: QofLikeParameters) -> None:
    """The part of the bonus that is reached: the mean over indicators that are known, by weight."""
    weights = p.weights or [1.0] * len(p.indicators)
    terms = replace(in_force(sheet.accounts), min_den=p.min_den)
    total, shown = np.zeros(sheet.accounts.size(sheet.level)), []
    for name, weight in zip(p.indicators, weights, strict=True):
        one = INDICATORS[name]
        found = values(one, sheet.accounts, sheet.level, terms=terms)
        share = found if one.better == HIGHER else 1 - found
        sheet.bring(f"share_{name}", np.nan_to_num(share), one.label, "share", one.reference)
        sheet.bring(f"weight_{name}", weight * np.isfinite(share), "Its weight, 0 where it is not known", "weight")
        total += weight * np.isfinite(share)
        shown.append(f"weight_{name} * clip((share_{name} - lowest) / (highest - lowest), 0, 1)")
    sheet.bring("weights_known", total, "Weights of what is known", "weight")
    sheet.let("reached", f"({' + '.join(shown) or '0'}) / weights_known if weights_known > 0 else 0",
              "Part of the bonus that is reached", "share")  # fmt: skip

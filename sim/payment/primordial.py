"""Primordial: lump sums of the kind of Peps for new salaried centres, on the list of the current quarter (systems 2B).

A centre that opens is paid as it registers patients, where Peps would pay it a year later. It has no reference year,
and so neither floor, cap nor band of activity.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from agents.teams import HEALTH_CENTRE
from sim.payment.accounts_of_year import AccountsOfYear, Numbers
from sim.payment.history import History
from sim.payment.lump_sums import by_class, summed
from sim.payment.norms import Norms
from sim.payment.perimeters import FOR_AME, LISTED, SCOPES_OF_ACTS
from sim.payment.policy import Layer, Policy, Replaced
from sim.payment.sheet import Sheet
from sim.payment.statement import Statement, quarters
from sim.payment.team_lump_sum import AdjustedTerms, adjusted, lay_modulation, lay_uplift
from sim.working_time import QUARTERS

QUARTERLY_LISTS: Final = tuple(f"list_quarter_{quarter}" for quarter in range(1, QUARTERS + 1))
"""Measures: registered patients at the end of each quarter."""


@dataclass(frozen=True)
class PrimordialParameters(AdjustedTerms):
    """Terms of Primordial: those of Peps without entry, activity and collar."""


class Primordial(Policy[PrimordialParameters]):
    """Lump sums for a new salaried centre in an under-served zone, quarter by quarter."""

    name = "primordial"
    layer = Layer.SUBSTITUTION
    title = "Primordial: lump sums for new salaried centres"
    parameters = PrimordialParameters
    needs_norms: ClassVar[bool] = True

    def replaces(self, day: date) -> Sequence[Replaced]:
        """See :meth:`Policy.replaces`."""
        scopes = (LISTED, FOR_AME) if self.at(day).ame_sum > 0 else (LISTED,)
        return (Replaced(SCOPES_OF_ACTS["gp"], scopes),)

    def eligible(self, accounts: AccountsOfYear, history: History, norms: Norms) -> NDArray[np.bool_]:
        """See :meth:`Policy.eligible`."""
        sheet = self.sheet(accounts, "team")
        _lay_eligible(sheet)
        return sheet.rows("eligible") > 0

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        """See :meth:`Policy.settle`."""
        p, sheet = self.at(accounts.last_day), self.sheet(accounts, "team")
        _lay_eligible(sheet)
        lists = np.stack([accounts.measure(name) for name in QUARTERLY_LISTS], axis=1)
        _lay_base(sheet, lists, by_class(norms, accounts.year, p))
        lay_uplift(sheet, p, norms)
        lay_modulation(sheet, p, history, norms)
        last = adjusted(sheet, p, "leaked_value", ame=p.ame_sum > 0)
        sheet.let("lump_sum", f"{last} * eligible", "Lump sum of the year")
        sheet.pay("lump_sum", "lump_sum", to="employer", cash=quarters(accounts.year), weights=lists)
        return sheet.statement()


def _lay_eligible(sheet: Sheet) -> None:
    centre = sheet.accounts.measure("team_kind") == HEALTH_CENTRE
    sheet.bring("salaried_centre", centre, "A salaried centre", "yes/no")
    sheet.let(
        "eligible", "salaried_centre and practice_under_served", "Whether the centre can enter the scheme", "yes/no"
    )


def _lay_base(sheet: Sheet, lists: Numbers, amounts: Numbers) -> None:
    """A quarter of the lump sums for each quarter's list, of patients such as those of 31 December."""
    classes = sheet.accounts.classes()
    count = classes.sum(axis=1)
    mean = np.divide(summed(classes, amounts), count, out=np.zeros(len(count)), where=count > 0)
    sheet.bring("patient_quarters", lists.sum(axis=1), "Registered patients, summed over the quarters", "patients")
    sheet.bring("mean_lump_sum", mean, "Mean lump sum of the patients on 31 December", "EUR/patient/year")
    sheet.bring("quarters_of_year", QUARTERS, "Quarters of a year", "quarters")
    sheet.let("base", "patient_quarters * mean_lump_sum / quarters_of_year", "Lump sums of the patients")

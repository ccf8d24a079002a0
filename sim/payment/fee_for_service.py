"""Fee-for-service: each act is paid to who did it, at the fee of its day (systems 2.1)."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from agents.teams import HEALTH_CENTRE
from sim.events import SCOPES
from sim.payment.accounts_of_year import AccountsOfYear, Numbers
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.policy import Layer, Policy
from sim.payment.sheet import Sheet
from sim.payment.statement import Statement, quarters
from sim.standard_measures.acts import CODES
from sim.tariffs import find_tariff
from sim.working_time import QUARTERS

PAID: Final = {"physician": "person", "nurse": "person", "team": "employer"}
"""Who gets the fees, by the level at which acts are counted: a salaried centre bills for its staff."""


@dataclass(frozen=True)
class FeeForServiceParameters:
    """Terms of fee-for-service."""

    surcharge: float


class FeeForService(Policy[FeeForServiceParameters]):
    """Acts that no lump sum replaces, at dated fees; replaced ones too where a team was not eligible."""

    name = "fee_for_service"
    layer = Layer.BASE
    title = "Fee-for-service"
    parameters = FeeForServiceParameters
    pool = "fees"
    prorated: ClassVar[bool] = False

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        """See :meth:`Policy.settle`."""
        statement = Statement(self.name, accounts.year)
        for level, to in PAID.items():
            if accounts.size(level):
                statement += self._of_level(accounts, level, to)
        return statement

    def _of_level(self, accounts: AccountsOfYear, level: str, to: str) -> Statement:
        sheet = self.sheet(accounts, level)
        centre = accounts.of_team(accounts.measure("team_kind") == HEALTH_CENTRE, level)
        here = centre == (to == "employer")
        sheet.bring("billed_here", here, "Acts are billed by this payee", "yes/no")
        if not here.any():
            return sheet.statement()
        weights = _by_quarter(accounts, level)
        for code in CODES:
            if _done(accounts, level, code, here):
                _pay_code(sheet, code, to, weights)
        return sheet.statement()


def _done(accounts: AccountsOfYear, level: str, code: str, here: NDArray[np.bool_]) -> bool:
    """Whether any of those who are paid here did acts of a code, billed or replaced."""
    for kind in ("acts", "shadow_acts"):
        for scope in SCOPES:
            acts = accounts.measure(f"{kind}_{code}_{scope}", level)
            if acts.max(initial=0.0) > 0 and acts[here].any():  # most codes are nobody's
                return True
    return False


def _pay_code(sheet: Sheet, code: str, to: str, weights: Numbers) -> None:
    """Pay the acts of a code: those that are billed, and replaced ones that go back to fees, as a part of their own."""
    cash, paid = quarters(sheet.accounts.year), [f"fees_{code}"]
    billed = " + ".join(f"fees_{code}_{scope}" for scope in SCOPES)
    sheet.let(f"fees_{code}", f"({billed}) * billed_here", find_tariff(code).title)
    sheet.pay(f"fees_{code}", f"fees_{code}", to=to, cash=cash, weights=weights)
    if code in sheet.accounts.returned:
        back = sheet.accounts.of_team(sheet.accounts.returned[code], sheet.level)
        replaced = " + ".join(f"shadow_fees_{code}_{scope}" for scope in SCOPES)
        sheet.bring(f"no_lump_sum_{code}", back, "No lump sum is paid in the place of these acts", "yes/no")
        sheet.let(
            f"returned_{code}",
            f"no_lump_sum_{code} * ({replaced}) * billed_here",
            f"Acts that go back to fees: {find_tariff(code).title}",
        )
        sheet.pay(f"returned_{code}", f"returned_{code}", to=to, cash=cash, weights=weights)
        paid.append(f"returned_{code}")
    if sheet["surcharge"]:
        text = f"({' + '.join(paid)}) * surcharge"
        sheet.let(f"surcharge_{code}", text, "Surcharge, paid by patients and their cover")
        sheet.pay(f"surcharge_{code}", f"surcharge_{code}", to=to, cash=cash, weights=weights)


def _by_quarter(accounts: AccountsOfYear, level: str) -> Numbers:
    """Fees of each quarter, by which the year's fees are paid out, ``(owners, 4)``."""
    who = {"physician": ("physicians",), "nurse": ("nurses",), "team": ("physicians", "nurses")}[level]
    names = [[f"fees_quarter_{quarter}_{one}" for one in who] for quarter in range(1, QUARTERS + 1)]
    return np.stack([sum(accounts.measure(name, level) for name in quarter) for quarter in names], axis=1)

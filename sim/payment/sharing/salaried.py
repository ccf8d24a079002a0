"""Wages are paid whatever comes in: the money stays with the employer (systems 4)."""

from sim.payment.sharing.members import Members
from sim.payment.sharing.rule import COLLECTIVE, FEES, LUMP_SUM, SHARE, SharingRule
from sim.payment.sheet import Sheet


class Salaried(SharingRule):
    """Nothing reaches persons but their wage, which another rule pays."""

    name = "salaried"
    title = "Wages, unchanged"
    pools = (LUMP_SUM, COLLECTIVE, FEES)
    keeps_rest = True
    alone_gets_all = False

    def write(self, sheet: Sheet, members: Members) -> None:
        """See :meth:`SharingRule.write`."""
        sheet.let(SHARE, "0", "The money stays with the employer")

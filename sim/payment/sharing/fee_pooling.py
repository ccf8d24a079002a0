"""All fees into one pot, then equal parts (systems 4)."""

from sim.payment.sharing.equal import Equal
from sim.payment.sharing.rule import FEES, LUMP_SUM


class FeePooling(Equal):
    """Fees of the team are pooled and shared as in ``equal``; so is a lump sum in their place."""

    name = "fee_pooling"
    title = "Fees pooled, then in equal parts"
    pools = (FEES, LUMP_SUM)

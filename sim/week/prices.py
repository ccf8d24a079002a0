"""The week's prices, as the kernels read them."""

from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.tariffs import Tariffs

REPAID = ("REPAID_IN_PATHWAY", "REPAID_OUTSIDE", "REPAID_LONG_TERM_ILLNESS", "REPAID_NURSE", "REPAID_HOSPITAL")
IN_PATHWAY, OUTSIDE_PATHWAY, FULL_COVER, NURSE_ACT, IN_HOSPITAL = range(len(REPAID))


class Prices(NamedTuple):
    """Tariffs of one week, in cents; and what insurance repays of them.

    Attributes:
        fees: fee by weekday and act code, shape ``(7, codes)``.
        stays: tariff of a stay by cause, shape ``(causes,)``.
        travel: a nurse's travel to one home stop.
        repaid: percentages repaid, in the order of ``REPAID``, shape ``(5,)``.
        flat: charge left to the patient per contact with a physician.
    """

    fees: NDArray[np.int64]
    stays: NDArray[np.int64]
    travel: int
    repaid: NDArray[np.int64]
    flat: int


def prices(tariffs: Tariffs, day: date) -> Prices:
    """The prices of the week that starts on ``day``."""
    return Prices(
        fees=tariffs.week(day).copy(),
        stays=tariffs.stay_cents(day),
        travel=round(100 * tariffs.value("IFD", day)),
        repaid=np.array([round(100 * tariffs.value(name, day)) for name in REPAID], dtype=np.int64),
        flat=round(100 * tariffs.value("PATIENT_FLAT", day)),
    )

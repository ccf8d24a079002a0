"""The task catalogue: what can be handed over, and what that frees (behaviour B). Its numbers are in ``tasks.toml``."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

TASKS: Final = tuple(f"k{number:02d}" for number in range(21))
N_TASKS: Final = len(TASKS)
(
    K00, K01, K02, K03, K04, K05, K06, K07, K08, K09, K10,
    K11, K12, K13, K14, K15, K16, K17, K18, K19, K20,
) = range(N_TASKS)  # fmt: skip
FOLLOW_UP: Final = (K01, K02, K03, K04, K05, K11, K20)
"""Tasks by which a patient is followed: renewal, chronic care, anticoagulants, mental health."""
PREVENTIVE: Final = (K07, K08, K09)
"""Tasks that do what prevention is due: child checks, vaccines."""
BILLED: Final = (K09, K12, K19)
"""Tasks for which a nurse has an act to bill (systems 2.1)."""

SCOPES: Final = ("closed", "open", "prescription", "protocol", "authorisation", "informal")
"""On what condition the law lets a kind of nurse take a task: the codes of ``tasks.scope``."""
CLOSED, OPEN, PRESCRIPTION, PROTOCOL, AUTHORISATION, INFORMAL = range(6)


def freed_minutes[Number: (float, NDArray[np.float64])](
    g: Number, sigma: Number, v: Number, c: Number, s: Number
) -> Number:
    """Physician minutes freed by one nurse event: ``sigma * (g - v * c) - s * g`` (behaviour B).

    Numbers or arrays of one shape.

    Args:
        g: physician's minutes of one event of her or his own.
        sigma: share of nurse events that replace a physician's event; the rest is added service.
        v: share of nurse events with a validation call.
        c: physician's minutes of one validation call.
        s: supervision, as a share of ``g``.

    Returns:
        Minutes; negative when validation and supervision cost more than the hand-over frees.
    """
    return sigma * (g - v * c) - s * g

"""Norms of no nation at all, for benchmarks and tests: every name that rules ask for, of a plausible size."""

from typing import Final

import numpy as np

from scenarios.norms.content import class_means, indicators, indicators_of_physicians
from sim.payment.accounts_of_year import LIST_CLASSES
from sim.payment.norms import Norms

SIZES: Final = {"gp_fees": (60.0, 260.0), "nurse_fees": (5.0, 400.0), "spending": (600.0, 9_000.0)}
"""Means of the youngest and of the oldest class, where a plain count would be too far off."""
AREAS: Final = np.array([0.95, 1.05, 1.0, 0.9, 1.1, 1.0])
"""Values of the living-area types, over the national mean."""


def invented_norms() -> Norms:
    """National values that any rule can be settled with."""
    places = len(LIST_CLASSES)
    by_class = {name: np.linspace(*SIZES.get(name, (0.5, 5.0)), places) for name in class_means()}
    tenths = np.arange(1, 10) / 10
    deciles = dict.fromkeys(indicators(), tenths)
    deciles |= {f"{name}_physicians": tenths for name in indicators_of_physicians()}
    numbers = {name: float(values.mean()) for name, values in by_class.items()} | dict.fromkeys(indicators(), 0.5)
    return Norms(
        base_year=2021,
        by_class=by_class | {"share": np.full(places, 1 / places)},
        by_area={"gp_fees": by_class["gp_fees"].mean() * AREAS, "spending_factor": AREAS},
        deciles=deciles,
        numbers=numbers | {"share_c2s_ame": 0.1, "poverty": 0.15},
    )

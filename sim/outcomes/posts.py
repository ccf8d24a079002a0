"""Posts that are held: means over physicians are over those in post, for an empty post does and asks nothing."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.declaration import Model


def in_post(model: Model) -> NDArray[np.bool_]:
    """Physicians whose post is held at the end of the year, ``(physicians,)``."""
    return np.asarray(model.world.physicians["vacant_until"] == -1)


def mean_of(values: NDArray[Any], among: NDArray[np.bool_]) -> float:
    """Mean over some physicians; not a number over none."""
    return float(values[among].mean()) if among.any() else float("nan")

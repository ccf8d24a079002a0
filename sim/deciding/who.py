"""Keys of draws that belong to two at once: a dyad, a dyad and a task, a post and who holds it."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

type Ids = NDArray[np.uint64]

_STEPS = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
_LAST = np.uint64(31)
_INCREMENT = np.uint64(0x9E3779B97F4A7C15)


def _mixed(x: Ids) -> Ids:
    for shift, factor in _STEPS:
        x = (x ^ (x >> np.uint64(shift))) * np.uint64(factor)
    return x ^ (x >> _LAST)


def paired_ids(parents: ArrayLike, children: ArrayLike) -> Ids:
    """Stable ids of pairs: ``sim.draws.child_ids`` with a parent for each child.

    Args:
        parents: stable ids, of any shape.
        children: stable ids or ordinals, of a shape that goes with it.
    """
    above, below = np.atleast_1d(np.asarray(parents, np.uint64), np.asarray(children, np.uint64))
    return _mixed(_mixed(above) + below + _INCREMENT)

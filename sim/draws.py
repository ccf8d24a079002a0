"""Keyed randomness: ``draw = hash(seed, named decision, step, who)``, never a generator with a state.

Each key is folded in by a full mixing round (the finaliser of SplitMix64), one after the other. Keys that are only
xored together, or that share an increment, give the same draw to different people; ``tests/sim/test_draws.py`` keeps
both as cases that must fail.

A decision is declared once, by :func:`decision`, and is known by the hash of its name: adding one moves no other.
"""

import hashlib
import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.kernel import compiled, kernel

DECISIONS: Final[dict[str, str]] = {}
"""Every named decision with its one-line label, in order of declaration."""


def decision(name: str, label: str) -> np.uint64:
    """Declare a named random decision and return its key (stable across versions and machines)."""
    DECISIONS[name] = label
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little"))


def content_id(*parts: object) -> int:
    """A stable 64-bit id from content (territory, cell, birth ordinal, ...), never from a row number."""
    digest = hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


@kernel
def mixed(x: np.uint64) -> np.uint64:
    """One full mixing round: every input bit moves every output bit."""
    x ^= x >> np.uint64(30)
    x *= np.uint64(0xBF58476D1CE4E5B9)
    x ^= x >> np.uint64(27)
    x *= np.uint64(0x94D049BB133111EB)
    x ^= x >> np.uint64(31)
    return x


@kernel
def chained(key: np.uint64, value: np.uint64) -> np.uint64:
    """Fold one more value into a key, by a full round of its own."""
    return mixed(key + value + np.uint64(0x9E3779B97F4A7C15))


@kernel
def step_key(seed: np.uint64, which: np.uint64, step: int) -> np.uint64:
    """The key of a decision at a step; chain a ``who`` to it to get that agent's draw."""
    return chained(chained(mixed(seed), which), np.uint64(step))


@kernel
def draw_key(seed: np.uint64, which: np.uint64, step: int, who: np.uint64) -> np.uint64:
    """The key of one agent's draw: seed, named decision, step and who, a full round each."""
    return chained(step_key(seed, which, step), who)


@kernel
def uniform(key: np.uint64) -> float:
    """A number in [0, 1) from the top 53 bits of a key."""
    return float(key >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@kernel
def exponential(key: np.uint64) -> float:
    """A unit exponential from a key (never infinite)."""
    return -math.log(1.0 - uniform(key))


@compiled
def _fill_uniforms(key: np.uint64, ids: NDArray[np.uint64], out: NDArray[np.float64]) -> None:
    for i in range(len(ids)):
        out[i] = uniform(chained(key, ids[i]))


@compiled
def _key_of(seed: np.uint64, which: np.uint64, step: int) -> np.uint64:
    return step_key(seed, which, step)


def uniforms(seed: int, which: np.uint64, ids: ArrayLike, step: int = 0) -> NDArray[np.float64]:
    """Draws in [0, 1) of a named decision, one an id: what a kernel would draw for the same seed, step and who.

    Args:
        seed: seed of the run.
        which: key of the decision (:func:`decision`).
        ids: stable content ids, any shape of non-negative integers below 2**64.
        step: week, or another step; 0 for what is drawn once.

    Returns:
        One number an id, in the shape of ``ids``.
    """
    who = np.asarray(ids, dtype=np.uint64)
    out = np.empty(who.size)
    _fill_uniforms(np.uint64(_key_of(np.uint64(seed), np.uint64(which), step)), who.ravel(), out)
    return out.reshape(who.shape)


def normals(seed: int, which: np.uint64, ids: ArrayLike, step: int = 0) -> NDArray[np.float64]:
    """Standard normal draws of a named decision, one an id, by the inverse of the normal distribution (finite)."""
    # Imported here: SciPy is slow to start, and the weekly kernels need none of it.
    from scipy.special import ndtri

    above_0 = np.maximum(uniforms(seed, which, ids, step), 0.5 / 9007199254740992.0)
    return np.asarray(ndtri(above_0), dtype=np.float64)


@compiled
def _fill_pairs(parents: NDArray[np.uint64], children: NDArray[np.uint64], out: NDArray[np.uint64]) -> None:
    for i in range(len(parents)):
        out[i] = chained(mixed(parents[i]), children[i])


def paired_ids(parents: ArrayLike, children: ArrayLike) -> NDArray[np.uint64]:
    """Stable ids of what belongs to two at once (a dyad, a dyad and a task): a child for each parent.

    Args:
        parents: stable ids, of any shape.
        children: stable ids or ordinals, of a shape that goes with it.
    """
    above, below = np.broadcast_arrays(np.atleast_1d(np.asarray(parents, np.uint64)), np.asarray(children, np.uint64))
    out = np.empty(above.size, dtype=np.uint64)
    _fill_pairs(np.ascontiguousarray(above).ravel(), np.ascontiguousarray(below).ravel(), out)
    return out.reshape(above.shape)


@compiled
def _fill_ids(key: np.uint64, ordinals: NDArray[np.uint64], out: NDArray[np.uint64]) -> None:
    for i in range(len(ordinals)):
        out[i] = chained(key, ordinals[i])


def child_ids(parent: int, ordinals: ArrayLike) -> NDArray[np.uint64]:
    """Stable content ids of the children of ``parent`` (cells of a territory, patients of a cell), one an ordinal."""
    given = np.asarray(ordinals, dtype=np.uint64)
    out = np.empty(given.size, dtype=np.uint64)
    _fill_ids(np.uint64(mixed(np.uint64(parent))), given.ravel(), out)
    return out.reshape(given.shape)

"""Arrays in the payload: little-endian numbers as base64, with their type and shape."""

import base64
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

TYPES: Final = {"u1": "<u1", "u2": "<u2", "u4": "<u4", "i2": "<i2", "f4": "<f4"}


def packed(values: ArrayLike, kind: str, scale: float = 1.0) -> dict[str, Any]:
    """An array as the page reads it.

    Args:
        values: any shape; whole numbers beyond the type become the nearest one that it holds.
        kind: one of :data:`TYPES`.
        scale: what a stored number stands for.
    """
    array = np.asarray(values, dtype=np.float64) / scale
    if kind != "f4":
        limits = np.iinfo(TYPES[kind])
        array = np.clip(np.rint(np.nan_to_num(array)), limits.min, limits.max)
    stored = np.ascontiguousarray(array.astype(TYPES[kind]))
    found: dict[str, Any] = {"type": kind, "shape": list(stored.shape)}
    if scale != 1.0:
        found["scale"] = scale
    return {**found, "data": base64.b64encode(stored.tobytes()).decode()}


def unpacked(found: dict[str, Any]) -> NDArray[np.float64]:
    """The array back, as the page has it."""
    stored = np.frombuffer(base64.b64decode(found["data"]), dtype=TYPES[found["type"]])
    return stored.reshape(found["shape"]).astype(np.float64) * found.get("scale", 1.0)

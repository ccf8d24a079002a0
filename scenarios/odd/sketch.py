"""A sketch: curves that show how a part of the model answers, before anybody has drawn them."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

SIGNIFICANT: Final = 5
"""Digits of the data that a digest looks at: the last bits of exp and log may differ between processors."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One line.

    Attributes:
        name: what it is, in the language in use.
        x, y: its points.
    """

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """Some lines on the same axes.

    Attributes:
        title, across, up: title and labels of the axes.
        curves: the lines.
        logarithmic: whether the vertical axis is.
        decimals: of the numbers along the horizontal and the vertical axis.
    """

    title: str
    across: str
    up: str
    curves: tuple[Curve, ...]
    logarithmic: bool = False
    decimals: tuple[int, int] = (0, 1)


@dataclass(frozen=True, slots=True)
class Sketch:
    """Panels side by side.

    Attributes:
        title: one line.
        text: what it shows, in words.
        panels: one to four.
    """

    title: str
    text: str
    panels: tuple[Panel, ...]

    def digest(self) -> str:
        """Digest of all that would be drawn."""
        told = json.dumps(_rounded(astuple(self)), ensure_ascii=False)
        return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()


def curve(name: str, x: ArrayLike, y: ArrayLike) -> Curve:
    """A line through points."""
    return Curve(name, tuple(np.asarray(x, dtype=float).tolist()), tuple(np.asarray(y, dtype=float).tolist()))


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{SIGNIFICANT}g}")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_rounded(one) for one in value]
    return value

"""Work in parts: ranges of rows, and what does something for each of them, by several threads or not (design 4)."""

from collections.abc import Callable, Sequence
from typing import Any

type Range = tuple[int, int]

type Each = Callable[[Callable[[Any], Any], Sequence[Any]], list[Any]]
"""Does something for each of some things, in any order; gives the answers in theirs."""

type InRuns = Callable[[Callable[[Sequence[Any]], Any], Sequence[Any]], list[Any]]
"""Cuts some things into runs of neighbours and does something for each run, in any order; answers in that of the runs.
"""


def blocks(rows: int, size: int) -> list[Range]:
    """Ranges of at most ``size`` rows that cover ``rows``."""
    return [(lo, min(lo + size, rows)) for lo in range(0, rows, size)]


def in_turn[P, R](work: Callable[[P], R], parts: Sequence[P]) -> list[R]:
    """Do ``work`` for one part after the other."""
    return [work(part) for part in parts]


def in_one_run[P, R](work: Callable[[Sequence[P]], R], parts: Sequence[P]) -> list[R]:
    """Do ``work`` for all parts at once, as one run; nothing for none."""
    return [work(parts)] if parts else []

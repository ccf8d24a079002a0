"""Work in parts: ranges of rows, and what does something for each of them, by several threads or not (design 4)."""

from collections.abc import Callable, Sequence
from typing import Any

type Range = tuple[int, int]

type Each = Callable[[Callable[[Any], Any], Sequence[Any]], list[Any]]
"""Does something for each of some things, in any order; gives the answers in theirs."""

type InRuns = Callable[[Callable[[Sequence[Any]], Any], Sequence[Any]], list[Any]]
"""Cuts some things into runs of neighbours and does something for each run, in any order; answers in that of the runs.
"""


def blocks(first: int, last: int, size: int) -> list[Range]:
    """Ranges of at most ``size`` rows that cover rows ``[first, last)``."""
    return [(lo, min(lo + size, last)) for lo in range(first, last, size)]


def in_turn[P, R](work: Callable[[P], R], parts: Sequence[P]) -> list[R]:
    """Do ``work`` for one part after the other."""
    return [work(part) for part in parts]


def each_by(in_runs: InRuns) -> Each:
    """Do something for each of some things, in the runs into which they are cut."""

    def each[P, R](work: Callable[[P], R], parts: Sequence[P]) -> list[R]:
        return [one for run in in_runs(lambda some: in_turn(work, some), parts) for one in run]

    return each


def in_one_run[P, R](work: Callable[[Sequence[P]], R], parts: Sequence[P]) -> list[R]:
    """Do ``work`` for all parts at once, as one run; nothing for none."""
    return [work(parts)] if parts else []

"""Time and fees: what the week's columns of professionals add up to over a year."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.world import WEEKS_PER_YEAR, World

QUARTERS: Final = 4


@dataclass(slots=True)
class YearOfTime:
    """What the week's columns of professionals add up to in the year.

    Attributes:
        minutes: by source ("physicians", "nurses"), minutes by use, ``(rows, uses)``.
        fees: by source, fees by quarter (cents), ``(rows, 4)``.
        lists: patients registered with each physician at the end of each quarter, ``(rows, 4)``.
        weeks, half_days: weeks worked and half-days worked by physicians.
    """

    minutes: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    fees: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    lists: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, QUARTERS)))
    weeks: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    half_days: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    def add_week(self, world: World) -> None:
        """Add one week as it stands in the tables."""
        for source in ("physicians", "nurses"):
            week = getattr(world, source)["minutes"]
            sums = _longer(self.minutes.get(source, np.zeros((0, week.shape[1]))), len(week))
            sums[: len(week)] += week
            self.minutes[source] = sums
            self._add_fees(source, world)
        self.lists = _longer(self.lists, len(world.physicians))
        self.lists[: len(world.physicians), _quarter(world)] = world.physicians["registered_list"]
        present = world.physicians["present"].astype(float)
        self.weeks, self.half_days = (_longer(sums, len(present)) for sums in (self.weeks, self.half_days))
        self.weeks += present
        self.half_days += present * world.physicians["half_days"]

    def _add_fees(self, source: str, world: World) -> None:
        fees = getattr(world, source)["fees_cents"]
        sums = _longer(self.fees.get(source, np.zeros((0, QUARTERS))), len(fees))
        sums[: len(fees), _quarter(world)] += fees
        self.fees[source] = sums

    def columns(self, source: str, world: World) -> dict[str, Callable[[], NDArray[Any]]]:
        """Derived columns of a source."""
        if source not in ("physicians", "nurses"):
            return {}
        table = getattr(world, source)
        minutes = self.minutes.get(source, np.zeros((0, table["minutes"].shape[1])))
        fees = self.fees.get(source, np.zeros((0, QUARTERS)))
        columns: dict[str, Callable[[], NDArray[Any]]] = {
            "minutes_year": lambda: _longer(minutes, len(table)),
            "fees_quarters": lambda: _longer(fees, len(table)),
        }
        if source == "physicians":
            columns["age"] = lambda: (world.week - table["birth_week"].astype(np.int64)) // WEEKS_PER_YEAR
            columns["list_quarters"] = lambda: _longer(self.lists, len(table))
            columns["weeks_year"] = lambda: _longer(self.weeks, len(table))
            columns["half_days_year"] = lambda: _longer(self.half_days, len(table))
        return columns


def _quarter(world: World) -> int:
    """Quarter of its year, from 0, in which the week that has passed lies."""
    week = (world.week - 1 - world.warm_up_weeks) % WEEKS_PER_YEAR
    return week * QUARTERS // WEEKS_PER_YEAR


def _longer(sums: NDArray[np.float64], rows: int) -> NDArray[np.float64]:
    """Sums with room for ``rows`` rows."""
    if len(sums) >= rows:
        return sums
    return np.concatenate([sums, np.zeros((rows - len(sums), *sums.shape[1:]))])

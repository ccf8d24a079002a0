"""Who holds each post of physician, and since when: for rules that pay who comes and take back from who leaves."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.measures import measure
from sim.payment.accounts_of_year import AccountsOfYear, Numbers
from sim.payment.history import History

type Years = NDArray[np.int64]
type Mask = NDArray[np.bool_]

SUCCESSIONS: Final = measure(
    "successions", "times that posts of physicians have changed hands", "count", reference="behaviour A2",
    source="physicians", value="successions",
)  # fmt: skip
LONG_AGO: Final = -10_000
"""Calendar year of arrival of who was always there."""
DAYS: Final = 365


@dataclass(frozen=True, slots=True)
class Posts:
    """Who holds each post under a contract, one a physician: ``(physicians,)``.

    Attributes:
        year: calendar year that is looked at.
        arrived: calendar year in which the holder at the end of the year came, or signed.
        signed: whether this holder was there on the first day of the contract, and is no successor.
        arrived_before: calendar year of arrival of who held the post when the year began.
        left: whether a holder left in the year, or the contract ended.
        stayed: years that this holder stayed.
    """

    year: int
    arrived: Years
    signed: Mask
    arrived_before: Years
    left: Mask
    stayed: Numbers

    @property
    def comes(self) -> Mask:
        """Whether a holder came, or signed, this year."""
        return self.arrived == self.year

    @property
    def in_second_year(self) -> Mask:
        """Whether who held the post when the year began had come the year before."""
        return self.arrived_before == self.year - 1


def posts(since: date | None, until: date | None, accounts: AccountsOfYear, history: History) -> Posts:
    """Who holds each post, from how often it has changed hands in each year.

    Args:
        since: first day of the contract, None for always.
        until: its last day, None for no end.
        accounts: the year.
        history: earlier years.
    """
    first = since.year if since else LONG_AGO
    arrived = np.full(accounts.size("physician"), first)
    before, signed, left = arrived, np.ones(len(arrived), dtype=bool), np.zeros(len(arrived), dtype=bool)
    years = [history.accounts[year] for year in sorted(history.accounts) if year < accounts.year]
    for last, now in pairwise([*years, accounts]):
        if now.year > first:
            hands = now.measure("successions", "physician") > last.measure("successions", "physician")
            vacant = now.measure("physicians", "physician") == 0
            left = (last.measure("physicians", "physician") > 0) & (hands | vacant)
            before = arrived
            arrived, signed = np.where(hands, now.year, arrived), signed & ~hands
    stayed = (accounts.year - before).astype(np.float64)
    if since and until and until.year == accounts.year:
        left = left | (accounts.measure("physicians", "physician") > 0)
        stayed = np.where(signed, _years_between(since, until + timedelta(days=1)), stayed)
    return Posts(accounts.year, arrived, signed, before, left, stayed)


def _years_between(first: date, end: date) -> float:
    """Years from a day to another, whole ones exactly."""
    return end.year - first.year + (end.timetuple().tm_yday - first.timetuple().tm_yday) / DAYS

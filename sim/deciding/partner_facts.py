"""What is known at the end of a quarter, beside the tables: what those who work together decide by."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agents.deciding.decision import Incentives, Numbers
from agents.deciding.incentives import NEUTRAL
from agents.nurses import LIBERAL
from agents.patients import ALIVE
from agents.tasks import N_TASKS
from sim.world import World

type Flags = NDArray[np.bool_]


class Notes(Protocol):
    """What is used of the diary."""

    def add(
        self, kind: str, *, before: ArrayLike = ..., after: ArrayLike = ..., text: ArrayLike = ...,
        terms: Mapping[str, ArrayLike] | None = ..., **who: ArrayLike,
    ) -> None:  # fmt: skip
        """Put down events of a kind."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What bears on a quarter's decisions of those who work together.

    Attributes:
        incentives: perceived by physicians, EUR per unit by action, ``(physicians,)`` each.
        nurse_incentives: the same of nurses, ``(nurses,)`` each.
        reconsiders: physicians who think about delegation this quarter: new tasks begin with them, or with a nurse who
            proposes, ``(physicians,)``.
        readability: how far the message on handing over reads as good care, ``(physicians,)``.
        overlap: share of the nurse's patients that are on the physician's list, ``(dyads,)``.
        nurse_care_hour: what an hour of work brings a self-employed nurse, 0 for salaried ones (EUR), ``(nurses,)``.
        nurse_income: net income, nan where no account tells it (EUR/month), ``(nurses,)``.
        topped_up: nurses whose income the team completes, ``(nurses,)``.
        alternating: share of the discharges of the own list that were notified and then followed, ``(physicians,)``.
        subordinated: physicians whom the hospital has asked to work under it, ``(physicians,)``.
        earmarked: new earmarked money of the team (EUR/year), ``(teams,)``.
        adverse: adverse events that were observed of what a dyad has handed over, ``(dyads, tasks)``.
    """

    incentives: Incentives
    nurse_incentives: Incentives
    reconsiders: Flags
    readability: Numbers
    overlap: Numbers
    nurse_care_hour: Numbers
    nurse_income: Numbers
    topped_up: Flags
    alternating: Numbers
    subordinated: Flags
    earmarked: Numbers
    adverse: Flags


def quiet(world: World) -> Facts:
    """Facts of a quarter in which no money moves and nothing is said; ``dataclasses.replace`` adds what there is."""
    physicians, nurses = len(world.physicians), len(world.nurses)
    return Facts(
        incentives={}, nurse_incentives={}, reconsiders=np.ones(physicians, dtype=bool),
        readability=np.full(physicians, NEUTRAL), overlap=np.zeros(len(world.dyads)),
        nurse_care_hour=np.zeros(nurses), nurse_income=np.full(nurses, np.nan), topped_up=np.zeros(nurses, dtype=bool),
        alternating=np.zeros(physicians), subordinated=np.zeros(physicians, dtype=bool),
        earmarked=np.zeros(len(world.teams)), adverse=np.zeros((len(world.dyads), N_TASKS), dtype=bool),
    )  # fmt: skip


def overlap_of(world: World) -> Numbers:
    """Share of each self-employed nurse's patients on the physician's list, ``(dyads,)``; 1 for nurses in posts.

    It looks at every patient: once a year is enough.
    """
    nurse, gp = world.patients["nurse_tie"], world.patients["registered_gp"]
    tied = np.flatnonzero((nurse >= 0) & ((world.patients["flags"] & ALIVE) != 0))
    of_nurse = np.bincount(nurse[tied], minlength=len(world.nurses))
    listed = tied[gp[tied] >= 0]
    physicians = len(world.physicians)
    pairs, count = np.unique(nurse[listed].astype(np.int64) * physicians + gp[listed], return_counts=True)
    wanted = world.dyads["nurse"].astype(np.int64) * physicians + world.dyads["physician"]
    at = np.minimum(np.searchsorted(pairs, wanted), max(len(pairs) - 1, 0))
    shared = np.where(pairs[at] == wanted, count[at], 0) if len(pairs) else np.zeros(len(wanted))
    overlap = shared / np.maximum(of_nurse[world.dyads["nurse"]], 1)
    return np.where(world.nurses["kind"][world.dyads["nurse"]] == LIBERAL, overlap, 1.0)

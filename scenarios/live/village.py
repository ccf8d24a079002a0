"""What the live page shows: a Mesa model whose steps are weeks of a :class:`~sim.model.CareModel`.

Worlds are warmed up once for all sessions and never stepped; each session goes on from a fork, with which it shares
nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Final

import mesa

from agents.mistakes import Mistake
from results.messages import _
from scenarios.arms import arms_of
from scenarios.norms import norms_for
from scenarios.overrides import overridden
from scenarios.running import Progress
from scenarios.study import CARETEAMS
from scenarios.study.forking import applied
from sim.collector import MODEL_REPORTERS, collector
from sim.model import CareModel, prepared
from sim.recording.manifest import digest
from sim.specification import ScenarioSpec

KEPT: Final = 8
"""Warmed-up worlds that are kept for the next session."""
AS_WRITTEN, FEES, LUMP_SUM = "as_written", "ffs", "peps"
_one_at_a_time: Final = Lock()
_worlds: Final[dict[str, CareModel]] = {}


@dataclass(frozen=True, slots=True)
class Setting:
    """What the sliders say.

    Attributes:
        scenario: the scenario that is shown.
        seed: its seed.
        physicians: physicians of the first team.
        payment: ``as_written``, or an arm that teams are put under from year 1.
        decisions: whether people decide.
    """

    scenario: ScenarioSpec
    seed: int
    physicians: int
    payment: str = AS_WRITTEN
    decisions: bool = True

    @classmethod
    def of(cls, scenario: ScenarioSpec) -> "Setting":
        """The sliders as the scenario has them.

        Raises:
            Mistake: when the scenario has no team of its own to look at.
        """
        if not scenario.teams:
            raise Mistake("the live page follows the first team of a scenario, and this one has none.")
        first = next(iter(scenario.teams.values()))
        return cls(scenario, scenario.seed, first.physicians, decisions=scenario.decisions)

    @property
    def team(self) -> str:
        """Name of the first team."""
        return next(iter(self.scenario.teams))

    def changed(self, **values: Any) -> "Setting":
        """A copy with other values."""
        return replace(self, **values)

    def founded(self) -> ScenarioSpec:
        """The scenario of the warm-up."""
        sets = [f"seed={self.seed}", f"team.{self.team}.physicians={self.physicians}"]
        return overridden(self.scenario, sets)

    def played(self) -> ScenarioSpec:
        """The scenario from year 1 on."""
        spec = overridden(self.founded(), [f"decisions={str(self.decisions).lower()}"])
        return spec if self.payment == AS_WRITTEN else arms_of(spec, [self.payment]).resolved(self.payment, CARETEAMS)

    def said(self) -> str:
        """One line for people."""
        return _("{physicians} physicians, {payment}, seed {seed}", physicians=self.physicians,
                 payment=payments()[self.payment], seed=self.seed)  # fmt: skip


def payments() -> Mapping[str, str]:
    """What the teams may be paid by, and what it is called."""
    return {
        AS_WRITTEN: _("paid as the scenario says"),
        FEES: _("paid by fees"),
        LUMP_SUM: _("a lump sum in the place of visits (Peps)"),
    }


def warmed(setting: Setting, progress: Progress | None = None) -> CareModel:
    """The world of a setting after its warm-up: the same object for whoever asks, never to be stepped."""
    spec = setting.founded()
    known = digest(spec)
    with _one_at_a_time:
        if known not in _worlds:
            _worlds[known] = prepared(spec, norms=norms_for(spec), progress=progress)
            while len(_worlds) > KEPT:
                del _worlds[next(iter(_worlds))]
        return _worlds[known]


class Village(mesa.Model):
    """The model of one session.

    Attributes:
        setting: what the sliders said when it was made.
        care: the model itself.
        datacollector: a row a week of :data:`~sim.collector.MODEL_REPORTERS`.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(rng=0)
        self.setting = setting
        before = warmed(setting)
        spec = setting.played()
        world = applied(before.world.fork(), setting.founded(), spec)
        self.care = before.fork(spec, world, norms_for(spec))
        self.care.attach()
        self.datacollector = collector(self.care)
        self.datacollector.collect(self.care)

    @property
    def week(self) -> int:
        """Weeks since the start of year 1."""
        return int(self.care.world.week - self.care.world.warm_up_weeks)

    def step(self) -> None:
        """Simulate one week."""
        self.care.step()
        self.datacollector.collect(self.care)

    def lines(self) -> Mapping[str, list[float]]:
        """Each number that is reported, week by week."""
        return {name: list(self.datacollector.model_vars[name]) for name in MODEL_REPORTERS}

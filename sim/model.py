"""The model: a ``mesa.Model`` whose state is a world of columns and whose step is a week (design 4)."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import mesa
import numpy as np
from mesa.discrete_space import OrthogonalMooreGrid

from agents.mistakes import Mistake
from sim.account_files import load_years, save_years
from sim.accounts import Accounts
from sim.deciding.council import Council
from sim.deciding.diary import Diary
from sim.deciding.nurses import close_posts
from sim.founding import found
from sim.payment.norms import Norms
from sim.payment.reform import fees_of
from sim.payment.rules import load_rules
from sim.people_counted import PeopleCount
from sim.quotes.patient_footprints import TriesOnPatients
from sim.recorder import Recorder
from sim.specification import ScenarioSpec
from sim.tariffs import Tariffs
from sim.territory.layers import mesa_grid
from sim.townhall import attach_agents
from sim.treasury import Treasury, treasury_of
from sim.warm_up import Gauge, acting
from sim.week.passage import Passage
from sim.world import WEEKS_PER_QUARTER, WEEKS_PER_YEAR, World
from sim.yearly_columns import begin_year, count_polymedication


class CareModel(mesa.Model):
    """One world, carried from week to week.

    Mesa is the face: agents that are views of their row, grids with property layers, ``step()``. The engine is the
    passage of the week over columns (``sim/week``), which no generator with a state ever enters: ``rng`` of Mesa is
    left unused.

    Attributes:
        world: all the state.
        specification: the scenario, where one is known.
        accounts: measures by year.
        treasury: contracts of the teams and what they were paid; None for a world without a scenario.
        council: everybody who decides; None where the scenario keeps every habit as it is.
        flows: births, deaths and moves of the last week, by territory.
        recorder: writes tables when set.
        warm_up: levels of the warm-up years, when this model made them.
    """

    def __init__(
        self,
        world: World,
        specification: ScenarioSpec | None = None,
        *,
        threads: int = 1,
        tariffs: Tariffs | None = None,
        recorder: Recorder | None = None,
        norms: Norms | None = None,
    ) -> None:
        super().__init__(rng=0)
        self.world = world
        self.specification = specification
        fees = tariffs or (fees_of(specification) if specification else None)
        self.passage = Passage(world, fees, threads)
        load_rules(specification)  # rules declare measures of their own, which the accounts must know
        self.treasury: Treasury | None = treasury_of(world, specification, norms) if specification else None
        self.council = Council() if specification and specification.decisions else None
        self.accounts = Accounts(world, threads=threads)
        self.recorder = recorder
        self.warm_up = Gauge()
        self.flows: Mapping[str, Any] = {}
        self._agents_attached = False

    @property
    def grids(self) -> dict[int, OrthogonalMooreGrid]:
        """The Mesa grid of each territory, with its property layers; made when first asked for."""
        if not self._agents_attached:
            self.attach()
        return self._grids

    def attach(self) -> None:
        """Show professionals, teams, hospitals and the payer as Mesa agents on Mesa grids.

        Sweeps never ask for them, so nothing is made before somebody does.
        """
        self._agents_attached = True
        self._grids = {t: mesa_grid(self.world.cells, t) for t in range(len(self.world.territories))}
        attach_agents(self, self.world, self._grids)

    @property
    def year(self) -> int:
        """Year of the run that the coming week belongs to; 0 and below during the warm-up."""
        return self.world.year

    def step(self) -> None:
        """Simulate one week; after the last of a year, close the accounts."""
        self._week(None)

    def run(self, weeks: int, progress: Callable[[int], object] | None = None) -> None:
        """Simulate ``weeks`` weeks; ``progress`` is told of each that has passed."""
        for _ in range(weeks):
            self.step()
            if progress:
                progress(1)

    def run_year(self) -> int:
        """Simulate a year of 52 weeks; returns its number."""
        year = self.year
        self.run(WEEKS_PER_YEAR)
        return year

    def warm(self, specification: ScenarioSpec, progress: Callable[[int], object] | None = None) -> None:
        """Warm the world up: as long as the scenario says, or by rule; at the prices of its first day.

        Nobody decides before :meth:`remember`, so that most weights of decisions are not even there to be read: worlds
        that differ in them alone are the same one.
        """
        years = specification.warm_up_years
        weights, self.world.behaviour = self.world.behaviour, acting(self.world.behaviour)
        tolerance = float(self.world.parameters[0]["service_warm_up_tolerance"])
        leaves = self.world.physicians["leaves_week"]
        due = leaves.copy()
        leaves[:] = -1  # departures are due counted from year 1: nobody leaves on that account before
        while not (len(self.warm_up.levels) >= years if years else self.warm_up.settled(tolerance)):
            self.world.warm_up_weeks = self.world.week + WEEKS_PER_YEAR
            for _ in range(WEEKS_PER_YEAR):
                self._week(specification.start)
                self.warm_up.add_week(self.world)
                if progress:
                    progress(1)
        self.world.start = specification.start - timedelta(weeks=self.world.week)
        leaves[:] = np.where(due >= 0, due + self.world.week, -1)
        self.world.behaviour = weights

    def remember(self) -> None:
        """The warm-up is over: those who decide take its pay, habits and half-days for the usual ones."""
        if self.council and self.treasury:
            self.council.remember(self.world, self.treasury, self.accounts)

    def fork(
        self, specification: ScenarioSpec | None = None, world: World | None = None, norms: Norms | None = None
    ) -> "CareModel":
        """Another model that goes on from here, for an arm: the same world, accounts and draws, nothing shared.

        Args:
            specification: that of the arm; this model's own by default.
            world: the arm's world, a changed copy of this one; a plain copy by default.
            norms: what the arm's rules compare with; this model's own by default.
        """
        norms = norms or (self.treasury.norms if self.treasury else None)
        spec = specification or self.specification
        fees = None if specification else self.passage.tariffs
        other = CareModel(world or self.world.fork(), spec, tariffs=fees, norms=norms)
        other.accounts = self.accounts.fork(other.world)
        if self.treasury and other.treasury:
            other.treasury.follow(other.world, self.treasury)
        if other.world.parameters.tobytes() != self.world.parameters.tobytes():
            other.passage.write_ceilings()
        return other

    def save(self, path: Path) -> None:
        """Write the world, its closed accounts and what was paid to one file, when no year is under way.

        Raises:
            Mistake: within a year, of which claim lines are already counted and the file would know nothing.
        """
        passed = self.world.week % WEEKS_PER_YEAR
        if passed:
            raise Mistake(
                "a model is saved between two years only. Weeks of this one: {passed} done, {left} to go.",
                passed=passed, left=WEEKS_PER_YEAR - passed,
            )  # fmt: skip
        accounts = BytesIO()
        save_years(self.accounts, accounts)
        beside = {"accounts": np.frombuffer(accounts.getvalue(), dtype=np.uint8)}
        if self.treasury:
            beside |= self.treasury.files()
        self.world.save(path, **beside)

    @classmethod
    def load(cls, path: Path, specification: ScenarioSpec | None = None, norms: Norms | None = None) -> "CareModel":
        """Read a model that :meth:`save` wrote; scenario and norms are given again, as to a new one."""
        model = cls(World.load(path), specification, norms=norms)
        with np.load(path) as saved:
            load_years(model.accounts, BytesIO(saved["accounts"].tobytes()))
            if model.treasury:
                model.treasury.resume(model.world, saved)
        return model

    def _week(self, day: date | None) -> None:
        if self.treasury and day is None:
            self._begin_week(self.treasury)
        events = self.passage.week(day)
        self.flows = self.passage.flows
        self.accounts.add(events, self.world)
        if self.recorder:
            self.recorder.week(self.world, events, self.flows)
        if self.world.week % WEEKS_PER_QUARTER == 0:
            self._count_polymedication()
            if self.council and self.treasury and day is None:
                self.council.quarter(self.world, self.treasury, self.accounts)
        if self.world.week % WEEKS_PER_YEAR == 0:
            self._close_year()

    def _begin_week(self, treasury: Treasury) -> None:
        """What contracts change this week, whoever decides and whoever does not."""
        today = treasury.day(self.world)
        changed = treasury.sign(self.world, today)
        if self.council and self.world.week == self.world.warm_up_weeks:
            self.council.begin(self.world, treasury, self.accounts)
        if changed:
            diary = self.council.diary if self.council else Diary()
            diary.open(self.world.week, self.world.year)
            close_posts(self.world, treasury.unfunded(self.world, today), diary)

    def _close_year(self) -> None:
        year = self.world.year_of(self.world.week - 1)
        also: list[PeopleCount] = []
        if self.council:
            also = [TriesOnPatients(self.world, self.accounts.measures)]
        self.accounts.close_year(self.world, year, also)
        if self.treasury and year > 0:
            self.treasury.settle(self.accounts, self.world, year)
            if self.recorder:
                self.recorder.payments(self.treasury, year)
        if self.recorder:
            self.recorder.accounts(self.accounts, year)
        if self.council and self.treasury and year > 0:
            self.council.year(self.world, self.treasury, self.accounts)
            if self.recorder:
                self.recorder.decided(self.council.diary, self.world, year)
        self._begin_year()

    def _begin_year(self) -> None:
        self.passage.each_block(partial(begin_year, self.world.patients))

    def _count_polymedication(self) -> None:
        least = int(self.world.parameters[0]["care_polymedication_drugs"])
        self.passage.each_block(partial(count_polymedication, self.world.patients, least))


def prepared(
    specification: ScenarioSpec,
    *,
    threads: int = 1,
    tariffs: Tariffs | None = None,
    norms: Norms | None = None,
    progress: Callable[[int], object] | None = None,
) -> CareModel:
    """Found the world of a scenario and warm it up.

    Raises:
        Mistake: when the scenario cannot be built.
    """
    model = CareModel(found(specification), specification, threads=threads, tariffs=tariffs, norms=norms)
    model.warm(specification, progress)
    model.remember()
    return model

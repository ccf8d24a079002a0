"""A study: territories x arms x parameter vectors x seeds -> one tidy table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm import tqdm

from agents.mistakes import Mistake
from scenarios.study.forking import check_arm
from scenarios.study.laboratory import CARETEAMS, Laboratory
from scenarios.study.store import Store
from scenarios.study.unit import LABELS, Unit, digest_of, failed, run_unit
from scenarios.study.workers import WorkerDied, completed
from scenarios.wording import with_nearest
from sim.specification import ScenarioSpec


@dataclass(frozen=True)
class Study:
    """What is tried: every arm in every territory, under every vector of parameters, with every seed.

    A unit of work is one territory, vector and seed: the world is founded and warmed up once, and every arm starts
    from it, so that arms differ only by what they change. Results do not depend on the number of workers.

    Attributes:
        territories: resolved scenarios, with different names.
        arms: overrides (``"parameters.choice.travel_minute=-0.1"``) by arm; they apply after the fork.
        outcomes: names of ``sim.outcomes.OUTCOMES``.
        seeds: one world a seed.
        years: years simulated after the warm-up.
        vectors: parameter values by id; they apply from the founding on, the same in every arm.
        warm_up: years of warm-up, 0 for the length given by the rule, None for what each scenario says.
        laboratory: how models are made.

    Example:
        >>> from scenarios.reading import load  # doctest: +SKIP
        >>> arms = {"now": [], "far": ["parameters.choice.travel_minute=-0.2"]}  # doctest: +SKIP
        >>> Study([load("default")], arms, ["ed_visits_per_1000"], range(30)).run(workers=2)  # doctest: +SKIP
    """

    territories: Sequence[ScenarioSpec]
    arms: Mapping[str, Sequence[str]]
    outcomes: Sequence[str]
    seeds: Sequence[int]
    years: int = 1
    vectors: Sequence[Mapping[str, Any]] = ({},)
    warm_up: int | None = None
    laboratory: Laboratory = CARETEAMS

    def __post_init__(self) -> None:
        """Refuse a study that cannot be run, before anything runs.

        Raises:
            Mistake: two territories of one name, nothing to run, an unknown outcome or parameter, an arm that would
                need a warm-up of its own.
        """
        names = [spec.name for spec in self.territories]
        for name in names:
            if names.count(name) > 1:
                raise Mistake('study: two territories are called "{name}".', name=name)
        for what in ("territories", "arms", "outcomes", "seeds", "vectors"):
            if not len(getattr(self, what)):
                raise Mistake("study: no {what} given.", what=what)
        check_outcomes(self.outcomes, self.laboratory)
        for vector in self.vectors:
            for parameter, value in vector.items():
                self.laboratory.check(parameter, value)
        for spec in self.territories:
            for arm, resolved in self._arms_of(spec):
                check_arm(arm, spec, resolved)

    @property
    def size(self) -> int:
        """Number of units."""
        return len(self.territories) * len(self.vectors) * len(self.seeds)

    def units(self) -> Iterator[Unit]:
        """Units of work, territory by territory."""
        for territory in self.territories:
            for number, vector in enumerate(self.vectors):
                base = self._under(territory, vector)
                for seed in self.seeds:
                    yield self._unit(territory.name, number, replace(base, seed=seed))

    def design(self) -> dict[str, Any]:
        """Plain content of the study without its seeds, by which a work folder knows it."""
        places = [(spec, number, vector) for spec in self.territories for number, vector in enumerate(self.vectors)]
        units = [self._unit(spec.name, number, self._under(spec, vector)) for spec, number, vector in places]
        return {
            "territories": [spec.name for spec in self.territories],
            "arms": {name: list(overrides) for name, overrides in self.arms.items()},
            "vectors": [dict(vector) for vector in self.vectors],
            "outcomes": list(self.outcomes),
            "years": self.years,
            "warm_up": self.warm_up,
            "code": self.laboratory.version(),
            "digest": digest_of([unit.digest for unit in units]),
        }

    def stream(
        self, folder: Path | None = None, *, workers: int = 1, progress: bool = False, keep_worlds: bool = True
    ) -> Iterator[pd.DataFrame]:
        """Rows unit by unit, as they come; units already in the folder come first and are not run again.

        Args:
            folder: where shards and worlds are kept, so that a stopped study can go on; None keeps nothing.
            workers: processes; 1 runs in this one.
            progress: show a progress bar.
            keep_worlds: keep the warmed-up worlds in the folder.

        Raises:
            Mistake: when the folder holds another study.
        """
        store = None if folder is None else Store(Path(folder), keep_worlds)
        if store is not None:
            store.claim(self.design())
        bases = [self._under(spec, vector) for spec in self.territories for vector in self.vectors]
        arms = [spec for base in bases for _, spec in self._arms_of(base)]
        self.laboratory.ready([*bases, *arms], workers, progress)
        with tqdm(total=self.size, disable=not progress, unit="world") as bar:
            for unit, frame in self._frames(store, workers):
                bar.update()
                yield unit.labelled(frame)

    def run(
        self, folder: Path | None = None, *, workers: int = 1, progress: bool = False, keep_worlds: bool = True
    ) -> pd.DataFrame:
        """The tidy table: one row a territory, arm, vector, seed and year, in the order of the study.

        Arguments and errors are those of :meth:`stream`. A row with a ``stage`` tells of a failure; year 0 means that
        the arm never started.

        Returns:
            Columns ``territory, arm, vector, seed, year``, the outcomes, ``stage, message, warm_up_weeks``.
        """
        frames = self.stream(folder, workers=workers, progress=progress, keep_worlds=keep_worlds)
        return self._in_order(pd.concat(list(frames), ignore_index=True))

    def _frames(self, store: Store | None, workers: int) -> Iterator[tuple[Unit, pd.DataFrame]]:
        todo: list[Unit] = []
        for unit in self.units():
            known = store.read_shard(unit.digest) if store is not None else None
            if known is None:
                todo.append(unit)
            else:
                yield unit, known
        for unit, result in completed(partial(run_unit, store=store), todo, min(workers, len(todo))):
            if isinstance(result, WorkerDied):
                yield unit, failed(unit, None, "worker", "the process of this unit ended without an answer")
            else:
                yield unit, result

    def _in_order(self, table: pd.DataFrame) -> pd.DataFrame:
        ranks: dict[str, list[Any]] = {
            "territory": [spec.name for spec in self.territories],
            "arm": list(self.arms),
            "seed": list(self.seeds),
        }
        order = table[list(LABELS)].copy()
        for column, values in ranks.items():
            order[column] = order[column].map({value: rank for rank, value in enumerate(values)})
        return table.loc[order.sort_values(list(LABELS)).index].reset_index(drop=True)

    def _under(self, spec: ScenarioSpec, vector: Mapping[str, Any]) -> ScenarioSpec:
        warm_up = spec.warm_up_years if self.warm_up is None else self.warm_up
        parameters = {**spec.parameters, **vector}
        return replace(spec, years=self.years, warm_up_years=warm_up, parameters=parameters)

    def _arms_of(self, base: ScenarioSpec) -> list[tuple[str, ScenarioSpec]]:
        return [(name, self.laboratory.resolve(base, list(overrides))) for name, overrides in self.arms.items()]

    def _unit(self, territory: str, number: int, base: ScenarioSpec) -> Unit:
        arms = tuple((arm, spec) for arm, spec in self._arms_of(base))
        return Unit(territory, number, base.seed, base, arms, self.years, tuple(self.outcomes), self.laboratory)


def check_outcomes(names: Sequence[str], laboratory: Laboratory) -> None:
    """Refuse an outcome that is not declared.

    Raises:
        Mistake: with the name and the nearest declared one.
    """
    known = laboratory.outcomes()
    for name in names:
        if name not in known:
            raise with_nearest(Mistake('outcome "{name}" is not known.', name=name), name, known)

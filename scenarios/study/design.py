"""A study: territories x arms x parameter vectors x seeds -> one tidy table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from agents.mistakes import Mistake
from scenarios.study.batches import Batch, Done, Engine, Workers, engine_of
from scenarios.study.essence import KEY_BYTES, digest_of, of_arm, of_parameters, of_territory
from scenarios.study.forking import check_arm
from scenarios.study.laboratory import CARETEAMS, Laboratory
from scenarios.study.shards import KINDS, kind_of, table_of, year_schema
from scenarios.study.store import Store
from scenarios.study.unit import FACTS, WORKER, Recipe, Rows, Unit, acting
from scenarios.study.work import Part, batches_done
from scenarios.wording import with_nearest
from sim.specification import ScenarioSpec

if TYPE_CHECKING:
    import pandas as pd  # a study's workers, which start anew with each, do without it

LABELS: Final = ("territory", "arm", "vector", "seed")
SUMMARIES: Final = ("mean", "last", "sum")
WHOLE: Final = Part()
WORK: Final = Path("results/runs/studies")
"""Where studies are kept unless somebody says otherwise."""
NAME_DIGITS: Final = 16
"""Digits of its digest that name the folder of a study."""


@dataclass(frozen=True)
class Study:
    """What is tried: every arm in every territory, under every vector of parameters, with every seed.

    A unit of work is one territory, vector and seed: all its arms start from one warmed-up world, so that they differ
    only by what they change; so do all vectors that differ in nothing that acts before. Results do not depend on the
    number of workers, nor on who shares a world with whom.

    Attributes:
        territories: resolved scenarios, with different names.
        arms: overrides (``"parameters.choice.travel_minute=-0.1"``) by arm; they apply after the fork.
        outcomes: names of ``sim.outcomes.OUTCOMES``.
        seeds: one world a seed.
        years: years simulated after the warm-up.
        vectors: parameter values by id; they apply from the founding on, the same in every arm.
        warm_up: years of warm-up, 0 for the length given by the rule, None for what each scenario says.
        laboratory: how models are made.
        summary, from_year: how the one row of a run sums up its years: their ``mean``, the ``last`` one or their
            ``sum``, from a year on.
        series: whether a store keeps the years of each run, beside its one row.
        factors: columns that say of each arm what it is made of, by arm.
        shown: columns that say of each vector what it is made of; by default, the values of its parameters.
        redraws: found and warm up each territory with the seed of its own scenario, and let ``seeds`` redraw only what
            chance brings after the fork: the same people, teams and past under other luck.

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
    summary: str = "mean"
    from_year: int = 1
    series: bool = True
    factors: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    shown: Sequence[Mapping[str, Any]] = ()
    redraws: bool = False

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
        if not 1 <= self.from_year <= self.years:
            raise Mistake("{key} = {value} is outside its range, {low} to {high}.",
                          key="from_year", value=self.from_year, low=1, high=self.years)  # fmt: skip
        if self.summary not in SUMMARIES:
            raise with_nearest(Mistake("{key} = {value} is not known.", key="summary", value=self.summary),
                               self.summary, SUMMARIES)  # fmt: skip
        check_outcomes(self.outcomes, self.laboratory)
        for vector in self.vectors:
            for parameter, value in vector.items():
                self.laboratory.check(parameter, value)
        for base, arms in zip(self._bases, self._resolved, strict=True):
            for arm, resolved in arms.items():
                check_arm(arm, base, resolved)

    @property
    def size(self) -> int:
        """Number of units."""
        return len(self.territories) * len(self.vectors) * len(self.seeds)

    @cached_property
    def recipe(self) -> Recipe:
        """What all units have in common."""
        columns: dict[str, list[Any]] = {}
        for arm in self.arms:
            for name, value in self.factors.get(arm, {}).items():
                columns.setdefault(name, []).append(value)
        for values in self._shown:
            for name, value in values.items():
                columns.setdefault(name, []).append(value)
        kinds = {name: kind_of(values) for name, values in columns.items()}
        arms = {name: list(overrides) for name, overrides in self.arms.items()}
        return Recipe(
            self.laboratory, self.years, tuple(self.outcomes), arms, self.summary, self.from_year, self.factors, kinds
        )

    def units(self) -> Iterator[Unit]:
        """Units of work: those that start from one world one after the other, the worlds well mixed.

        So whoever takes some units in this order needs few worlds, and a fair share of every territory.
        """
        places: dict[str, list[Unit]] = {}
        for unit in self._places():
            places.setdefault(unit.world, []).append(unit)
        worlds = [(unit.world, seed) for unit, *_ in places.values() for seed in self.seeds]
        if not self.redraws:
            worlds.sort(key=digest_of)
        for world, seed in worlds:
            shared = self.redraws or len(places[world]) > 1
            for unit in places[world]:
                yield replace(unit, seed=seed, shared=shared)

    @cached_property
    def points(self) -> pa.Table:
        """One row a territory, vector and arm: its key, its place, and what it is made of."""
        rows = [
            {**unit.shown, **self.factors.get(arm, {}), "point": point, "territory": unit.territory, "arm": arm,
             "vector": unit.vector}
            for unit in self._places() for arm, point in unit.points.items()
        ]  # fmt: skip
        own = [(name, KINDS[kind]) for name, kind in self.recipe.columns.items()]
        keys = [("point", pa.string()), ("territory", pa.string()), ("arm", pa.string()), ("vector", pa.int64())]
        return table_of(rows, pa.schema([*keys, *own]))

    @cached_property
    def _design(self) -> dict[str, Any]:
        from sim.recording.manifest import packages

        content = {
            "format": 2,
            "territories": [spec.name for spec in self.territories],
            "arms": self.recipe.arms,
            "outcomes": list(self.outcomes),
            "years": self.years,
            "warm_up": self.warm_up,
            "summary": self.summary,
            "from_year": self.from_year,
            "series": self.series,
            "vectors": len(self.vectors),
            **({"redraws": True} if self.redraws else {}),
            "code": self.laboratory.version(),
            "packages": packages(),
        }
        return content | {"digest": digest_of([content, self.points.column("point").to_pylist()])}

    def design(self) -> dict[str, Any]:
        """Plain content of the study without its seeds, by which a work folder knows it."""
        return dict(self._design)

    def kept_in(self, folder: Path | str | None) -> Path | None:
        """Where this study is kept in a folder of studies, so that a stopped one can go on; None keeps nothing."""
        return None if folder is None else Path(folder) / self._design["digest"][:NAME_DIGITS]

    def work(
        self, store: Store | None, engine: Engine, *, progress: bool = False, hand_back: bool = False,
        part: Part = WHOLE, accept_changes: bool = False, about: Mapping[str, Any] | None = None,
    ) -> Iterator[Done]:  # fmt: skip
        """Run what is not known yet, batch by batch.

        Args:
            store: where runs are kept; None keeps nothing.
            engine: where they are run.
            progress: show a progress bar.
            hand_back: give the rows too.
            part: which part of the units is run here.
            accept_changes: go on in a store whose runs were made with other code or packages.
            about: what the store keeps for people beside the design: title, question, what outcomes are called.

        Raises:
            Mistake: when the store holds another study, or cannot be written.
        """
        if store is not None:
            told = {"about": dict(about)} if about else {}
            design = {**self.design(), "seeds": list(self.seeds), **told}
            store.claim(design, self.points, accept_changes=accept_changes)
        kept = None if store is None else store.from_anywhere()
        like = Batch(self.recipe, (), kept, hand_back, self.laboratory.version())
        yield from batches_done(self, like, engine, progress=progress, part=part)

    def specs(self, units: Sequence[Unit]) -> list[ScenarioSpec]:
        """Scenarios and arms of units, whatever their seed, as far as their preparation needs to know them."""
        names = [spec.name for spec in self.territories]
        found: dict[tuple[str, int], list[ScenarioSpec]] = {}
        for unit in units:
            if (unit.territory, unit.vector) in found:
                continue
            place = names.index(unit.territory)
            base = self._bases[place]
            found[unit.territory, unit.vector] = [unit.founded()]
            for spec in self._resolved[place].values():
                own = {k: v for k, v in spec.parameters.items() if base.parameters.get(k) != v}
                parameters = {**base.parameters, **unit.given, **own}
                found[unit.territory, unit.vector].append(replace(spec, parameters=parameters))
        return [spec for specs in found.values() for spec in specs]

    def stream(
        self, folder: Path | str | None = None, *, workers: Workers = 1, progress: bool = False,
        keep_worlds: bool = True,
    ) -> Iterator["pd.DataFrame"]:  # fmt: skip
        """Rows as they come; what is in the folder already comes first and is not run again.

        Args:
            folder: where shards and worlds are kept, so that a stopped study can go on (a folder, or an address that
                fsspec knows); None keeps nothing.
            workers: who runs it: processes of this machine (1 runs in this one), or an engine.
            progress: show a progress bar.
            keep_worlds: keep the warmed-up worlds in the folder.

        Raises:
            Mistake: when the folder holds another study.
        """
        store = self._store(folder, keep_worlds)
        if store is not None:
            known = self.labelled(self._years_in(store, dead=False), "year")
            if len(known):
                yield known
        for done in self.work(store, engine_of(workers), progress=progress, hand_back=True):
            rows = done.rows.years if done.rows else []
            yield self.labelled(table_of(rows, year_schema(self.recipe)), "year")

    def run(
        self, folder: Path | str | None = None, *, workers: Workers = 1, progress: bool = False,
        keep_worlds: bool = True,
    ) -> "pd.DataFrame":  # fmt: skip
        """The tidy table: one row a territory, arm, vector, seed and year, in the order of the study.

        Arguments and errors are those of :meth:`stream`. A row with a ``stage`` tells of a failure; year 0 means that
        the arm never started.

        Returns:
            Columns ``territory, arm, vector, seed, year``, the outcomes, ``stage, message, warm_up_weeks``.
        """
        store, rows = self._store(folder, keep_worlds), Rows()
        for done in self.work(store, engine_of(workers), progress=progress, hand_back=store is None):
            if done.rows:
                rows.years += done.rows.years
        schema = year_schema(self.recipe)
        return self.labelled(table_of(rows.years, schema) if store is None else self._years_in(store), "year")

    def runs(self, store: Store) -> "pd.DataFrame":
        """The runs of this study that a store holds, one row each, in the order of the study."""
        return self.labelled(store.runs(self.recipe))

    def _years_in(self, store: Store, *, dead: bool = True) -> pa.Table:
        """Years in a store; a run whose worker died has one row, of year 0."""
        import pyarrow.compute as pc

        years = store.years(self.recipe)
        runs = store.runs(self.recipe) if dead else None
        lost = [] if runs is None else runs.filter(pc.equal(runs["stage"], WORKER)).to_pylist()
        rows = [{**{name: row[name] for name in ("point", "territory", "arm", "seed", *FACTS)}, "year": 0}
                for row in lost]  # fmt: skip
        return pa.concat_tables(
            [years.select(year_schema(self.recipe).names), table_of(rows, year_schema(self.recipe))]
        )

    def labelled(self, table: pa.Table, *more: str) -> "pd.DataFrame":
        """Rows of this study, under its labels and in its order (a shard does not know the number of a vector).

        Args:
            table: rows of runs or of years; those of other studies are left out.
            more: further columns by which rows are ordered.
        """
        places = self.points.select(["point", "vector"]).to_pandas()
        frame = table.to_pandas().merge(places, on="point")
        frame = frame[frame["seed"].isin(list(self.seeds))]
        ranks: dict[str, list[Any]] = {
            "territory": [spec.name for spec in self.territories], "arm": list(self.arms), "seed": list(self.seeds),
        }  # fmt: skip
        by = [*LABELS, *more]
        order = frame[by].copy()
        for column, values in ranks.items():
            order[column] = order[column].map({value: rank for rank, value in enumerate(values)})
        rest = [name for name in frame if name not in by and name != "point"]
        return frame.loc[order.sort_values(by).index, [*by, *rest]].reset_index(drop=True)

    def _store(self, folder: Path | str | None, keep_worlds: bool) -> Store | None:
        if folder is None:
            return None
        if not self.series:
            raise ValueError("a table of years needs series=True")
        return Store(str(folder), keep_worlds)

    @cached_property
    def _bases(self) -> list[ScenarioSpec]:
        return [
            replace(spec, years=self.years, warm_up_years=spec.warm_up_years if self.warm_up is None else self.warm_up)
            for spec in self.territories
        ]

    @cached_property
    def _resolved(self) -> list[dict[str, ScenarioSpec]]:
        """Arms by name, territory by territory."""
        return [
            {name: self.laboratory.resolve(base, list(overrides)) for name, overrides in self.arms.items()}
            for base in self._bases
        ]

    @cached_property
    def _shown(self) -> Sequence[Mapping[str, Any]]:
        if self.shown:
            return self.shown
        names = dict.fromkeys(name for vector in self.vectors for name in vector)
        return [{name: vector.get(name) for name in names} for vector in self.vectors]

    def _places(self) -> Iterator[Unit]:
        """One unit a territory and vector, with seed 0."""
        made_of = [self.years, list(self.outcomes), self.laboratory.version()]
        for base, arms in zip(self._bases, self._resolved, strict=True):
            place = of_territory(base)
            ground = [place, base.seed] if self.redraws else place
            own = {name: of_arm(name, spec, self.arms[name]) for name, spec in arms.items()}
            for number, (vector, shown) in enumerate(zip(self.vectors, self._shown, strict=True)):
                parameters = of_parameters({**base.parameters, **vector})
                points = {
                    name: digest_of([ground, digest, parameters, *made_of], KEY_BYTES) for name, digest in own.items()
                }
                world = digest_of([place, of_parameters(acting(base, vector, self.laboratory))])
                yield Unit(base.name, number, 0, base, vector, points, world, False, dict(shown), self.redraws)


def check_outcomes(names: Sequence[str], laboratory: Laboratory) -> None:
    """Refuse an outcome that is not declared.

    Raises:
        Mistake: with the name and the nearest declared one.
    """
    known = laboratory.outcomes()
    for name in names:
        if name not in known:
            raise with_nearest(Mistake('outcome "{name}" is not known.', name=name), name, known)

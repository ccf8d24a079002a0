"""The books of an attribution: what a payment rule reads of some teams, run by run and year by year.

A study hands back numbers, not accounts. So the accounts that a rule reads are outcomes of the study, one column a
team, level, owner and measure; :func:`books_of` puts them together again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scenarios.study import CARETEAMS, Laboratory
from scenarios.study.laboratory import Model
from sim.payment.of_world import owners_of
from sim.specification import ScenarioSpec

type Numbers = NDArray[np.float64]

PAST: Final = 2
"""Years of the warm-up that are read, so that rules can look back on them."""
TEAM, AROUND = "team", "around"
LIST: Final = "registered_list"
PAID, HELD, ALL_RULES = "paid", "held", "all_rules"
FACTS: Final = (PAID, HELD, ALL_RULES)
"""What is read beside the accounts: what the rule paid (EUR), whether it settled for the team, what all rules paid."""
MARK: Final = "|"


@dataclass(frozen=True)
class Plan:
    """What is read of each team, every year.

    Attributes:
        policy: the payment rule, as its statements call it.
        teams: names of the teams.
        owners: number of owners of each team at every level of ``measures``, by level, in the order of ``teams``.
        measures: names of measures by level; ``around`` is the territory of the team.
    """

    policy: str
    teams: tuple[str, ...]
    owners: tuple[tuple[str, tuple[int, ...]], ...]
    measures: tuple[tuple[str, tuple[str, ...]], ...]

    def sizes(self, team: str) -> dict[str, int]:
        """Owners of a team, by level."""
        place = self.teams.index(team)
        return {level: counts[place] for level, counts in self.owners}

    def columns(self) -> dict[str, "Column"]:
        """Every column by name."""
        return _columns(self)


@dataclass(frozen=True, slots=True)
class Column:
    """One outcome of the study: a measure of one owner, or a fact of a team."""

    team: str
    level: str
    place: int
    name: str

    @property
    def key(self) -> str:
        """How the table calls it."""
        return MARK.join((self.team, self.level, str(self.place), self.name))

    def function(self, model: Any, _year: int) -> float:
        """Its value in the year that was read last."""
        return float(model.value(self))


@cache
def _columns(plan: Plan) -> dict[str, Column]:
    found = []
    for team in plan.teams:
        sizes = plan.sizes(team)
        found += [Column(team, PAID, 0, fact) for fact in FACTS]
        for level, names in plan.measures:
            found += [Column(team, level, place, name) for place in range(sizes.get(level, 1)) for name in names]
    return {column.key: column for column in found}


class RecordedModel:
    """A model as the study engine sees it: the first years that are read are the last of its warm-up.

    Attributes:
        model: the model.
        plan: what is read.
    """

    def __init__(self, model: Any, plan: Plan) -> None:
        self.model, self.plan, self.world = model, plan, model.world
        self.rows = {team: model.world.names.index(team) for team in plan.teams}
        self.owners = {team: owners_of(model.world, np.array([row])) for team, row in self.rows.items()}
        self.passed = 0

    @property
    def year(self) -> int:
        """Year of the run that was read last."""
        return self.passed - PAST

    def run_year(self) -> None:
        """Go on by a year (the first times, only read what is there)."""
        self.passed += 1
        if self.year > 0:
            self.model.run_year()

    def value(self, column: Column) -> float:
        """The value of a column; not a number in a year that nobody knows."""
        if self.year not in self.model.accounts.years:
            return float("nan")
        if column.level == PAID:
            return self._fact(column)
        if column.level == AROUND:
            territory = int(self.world.teams["territory"][self.rows[column.team]])
            return float(self.model.accounts.array(column.name, self.year, "territory")[territory])
        row = self.owners[column.team][column.level].rows[column.place]
        values = self.model.accounts.array(column.name, self.year, column.level)
        return float(values[row]) if row < len(values) else 0.0

    def _fact(self, column: Column) -> float:
        """What was paid to a team and its members for the year, by the rule or by all rules."""
        treasury, row = self.model.treasury, self.rows[column.team]
        cents, held = 0, False
        for number, statement in treasury.settled.get(self.year, ()):
            place = np.flatnonzero(treasury.teams_of(self.year, number) == row)
            if len(place) and column.name in (ALL_RULES, HELD, PAID):
                if column.name != ALL_RULES and statement.system != self.plan.policy:
                    continue
                held = True
                cents += sum(int(part.cents[part.team == place[0]].sum()) for part in statement.components)
        return float(held) if column.name == HELD else cents / 100


@dataclass(frozen=True)
class Fork:
    """Forks an arm, and reads what a plan asks for; worker processes can be sent it."""

    plan: Plan
    laboratory: Laboratory

    def __call__(self, model: Model, base: ScenarioSpec, arm: ScenarioSpec) -> Model:
        """The model of an arm."""
        return RecordedModel(self.laboratory.fork(model, base, arm), self.plan)


def close(model: Model) -> None:
    """Let go of a model, and of the one in it."""
    inner = vars(model).pop("model", None)
    if inner is not None:
        CARETEAMS.close(inner)
    CARETEAMS.close(model)


def recording(plan: Plan, laboratory: Laboratory = CARETEAMS) -> Laboratory:
    """The laboratory whose outcomes are the columns of a plan."""
    return replace(laboratory, fork=Fork(plan, laboratory), outcomes=plan.columns, close=close)


@dataclass(frozen=True)
class Books:
    """What was read of one team in one world: every arm under every luck.

    Attributes:
        arms: names of the arms.
        seeds: seeds of the redraws.
        years: calendar years, in order.
        names: names of measures, by level.
        values: measures by level: ``(arms, seeds, years, owners, measures)``.
        paid, held, all_rules: what the rule paid (EUR), whether it settled, what all rules paid: ``(arms, seeds,
            years)``.
        source: source of each measure (``sim.measures``), by name.
    """

    arms: tuple[str, ...]
    seeds: tuple[int, ...]
    years: tuple[int, ...]
    names: Mapping[str, tuple[str, ...]]
    values: Mapping[str, Numbers]
    paid: Numbers
    held: Numbers
    all_rules: Numbers
    source: Mapping[str, str] = field(default_factory=dict)

    def of(self, arm: str) -> dict[str, Numbers]:
        """Measures of an arm by level, ``(seeds, years, owners, measures)``."""
        place = self.arms.index(arm)
        return {level: values[place] for level, values in self.values.items()}

    def without(self, places: Sequence[int]) -> "Books":
        """The books without some redraws, by place."""
        kept = np.setdiff1d(np.arange(len(self.seeds)), np.asarray(places, dtype=np.int64))
        return replace(
            self, seeds=tuple(self.seeds[place] for place in kept),
            values={level: values[:, kept] for level, values in self.values.items()},
            paid=self.paid[:, kept], held=self.held[:, kept], all_rules=self.all_rules[:, kept],
        )  # fmt: skip


def books_of(table: pd.DataFrame, plan: Plan, team: str, territory: str, first_year: int) -> Books:
    """The books of a team from the tidy table of a study.

    Redraws of which any arm or year failed are left out.

    Args:
        table: one row a territory, arm, seed and year, as ``Study.run`` gives it.
        plan: what was read.
        team: name of the team.
        territory: the world.
        first_year: calendar year of year 1 of the run.
    """
    from sim.measures import MEASURES

    rows = table[table["territory"] == territory]
    arms = tuple(str(arm) for arm in dict.fromkeys(rows["arm"]))
    bad = set(rows.loc[rows["stage"] != "", "seed"])
    seeds = tuple(int(seed) for seed in dict.fromkeys(rows["seed"]) if seed not in bad)
    rows = rows[rows["seed"].isin(seeds)]
    known = rows.groupby("year")[Column(team, PAID, 0, HELD).key].count()
    years = [int(year) for year in known.index if known[year] == len(arms) * len(seeds) and year > 0]
    rows = rows[rows["year"].isin(years)].set_index(["arm", "seed", "year"])
    rows = rows.reindex(pd.MultiIndex.from_product([arms, seeds, years]))
    shape = (len(arms), len(seeds), len(years))

    def read(level: str, place: int, names: Sequence[str]) -> Numbers:
        keys = [Column(team, level, place, name).key for name in names]
        return rows[keys].to_numpy(float).reshape(*shape, len(names))

    sizes, measures = plan.sizes(team), dict(plan.measures)
    values = {
        level: np.stack([read(level, place, names) for place in range(sizes.get(level, 1))], axis=3)
        for level, names in measures.items()
    }
    facts = {fact: read(PAID, 0, [fact])[..., 0] for fact in FACTS}
    source = {name: MEASURES[name].source for names in measures.values() for name in names}
    calendar = tuple(first_year + year - PAST - 1 for year in years)
    return Books(arms, seeds, calendar, measures, values, facts[PAID], facts[HELD], facts[ALL_RULES], source)

"""What an attribution asks: a rule, a team, the worlds it is in, and the studies that answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from agents.mistakes import Mistake
from scenarios.arms import SHORT
from scenarios.attribution.books import AROUND, PAST, TEAM, Plan, recording
from scenarios.attribution.counterfactuals import TWIN, WITH_RULE
from scenarios.attribution.reading import measures_read
from scenarios.attribution.settling import Settler
from scenarios.norms import find, make
from scenarios.reading import load
from scenarios.study import CARETEAMS, Laboratory, Study
from scenarios.wording import printable, with_nearest, written
from sim.area_types import AREA_TYPES
from sim.payment.contract import SINCE, contract_of, signed_by
from sim.payment.norms import Norms
from sim.payment.of_world import owners_of
from sim.payment.policy import Layer
from sim.payment.reform import reform_of
from sim.payment.rules import policy_class
from sim.specification import POLICIES, UNSET, ScenarioSpec

SEEDS: Final = 30
YEARS: Final = 1
RUN_IN: Final = 1
EFFECTS: Final = (0.0, 0.01, 0.02, 0.05)
"""Planted responses: shares by which the spending of a list falls. The first is no response at all."""
SIZES: Final = (2_500, 5_000, 10_000, 20_000, 50_000, 100_000)
MOST_MAPPED: Final = 40
"""Teams on the map, the largest first."""
LEAST_SEEDS: Final = 5
"""Redraws without which neither a mean nor a rate means anything."""


@dataclass(frozen=True)
class Question:
    """What is asked.

    Attributes:
        scenario: the world.
        policy: the payment rule, as contracts call it.
        team: the team that is under it in one arm, and not in its twin.
        mapped: further teams, which are settled as if they were under the rule and nobody responded.
        seeds: redraws of chance.
        years: years under the rule.
        run_in: years before it, in which chance is redrawn too.
        worlds: worlds founded with seeds of their own.
        effects, sizes: planted responses, and sizes of lists, of the power curve.
        areas: whether the team is also placed in each type of living area.
        warm_up: years of warm-up, None for what the scenario says.
        plant: changes of the arm with the rule that stand for a response, as after ``--set``.
        laboratory: how models are made.
    """

    scenario: ScenarioSpec
    policy: str
    team: str
    mapped: tuple[str, ...]
    seeds: int = SEEDS
    years: int = YEARS
    run_in: int = RUN_IN
    worlds: int = 1
    effects: tuple[float, ...] = EFFECTS
    sizes: tuple[int, ...] = SIZES
    areas: bool = False
    warm_up: int | None = None
    plant: tuple[str, ...] = ()
    laboratory: Laboratory = CARETEAMS

    @property
    def base(self) -> int:
        """Calendar year before the rule."""
        return self.scenario.first_year + self.run_in - 1

    @cached_property
    def rules(self) -> list[str]:
        """The contract of the team without the rule."""
        return [name for name in signed_by(self.scenario, self.scenario.teams[self.team]) if name != self.policy]

    @cached_property
    def arms(self) -> dict[str, list[str]]:
        """Overrides of the two arms."""
        contract = f"team.{self.team}.contract="
        with_rule = [contract + written([*self.rules, self.policy])]
        if self.run_in:
            day = date(self.base + 1, 1, 1).isoformat()
            # Its days in the scenario, if it has any, give way.
            with_rule.append(f"team.{self.team}.terms={{{written(self.policy)} = {{{SINCE} = {day}}}}}")
        return {TWIN: [contract + written(self.rules)], WITH_RULE: [*with_rule, *self.plant]}

    @cached_property
    def settler(self) -> Settler:
        """Settles the rule, after those that pay in the place of fees, whose pay it may look at."""
        team, spec = self.scenario.teams[self.team], self.scenario
        before = [name for name in self.rules if policy_class(name).layer is Layer.SUBSTITUTION]
        terms = dict(team.terms)
        if self.run_in:
            terms[self.policy] = {**terms.get(self.policy, {}), SINCE: date(self.base + 1, 1, 1)}
        contract = contract_of([*before, self.policy], terms, spec.start, reform_of(spec))
        years = list(range(self.base + 1, self.base + 1 + self.years))
        names = measures_read(contract, self.norms, years)
        return Settler(contract, policy_class(self.policy).name, self.calendar, names, years[0])

    @property
    def calendar(self) -> list[int]:
        """Calendar years that are read."""
        first = self.scenario.first_year - PAST
        return list(range(first, first + PAST + self.run_in + self.years))

    @cached_property
    def norms(self) -> Norms:
        """What the rule, and this attribution, compare with."""
        spec = replace(self.scenario, years=PAST + self.run_in + self.years)
        found = find(spec)
        return found.read() if found else Norms()

    def make_ready(self, workers: int, *, progress: bool) -> None:
        """Make national norms where there are none: every attribution compares with the nation."""
        spec = replace(self.scenario, years=PAST + self.run_in + self.years)
        if find(spec) is None:
            make(spec, workers=workers, progress=progress)

    @cached_property
    def ground(self) -> Any:
        """The world as it is founded: who works where."""
        from sim.founding import found

        return found(self.scenario)

    def plan(self, teams: Sequence[str]) -> Plan:
        """What is read of some teams."""
        rows = [self.ground.names.index(team) for team in teams]
        owners = [owners_of(self.ground, np.array([row])) for row in rows]
        levels = [level for level in self.settler.names if level not in (TEAM, AROUND)]
        names = tuple((level, tuple(known)) for level, known in self.settler.names.items())
        sizes = tuple((level, tuple(len(one[level]) for one in owners)) for level in levels)
        return Plan(self.settler.policy, tuple(teams), sizes, names)

    def territories(self) -> list[ScenarioSpec]:
        """The scenario, once for each founding seed."""
        return [
            replace(self.scenario, name=world_name(self.scenario, number), seed=self.scenario.seed + number)
            for number in range(self.worlds)
        ]

    def study(self) -> Study:
        """The study of both arms."""
        plan = self.plan((self.team, *self.mapped))
        return self._study(self.territories(), self.arms, plan, self.seeds)

    def study_of_areas(self) -> Study:
        """The study of the team without the rule, in each type of living area."""
        territories = [placed(self.scenario, area) for area in AREA_TYPES]
        return self._study(territories, {TWIN: self.arms[TWIN]}, self.plan((self.team,)), self.seeds)

    def _study(self, territories: list[ScenarioSpec], arms: dict[str, list[str]], plan: Plan, seeds: int) -> Study:
        return Study(
            territories=territories, arms=arms, outcomes=list(plan.columns()), seeds=range(1, seeds + 1),
            years=PAST + self.run_in + self.years, warm_up=self.warm_up,
            laboratory=recording(plan, self.laboratory), redraws=True,
        )  # fmt: skip


def world_name(spec: ScenarioSpec, number: int) -> str:
    """Name of a world among those of one scenario."""
    return spec.name if number == 0 else f"{spec.name} {number + 1}"


def placed(spec: ScenarioSpec, area: str) -> ScenarioSpec:
    """A scenario in a living area of one type, with the people and the density of such areas."""
    ground = replace(
        spec.territory, area_types={area: 1.0}, gps_per_10000=UNSET, nurses_per_10000=UNSET, share_65_plus=UNSET,
        poverty=UNSET, c2s=UNSET,
    )  # fmt: skip
    return replace(spec, name=area, territory=ground)


def asked(
    scenario: str | Path | ScenarioSpec, policy: str, *, team: str = "", overrides: Sequence[str] = (),
    seeds: int | None = None, years: int | None = None, run_in: int | None = None, worlds: int = 1,
    sizes: Sequence[int] = (), effects: Sequence[float] = (), areas: bool = False, warm_up: int | None = None,
    plant: Sequence[str] = (),
) -> Question:  # fmt: skip
    """Check a question before anything runs.

    Args:
        scenario: name of a preset, path of a file, or a scenario.
        policy: the payment rule.
        team: name of the team, the first one of the scenario by default.
        overrides: changes of the scenario, as after ``--set``.
        seeds: redraws of chance.
        years: years under the rule.
        run_in: years before it; 0 where the days of the contract shall stay as the scenario gives them.
        worlds: worlds founded with seeds of their own.
        sizes: sizes of lists of the power curve.
        effects: planted responses, shares by which spending falls.
        areas: whether the team is also placed in each type of living area.
        warm_up: years of warm-up, None for what the scenario says.
        plant: changes of the arm with the rule that stand for a response, as after ``--set``.

    Raises:
        Mistake: whatever cannot be answered, in one line.
    """
    spec = scenario if isinstance(scenario, ScenarioSpec) else load(scenario, overrides)
    rule = SHORT.get(policy, policy)
    if ":" not in rule and rule not in POLICIES:
        raise with_nearest(Mistake('payment rule "{policy}" is not known.', policy=printable(rule)), rule, POLICIES)
    policy_class(rule)
    name = _team(spec, team)
    _check_offers(spec, rule)
    count = SEEDS if seeds is None else seeds
    if count < LEAST_SEEDS:
        raise Mistake("--seeds {seeds}: attribution needs {least} redraws of chance or more.",
                      seeds=count, least=LEAST_SEEDS)  # fmt: skip
    for effect in effects:
        if not 0 <= effect < 1:
            raise Mistake("--effect {value}: expected a share of spending such as 2%.", value=effect)
    others = [other for other, one in spec.teams.items() if other != name and one.physicians]
    others.sort(key=lambda other: -spec.teams[other].physicians)
    return Question(
        spec, rule, name, tuple(others[: MOST_MAPPED - 1]), count, YEARS if years is None else years,
        RUN_IN if run_in is None else run_in, worlds, tuple(sorted({0.0, *(effects or EFFECTS)})),
        tuple(sorted(sizes or SIZES)), areas, warm_up, tuple(plant),
    )  # fmt: skip


def _team(spec: ScenarioSpec, team: str) -> str:
    names = [name for name, one in spec.teams.items() if one.physicians]
    if not names:
        raise Mistake("the scenario names no team with physicians: attribution needs one, as in [team.NAME].")
    if not team:
        return names[0]
    if team not in names:
        problem = Mistake('the scenario has no team "{team}".', team=printable(team))
        raise with_nearest(problem, team, names)
    return team


def _check_offers(spec: ScenarioSpec, rule: str) -> None:
    """Refuse a scenario whose teams may join the rule by themselves: the twin would not go without it."""
    for name, offer in spec.offers.items():
        if rule in offer.policies:
            raise Mistake(
                'offer "{offer}" lets teams join {policy}, so the twin without it might join too. Leave the offer out.',
                offer=printable(name), policy=rule,
            )  # fmt: skip

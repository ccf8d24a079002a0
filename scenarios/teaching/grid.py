"""The grid of the teaching page (``grid.toml``): arms, studies over seeds, recorded runs and the factorial."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, Final

from results.teaching.texts import read
from scenarios.reading import load
from scenarios.study.combinations import signed_anew
from sim.specification import ScenarioSpec

FILE: Final = Path(__file__).with_name("grid.toml")
QUICK_SEEDS: Final = 2
QUICK_YEARS: Final = 1
QUICK_FRAMES: Final = 1
QUICK_FOLLOWED: Final = 12
QUICK_TERRITORIES: Final = ("village", "desert")
"""What a quick page keeps: enough of everything to be looked at, too little to be believed."""

type Text = Mapping[str, str]
"""A text by language."""


@dataclass(frozen=True)
class Place:
    """A territory of the grid.

    Attributes:
        scenario: preset.
        main: name of the team that is tried on.
        set: overrides of the preset, in every arm.
    """

    scenario: str
    main: str
    set: tuple[str, ...] = ()

    def spec(self) -> ScenarioSpec:
        """The scenario that all arms of the territory start from."""
        return load(self.scenario, list(self.set))


@dataclass(frozen=True)
class Arm:
    """One arm.

    Attributes:
        rules: payment rules beside those of the team's contract.
        sharing: sharing rule, "" for that of the preset.
        terms: terms of the rules, by dotted name.
        set: further overrides.
        territory, colour, title, text: as in the payload.
    """

    title: Text
    text: Text
    rules: tuple[str, ...] = ()
    sharing: str = ""
    terms: Mapping[str, Any] = field(default_factory=dict)
    set: tuple[str, ...] = ()
    territory: str = "village"
    colour: int = 0

    def overrides(self, place: Place, base: ScenarioSpec) -> list[str]:
        """The arm as overrides of a scenario."""
        team = f"team.{place.main}"
        found = []
        if self.rules:
            found += signed_anew(base, [place.main], lambda signed: [*signed, *self.rules])
        if self.sharing:
            found.append(f"{team}.sharing_rule={self.sharing}")
        found += [f"{team}.terms.{term}={value}" for term, value in self.terms.items()]
        return [*found, *self.set]


@dataclass(frozen=True)
class Plan:
    """A study: arms over seeds.

    Attributes:
        territory: where it is shown; its arms may live elsewhere.
        arms, baseline: ids.
        seeds, years: how many.
        read: years whose mean is taken.
    """

    territory: str
    arms: tuple[str, ...]
    baseline: str
    seeds: int
    years: int
    read: tuple[int, ...]


@dataclass(frozen=True)
class Recording:
    """Runs of one territory that are written down week by week.

    Attributes:
        territory: id.
        arms: ids.
        years: years simulated.
        frames: years whose weeks are shown.
        followed: patients whose weeks are told.
    """

    territory: str
    arms: tuple[str, ...]
    years: int
    frames: int
    followed: int


@dataclass(frozen=True)
class Factor:
    """One level of a factor of the factorial, with what it brings to an arm."""

    id: str
    title: Text
    text: Text
    rules: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    terms: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Design:
    """One combination of the factorial."""

    id: str
    levels: Mapping[str, str]
    arm: Arm


@dataclass(frozen=True)
class Factorial:
    """The factorial of lesson 8."""

    study: str
    plan: Plan
    rules: tuple[Factor, ...]
    amounts: tuple[Factor, ...]
    sharings: tuple[Factor, ...]

    def designs(self) -> Iterator[Design]:
        """Every combination that makes sense, once: fees alone have no amount and nothing to share."""
        for rule in self.rules:
            if not rule.rules:
                yield Design(rule.id, {"rule": rule.id}, Arm(rule.title, rule.text))
                continue
            for amount, sharing in product(self.amounts, self.sharings):
                terms = {**rule.terms, **{name: amount.values[name] for name in rule.amounts}}
                title = {one: f"{rule.title[one]} · {amount.title[one]} · {sharing.title[one]}" for one in rule.title}
                text = {one: f"{rule.text[one]} {amount.text[one]} {sharing.text[one]}" for one in rule.text}
                yield Design(
                    f"{rule.id}-{amount.id}-{sharing.id}",
                    {"rule": rule.id, "amount": amount.id, "sharing": sharing.id},
                    Arm(title, text, rule.rules, sharing.id, terms),
                )


@dataclass(frozen=True)
class Grid:
    """All of it, by id."""

    territories: Mapping[str, Place]
    arms: Mapping[str, Arm]
    studies: Mapping[str, Plan]
    runs: Mapping[str, Recording]
    factorial: Factorial
    quick: bool = False

    def arm(self, name: str) -> Arm:
        """An arm of the lessons, or a design of the factorial."""
        return self.arms[name] if name in self.arms else self.designs[name].arm

    @property
    def designs(self) -> dict[str, Design]:
        """Combinations of the factorial, by id."""
        return {design.id: design for design in self.factorial.designs()}

    def in_short(self) -> "Grid":
        """The grid of a quick page: fewer seeds, years, territories and amounts."""
        f = self.factorial
        plans = {name: _short(plan) for name, plan in self.studies.items() if plan.territory in QUICK_TERRITORIES}
        runs = {
            name: replace(one, arms=one.arms[:2], years=QUICK_YEARS, frames=QUICK_FRAMES, followed=QUICK_FOLLOWED)
            for name, one in self.runs.items() if name in QUICK_TERRITORIES
        }  # fmt: skip
        factorial = _planned(replace(f, plan=_short(f.plan), amounts=f.amounts[1:2], sharings=f.sharings[:2]))
        return replace(self, studies=plans, runs=runs, factorial=factorial, quick=True)


def _planned(factorial: Factorial) -> Factorial:
    """The factorial whose study has an arm for each of its designs."""
    arms = tuple(design.id for design in factorial.designs())
    return replace(factorial, plan=replace(factorial.plan, arms=arms))


def _short(plan: Plan) -> Plan:
    return replace(plan, seeds=QUICK_SEEDS, years=QUICK_YEARS, read=(QUICK_YEARS,))


@cache
def grid() -> Grid:
    """The grid as it is declared."""
    raw = read(FILE)
    own = raw["factorial"]
    plan = {key: own[key] for key in ("territory", "baseline", "seeds", "years", "read")}
    factors = {name: tuple(Factor(**_tuples(row)) for row in own[name]) for name in ("rules", "amounts", "sharings")}
    factorial = _planned(Factorial(own["study"], Plan(arms=(), **_tuples(plan)), **factors))
    return Grid(
        territories={name: Place(**_tuples(row)) for name, row in raw["territories"].items()},
        arms={name: Arm(**_tuples(row)) for name, row in raw["arms"].items()},
        studies={name: Plan(**_tuples(row)) for name, row in raw["studies"].items()},
        runs={name: Recording(**_tuples(row)) for name, row in raw["runs"].items()},
        factorial=factorial,
    )


def _tuples(row: Mapping[str, Any]) -> dict[str, Any]:
    """A table whose lists are tuples: what is declared does not change."""
    return {key: tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
            for key, value in row.items()}  # fmt: skip

"""Files of evaluations: which teams, which policy, who joins and when, in TOML, checked before anything runs.

scenario = "one_team"
policy = "peps"
outcomes = ["spending_per_listed"]
seeds = 4
years = 6
waves = [3, 5]
[sizes]
"2,000" = []
"5,000" = ["team.home.physicians=5", "team.home.registered_list=5000", "territory.people=7400"]
[teams]
number = 16
[teams.vary]
"territory.poverty" = [0.08, 0.22]
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from agents.mistakes import Mistake
from results.evaluation_estimators import METHODS
from scenarios.arms import under
from scenarios.evaluation.entry import DESIGNS, NEVER, OFFERED, joined
from scenarios.files import find, parse
from scenarios.reading import load
from scenarios.study.design import Study, check_outcomes
from scenarios.study.design_file import seeds_of
from scenarios.study.file_keys import (
    Keys,
    are_numbers,
    are_texts,
    check_keys,
    inside,
    is_number,
    is_pair,
    is_table,
    is_text,
    whole_number,
)  # fmt: skip
from scenarios.study.laboratory import CARETEAMS, Laboratory
from scenarios.study.points import unit_cube
from scenarios.wording import located, with_nearest
from sim.specification import POLICIES, ScenarioSpec

YEARS: Final = 6
LEAST_TEAMS: Final = 8
"""Teams under which standard errors by team mean nothing."""
LEAST_BEFORE: Final = 2
"""Years that must lie before the first entry: one to compare with, one to select on."""
MANY: Final = 10_000


def _years(value: Any) -> bool:
    return are_numbers(value) and all(map(whole_number(1, 100), value))


def _known(names: Sequence[str]) -> tuple[Any, Mistake]:
    return (
        lambda value: are_texts(value) and bool(value) and all(name in names for name in value),
        Mistake("a list of some of {known}", known=", ".join(names)),
    )


TOP: Final[Keys] = {
    "title": (lambda value: isinstance(value, str | dict), Mistake("a text")),
    "description": (lambda value: isinstance(value, str | dict), Mistake("a text")),
    "scenario": (is_text, Mistake("a scenario")),
    "set": (are_texts, Mistake("a list of changes such as team.NAME.physicians=6")),
    "policy": (is_text, Mistake("a payment rule such as peps")),
    "outcomes": (lambda value: are_texts(value) and bool(value), Mistake("a list of outcomes")),
    "seeds": (
        lambda value: whole_number(1, MANY)(value) or is_text(value) or are_numbers(value),
        Mistake("a number of seeds, a list of them, or a text such as 1-100"),
    ),
    "years": (whole_number(4, 100), Mistake("a whole number from 4 to 100")),
    "warm_up": (whole_number(0, 50), Mistake("a whole number from 0 to 50")),
    "waves": (_years, Mistake("a list of years")),
    "sizes": (is_table, Mistake("a table of lists of changes")),
    "teams": (is_table, Mistake("a table")),
    "panels": (is_table, Mistake("a table")),
}
TEAMS: Final[Keys] = {
    "number": (whole_number(LEAST_TEAMS, MANY), Mistake("a whole number of 8 or more")),
    "vary": (is_table, Mistake("a table of ranges such as [0.1, 0.2]")),
}
PANELS: Final[Keys] = {
    "draws": (whole_number(1, MANY), Mistake("a whole number of 1 or more")),
    "joining": (lambda value: is_number(value) and 0 < value < 1, Mistake("a share between 0 and 1")),
    "offered": (lambda value: is_number(value) and 0 < value <= 1, Mistake("a share above 0, at most 1")),
    "until": (_years, Mistake("a list of years")),
    "planted": (are_numbers, Mistake("a list of shares such as -0.05")),
    "designs": _known(DESIGNS),
    "methods": _known(tuple(METHODS)),
}


@dataclass(frozen=True)
class Evaluation:
    """What is evaluated, and how.

    Attributes:
        title: by language.
        policy: the payment rule that teams join.
        study: all that is run: every team (a territory) without the rule, joining it at each wave, and offered it.
        teams: of each territory, its ``size`` and what it was made to differ by.
        waves: years in which teams join, where somebody else decides when.
        joining: share of teams that join, where somebody else decides who.
        offered: share of teams that may vote on it, where they decide.
        designs: how teams come to join.
        methods: what the evaluator does.
        until: last years of the panels.
        planted: effects put into worlds without the rule, as shares of the outcome; 0 is the test of false alarms.
        draws: how often chance decides anew who joins, for each seed.
    """

    title: Mapping[str, str]
    policy: str
    study: Study
    teams: Mapping[str, Mapping[str, Any]]
    waves: tuple[int, ...]
    outcomes: tuple[str, ...]
    joining: float = 0.375
    offered: float = 1.0
    designs: tuple[str, ...] = DESIGNS
    methods: tuple[str, ...] = tuple(METHODS)
    until: tuple[int, ...] = ()
    planted: tuple[float, ...] = (0.0, -0.05)
    draws: int = 10


def read_evaluation(name: str | Path, laboratory: Laboratory = CARETEAMS) -> Evaluation:
    """The evaluation that a file describes.

    Raises:
        Mistake: one line that names the file, the table, the key and what was expected.
    """
    path, file = Path(name), str(name)
    table = parse(path, file)
    check_keys(table, TOP, file, ())
    for key in ("scenario", "policy", "outcomes", "waves"):
        if key not in table:
            raise located(file, (), Mistake("{missing} is missing.", missing=key))
    teams, panels = table.get("teams", {}), table.get("panels", {})
    check_keys(teams, TEAMS, file, ("teams",))
    check_keys(panels, PANELS, file, ("panels",))
    years, waves = table.get("years", YEARS), tuple(sorted(set(table["waves"])))
    until = tuple(sorted(set(panels.get("until", [years]))))
    inside(file, (), lambda: _check_years(years, waves, until))
    inside(file, (), lambda: _check_policy(table["policy"]))
    inside(file, ("outcomes",), lambda: check_outcomes(table["outcomes"], laboratory))
    specs, facts = _territories(table, teams, path)
    arms = inside(file, (), lambda: _arms(specs[0], table["policy"], waves, panels.get("designs", DESIGNS)))
    read = [*table["outcomes"], f"teams_under_{table['policy']}"]
    study = inside(file, (), lambda: Study(
        territories=specs, arms=arms, outcomes=list(dict.fromkeys(read)), seeds=seeds_of(table.get("seeds", 4)),
        years=years, warm_up=table.get("warm_up"), laboratory=laboratory,
    ))  # fmt: skip
    title = table.get("title", path.stem)
    given: dict[str, Any] = {key: tuple(panels[key]) for key in ("designs", "methods") if key in panels}
    given |= {key: panels[key] for key in ("draws", "joining", "offered") if key in panels}
    planted = tuple(dict.fromkeys([0.0, *map(float, panels.get("planted", [-0.05]))]))
    return Evaluation(
        title if isinstance(title, dict) else {"en": title, "fr": title}, table["policy"], study, facts, waves,
        tuple(table["outcomes"]), until=until, planted=planted, **given,
    )  # fmt: skip


def _check_years(years: int, waves: Sequence[int], until: Sequence[int]) -> None:
    if waves[0] <= LEAST_BEFORE:
        raise Mistake("waves: year {year} is too early: an evaluator needs {least} years before the first entry.",
                      year=waves[0], least=LEAST_BEFORE)  # fmt: skip
    if waves[-1] > years:
        raise Mistake("waves: year {year} is not simulated: years is {years}.", year=waves[-1], years=years)
    for year in until:
        if not waves[0] <= year <= years:
            raise Mistake("until: year {year} is not between the first entry and the last year.", year=year)


def _check_policy(name: str) -> None:
    if name not in POLICIES:
        raise with_nearest(Mistake('the payment rule "{rule}" is not known.', rule=name), name, POLICIES)


def _territories(
    table: Mapping[str, Any], teams: Mapping[str, Any], path: Path
) -> tuple[list[ScenarioSpec], dict[str, dict[str, Any]]]:
    """One territory a team and size, and what makes it differ. Teams of two sizes are alike in all the rest."""
    file, number, vary = str(path), teams.get("number", 16), teams.get("vary", {})
    check_keys(vary, {key: (is_pair, Mistake("two numbers")) for key in vary}, file, ("teams", "vary"))
    sizes = table.get("sizes", {"": []})
    check_keys(sizes, dict.fromkeys(sizes, TOP["set"]), file, ("sizes",))
    cube = unit_cube("latin_hypercube", max(len(vary), 1), number, 1)
    place = inside(file, (), lambda: find(table["scenario"], beside=path.parent)[0])
    specs, facts = [], {}
    for size, changes in sizes.items():
        for team in range(number):
            drawn = {key: low + float(u) * (high - low)
                     for (key, (low, high)), u in zip(vary.items(), cube[team], strict=False)}  # fmt: skip
            overrides = [*table.get("set", []), *changes, *(f"{key}={value:.6g}" for key, value in drawn.items())]
            spec = inside(file, ("teams",), lambda o=overrides: load(place, o))  # type: ignore[misc]
            if sum(bool(one.physicians) for one in spec.teams.values()) != 1:
                raise located(file, (), Mistake(
                    '"{scenario}" has {count} teams: an evaluation takes a scenario of one team, and makes many of it.',
                    scenario=table["scenario"], count=len(spec.teams),
                ))  # fmt: skip
            name = " ".join(filter(None, [spec.name, size, f"{team + 1:03d}"]))
            specs.append(replace(spec, name=name))
            facts[name] = {"size": size, **drawn}
    return specs, facts


def _arms(spec: ScenarioSpec, policy: str, waves: Sequence[int], designs: Sequence[str]) -> dict[str, list[str]]:
    """Never under the rule, under it from each wave on, and free to vote on it from the first wave on."""
    team = next(name for name, one in spec.teams.items() if one.physicians)
    first = spec.first_year - 1
    arms: dict[str, list[str]] = {NEVER: []}
    for wave in waves:
        arms[joined(wave)] = [*under(spec, [policy]), f"team.{team}.terms.{policy}.from={first + wave}-01-01"]
    if OFFERED in designs:
        day = f"{first + waves[0] - 1}-07-01"  # votes are held at the end of a year, for the next one
        arms[OFFERED] = [f'offer.evaluated.policies=["{policy}"]', "offer.evaluated.kinds=[]",
                         f"offer.evaluated.from={day}"]  # fmt: skip
    return arms

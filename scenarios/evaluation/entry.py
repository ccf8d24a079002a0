"""Who joins a policy, and when: by lot, in waves, by their own vote, or after a dear year.

The worlds of an evaluation know what each team would have done under every course. A panel shows one course of each
team, as an evaluator would see it; what the team would have done without the policy stays beside it as the truth.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.draws import content_id, decision, uniforms

NEVER: Final = "never"
"""The arm without the policy."""
OFFERED: Final = "offered"
"""The arm in which teams vote on the policy, and the design that reads it."""
LOTTERY, STAGGERED, DEAR_YEAR = "lottery", "staggered", "dear_year"
DESIGNS: Final = (LOTTERY, STAGGERED, OFFERED, DEAR_YEAR)
POLICY: Final = "policy"
"""The effect that the policy has in the model, beside those that are planted."""

_WORLD: Final = decision("evaluation world", "which of its worlds a team shows in a panel of an evaluation")
_LOT: Final = decision("evaluation lottery", "which teams join a policy by lot in an evaluation")

type Numbers = NDArray[np.float64]
type Entries = NDArray[np.int64]


def joined(wave: int) -> str:
    """The arm in which a team is under the policy from a year on."""
    return f"joined_{wave}"


@dataclass(frozen=True)
class Worlds:
    """What teams of one size do under every course.

    Attributes:
        teams: names of their territories.
        seeds: replicates of each.
        courses: by arm and outcome, ``(teams, seeds, years)``.
        under: whether the team is under the policy where it may vote, ``(teams, seeds, years)``; empty if it never may.
        traits: what evaluators know of each team, one row a team.
    """

    teams: tuple[str, ...]
    seeds: tuple[int, ...]
    courses: Mapping[str, Mapping[str, Numbers]]
    under: NDArray[np.bool_]
    traits: pd.DataFrame

    @property
    def years(self) -> int:
        """Years of each course."""
        return int(next(iter(self.courses[NEVER].values())).shape[2])


def worlds_of(
    runs: pd.DataFrame, teams: Mapping[str, Mapping[str, Any]], outcomes: Sequence[str], policy: str
) -> dict[str, Worlds]:
    """Courses by size, from the tidy table of a study. A team with a run that failed is left out.

    Args:
        runs: one row a territory, arm, seed and year.
        teams: size and traits of each territory.
        outcomes: what is evaluated.
        policy: the payment rule.
    """
    failed = set(runs.loc[runs["stage"] != "", "territory"]) | set(runs.loc[runs["year"] == 0, "territory"])
    found = {}
    for size in dict.fromkeys(str(one["size"]) for one in teams.values()):
        names = [name for name, one in teams.items() if one["size"] == size and name not in failed]
        rows = runs[runs["territory"].isin(names)]
        if not len(rows):
            continue
        seeds, years = sorted(set(rows["seed"])), sorted(set(rows["year"]))
        whole = pd.MultiIndex.from_product([names, seeds, years], names=["territory", "seed", "year"])
        shape = (len(names), len(seeds), len(years))
        courses: dict[str, dict[str, Numbers]] = {}
        under = np.zeros((*shape[:2], 0), dtype=bool)
        for arm, own in rows.groupby("arm", sort=False):
            ordered = own.set_index(["territory", "seed", "year"]).reindex(whole)
            courses[str(arm)] = {name: ordered[name].to_numpy(dtype=float).reshape(shape) for name in outcomes}
            if arm == OFFERED:
                under = ordered[f"teams_under_{policy}"].to_numpy(dtype=float).reshape(shape) > 0
        seen = {key for one in teams.values() for key in one if key.startswith("territory.")}
        traits = pd.DataFrame([{key: teams[name][key] for key in sorted(seen)} for name in names], index=names)
        found[size] = Worlds(tuple(names), tuple(int(seed) for seed in seeds), courses, under, traits)
    return found


@dataclass(frozen=True)
class Draw:
    """One draw of a panel: which world each team shows, and who joins when.

    Attributes:
        number: of the draw.
        world: place of the seed of each team, ``(teams,)``.
        entry: first year under the policy, 0 for never, ``(teams,)``.
        course: name of the arm that each team shows, ``(teams,)``.
    """

    number: int
    world: Entries
    entry: Entries
    course: tuple[str, ...]


def draws(
    worlds: Worlds, design: str, waves: Sequence[int], *, joining: float, offered: float, count: int, chosen_by: str
) -> Iterator[Draw]:
    """Panels of a design: every team once, in a world that chance picks; towns share nobody, so that worlds mix freely.

    Args:
        worlds: the teams.
        design: how they come to join.
        waves: years of entry, where somebody else decides.
        joining: share of teams that join, where somebody else decides.
        offered: share of teams that may vote, drawn by lot; the others never hear of the policy.
        count: number of panels.
        chosen_by: outcome whose value in the year before decides who joins after a dear year.
    """
    ids = np.array([content_id("evaluation", name) for name in worlds.teams], dtype=np.uint64)
    places = np.arange(len(ids))
    for number in range(count):
        world = (uniforms(0, _WORLD, ids, number) * len(worlds.seeds)).astype(np.int64)
        lot = uniforms(0, _LOT, ids, number)
        if design == OFFERED:
            asked = _by_rank(lot, offered, waves[:1]) > 0
            under = worlds.under[places, world] & asked[:, None]
            entry = np.where(under.any(axis=1), under.argmax(axis=1) + 1, 0)
            course = [OFFERED if one else NEVER for one in asked]
        else:
            if design == DEAR_YEAR:
                lot = -worlds.courses[NEVER][chosen_by][places, world, waves[0] - 2]
            entry = _by_rank(lot, joining, waves if design == STAGGERED else waves[:1])
            course = [joined(int(year)) if year else NEVER for year in entry]
        yield Draw(number, world, np.asarray(entry, dtype=np.int64), tuple(course))


def _by_rank(lot: Numbers, joining: float, waves: Sequence[int]) -> Entries:
    """Entries of those with the lowest lots, wave after wave in equal parts; the others never."""
    entry = np.zeros(len(lot), dtype=np.int64)
    order = np.argsort(lot, kind="stable")[: round(joining * len(lot))]
    for place, wave in enumerate(waves):
        entry[order[place :: len(waves)]] = wave
    return entry


@dataclass(frozen=True)
class Panel:
    """What an evaluator sees, and what is true.

    Attributes:
        seen: columns ``team, year, entry, outcome`` and the traits, one row a team and year.
        truth: mean effect over the team-years under the policy; not a number where there are none.
        level: mean outcome of these team-years without the policy.
        joined: teams that join within the panel.
    """

    seen: pd.DataFrame
    truth: float
    level: float
    joined: int


def panel_of(worlds: Worlds, draw: Draw, outcome: str, effect: str | float, until: int) -> Panel:
    """The panel of a draw up to a year.

    Args:
        worlds: the teams.
        draw: who joins when.
        outcome: what is evaluated.
        effect: :data:`POLICY` for what the policy does in the model, or a share of the outcome that is put instead into
            worlds without it, from the entry on.
        until: last year that is seen.
    """
    teams, years = len(worlds.teams), np.arange(1, until + 1)
    places = np.arange(teams)
    without = worlds.courses[NEVER][outcome][places, draw.world, :until]
    under = (draw.entry[:, None] > 0) & (years >= draw.entry[:, None])
    if effect == POLICY:
        outcomes = np.stack([
            worlds.courses[arm][outcome][team, world, :until]
            for team, (arm, world) in enumerate(zip(draw.course, draw.world, strict=True))
        ])  # fmt: skip
    else:
        outcomes = without * np.where(under, 1 + float(effect), 1.0)
    seen = pd.DataFrame({
        "team": np.repeat(places, until), "year": np.tile(years, teams), "entry": np.repeat(draw.entry, until),
        "outcome": outcomes.ravel(),
    })  # fmt: skip
    for name in worlds.traits:
        seen[name] = np.repeat(worlds.traits[name].to_numpy(), until)
    if not under.any():
        return Panel(seen, float("nan"), float("nan"), 0)
    truth = float((outcomes - without)[under].mean())
    return Panel(seen, truth, float(without[under].mean()), int(under.any(axis=1).sum()))

"""Outcomes of the main team and its members, and the laboratory that reads them with the others.

A study knows its outcomes by name. Those of the main team are read off the team of which ``scenarios.teaching.grid``
says that it is tried on; which one that is stands in the scenario's name.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agents.tasks import TASKS
from results.teaching.texts import read
from scenarios.study.laboratory import CARETEAMS, Laboratory
from scenarios.teaching.grid import grid
from sim.outcomes.groups import WORK
from sim.outcomes.payment import paid

FILE: Final = Path(__file__).with_name("outcomes.toml")
HOURS: Final = {
    "visit": ("visit",), "home": ("home", "travel"), "phone": ("phone",), "nurses": ("supervision", "validation"),
    "together": ("collective", "evidence", "organisational"),
}  # fmt: skip
"""What a physician's week is shown as, and the uses of time that each part sums."""
WEEKS: Final = 52
MOST_MEMBERS: Final = 12
"""Members of a team whose incomes are read one by one."""

type Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Own:
    """An outcome of the page's own: what the study engine asks for."""

    function: Callable[[Any, int], float]


def team_row(model: Any) -> int:
    """Row of the main team."""
    names = list(model.world.names)
    return next(names.index(place.main) for place in grid().territories.values() if place.main in names)


def physicians_of(model: Any) -> Rows:
    """Rows of the main team's physicians in post."""
    physicians = model.world.physicians
    return np.flatnonzero((physicians["team"] == team_row(model)) & (physicians["vacant_until"] == -1))


def _mean(values: NDArray[Any]) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


def _of_physicians(model: Any, year: int, measure: str) -> NDArray[np.float64]:
    return np.asarray(model.accounts.array(measure, year), dtype=np.float64)[physicians_of(model)]


def hours(model: Any, year: int, uses: tuple[str, ...]) -> float:
    """Hours a week of uses of time, mean over the physicians of the team."""
    return _mean(np.sum([_of_physicians(model, year, f"hours_{use}_physicians") for use in uses], axis=0)) / WEEKS


def minutes_per_visit(model: Any, year: int) -> float:
    """Minutes of consultations at the practice over their number."""
    minutes, acts = (_of_physicians(model, year, name).sum() for name in ("office_minutes", "office_acts"))
    return float(minutes / acts) if acts else float("nan")


def acts(model: Any, year: int) -> float:
    """Acts of a physician of the team."""
    return _mean(_of_physicians(model, year, "acts"))


def of_team(model: Any, year: int, measure: str, over: str = "") -> float:
    """A measure of the team, or one over another."""
    row = team_row(model)
    above, below = (
        float(model.accounts.array(name, year, "team")[row]) if name else 1.0 for name in (measure, over)
    )  # fmt: skip
    return above / below if below else float("nan")


def paid_to_team(model: Any, year: int, system: str, per_patient: bool = False) -> float:
    """What a rule paid, EUR; only the main team of a territory of the page is under it."""
    amount = paid(model, year, system)
    return amount / of_team(model, year, "registered_list") if per_patient else amount


def in_scheme(model: Any, year: int) -> float:
    """1 where the lump sum was paid for a year, else 0."""
    return float(paid(model, year, "peps") > 0)


def income(model: Any, year: int, level: str, place: int) -> float:
    """Gross income of a member of the team by the place in its table, EUR; a nurse of no contract lives on fees."""
    table = getattr(model.world, f"{level}s")
    rows = np.flatnonzero(table["team"] == team_row(model))
    if place >= len(rows) or model.treasury is None:
        return float("nan")
    return float(model.treasury.income_of(level, len(table), year)[rows[place]])


def team_income(model: Any, year: int, spread: bool = False) -> float:
    """Mean gross income of the team's physicians, or the gap between the highest and the lowest, EUR."""
    incomes = model.treasury.income_of("physician", len(model.world.physicians), year)[physicians_of(model)]
    return float(np.ptp(incomes)) if spread else _mean(incomes)


def task_share(model: Any, _year: int, task: int) -> float:
    """Share of a task that the team's physicians hand to nurses as the year ends, mean over physicians."""
    dyads, team = model.world.dyads, physicians_of(model)
    own = np.isin(dyads["physician"], team)
    return float(dyads["share"][own, task].sum()) / len(team) if len(team) else float("nan")


OWN: Final[Mapping[str, Own]] = {
    "team_minutes_per_visit": Own(minutes_per_visit),
    "team_acts_per_physician": Own(acts),
    "team_hours_per_week": Own(partial(hours, uses=WORK)),
    **{f"team_hours_{name}": Own(partial(hours, uses=uses)) for name, uses in HOURS.items()},
    "team_list": Own(partial(of_team, measure="registered_list")),
    "team_visits_per_registered": Own(partial(of_team, measure="acts_of_list", over="registered_list")),
    "team_spending_per_registered": Own(partial(of_team, measure="spend_all", over="registered_list")),
    "team_income": Own(team_income),
    "team_income_spread": Own(partial(team_income, spread=True)),
    "team_lump_sum": Own(partial(paid_to_team, system="peps")),
    "team_bonus": Own(partial(paid_to_team, system="ipep")),
    "team_bonus_per_registered": Own(partial(paid_to_team, system="ipep", per_patient=True)),
    "team_in_scheme": Own(in_scheme),
    **{f"task/{task}": Own(partial(task_share, task=place)) for place, task in enumerate(TASKS)},
    **{
        f"income/{level} {place}": Own(partial(income, level=level, place=place))
        for level in ("physician", "nurse") for place in range(MOST_MEMBERS)
    },
}  # fmt: skip
"""Outcomes of the main team and of its members, by name."""


@cache
def declared() -> dict[str, dict[str, Any]]:
    """What the page says of each outcome, by name, in its order."""
    return read(FILE)


def known() -> Mapping[str, Any]:
    """Every outcome that a study of the page may ask for."""
    return {**CARETEAMS.outcomes(), **OWN}


def version() -> str:
    """Digest of the simulation and of what is read off it here."""
    whole = hashlib.blake2b(CARETEAMS.version().encode(), digest_size=8)
    whole.update(Path(__file__).read_bytes())
    return whole.hexdigest()


def laboratory() -> Laboratory:
    """The laboratory of the page's studies."""
    return replace(CARETEAMS, outcomes=known, version=version)


def names(physicians: int, nurses: int, *, tasks: bool) -> tuple[str, ...]:
    """Outcomes of a study whose main team has so many members.

    Args:
        physicians: physicians of the main team.
        nurses: its nurses.
        tasks: whether the share of each task that is handed over is read too.
    """
    members = [f"income/physician {place}" for place in range(min(physicians, MOST_MEMBERS))]
    members += [f"income/nurse {place}" for place in range(min(nurses, MOST_MEMBERS))]
    return (*declared(), *([f"task/{task}" for task in TASKS] if tasks else ()), *members)

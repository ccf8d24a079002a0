"""Recounting: what a measure of a table changes when one column of a row does.

Measures of professionals and teams are not counted on claims, so no event moves them. They are evaluated once as they
stand, once with a column changed; the difference is the footprint.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agents import nurses
from agents.declarations import Table, new_table
from agents.uses import COLLECTIVE, USES
from sim.measures import Measure
from sim.views import View, table_view
from sim.working_time import QUARTERS
from sim.world import WEEKS_PER_YEAR, World

type Numbers = NDArray[np.float64]
type Columns = dict[str, Callable[[], NDArray[Any]]]
type Last = Callable[[str, str], Numbers]
"""Last year's measure by name and level."""

MINUTES_AN_HOUR: Final = 60.0


@dataclass
class Recounted:
    """Differences by measure.

    Attributes:
        own: of each row's own line, ``(rows,)``.
        team: of the line of the row's team, where it is not that of the row, ``(rows,)``.
    """

    own: dict[str, Numbers] = field(default_factory=dict)
    team: dict[str, Numbers] = field(default_factory=dict)

    def get(self, name: str, line: str) -> Numbers | None:
        """What the action adds to a measure on a line, None where it adds nothing."""
        found = self.own.get(name)
        return self.team.get(name, found) if line == "team" else found


def collective_hour(world: World, measures: Mapping[str, Measure], source: str, last: Last) -> Recounted:
    """An hour of collective work more, for physicians or nurses."""
    derived = _derived(world, source, last)
    more = dict(derived)
    more["minutes_year"] = lambda: derived["minutes_year"]() + MINUTES_AN_HOUR * (np.arange(len(USES)) == COLLECTIVE)
    return _difference(world, measures, source, derived, more)


def half_day(world: World, measures: Mapping[str, Measure], last: Last) -> Recounted:
    """A half-day a week more, in every week that is worked."""
    derived = _derived(world, "physicians", last)
    more = dict(derived)
    more["half_days"] = lambda: world.physicians["half_days"] + 1.0
    more["half_days_year"] = lambda: derived["half_days_year"]() + derived["weeks_year"]()
    return _difference(world, measures, "physicians", derived, more)


def nurse_post(world: World, measures: Mapping[str, Measure], kind: int = nurses.PATHWAY) -> Recounted:
    """A full-time salaried nurse more in the team; the value is that of a team, one a physician's row."""
    post = new_table(nurses.COLUMNS, 1)
    post["kind"], post["salaried"] = kind, 1
    post["weekly_minutes"] = world.parameters[0]["accounts_full_time_minutes"]
    nothing: Columns = {
        "minutes_year": lambda: np.zeros((1, len(USES))),
        "fees_quarters": lambda: np.zeros((1, QUARTERS)),
    }
    view = _view(post, nothing, world)
    found, physicians = Recounted(), world.physicians
    for name, declared in measures.items():
        if declared.source == "nurses":
            value = _per_row(view, declared)[0]
            if value:
                found.team[name] = np.full(len(physicians), value)
    more: Columns = {"nurses": lambda: world.teams["nurses"] + 1}
    of_teams = _difference(world, measures, "teams", {}, more, only={"nurses"})
    team = physicians["team"].astype(np.int64)
    for name, added in of_teams.own.items():
        found.team[name] = np.where(team >= 0, added[team], 0.0)
    return found


def _derived(world: World, source: str, last: Last) -> Columns:
    """Columns of the year that has passed, from what the accounts counted of it."""
    level = source[:-1]
    rows = len(getattr(world, source))

    def beside(names: list[str], factor: float) -> Callable[[], NDArray[Any]]:
        return lambda: np.stack([last(name, level) for name in names], axis=1) * factor

    derived: Columns = {
        "minutes_year": beside([f"hours_{use}_{source}" for use in USES], MINUTES_AN_HOUR),
        "fees_quarters": beside([f"fees_quarter_{q + 1}_{source}" for q in range(QUARTERS)], 100.0),
    }
    if source == "physicians":
        derived["age"] = lambda: (world.week - world.physicians["birth_week"].astype(np.int64)) // WEEKS_PER_YEAR
        derived["list_quarters"] = beside([f"list_quarter_{q + 1}" for q in range(QUARTERS)], 1.0)
        derived["weeks_year"] = lambda: last("weeks_present", level)
        derived["half_days_year"] = lambda: 2 * last("days", level)
    assert rows == len(getattr(world, source))
    return derived


def _difference(
    world: World, measures: Mapping[str, Measure], source: str, before: Columns, after: Columns,
    only: set[str] | None = None,
) -> Recounted:  # fmt: skip
    """Differences of the measures of a source between two sets of columns."""
    one, other = (table_view(source, world, columns) for columns in (before, after))
    found = Recounted()
    wanted = only or {name for name in after if before.get(name) is not after[name]}
    for name, declared in measures.items():
        if declared.source == source and reads(declared, one) & wanted:
            change = _per_row(other, declared) - _per_row(one, declared)
            if change.any():
                found.own[name] = change
    return found


def _view(table: Table, derived: Columns, world: World) -> View:
    owners: dict[tuple[str, str], Callable[[], NDArray[Any]]] = {}
    return View(table, derived, owners, {}, world.parameters)


def _per_row(view: View, declared: Measure) -> Numbers:
    """What each row of a table adds to a measure, in its unit, ``(rows,)``."""
    added = np.zeros(len(view))
    rows = view.rows(declared)
    added[rows] = view.values(declared)[rows] / declared.divisor
    return added


def reads(declared: Measure, view: View) -> set[str]:
    """Columns of a table that a measure reads."""
    found = {name for name, _ in declared.where}
    if isinstance(declared.value, str):
        found.add(declared.value)
    elif isinstance(declared.value, tuple):
        found.add(declared.value[0])
    watched = _Watched(view)
    for asked in (declared.odd, declared.value):
        if callable(asked):
            asked(watched)
    return found | watched.seen


class _Watched:
    """A view that notes which columns are asked of it."""

    def __init__(self, view: View) -> None:
        self._view = view
        self.seen: set[str] = set()

    def column(self, name: str) -> NDArray[Any]:
        """See :meth:`View.column`."""
        self.seen.add(name)
        return self._view.column(name)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._view, name)

    def __len__(self) -> int:
        return len(self._view)

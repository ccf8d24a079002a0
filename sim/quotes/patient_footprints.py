"""What care adds to measures of patients, recounted when a year closes (behaviour 0, D8b).

Measures of the list on 31 December (its spending, its tests, its drugs) are counted on patients, whose yearly columns
start again at zero the next day. So the footprints of what changes a patient are taken before that: each is tried on
every patient of whom it can be done, and the sums are kept among the totals of the year.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from operator import is_not
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agents import patients as people
from sim.accounts import Accounts
from sim.measures import Bits, Measure
from sim.people_counted import PeopleCount, PeopleCounting
from sim.quotes.recounting import reads
from sim.standard_measures.lists import CARE_SPLIT
from sim.views import View, patients_views
from sim.world import World

type Numbers = NDArray[np.float64]
type Changed = Callable[[View, World], tuple[dict[str, NDArray[Any]], NDArray[np.float64]]]
"""The columns of a block of patients once an action was tried on all, and the units of it on each."""

SEPARATOR: Final = ":"
PREFIX: Final = "footprint"
UNITS: Final = "units"
SAVED_ON: Final = ("specialist", "lab")
"""Parts of other spending on which prescribing and referral act, beside drugs."""
LINE: Final = "physician"
TRIES: Final = Measure(
    UNITS, "units tried", "units", "behaviour 0", source="patients", of="list", per=(LINE,), value=UNITS
)


def saved(view: View, world: World) -> tuple[dict[str, NDArray[Any]], Numbers]:
    """Drugs, specialists and laboratories cost a little less, in proportion."""
    step = float(world.behaviour[0]["quotes_spending_step"])
    shares = world.parameters[0]["accounts_other_shares"][view.column("age_band")]
    acted_on = sum(shares[:, CARE_SPLIT.index(part)] for part in SAVED_ON)
    left = view.column("spend").astype(np.float64)
    drugs = step * left[:, people.SPEND_DRUGS]
    other = step * left[:, people.SPEND_OTHER] * acted_on
    left[:, people.SPEND_DRUGS] -= drugs
    left[:, people.SPEND_OTHER] -= other
    return {"spend": left, "spent": left.sum(axis=1)}, drugs + other


def tested(view: View, _: World) -> tuple[dict[str, NDArray[Any]], Numbers]:
    """Every diabetic has one test more."""
    diabetic = (view.column("conditions") >> people.DIABETES & 1).astype(np.int64)
    return {"diabetes_tests": view.column("diabetes_tests").astype(np.int64) + diabetic}, diabetic.astype(np.float64)


def stopped(view: View, _: World) -> tuple[dict[str, NDArray[Any]], Numbers]:
    """Every inappropriate drug is stopped."""
    flags = view.column("flags")
    had = (flags & people.INAPPROPRIATE_DRUG) > 0
    drugs = np.maximum(0, view.column("n_drugs").astype(np.int64) - had)
    return {"flags": flags & ~np.uint16(people.INAPPROPRIATE_DRUG), "n_drugs": drugs}, had.astype(np.float64)


def prevented(view: View, _: World) -> tuple[dict[str, NDArray[Any]], Numbers]:
    """Every preventive act that is due is done."""
    due = view.column("prevention_due")
    return {"prevention_due": np.zeros_like(due)}, (due > 0).astype(np.float64)


TRIED: Final[Mapping[str, Changed]] = {
    "euro_saved": saved, "diabetes_test": tested, "prescribing": stopped, "prevention_act": prevented,
}  # fmt: skip
"""What is tried on patients, by template."""


def note(world: World, accounts: Accounts, year: int) -> None:
    """Keep the footprints on patients among the totals of a year.

    Args:
        world: the world at the end of the year, before yearly columns of the patients start again.
        accounts: its accounts, the year closed.
        year: the year.
    """
    totals = accounts.year(year).totals
    for name, sums in _counted(world, accounts).items():
        totals[name] = sums


def footprint(accounts: Accounts, year: int, action: str, measure: str, line: str) -> Numbers | None:
    """What one unit of an action adds to a measure of patients, for each physician; None where nothing is known.

    The mean of one's own list, that of all where nobody on the list can have it.
    """
    closed = accounts.year(year)
    change = closed.totals.get(_key(action, measure))
    if change is None or line not in accounts.measures[measure].per:
        return None
    units = closed.totals[_key(action, UNITS)]
    physicians = closed.sizes["physician"]
    own, done = change[:physicians], units[:physicians]
    everybody = float(change[: physicians + 1].sum()) / max(1e-9, float(units[: physicians + 1].sum()))
    per_unit = np.divide(own, done, out=np.full(physicians, everybody), where=done > 0)
    return np.asarray(per_unit / accounts.measures[measure].divisor)


def left_to_do(accounts: Accounts, year: int, action: str) -> Numbers | None:
    """How many units of an action the list of each physician left to do; EUR of spending, as much as was tried."""
    closed = accounts.year(year)
    units = closed.totals.get(_key(action, UNITS))
    return None if units is None else np.asarray(units[: closed.sizes["physician"]], dtype=np.float64)


def _key(action: str, what: str) -> str:
    return SEPARATOR.join((PREFIX, action, what))


def _counted(world: World, accounts: Accounts) -> dict[str, NDArray[Any]]:
    """Differences of the measures that an action changes, by physician and for nobody, and its units.

    Only patients on whom an action can be done are counted, before and after.
    """
    listed = tuple(m for m in accounts.measures.values() if m.source == "patients" and m.per[:1] == (LINE,))
    moved: dict[str, Moved] = {}
    counts: dict[str, tuple[PeopleCount, PeopleCount]] = {}
    for view in patients_views(world):
        for action, change in TRIED.items():
            columns, units = change(view, world)
            if action not in moved:
                moved[action] = _moved(action, listed, view, columns)
                counts[action] = PeopleCount(moved[action].before), PeopleCount(moved[action].after)
            rows = np.flatnonzero((units > 0) & (view.owner("list", LINE) < view.sizes[LINE]))
            before, after = counts[action]
            before.add(_with(view, {}, rows))
            after.add(_with(view, {**columns, UNITS: units}, rows))
    found: dict[str, NDArray[Any]] = {}
    for action, (before, after) in counts.items():
        found[_key(action, UNITS)] = after.totals[UNITS]
        for declared in moved[action].measures:
            found[_key(action, declared.name)] = after.totals[declared.name] - before.totals[declared.name]
    return found


class Moved:
    """Measures that an action can move, by physician alone, and how they are counted before and after it."""

    def __init__(self, measures: list[Measure]) -> None:
        self.measures = measures
        self.before, self.after = PeopleCounting(measures), PeopleCounting([*measures, TRIES])


_MOVED: dict[str, tuple[tuple[Measure, ...], Moved]] = {}


def _moved(action: str, listed: tuple[Measure, ...], view: View, columns: Mapping[str, Any]) -> Moved:
    """What an action can move; found out once, since it is the same in every world with the same measures."""
    known, moved = _MOVED.get(action, ((), None))
    if moved is None or len(known) != len(listed) or any(map(is_not, known, listed)):
        moved = Moved([replace(m, per=(LINE,)) for m in listed if _can_move(m, view, columns)])
        _MOVED[action] = listed, moved
    return moved


def _can_move(declared: Measure, view: View, columns: Mapping[str, Any]) -> bool:
    """Whether a measure looks at what an action changes."""
    looked_at = reads(declared, view) & set(columns)
    if looked_at != {"flags"} or callable(declared.value) or declared.odd:
        return bool(looked_at)
    bits = [condition for name, condition in declared.where if name == "flags"]
    return any(not isinstance(one, Bits) or (one.all | one.none) & people.INAPPROPRIATE_DRUG for one in bits)


class _Columns(dict[str, Callable[[], NDArray[Any]]]):
    """Columns of some rows of a view; those that are not changed are the view's own."""

    def __init__(self, view: View, changed: Mapping[str, NDArray[Any]], rows: NDArray[np.int64]) -> None:
        super().__init__()
        self.view, self.changed, self.rows = view, changed, rows

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> Callable[[], NDArray[Any]]:
        return lambda: (self.changed[name] if name in self.changed else self.view.column(name))[self.rows]


def _with(view: View, changed: Mapping[str, NDArray[Any]], rows: NDArray[np.int64]) -> View:
    """Some of the patients of a view, with some columns in the place of theirs."""
    owners = {("list", LINE): lambda: view.owner("list", LINE)[rows]}
    return View(view.table[rows], _Columns(view, changed, rows), owners, view.sizes, view.parameters)

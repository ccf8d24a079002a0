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
from sim.measures import Bits, Condition, Measure
from sim.people_counted import PeopleCount, PeopleCounting, Sums
from sim.quotes.recounting import reads
from sim.standard_measures.lists import CARE_SPLIT
from sim.views import View
from sim.world import World

type Numbers = NDArray[np.float64]
type Changed = Callable[[View, World], tuple[dict[str, NDArray[Any]], NDArray[np.float64]]]
"""The columns of a block of patients once an action was tried on all, and the units of it on each."""

SEPARATOR: Final = ":"
PREFIX: Final = "footprint"
UNITS: Final = "units"
DONE: Final = "done"
BEFORE: Final = "before"
SAVED_ON: Final = ("specialist", "lab")
"""Parts of other spending on which prescribing and referral act, beside drugs."""
LINE: Final = "physician"
_LISTED: Final[dict[str, Any]] = {"source": "patients", "of": "list", "per": (LINE,)}


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


def _key(action: str, *what: str) -> str:
    return SEPARATOR.join((PREFIX, action, *what))


def _try(view: View, world: World) -> dict[str, frozenset[str]]:
    """Try every action on a block of patients; the view holds what comes of it.

    Returns:
        The columns that each action changes.
    """
    on_list = view.owner("list", LINE) < view.sizes[LINE]
    changed = {}
    for action, change in TRIED.items():
        columns, units = change(view, world)
        done = ((units > 0) & on_list).astype(np.uint8)
        held = {**columns, UNITS: units, DONE: done}
        view.hold({_key(action, name): column for name, column in held.items()})
        changed[action] = frozenset(columns)
    return changed


class Tries:
    """The measures that each action can move, by physician alone, and how they are counted before and after it.

    Only patients on whom an action can be done are counted.

    Args:
        listed: measures of the lists of physicians.
        view: patients on whom the actions were tried.
        changed: columns that each action changes.
    """

    def __init__(self, listed: tuple[Measure, ...], view: View, changed: Mapping[str, frozenset[str]]) -> None:
        self.listed = listed
        self._moved = {
            action: [declared for declared in listed if _can_move(declared, view, columns)]
            for action, columns in changed.items()
        }
        counted = []
        for action, measures in self._moved.items():
            done: tuple[str, Condition] = (_key(action, DONE), 1)
            units = _key(action, UNITS)
            counted.append(Measure(units, "units tried", "units", "behaviour 0", where=(done,), value=units, **_LISTED))
            for declared in measures:
                before = replace(declared, name=_key(action, declared.name, BEFORE), per=(LINE,))
                after = replace(_after(before, action, changed[action]), name=_key(action, declared.name))
                counted += (replace(one, where=(*one.where, done)) for one in (before, after))
        self.counting = PeopleCounting(counted)

    def differences(self, totals: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """What each action adds to the measures that it moves, by physician and for nobody, and its units."""
        found = {}
        for action, measures in self._moved.items():
            found[_key(action, UNITS)] = totals[_key(action, UNITS)]
            for declared in measures:
                key = _key(action, declared.name)
                found[key] = totals[key] - totals[_key(action, declared.name, BEFORE)]
        return found


_LAST: list[Tries] = []


def _tries(listed: tuple[Measure, ...], view: View, changed: Mapping[str, frozenset[str]]) -> Tries:
    """How tries are counted; found out once, since it is the same in every world with the same measures."""
    if not _LAST or len(_LAST[0].listed) != len(listed) or any(map(is_not, _LAST[0].listed, listed)):
        _LAST[:] = [Tries(listed, view, changed)]
    return _LAST[0]


class TriesOnPatients(PeopleCount):
    """The footprints on patients, counted with the year that ends: before their yearly columns start again.

    Args:
        world: the world at the end of the year.
        measures: what its accounts count.
    """

    def __init__(self, world: World, measures: Mapping[str, Measure]) -> None:
        super().__init__(PeopleCounting(()))
        self._world = world
        self._listed = tuple(m for m in measures.values() if m.source == "patients" and m.per[:1] == (LINE,))
        self._tries: Tries | None = None

    def of_block(self, view: View) -> Sums:
        """See :meth:`PeopleCount.of_block`."""
        changed = _try(view, self._world)
        self._tries = _tries(self._listed, view, changed)
        self.counting = self._tries.counting
        return super().of_block(view)

    def found(self) -> Sums:
        """What each action adds to the measures that it moves, and its units."""
        return self._tries.differences(self.totals) if self._tries else {}


def _can_move(declared: Measure, view: View, changed: frozenset[str]) -> bool:
    """Whether a measure looks at what an action changes."""
    looked_at = reads(declared, view) & changed
    if looked_at != {"flags"} or callable(declared.value) or declared.odd:
        return bool(looked_at)
    bits = [condition for name, condition in declared.where if name == "flags"]
    return any(not isinstance(one, Bits) or (one.all | one.none) & people.INAPPROPRIATE_DRUG for one in bits)


def _after(declared: Measure, action: str, changed: frozenset[str]) -> Measure:
    """A measure that reads what an action changes as it is after it."""

    def column(name: str) -> str:
        return _key(action, name) if name in changed else name

    def of_changed[T](asked: Callable[[Any], T]) -> Callable[[View], T]:
        return lambda view: asked(_Renamed(view, column))

    value = declared.value
    if isinstance(value, str):
        value = column(value)
    elif isinstance(value, tuple):
        value = column(value[0]), value[1]
    elif value is not None:
        value = of_changed(value)
    where = tuple((column(name), condition) for name, condition in declared.where)
    return replace(declared, where=where, value=value, odd=declared.odd and of_changed(declared.odd))


class _Renamed:
    """A view whose columns stand under other names."""

    def __init__(self, view: View, names: Callable[[str], str]) -> None:
        self._view, self._names = view, names

    def column(self, name: str) -> NDArray[Any]:
        """See :meth:`View.column`."""
        return self._view.column(self._names(name))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._view, name)

    def __len__(self) -> int:
        return len(self._view)

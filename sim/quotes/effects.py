"""What one unit of each quoted action adds to every measure: footprints of last year's events, put together.

An effect is asked for one measure and one line at a time: the actor's own, that of the actor's team, or those of the
team's nurses (physicians, where a nurse acts). So a measure declared tomorrow has its effect without an edit here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.nurses import ASALEE, PATHWAY
from agents.nurses import KINDS as NURSE_KINDS
from agents.tasks import CLOSED, K11, K13, K15, K17, K18, N_TASKS, freed_minutes
from agents.templates import handover
from sim import events
from sim.accounts import Accounts
from sim.footprints import LINES, find_action, pooled_by
from sim.measures import Bits, Measure, find_measure
from sim.quotes import imagined, patient_footprints, recounting
from sim.quotes.imagined import Added, Case
from sim.tariffs import Tariffs
from sim.world import World

type Numbers = NDArray[np.float64]
type Source = Callable[[str, str], Numbers | None]
"""A part of effects: what a unit adds to a measure on a line (``physician``, ``team``, ``nurse``), one value an actor;
None for nothing."""
type Weight = float | Numbers

OWN_ACT: Final = {K11: "", K13: "home_visit", K15: "", K17: "", K18: ""}
"""The physician's own act that a task stands for: a visit, unless it is here; "" for work that nobody bills."""
REGISTRATIONS: Final = "registrations"
"""The measure of one more registered patient."""
ANY_KIND: Final = -1
NOBODY: Final = -2
"""In the place of the kind of a nurse where a post is not held: nothing is handed over to it."""
SALARIED_KINDS: Final = (ASALEE, PATHWAY)
OBSERVED, ON_PATIENTS, STOCK, RECOUNTED = "observed", "on_patients", "stock", "recounted"
"""Kinds of parts of effects."""
CASES: Final[Mapping[str, Sequence[tuple[float, str]]]] = {
    "prevention_act": ((1.0, "prevention"), (-1.0, "contact")),
    "diabetes_test": ((1.0, "test"), (-1.0, "contact")),
    "follow_up_7_days": ((1.0, "seen"), (-1.0, "unseen")),
}
"""Imagined lines in the effect of an action: what is done more, less the same contact without it."""


@dataclass(frozen=True)
class Effect:
    """What one unit of an action adds.

    Attributes:
        terms: parts of it, each with its weight, one for all or one an actor.
        units: units of the action last year, one an actor; the felt step is a share of them.
        of_team: the same for the actor's team, of whose effort chance is reckoned.
        cases: imagined lines in it, each with its weight.
        partners: kind of the nurses whose lines are moved too, ``ANY_KIND`` for none or all.
        by: who can do it, None for everybody.
    """

    terms: Sequence[tuple[Weight, Source]]
    units: Numbers
    of_team: Numbers
    cases: Sequence[tuple[float, str]] = ()
    partners: int = ANY_KIND
    by: NDArray[np.bool_] | None = None


class Footprints:
    """Effects of all quoted actions, for the physicians and nurses of a world.

    Args:
        world: the world.
        accounts: its accounts.
        year: closed year whose events are read.
        fees: fees in force.
        handovers: whether hand-overs of tasks are among the actions.
    """

    def __init__(self, world: World, accounts: Accounts, year: int, fees: Tariffs, *, handovers: bool = True) -> None:
        self.with_handovers = handovers
        self.world, self.accounts, self.year, self.fees = world, accounts, year, fees
        self.measures = accounts.measures
        self.team = world.physicians["team"].astype(np.int64)
        self.nurse_team = world.nurses["team"].astype(np.int64)
        self._last: dict[tuple[str, str], Numbers] = {}
        self._sources: dict[str, dict[str, Source]] = {OBSERVED: {}, ON_PATIENTS: {}, STOCK: {}, RECOUNTED: {}}
        self._parts: dict[tuple[str, str], list[tuple[Source, Numbers]]] = {}
        self._imagined: Added | None = None
        self.cases: dict[str, int] = {}

    def forget(self) -> None:
        """Forget the parts, when no more is asked: they know this object, and together they would hold the world.

        Python looks for such rings by the number of small objects; a world is a few large ones, and a study makes many.
        """
        self._sources.clear()
        self._parts.clear()

    # What was counted last year.

    def last(self, name: str, level: str) -> Numbers:
        """Last year's measure, one value a row of the level's table."""
        if (name, level) not in self._last:
            rows = {"physician": self.world.physicians, "nurse": self.world.nurses, "team": self.world.teams}[level]
            known = np.zeros(len(rows))
            if level in find_measure(name, self.measures).per:
                found = self.accounts.array(name, self.year, level)[: len(rows)]
                known[: len(found)] = found
            self._last[name, level] = known
        return self._last[name, level]

    def summed(self, own: Numbers, team: NDArray[np.int64]) -> Numbers:
        """Sum over each one's team; one's own where there is none."""
        there, total = team >= 0, own.astype(np.float64)
        total[there] = np.bincount(team[there], own[there], minlength=len(self.world.teams))[team[there]]
        return total

    # Parts of effects.

    def observed(self, action: str) -> Source:
        """Mean of last year's events of an action."""
        return self._kept(OBSERVED, action, self._observed)

    def _kept(self, kind: str, action: str, make: Callable[[str], Source]) -> Source:
        """A part of effects, the same one whenever it is asked for: parts are told apart by what they are."""
        if action not in self._sources[kind]:
            self._sources[kind][action] = make(action)
        return self._sources[kind][action]

    def parts(self, name: str, line: str) -> Sequence[tuple[Source, Numbers]]:
        """The parts of effects that are not nothing on a measure and line: the groups of teams ask for the same."""
        if (name, line) not in self._parts:
            asked = (source for kind in self._kinds(name) for source in self._sources[kind].values())
            told = ((source, source(name, line)) for source in asked)
            self._parts[name, line] = [(source, value) for source, value in told if value is not None]
        return self._parts[name, line]

    def _kinds(self, name: str) -> Iterator[str]:
        """Kinds of parts that may tell of a measure: most measures are moved by few."""
        declared = self.measures[name]
        if (declared.moved_by or name) in self.accounts.year(self.year).footprints.sums:
            yield OBSERVED
        if declared.source == "patients":
            yield ON_PATIENTS
        if _of_registered(declared):
            yield STOCK
        yield RECOUNTED

    def _observed(self, action: str) -> Source:
        find_action(action, self.accounts.actions)
        closed = self.accounts.year(self.year)
        number = closed.footprints.names.index(action)
        units = closed.footprints.units[number, :-1]
        means = pooled_by(units, closed.teams, closed.territories, closed.enough)

        def get(name: str, line: str) -> Numbers | None:
            declared = self.measures[name]
            if line not in LINES or line not in declared.per:
                return None
            declared = self.measures[declared.moved_by or name]
            sums = closed.footprints.sums.get(declared.name)
            lines = None if sums is None else sums[LINES[line], number, :-1]
            if lines is None or not lines.any():
                return None
            return self._as_long(means(lines) / declared.divisor)

        return get

    def units(self, action: str) -> Numbers:
        """How often each physician did an action last year."""
        closed = self.accounts.year(self.year)
        return self._as_long(closed.footprints.units[closed.footprints.names.index(action), :-1].astype(np.float64))

    def _as_long(self, values: Numbers) -> Numbers:
        rows = len(self.team)
        return values if len(values) == rows else np.concatenate([values, np.zeros(rows - len(values))])

    @property
    def stock(self) -> Source:
        """What one more registered patient adds."""
        return self._kept(STOCK, "", lambda _: self._stock)

    def _stock(self, name: str, line: str) -> Numbers | None:
        """What one more registered patient adds to a measure of the list: a mean patient of the list."""
        declared = self.measures[name]
        if line not in {"physician", "team"} or line not in declared.per or not _of_registered(declared):
            return None
        if REGISTRATIONS in (name, declared.moved_by):
            return np.ones(len(self.team))
        if declared.source == "events":
            return self.observed("registration")(name, line)
        if "physician" in declared.per:
            return _per(self.last(name, "physician"), self.last("registered_list", "physician"))
        of_team = _per(self.last(name, "team"), self.last("registered_list", "team"))
        return np.where(self.team >= 0, of_team[self.team], 0.0)

    def on_patients(self, action: str) -> Source:
        """What was tried on patients when the year closed."""

        def get(name: str, line: str) -> Numbers | None:
            return self._padded(patient_footprints.footprint(self.accounts, self.year, action, name, line))

        return self._kept(ON_PATIENTS, action, lambda _: get)

    def _padded(self, values: Numbers | None) -> Numbers | None:
        return None if values is None or not values.any() else self._as_long(values)

    @property
    def imagined(self) -> Added:
        """What one line of each imagined case adds."""
        if self._imagined is None:
            cases = [
                imagined.contact("prevention", prevented=1), imagined.contact("contact"),
                imagined.contact("test", marks=events.TEST), imagined.discharge("seen", seen=True),
                imagined.discharge("unseen", seen=False), *self._handovers(),
            ]  # fmt: skip
            self.cases = {case.name: place for place, case in enumerate(cases)}
            self._imagined = imagined.counted(cases, self.world, self.measures, self.fees)
        return self._imagined

    def _handovers(self) -> list[Case]:
        q, nurses = self.world.parameters[0], self.world.nurses
        found = []
        for task, kind in self.legal():
            of_kind = nurses["salaried"][nurses["kind"] == kind]
            on_a_wage = bool(of_kind.mean() > 1 / 2) if len(of_kind) else kind in SALARIED_KINDS
            found.append(imagined.handed_over(handover(task, kind), task, kind, salaried=on_a_wage,
                                              replaces=float(q["tasks_sigma"][task])))  # fmt: skip
        return found

    def legal(self) -> list[tuple[int, int]]:
        """Tasks and kinds of nurses to whom the law lets them be handed over, by the scenario's parameters."""
        if not self.with_handovers:
            return []
        scope = self.world.parameters[0]["tasks_scope"]
        return [(task, kind) for task in range(N_TASKS) for kind in range(len(NURSE_KINDS))
                if int(scope[task][kind]) != CLOSED]  # fmt: skip

    # Effects.

    def of_physicians(self) -> dict[str, Effect]:
        """The effect of every action of a physician, by name."""
        units = self._units_of_physicians()
        visits, phone = units["visit"], units["phone_contact"]
        half_days = np.maximum(1.0, self.world.physicians["half_days"].astype(np.float64))
        terms: dict[str, list[tuple[Weight, Source]]] = {
            "visit": [(1.0, self.observed("visit"))],
            "kept_visit": [(1.0, self.observed("visit_in_list")), (-1.0, self.observed("leaked_visit"))],
            "phone_contact": [(1.0, self.observed("phone_contact"))],
            "registration": [(1.0, self.stock)],
            "collective_hour": [(1.0, self._recounted("collective_hour"))],
            "euro_saved": [(1.0, self.on_patients("euro_saved"))],
            "prevention_act": [(1.0, self.on_patients("prevention_act"))],
            "follow_up_7_days": [(1.0, self.observed("follow_up_7_days"))],
            "diabetes_test": [(1.0, self.on_patients("diabetes_test"))],
            "prescribing": [(1.0, self.on_patients("prescribing"))],
            "half_day": [(visits / half_days, self.observed("visit")),
                         (phone / half_days, self.observed("phone_contact")), (1.0, self._recounted("half_day"))],
            "nurse_post": [(1.0, self._recounted("nurse_post"))],
        }  # fmt: skip
        effects = {
            name: Effect(terms[name], units[name], self.summed(units[name], self.team), CASES.get(name, ()))
            for name in terms
        }
        for task, kind in self.legal():
            effects[handover(task, kind)] = self._handed_over(task, kind)
        return effects

    def _units_of_physicians(self) -> dict[str, Numbers]:
        """Units of each action in the last year, by physician."""
        one = np.ones(len(self.team))
        counted = {
            "registration": "registered_list", "collective_hour": "hours_collective_physicians",
            "prevention_act": "prevention_done", "follow_up_7_days": "discharges_seen_7",
            "diabetes_test": "hba1c_tests",
        }  # fmt: skip
        return {
            "visit": self.units("visit"), "kept_visit": self.units("leaked_visit"),
            "phone_contact": self.units("phone_contact"), "euro_saved": self._left("euro_saved"),
            "prescribing": self._left("prescribing"), "half_day": one, "nurse_post": one,
            **{action: self.last(name, "physician") for action, name in counted.items()},
        }  # fmt: skip

    def of_nurses(self) -> dict[str, Effect]:
        """The effect of every action of a nurse, by name: an hour of collective work, and events of each task."""
        hours = self.last("hours_collective_nurses", "nurse")
        effects = {
            "collective_hour": Effect([(1.0, self._recounted("collective_hour", "nurses"))], hours,
                                      self.summed(hours, self.nurse_team))
        }  # fmt: skip
        units = self.last("nurse_contacts", "nurse") / N_TASKS
        of_team = self.summed(units, self.nurse_team)
        held = self.world.nurses["in_post"] != 0
        for task, kind in self.legal():
            name = handover(task, kind)
            by = held & (self.world.nurses["kind"] == kind)
            effects[name] = Effect([], units, of_team, [(1.0, name)], by=by)
        return effects

    def _left(self, action: str) -> Numbers:
        """Units of an action on patients of one's own list; for spending, all that is spent where it acts."""
        units = patient_footprints.left_to_do(self.accounts, self.year, action)
        if units is None:
            return np.zeros(len(self.team))
        step = float(self.world.behaviour[0]["quotes_spending_step"])
        return self._as_long(units) / (step if action == "euro_saved" else 1.0)

    def _handed_over(self, task: int, kind: int) -> Effect:
        """One event of a task done by a nurse: own acts less, visits in freed time more, and the nurse's line (D2)."""
        q, name = self.world.parameters[0], handover(task, kind)
        g, sigma, s = (float(q[f"tasks_{one}"][task]) for one in ("minutes_gp", "sigma", "supervision"))
        v, c = float(q["tasks_validation_start"][task]), float(q["tasks_validation_call_minutes"][task])
        freed = freed_minutes(g, sigma, v, c, s) / float(self.world.behaviour[0]["practice_visit_minutes"])
        more = np.where(self.team >= 0, self.world.teams["more_patients"][self.team], 0.0)
        act = OWN_ACT.get(task, "visit")
        terms: list[tuple[Weight, Source]] = []
        if act:
            terms.append((-sigma, self.observed(act)))
        terms.append((freed * more, self.observed("visit")))
        units = self.units(f"handover_{name.split('_')[1]}") if task else np.zeros(len(self.team))
        return Effect(terms, units, self.summed(units, self.team), [(1.0, name)], kind)

    def _recounted(self, action: str, source: str = "physicians") -> Source:
        """What the measures of a table change with a column."""
        return self._kept(RECOUNTED, f"{action} of {source}", lambda _: self._of_table(action, source))

    def _of_table(self, action: str, source: str) -> Source:
        make: dict[str, Callable[[], recounting.Recounted]] = {
            "collective_hour": lambda: recounting.collective_hour(self.world, self.measures, source, self.last),
            "half_day": lambda: recounting.half_day(self.world, self.measures, self.last),
            "nurse_post": lambda: recounting.nurse_post(self.world, self.measures),
        }
        known = make[action]()

        def get(name: str, line: str) -> Numbers | None:
            return known.get(name, line) if line in {source[:-1], "team"} else None

        return get


def _of_registered(declared: Measure) -> bool:
    """Whether one more registered patient adds to a measure: one of the list, or of lines of a registration."""
    if REGISTRATIONS in (declared.name, declared.moved_by):
        return True
    marks = dict(declared.where).get("marks")
    if declared.source == "events":
        return isinstance(marks, Bits) and marks.all & events.REGISTRATION > 0
    return declared.source == "patients" and declared.of == "list"


def _per(total: Numbers, number: Numbers) -> Numbers:
    """Mean, that of all where there is nobody."""
    everywhere = float(total.sum()) / max(1.0, float(number.sum()))
    return np.divide(total, number, out=np.full(len(total), everywhere), where=number > 0)

"""Footprints: what one unit of an action does to every declared measure, read from last year's own events (behaviour 0).

An action is a predicate over claim lines and the physician who decides it. Its footprint on a measure is the mean of
what its lines added to that measure; nobody writes footprints, so a measure declared tomorrow has them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.mistakes import Mistake, nearest
from sim import events
from sim.measures import Between, Bits, Condition, Measure, Odd
from sim.summation import Ints, Places, Rows, add_actions
from sim.views import View

SIDES: Final = ("provider", "list")
"""Who decides an action: the physician who did the act, or the one on whose list the patient is."""

OWN, TEAM, ALL = range(3)
LINES: Final[Mapping[str, int]] = {"physician": OWN, "team": TEAM, "territory": ALL}
"""Whose line is moved: the agent's own, that of the agent's team, that of the territory."""



@dataclass(frozen=True, slots=True)
class Action:
    """One declared action.

    Attributes:
        name, label, unit: what it is called, what it is, what one unit of it is.
        reference: document section.
        side: who decides it (:data:`SIDES`).
        where: conditions on the columns of claim lines.
        odd: a further predicate for odd cases.
    """

    name: str
    label: str
    unit: str
    reference: str
    side: str = "provider"
    where: tuple[tuple[str, Condition], ...] = ()
    odd: Odd | None = None


ACTIONS: Final[dict[str, Action]] = {}
"""Every declared action by name, in order of declaration."""


def action(
    name: str, label: str, unit: str, *, reference: str, side: str = "provider",
    where: Mapping[str, Condition] | None = None, odd: Odd | None = None,
) -> Action:  # fmt: skip
    """Declare an action; the arguments are the attributes of :class:`Action`.

    Raises:
        Mistake: when the name is taken or the side is not known.
    """
    if name in ACTIONS:
        raise Mistake('action "{name}" is declared twice.', name=name)
    if side not in SIDES:
        raise Mistake('action "{name}": side "{side}" is not known. Known: {known}.',
                      name=name, side=side, known=", ".join(SIDES))  # fmt: skip
    ACTIONS[name] = Action(name, label, unit, reference, side, tuple((where or {}).items()), odd)
    return ACTIONS[name]


def find_action(name: str, among: Mapping[str, Action] = ACTIONS) -> Action:
    """An action by name.

    Raises:
        Mistake: with the nearest known name.
    """
    if name not in among:
        raise Mistake(
            'action "{name}" is not known. Did you mean "{nearest}"?', name=name, nearest=nearest(name, among) or ""
        )
    return among[name]


class FootprintSums:
    """Sums behind the footprints of one year: what the lines of each action added to each measure, by agent.

    Args:
        actions: declared actions, in order.
        physicians: number of physicians.
    """

    def __init__(self, actions: Mapping[str, Action], physicians: int) -> None:
        self.names = list(actions)
        self.physicians = physicians
        self.units: Ints = np.zeros((len(actions), physicians + 1), dtype=np.int64)
        self.sums: dict[str, Ints] = {}

    def of_measure(self, name: str) -> Ints:
        """Sums of one measure: ``(OWN, TEAM, ALL; actions; physicians + 1)``, made when first needed."""
        if name not in self.sums:
            self.sums[name] = np.zeros((len(LINES), len(self.names), self.physicians + 1), dtype=np.int64)
        return self.sums[name]

    def settle(self, measures: Mapping[str, Measure]) -> None:
        """Close the year: an own line is also a line of the team, and a line of the team one of the territory.

        Distinct counts are kept apart, since a patient new to the physician need not be new to the team.
        """
        for name, lines in self.sums.items():
            if not measures[name].distinct:
                np.cumsum(lines, axis=0, out=lines)


class ActionLines:
    """The lines of one chunk of events by action: which actions each line is, and whose line it moves."""

    def __init__(self, view: View, actions: Mapping[str, Action], sums: FootprintSums) -> None:
        self.view = view
        self.sums = sums
        self.agents: list[NDArray[np.int32]] = [view.owner(side, "physician") for side in SIDES]
        self.acted: list[tuple[Places, Places]] = []
        self._places: dict[tuple[str, int], Places] = {}
        found: list[list[tuple[int, Rows]]] = [[] for _ in SIDES]
        nobody = sums.physicians
        for number, declared in enumerate(actions.values()):
            side = SIDES.index(declared.side)
            as_measure = Measure(declared.name, "", "", "", where=declared.where, odd=declared.odd)
            rows = view.rows(as_measure)
            rows = rows[self.agents[side][rows] < nobody]
            found[side].append((number * (nobody + 1), rows))
            sums.units[number] += np.bincount(self.agents[side][rows], minlength=nobody + 1)
        self.acted = [_actions_by_row(lines, len(view)) for lines in found]
        self.any = [np.diff(first) > 0 for first, _ in self.acted]

    def places(self, of: str, side: int) -> Places:
        """Where each row's line and agent stand in the sums of a measure that belongs to ``of``."""
        if (of, side) not in self._places:
            agent = self.agents[side]
            line = np.full(len(agent), OWN, dtype=np.int32)
            if of not in ("home", SIDES[side]):
                same_team = self.view.owner(of, "team") == self.view.owner(SIDES[side], "team")
                line = np.where(same_team, TEAM, ALL).astype(np.int32)
                line[self.view.owner(of, "physician") == agent] = OWN
            self._places[of, side] = line * np.int32(self.sums.units.size) + agent
        return self._places[of, side]

    def feed(self, declared: Measure, rows: Rows, values: Ints) -> None:
        """Add the lines that a measure counts to its footprints."""
        for side in range(len(SIDES)):
            felt = rows if side == 0 else rows[self.any[side][rows]]
            if len(felt):
                sums = self.sums.of_measure(declared.name).reshape(-1)
                add_actions(felt, values, *self.acted[side], self.places(declared.of, side), sums)

    def feed_distinct(self, declared: Measure, firsts: Rows, line: int) -> None:
        """Add patients that the owner of one kind of line met for the first time."""
        ones = np.ones(len(self.view), dtype=np.int64)
        for side in range(len(SIDES)):
            places = self.places(declared.of, side)
            of_the_line = places < (line + 1) * self.sums.units.size
            felt = firsts[self.any[side][firsts] & of_the_line[firsts]]
            if len(felt):
                sums = self.sums.of_measure(declared.name)[line].reshape(-1)
                add_actions(felt, ones, *self.acted[side], self.agents[side], sums)


def _actions_by_row(found: list[tuple[int, Rows]], rows: int) -> tuple[Places, Places]:
    """Actions row by row: where each row's start, and their offsets."""
    count = np.zeros(rows + 1, dtype=np.int32)
    for _, held in found:
        count[held + 1] += 1
    first = np.cumsum(count, dtype=np.int32)
    actions = np.zeros(int(first[-1]), dtype=np.int32)
    filled = first[:-1].copy()
    for offset, held in found:
        actions[filled[held]] = offset
        filled[held] += 1
    return first, actions


def pooled_means(
    lines: Ints, units: Ints, teams: NDArray[np.int64], territories: NDArray[np.int64], enough: float
) -> NDArray[np.float64]:
    """Mean a unit for each physician; the team's, the territory's, then everybody's where own events are too few.

    Args:
        lines, units: what an action added to a measure, and how often it was done, by physician.
        teams, territories: of each physician (-1 for none).
        enough: own events from which one's own mean stands.
    """
    means = np.full(len(units), lines.sum() / max(1, units.sum()))
    for group in (territories, teams):
        inside = group >= 0
        size = int(group.max(initial=-1)) + 1
        total = np.bincount(group[inside], weights=lines[inside], minlength=size)
        count = np.bincount(group[inside], weights=units[inside], minlength=size)
        known = inside.copy()
        known[inside] = count[group[inside]] >= enough
        means[known] = total[group[known]] / count[group[known]]
    own = units >= enough
    means[own] = lines[own] / units[own]
    return means


_VISIT: Final[dict[str, Condition]] = {"kind": events.GP, "payee_kind": events.PHYSICIAN}
_FEES: Final = (events.G, events.G_CHILD, events.HOME, events.VL, events.IMT, events.LONG, events.TECH,
                events.OOH, events.SNP)  # fmt: skip


def _delegated(task: int) -> dict[str, Condition]:
    return {"kind": events.NURSE, "task": task, "channel": tuple(range(events.ROUTINE, events.DOOR))}


action("visit", "a visit to the physician", "visit", reference="behaviour 0", where={**_VISIT, "code": _FEES})
action("visit_in_list", "a visit of a patient registered in the team", "visit", reference="behaviour 0",
       where={**_VISIT, "code": _FEES, "scope": events.IN_LIST})  # fmt: skip
action("visit_other", "a visit of a patient registered elsewhere or nowhere", "visit", reference="behaviour 0",
       where={**_VISIT, "code": _FEES, "scope": events.OTHER})  # fmt: skip
action("home_visit", "a home visit", "visit", reference="behaviour 0",
       where={**_VISIT, "code": (events.HOME, events.VL)})  # fmt: skip
action("phone_contact", "a contact by telephone or video", "contact", reference="behaviour 0",
       where={**_VISIT, "code": (events.NO_CODE, events.TLC)})  # fmt: skip
action("registration", "a newly registered patient", "patient", reference="behaviour 0", side="list",
       where={"kind": events.GP, "marks": Bits(all=events.REGISTRATION)})  # fmt: skip
action("follow_up_7_days", "a contact within 7 days of a discharge", "contact", reference="behaviour B k14",
       where={**_VISIT, "days_since_discharge": Between(0, 7)})  # fmt: skip
action("leaked_visit", "a visit of a registered patient bought elsewhere", "visit", reference="behaviour 0",
       side="list", where={"marks": Bits(all=events.LEAK)})  # fmt: skip
action("emergency_visit", "an emergency visit of a registered patient", "visit", reference="behaviour C5",
       side="list", where={"kind": events.ED})  # fmt: skip
action("stay", "a hospital stay of a registered patient", "stay", reference="behaviour C5", side="list",
       where={"kind": events.STAY})  # fmt: skip
for _number in range(1, 21):
    action(f"handover_k{_number:02d}", f"task k{_number:02d} handed over to a nurse", "event",
           reference="behaviour B", side="list", where=_delegated(_number))  # fmt: skip
action("nurse_follow_up_7_days", "a nurse contact within 7 days of a discharge", "contact", reference="behaviour B k14",
       side="list", where={"kind": events.NURSE, "days_since_discharge": Between(0, 7)})  # fmt: skip

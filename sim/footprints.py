"""Footprints: what one unit of an action does to every declared measure, read off last year's events (behaviour 0).

An action is a predicate over claim lines and the physician who decides it. Its footprint on a measure is the mean of
what its lines added to that measure; nobody writes footprints, so a measure declared tomorrow has them.
"""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.mistakes import Mistake, nearest
from sim import events
from sim.line_classes import by_class
from sim.measures import Between, Bits, Condition, Measure
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
        where: conditions on the small columns of claim lines (codes, marks, ages, days).
    """

    name: str
    label: str
    unit: str
    reference: str
    side: str = "provider"
    where: tuple[tuple[str, Condition], ...] = ()

    @property
    def as_measure(self) -> Measure:
        """The number of lines of this kind, to be counted like a measure."""
        return Measure(self.name, self.label, self.unit, self.reference, where=self.where)


ACTIONS: Final[dict[str, Action]] = {}
"""Every declared action by name, in order of declaration."""


def action(
    name: str, label: str, unit: str, *, reference: str, side: str = "provider",
    where: Mapping[str, Condition] | None = None,
) -> Action:  # fmt: skip
    """Declare an action; the arguments are the attributes of :class:`Action`.

    Raises:
        Mistake: when the name is taken, the side is not known, or a condition is on a large column.
    """
    if name in ACTIONS:
        raise Mistake('action "{name}" is declared twice.', name=name)
    if side not in SIDES:
        raise Mistake('action "{name}": side "{side}" is not known. Known: {known}.',
                      name=name, side=side, known=", ".join(SIDES))  # fmt: skip
    declared = Action(name, label, unit, reference, side, tuple((where or {}).items()))
    if not by_class(declared.as_measure):
        raise Mistake('action "{name}": conditions may only be on small columns of claim lines.', name=name)
    ACTIONS[name] = declared
    return declared


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
        self.sides = np.array([SIDES.index(declared.side) for declared in actions.values()], dtype=np.int64)
        self.physicians = physicians
        self.units: Ints = np.zeros((len(actions), physicians + 1), dtype=np.int64)
        self.sums: dict[str, Ints] = {}

    def of_measure(self, name: str) -> Ints:
        """Sums of one measure: ``(OWN, TEAM, ALL; actions; physicians + 1)``, made when first needed."""
        if name not in self.sums:
            self.sums[name] = np.zeros((len(LINES), len(self.names), self.physicians + 1), dtype=np.int64)
        return self.sums[name]

    def room_for(self, names: Sequence[str]) -> Ints:
        """Sums of measures, one after the other, each also under its name; flat."""
        room = np.zeros((len(names), len(LINES), *self.units.shape), dtype=np.int64)
        self.sums |= dict(zip(names, room, strict=True))
        return room.reshape(-1)

    def settle(self, apart: Container[str]) -> None:
        """Close the year: an own line is also a line of the team, and a line of the team one of the territory.

        Args:
            apart: distinct counts, whose lines stand by themselves: a patient new to the physician need not be new to
                the team.
        """
        for name, lines in self.sums.items():
            if name not in apart:
                lines[TEAM] += lines[OWN]
                lines[ALL] += lines[TEAM]


class ActionLines:
    """Some lines, or tallies of lines, by action: which actions each is, and whose line it moves.

    Args:
        view: the lines and their owners.
        classes: class of each line.
        first, actions: actions of each class (``LineClasses.actions``).
        sides: side of each action.
        sums: what they are added to.
    """

    def __init__(self, view: View, classes: Places, first: Places, actions: Places, sums: FootprintSums) -> None:
        self.view, self.classes, self.sums = view, classes, sums
        self.agents: list[NDArray[np.int32]] = [view.owner(side, "physician") for side in SIDES]
        self._places: dict[tuple[str, int], Places] = {}
        self.acted = [of_side(first, actions, sums, side) for side in range(len(SIDES))]
        self.acts = [np.diff(first) > 0 for first, _ in self.acted]

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
        for side, acted in enumerate(self.acted):
            felt = rows[self.acts[side][self.classes[rows]]]
            if len(felt):
                sums = self.sums.of_measure(declared.name).reshape(-1)
                add_actions(felt, values, self.classes, *acted, self.places(declared.of, side), sums)


def of_side(first: Places, actions: Places, sums: FootprintSums, side: int) -> tuple[Places, Places]:
    """The actions of each class that are decided on one side."""
    kept = sums.sides[actions // sums.units.shape[1]] == side
    before = np.concatenate([[0], np.cumsum(kept)]).astype(np.int32)
    return before[first], actions[kept]


def pooled_means(lines: Ints, units: Ints, teams: Rows, territories: Rows, enough: float) -> NDArray[np.float64]:
    """Mean a unit for each physician; the team's, the territory's, then everybody's where own events are too few.

    Args:
        lines: what an action added to a measure, by physician.
        units: how often it was done, by physician.
        teams: team of each physician, -1 for none.
        territories: territory of each physician.
        enough: own events from which one's own mean stands.
    """
    return pooled_by(units, teams, territories, enough)(lines)


def pooled_by(
    units: Ints, teams: Rows, territories: Rows, enough: float
) -> Callable[[Ints], NDArray[np.float64]]:  # fmt: skip
    """What gives the means of one measure after the other: what they are of is known once."""
    everybody = max(1, int(units.sum()))
    pools = []
    for group in (territories, teams):
        inside = np.flatnonzero(group >= 0)
        of, size = group[inside], int(group.max(initial=-1)) + 1
        count = np.bincount(of, weights=units[inside], minlength=size)
        known = inside[count[of] >= enough]
        pools.append((inside, of, size, known, group[known], count[group[known]]))
    own = np.flatnonzero(units >= enough)

    def means(lines: Ints) -> NDArray[np.float64]:
        found = np.full(len(units), int(lines.sum()) / everybody)
        for inside, of, size, known, group_of_known, count in pools:
            total = np.bincount(of, weights=lines[inside], minlength=size)
            found[known] = total[group_of_known] / count
        found[own] = lines[own] / units[own]
        return found

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
action("registration", "a newly registered patient", "patient", reference="behaviour 0",
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

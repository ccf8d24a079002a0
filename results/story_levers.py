"""What changes little by little over a year, in sentences: tasks handed over, and how each one works.

The quarters of a year are added up: one sentence tells where the year began and where it ended.
"""

from collections.abc import Callable, Iterable
from statistics import fmean
from typing import Final, NamedTuple

from results.cast import Cast, listed
from results.diary import Entry, grouped
from results.messages import _, ngettext, number
from results.reasons import GAINS, Reasons, because, heaviest, said, weighed
from results.spoken import months, part, plain, sentence, several, span, task

SEEN: Final = 0.01
"""Change of a share, averaged over those who change it, from which it is told."""
CLAUSES_TOLD: Final = 4
"""Changes told in one sentence."""
TASKS_TOLD: Final = 3
"""Tasks told for a nurse and a year, those that changed most first."""
MUCH: Final = 0.2
"""Change of an effort that is called a large one."""

type Said = tuple[float, str]
"""How much there is to a sentence (larger comes first), and the sentence."""


class Moved(NamedTuple):
    """What one or several people changed over a year, in one direction.

    Attributes:
        physicians: rows of who did.
        before, after: means over them.
        entries: the events behind it.
    """

    physicians: tuple[int, ...]
    before: float
    after: float
    entries: tuple[Entry, ...]

    @property
    def change(self) -> float:
        """How much more."""
        return self.after - self.before

    def reasons(self) -> Reasons:
        """The terms that weighed most, each event by how much it moved in this direction."""
        sign = 1 if self.change > 0 else -1
        events = [(entry.terms, max(sign * entry.change, 0.0)) for entry in self.entries]
        return heaviest(weighed(events), 1 if self.entries[0].kind in GAINS else self.change)


def moves(entries: Iterable[Entry]) -> list[Moved]:
    """What physicians changed over a year: those who do more together, then those who do less."""
    each = [
        Moved((int(physician),), own[0].before, own[-1].after, tuple(own))
        for (physician,), own in grouped(entries, "physician").items()
    ]
    sides = ([one for one in each if one.change > 0], [one for one in each if one.change < 0])
    return [_together(side) for side in sides if side]


def _together(side: list[Moved]) -> Moved:
    return Moved(
        tuple(row for one in side for row in one.physicians),
        fmean(one.before for one in side),
        fmean(one.after for one in side),
        tuple(entry for one in side for entry in one.entries),
    )


def delegation(cast: Cast, entries: list[Entry]) -> list[Said]:
    """Tasks handed over more, or taken back, in one year: two sentences a nurse at most."""
    found = []
    for (nurse,), of_nurse in grouped(entries, "nurse").items():
        tasks = {place: moves(own) for (place,), own in grouped(of_nurse, "task").items()}
        for sign in (1, -1):
            moved = {place: one for place, ones in tasks.items() for one in ones if sign * one.change >= SEEN}
            if moved:
                found.append(_handed(cast, int(nurse), moved))
    return found


def _handed(cast: Cast, nurse: int, moved: dict[int, Moved]) -> Said:
    """What goes to one nurse, or comes back."""
    ranked = sorted(moved.items(), key=lambda item: -abs(item[1].change) * len(item[1].physicians))
    told = ranked[:TASKS_TOLD]
    who = {row for _place, one in told for row in one.physicians}
    items = []
    for place, one in told:
        item = f"{task(place)}, {span(part(one.before), part(one.after))}"
        items.append(item if who == set(one.physicians) else f"{item} ({cast.all_of(one.physicians)})")
    facts = {"nurse": cast.nurse(nurse), "who": cast.all_of(who), "tasks": several(items)}
    up = ranked[0][1].change > 0
    text = (
        _("Delegation to {nurse} grows with {who}: {tasks}.", **facts)
        if up
        else _("Delegation to {nurse} shrinks with {who}: {tasks}.", **facts)
    )
    rest = len(ranked) - len(told)
    if rest:
        text += " " + ngettext("{n} more task moves the same way.", "{n} more tasks move the same way.", rest)
    whole = _together([one for _place, one in told])
    alike = all(who == set(one.physicians) for _place, one in told)
    first = _foremost(cast, told) if up and alike else ""
    weight = sum(abs(one.change) * len(one.physicians) for _place, one in ranked)
    return weight, _joined(sentence(text), first, said(whole.reasons()))


def _foremost(cast: Cast, told: list[tuple[int, Moved]]) -> str:
    """Who goes furthest, when there are three or more and one of them stands out."""
    by_physician: dict[int, float] = {}
    for _place, one in told:
        for (physician,), own in grouped(one.entries, "physician").items():
            by_physician[physician] = by_physician.get(physician, 0.0) + sum(entry.change for entry in own)
    ranked = sorted(by_physician, key=lambda row: -by_physician[row])
    if len(ranked) <= 2 or by_physician[ranked[0]] < 1.5 * by_physician[ranked[1]]:  # noqa: PLR2004 - stands out
        return ""
    return sentence(_("{physician} goes furthest.", physician=cast.physician(ranked[0])))


def levers(cast: Cast, entries: Iterable[Entry]) -> list[Said]:
    """What physicians changed in their own work over one year: those who changed the same share a sentence."""
    clauses: dict[tuple[int, ...], list[tuple[float, str, Reasons]]] = {}
    for (kind, text), own in grouped(entries, "kind", "text").items():
        for one in moves(own):
            clause = LEVERS[kind](str(text), one)
            if clause:
                weight = abs(one.change) / SCALES[kind] * len(one.physicians)
                clauses.setdefault(tuple(sorted(one.physicians)), []).append((weight, clause, one.reasons()))
    return [_worked(cast, who, sorted(own, key=lambda clause: -clause[0])) for who, own in clauses.items()]


def _worked(cast: Cast, who: tuple[int, ...], clauses: list[tuple[float, str, Reasons]]) -> Said:
    """What some physicians changed, the largest changes first."""
    told = clauses[:CLAUSES_TOLD]
    text = _("With {who}, {changes}.", who=cast.all_of(who), changes=several(clause for _w, clause, _r in told))
    pushed = [reason for _weight, _clause, reasons in told for reason in reasons.pushed[:1]]
    pulled = [reason for _weight, _clause, reasons in told for reason in reasons.pulled]
    return sum(weight for weight, *_rest in clauses), _joined(sentence(text), said(Reasons(pushed, pulled)))


def _renewal(text: str, one: Moved) -> str:
    patients = _("unstable patients") if "unstable" in text else _("stable patients")
    facts = {"span": span(number(round(one.before)), months(one.after)), "patients": patients}
    if round(one.before) == round(one.after):
        return ""
    if one.change > 0:
        return _("renewals of {patients} move apart, {span}", **facts)
    return _("renewals of {patients} come closer together, {span}", **facts)


def _slot(text: str, one: Moved) -> str:
    visits = _("visits for acute complaints") if "acute" in text else _("visits for chronic care")
    facts = {"visits": visits, "span": span(plain(one.before), ngettext("{n} minute", "{n} minutes", one.after))}
    if plain(one.before) == number(one.after):
        return ""
    if one.change > 0:
        return _("{visits} grow longer, {span}", **facts)
    return _("{visits} grow shorter, {span}", **facts)


def _phone(_text: str, one: Moved) -> str:
    spoken = span(part(one.before), part(one.after))
    if abs(one.change) < SEEN:
        return ""
    if one.change > 0:
        return _("the telephone takes more room, {span} of simple contacts", span=spoken)
    return _("the telephone takes less room, {span} of simple contacts", span=spoken)


def _list(_text: str, one: Moved) -> str:
    spoken = span(part(one.before), part(one.after))
    if abs(one.change) < SEEN:
        return ""
    if one.change > 0:
        return _("the list opens, {span} of new requests accepted", span=spoken)
    return _("the list closes, {span} of new requests accepted", span=spoken)


def _hours(_text: str, one: Moved) -> str:
    before, after = plain(one.before), plain(one.after)
    spoken = span(before, after)
    if before == after:
        return ""
    if one.change > 0:
        return _("the week grows longer, {span} half-days", span=spoken)
    return _("the week grows shorter, {span} half-days", span=spoken)


def _collective(_text: str, one: Moved) -> str:
    spoken = span(plain(round(one.before)), plain(round(one.after)))
    if abs(one.change) < 1:
        return ""
    if one.change > 0:
        return _("more time goes to collective work, {span} minutes a week", span=spoken)
    return _("less time goes to collective work, {span} minutes a week", span=spoken)


def _effort(text: str, one: Moved) -> str:
    known = {
        "prevention": _("preventive care"), "follow_up": _("follow-up after a hospital stay"),
        "tests": _("the tests of chronic patients"), "prescribing": _("careful prescribing"),
    }  # fmt: skip
    subject = known.get(text, _("the quality of care"))
    if one.change >= MUCH:
        return _("much more attention goes to {subject}", subject=subject)
    if one.change > 0:
        return _("a little more attention goes to {subject}", subject=subject)
    return _("less attention goes to {subject}", subject=subject)


LEVERS: Final[dict[str, Callable[[str, Moved], str]]] = {
    "renewal": _renewal, "slot": _slot, "phone": _phone, "list": _list, "hours": _hours, "collective": _collective,
    "effort": _effort,
}  # fmt: skip
"""What each lever of physicians is told with, by kind of event."""
SCALES: Final = {
    "renewal": 12.0, "slot": 60.0, "phone": 1.0, "list": 1.0, "hours": 10.0, "collective": 120.0, "effort": 2.0,
}  # fmt: skip
"""What counts as one whole of each lever, to tell the larger changes first."""


def refusals(cast: Cast, entries: list[Entry]) -> list[Said]:
    """Tasks that nurses declined over one year."""
    found = []
    for (nurse,), own in grouped(entries, "nurse").items():
        places = sorted({entry.task for entry in own})[:TASKS_TOLD]
        text = _("{nurse} declines: {tasks}.", nurse=cast.nurse(nurse), tasks=listed(task(place) for place in places))
        why = because(weighed((entry.terms, 1.0) for entry in own), -1)
        found.append((0.1 * len(own), _joined(sentence(text), why)))
    return found


def messages(cast: Cast, entries: list[Entry]) -> list[Said]:
    """What people came to know over one year of how they are paid: the subjects, and who now knows more."""
    learnt = [entry for entry in entries if entry.change > 0 and entry.physician in cast.physicians]
    if not learnt:
        return []
    who = cast.all_of({entry.physician for entry in learnt})
    subjects = {text: _subjects().get(text, "") for (text,) in grouped(learnt, "text")}
    named = list(dict.fromkeys(subject for subject in subjects.values() if subject))[:TASKS_TOLD]
    weight = 0.01 * len(learnt)
    if not named:
        return [(weight, sentence(_("With {who}, it becomes clearer what the team is paid for.", who=who)))]
    return [(weight, sentence(_("With {who}, it becomes clearer what is paid for: {subjects}.",
                                who=who, subjects=listed(named))))]  # fmt: skip


def _subjects() -> dict[str, str]:
    """What each kind of action is called, when a message is about it."""
    return {
        "visit": _("a visit more"), "kept_visit": _("a visit that keeps a patient from going elsewhere"),
        "phone_contact": _("a contact by telephone"), "registration": _("a new registered patient"),
        "handover": _("a task handed over"), "collective_hour": _("an hour of collective work"),
        "euro_saved": _("spending that is avoided"), "prevention_act": _("preventive care"),
        "follow_up_7_days": _("follow-up after a hospital stay"), "diabetes_test": _("the tests of chronic patients"),
        "prescribing": _("careful prescribing"), "half_day": _("a half-day more"),
        "nurse_post": _("a nurse's post"),
    }  # fmt: skip


def ties(_cast: Cast, entries: list[Entry]) -> list[Said]:
    """The ties of physicians with the hospital over one year."""
    found = []
    for one in moves(entry for entry in entries if entry.change):
        if abs(one.change) >= SEEN:
            grows = one.change > 0
            text = _("Ties with the hospital grow stronger.") if grows else _("Ties with the hospital grow weaker.")
            found.append((abs(one.change), _joined(text, said(one.reasons()))))
    return found


def _joined(*sentences: str) -> str:
    return " ".join(text for text in sentences if text)

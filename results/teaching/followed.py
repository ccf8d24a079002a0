"""Patients who are followed: the same persons in every run of a territory, and what happens to each, week by week."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from results.messages import _, ngettext, number
from results.run import Run
from results.spoken import sentence, task_names
from results.teaching.packed import packed
from results.teaching.staff import Member
from results.teaching.texts import Text, both
from results.teaching.weeks import DELAYED, DISCHARGE, FORGONE, KINDS, site_of

NAMES: Final = Path(__file__).with_name("first_names.toml")
WOMAN: Final = 2
"""Bit of ``flags``."""
ADMITTED, AVOIDABLE, SEEN_WITHIN_7 = 2, 4, 2048
"""Bits of ``marks``."""
YOUNG, OLD = 30, 65
"""Ages from which first names are others'."""

type Record = Mapping[str, Any]


@dataclass
class Phrases:
    """Sentences of the payload, each once."""

    places: dict[tuple[str, ...], int]
    texts: list[Text]

    @classmethod
    def empty(cls) -> "Phrases":
        """No sentence yet."""
        return cls({}, [])

    def place(self, text: Text) -> int:
        """Index of a sentence, which is put in when it is new."""
        key = tuple(text.values())
        if key not in self.places:
            self.places[key] = len(self.texts)
            self.texts.append(text)
        return self.places[key]


@dataclass(frozen=True)
class Chosen:
    """Patients who are followed, by their stable ids, in the order of the payload."""

    who: tuple[int, ...]


def chosen(run: Run, count: int) -> Chosen:
    """Patients of a run's panel: from those to whom most happens down to an ordinary year, at even steps.

    Args:
        run: the first run of a territory.
        count: how many.
    """
    panel = run.panel
    start = panel[panel["week"] == panel["week"].min()]
    happened = run.events[run.events["patient"].isin(start["patient"])].groupby("patient").size()
    rank = start.assign(events=start["patient"].map(happened).fillna(0)).sort_values(
        ["events", "who"], ascending=[False, True], kind="stable"
    )
    upper = rank.iloc[: max(count, 3 * len(rank) // 4)]
    steps = np.unique(np.linspace(0, len(upper) - 1, min(count, len(upper))).round().astype(int))
    return Chosen(tuple(int(who) for who in upper["who"].iloc[steps]))


def followed(run: Run, who: Chosen, weeks: int, people: list[Member], phrases: Phrases) -> list[dict[str, Any]]:
    """What happens to each followed patient in a run.

    Args:
        run: the run.
        who: whom to follow.
        weeks: weeks that are shown.
        people: who works in the territory.
        phrases: takes the sentences.
    """
    first = int(run.manifest["first_week"])
    panel = run.panel[run.panel["who"].isin(who.who) & (run.panel["week"] < first + weeks)]
    rows = {int(str(one)): frame for one, frame in panel.groupby("who")}
    patients = panel.drop_duplicates("who").set_index("who")["patient"]
    events = run.events[run.events["patient"].isin(patients) & (run.events["week"] < first + weeks)]
    by_patient = {int(str(row)): frame for row, frame in events.groupby("patient")}
    staff = {(one.level, one.row): one for one in people}
    homes = {one.row: one.team for one in people if one.level == "physician"}
    found = []
    for number_, one in enumerate(who.who):
        own = rows[one]
        gone = int(own["week"].max()) - first + 1
        lived = by_patient.get(int(own["patient"].iloc[0]), events.iloc[:0])
        lived = lived[lived["week"] <= own["week"].max()]
        found.append(
            _person(number_, own, first, weeks)
            | {"site": homes.get(int(own["registered_gp"].iloc[0]), -1), "gone": gone if gone < weeks else -1,
               "events": _events(run, lived, first, staff, phrases)}
        )  # fmt: skip
    return found


def _person(place: int, own: pd.DataFrame, first: int, weeks: int) -> dict[str, Any]:
    start = own.iloc[0].to_dict()
    woman, age = bool(int(start["flags"]) & WOMAN), int(start["age"])
    name = first_name(woman, age, int(start["who"]))
    waiting = np.zeros(weeks)
    waiting[own["week"].to_numpy() - first] = own["pending"].to_numpy()
    conditions = [place for place in range(len(_conditions())) if int(start["conditions"]) >> place & 1]
    return {
        "id": place, "name": name, "age": age, "woman": woman, "cell": int(start["cell"]),
        "conditions": [_named(one) for one in conditions],
        "summary": both(lambda: _summary(name, age, conditions)), "spending": round(_spent(own)),
        "waiting": packed(waiting, "u1"),
    }  # fmt: skip


def _spent(own: pd.DataFrame) -> float:
    """Insurer spending over the weeks shown; the panel counts from the start of each year."""
    columns = [name for name in own if str(name).startswith("spend_")]
    return float(own.groupby("year")[columns].max().to_numpy().sum())


@cache
def _names() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(NAMES.read_text(encoding="utf-8"))


def first_name(woman: bool, age: int, who: int) -> str:
    """An invented first name that fits an age."""
    group = "young" if age < YOUNG else "older" if age >= OLD else "adult"
    names = _names()["women" if woman else "men"][group]
    return names[who % len(names)]


def _conditions() -> tuple[str, ...]:
    return (
        _("diabetes"), _("hypertension"), _("heart failure"), _("chronic bronchitis (COPD)"), _("kidney disease"),
        _("a mental illness"), _("a neurological illness"),
    )  # fmt: skip


def _named(condition: int) -> Text:
    """A chronic illness by its place, in each language."""
    return both(lambda: _conditions()[condition])


def _summary(name: str, age: int, conditions: list[int]) -> str:
    from results.cast import listed

    if not conditions:
        return _("{name}, aged {age}, no chronic illness.", name=name, age=number(age))
    what = listed(_conditions()[one] for one in conditions)
    return _("{name}, aged {age}, lives with: {what}.", name=name, age=number(age), what=what)


def _events(
    run: Run, lived: pd.DataFrame, first: int, staff: Mapping[tuple[str, int], Member], phrases: Phrases
) -> dict[str, list[int]]:
    """What happened, in order; a week of home nursing is one event."""
    if lived.empty:
        return {"week": [], "kind": [], "site": [], "phrase": []}
    lived = lived.sort_values(["week", "day"], kind="stable")
    kinds = lived["kind"].astype(str)
    row = lived["provider_team"].where(~kinds.isin(("ed", "stay")), lived["payee"])
    texts = [_told({str(name): fact for name, fact in one.items()}, staff) for one in lived.to_dict("records")]
    return {
        "week": (lived["week"] - first).astype(int).tolist(), "kind": [KINDS[kind] for kind in kinds],
        "site": site_of(run, lived["kind"], row).tolist(), "phrase": [phrases.place(text) for text in texts],
    }  # fmt: skip


def _told(event: Record, staff: Mapping[tuple[str, int], Member]) -> Text:
    return both(lambda: sentence(_sentence(event, staff)))


def _sentence(event: Record, staff: Mapping[tuple[str, int], Member]) -> str:
    """One event in words, in the language in use."""
    kind, what, marks = str(event["kind"]), _need(str(event["need"])), int(event["marks"])
    code = KINDS[kind]
    if code in (FORGONE, DELAYED, DISCHARGE):
        return _missed(code, what, marks)
    if kind == "gp":
        who = staff.get(("physician", int(event["payee"])))
        return _seen(str(event["code"]), who.name() if who else _("a physician from elsewhere"), what, event)
    if kind in ("nurse", "rounds"):
        return _nursed(kind, event, staff)
    return _sent(kind, event, what, marks)


def _seen(code: str, who: str, what: str, event: Record) -> str:
    days = int(event["waited_days"])
    facts = {"who": who, "what": what, "wait": ngettext("{n} day", "{n} days", days)}
    if code in ("HOME", "VL"):
        return _("{who} comes to the home for {what}.", **facts)
    if days:
        return _("Sees {who} for {what}, {wait} after asking.", **facts)
    return _("Sees {who} for {what} on the day of asking.", **facts)


def _nursed(kind: str, event: Record, staff: Mapping[tuple[str, int], Member]) -> str:
    who = staff.get(("nurse", int(event["payee"])))
    name = who.name() if who else _("a nurse from outside")
    if kind == "rounds":
        count = ngettext("{n} stop", "{n} stops", int(event["count"]))
        return _("Home nursing by {who} this week: {count}.", who=name, count=count)
    task = task_names()[int(str(event["task"])[1:])]
    return _("{who} takes care of {task}.", who=name, task=task)


def _sent(kind: str, event: Record, what: str, marks: int) -> str:
    if kind == "teleconsultation":
        return _("A teleconsultation bought elsewhere, for {what}.", what=what)
    if kind == "ed":
        return (
            _("Goes to the emergency department and is admitted.") if marks & ADMITTED
            else _("Goes to the emergency department and comes home.")
        )  # fmt: skip
    days = ngettext("{n} day", "{n} days", int(event["length_days"]))
    if marks & AVOIDABLE:
        return _("A hospital stay of {days} that better care might have avoided.", days=days)
    return _("A hospital stay of {days}.", days=days)


def _missed(code: int, what: str, marks: int) -> str:
    if code == FORGONE:
        return _("Gives up asking for {what}.", what=what)
    if code == DELAYED:
        return _("No place this week: {what} must wait.", what=what)
    if marks & SEEN_WITHIN_7:
        return _("Back from hospital, and seen within seven days.")
    return _("Back from hospital, and not seen within seven days.")


def _need(need: str) -> str:
    return {
        "acute": _("an acute complaint"), "renewal": _("a prescription to renew"),
        "flare": _("a chronic illness that flares up"),
        "prevention": _("preventive care"), "administrative": _("a form or a certificate"),
        "psychosocial": _("a hard time in life"), "womens_health": _("women's health"),
        "home_visit": _("care at home"), "post_discharge": _("a visit after hospital"), "emergency": _("an emergency"),
        "new_patient": _("a first visit"),
    }[need]  # fmt: skip

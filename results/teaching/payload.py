"""The payload of the teaching page: runs and studies condensed to one JSON document (``PAYLOAD.md``)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from results.intervals import LEVEL
from results.messages import _
from results.run import Run
from results.spoken import task_labels
from results.teaching import followed as persons
from results.teaching.estimates import Studies
from results.teaching.lessons import filled, lessons
from results.teaching.places import place
from results.teaching.staff import USES, Member, members, use_label, years_of
from results.teaching.texts import Text, both, labelled, read, same
from results.teaching.told import statement, story
from results.teaching.weeks import frames

FORMAT: Final = 1
GLOSSARY: Final = Path(__file__).with_name("glossary.toml")
SOURCES: Final = Path(__file__).with_name("sources.toml")
WEEKS: Final = 52
PERSON: Final = "income/"
TASK: Final = "task/"


@dataclass(frozen=True)
class Recorded:
    """One recorded run.

    Attributes:
        id, territory, arm: as in the payload.
        run: the run.
        frames: years whose weeks are shown.
        followed: patients whose weeks are told.
    """

    id: str
    territory: str
    arm: str
    run: Run
    frames: int
    followed: int


@dataclass(frozen=True)
class Parts:
    """All that the payload is made of, as plain data.

    Attributes:
        about: version, code and whether the page is a quick one.
        territories: ``title``, ``text`` and ``main`` by id.
        arms: ``title``, ``text``, ``colour``, ``rules`` (titles) and ``sharing`` by id.
        outcomes: what the page says of each outcome, by id.
        runs: recorded runs; those of a territory one after the other.
        studies: what is known over seeds, by id.
        sources: records of the evidence, by id.
        factorial: factors, designs and goals.
        sharing_rules: titles of sharing rules by id.
    """

    about: Mapping[str, Any]
    territories: Mapping[str, Mapping[str, Any]]
    arms: Mapping[str, Mapping[str, Any]]
    outcomes: Mapping[str, Mapping[str, Any]]
    runs: Sequence[Recorded]
    studies: Studies
    sources: Mapping[str, Any]
    factorial: Mapping[str, Any]
    sharing_rules: Mapping[str, str]


def condensed(parts: Parts) -> dict[str, Any]:
    """The payload."""
    people = {
        name: members([one.run for one in parts.runs if one.territory == name], str(parts.territories[name]["main"]))
        for name in _shown(parts)
    }
    outcomes = _outcomes(parts, people)
    territories = {
        name: place(_first(parts, name).run, parts.territories[name]["title"], parts.territories[name]["text"], who)
        for name, who in people.items()
    }
    phrases = persons.Phrases.empty()
    runs = [_run(parts, one, people[one.territory], phrases) for one in parts.runs]
    facts, ids = _facts(territories), [one.id for one in parts.runs]
    taught = [filled(lesson, parts.studies, outcomes, facts, ids) for lesson in lessons()]
    return {
        "format": FORMAT, "about": _about(parts), "sources": _sources(parts, taught), "outcomes": outcomes,
        "arms": dict(parts.arms), "uses": [{"id": use, "label": _of_use(use)} for use in USES],
        "sharing_rules": {name: {"title": labelled(title), "text": labelled(title)}
                          for name, title in parts.sharing_rules.items()},
        "territories": territories, "runs": runs, "phrases": phrases.texts,
        "studies": {name: study.as_payload() for name, study in parts.studies.items()},
        "statements": [_statement(parts, one, people[one.territory]) for one in parts.runs if _explained(one)],
        "stories": [_story(parts, one) for one in parts.runs],
        "factorial": dict(parts.factorial), "lessons": taught,
        "glossary": read(GLOSSARY)["terms"],
    }  # fmt: skip


def _shown(parts: Parts) -> list[str]:
    return list(dict.fromkeys(one.territory for one in parts.runs))


def _first(parts: Parts, territory: str) -> Recorded:
    """The first recorded run of a territory: its map, its people and who is followed there are those of all."""
    return next(one for one in parts.runs if one.territory == territory)


def _about(parts: Parts) -> dict[str, Any]:
    limits = [
        lambda: _("It reasons about rules: it predicts nothing about a real team, a real town or a real person."),
        lambda: _("It must not be used to set anybody's pay."),
        lambda: _("Much of its behaviour rests on qualitative studies and on labelled assumptions."),
        lambda: _("An interval says what chance does in this model, not how far the model is from the world."),
    ]  # fmt: skip
    return {
        **parts.about, "level": LEVEL, "limits": [both(text) for text in limits],
        "licence": both(lambda: _("The page may be copied and changed under the MIT licence.")),
        "invented": both(lambda: _("Places, teams and persons of this page are invented.")),
    }  # fmt: skip


def _outcomes(parts: Parts, people: Mapping[str, list[Member]]) -> dict[str, Any]:
    """What is said of each outcome; those of tasks and persons are told from their ids."""
    found: dict[str, Any] = {
        name: {"percent": False, **declared} for name, declared in parts.outcomes.items()
    }  # fmt: skip
    asked = dict.fromkeys(name for study in parts.studies.values() for name in study.outcomes)
    for name in asked:
        if name.startswith(TASK):
            task = int(name.removeprefix(f"{TASK}k"))
            title = _of_task(task)
            share = both(lambda: _("of the task, as the year ends"))
            found[name] = {"theme": "task", "label": title, "unit": share, "decimals": 0, "percent": True, "good": 0}
        elif name.startswith(PERSON):
            found[name] = _of_person(name, parts, people)
    return found


def _of_task(task: int) -> Text:
    return both(lambda: task_labels()[task])


def _of_use(use: str) -> Text:
    return both(lambda: use_label(use))


def _of_person(name: str, parts: Parts, people: Mapping[str, list[Member]]) -> dict[str, Any]:
    """The income of a member of the main team, told by place among those of its profession there."""
    level, place_ = name.removeprefix(PERSON).split()
    staff: dict[str, int] = {}
    title: Text = same(name)
    for territory, who in people.items():
        main = _main_row(parts, territory)
        own = [place for place, one in enumerate(who) if one.level == level and one.team == main]
        if int(place_) < len(own):
            staff[territory] = own[int(place_)]
            title = both(who[staff[territory]].name) if title == same(name) else title
    unit = both(lambda: _("EUR a year"))
    return {"theme": "person", "label": title, "unit": unit, "decimals": 0, "percent": False, "good": 0, "staff": staff}


def _main_row(parts: Parts, territory: str) -> int:
    sites = _first(parts, territory).run.sites
    main = parts.territories[territory]["main"]
    return int(sites.loc[(sites["kind"] == "team") & (sites["name"] == main), "site"].iloc[0])


def _facts(territories: Mapping[str, Any]) -> dict[str, float]:
    """Counts of the territories that lessons speak of."""
    found: dict[str, float] = {}
    for name, one in territories.items():
        found |= {
            f"{name}.people": one["people"], f"{name}.cells": one["cells"]["x"]["shape"][0],
            f"{name}.physicians": sum(site["physicians"] for site in one["sites"]),
            f"{name}.nurses": sum(member["profession"] == "nurse" for member in one["staff"]),
            f"{name}.communes": len(one["communes"]),
        }  # fmt: skip
    return found


def _sources(parts: Parts, taught: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Records of the evidence that lessons cite, and no other."""
    cited = dict.fromkeys(name for lesson in taught for name in lesson["sources"])
    french = read(SOURCES)
    return {name: {**parts.sources[name], "title": {**parts.sources[name]["title"], "fr": french[name]}}
            for name in cited}  # fmt: skip


def _run(parts: Parts, one: Recorded, people: list[Member], phrases: persons.Phrases) -> dict[str, Any]:
    run, weeks = one.run, one.frames * WEEKS
    who = persons.chosen(_first(parts, one.territory).run, one.followed)
    main = str(parts.territories[one.territory]["main"])
    return {
        "id": one.id, "territory": one.territory, "arm": one.arm, "seed": int(run.manifest["seed"]), "weeks": weeks,
        "years": int(run.manifest["weeks"]) // WEEKS, "start": str(run.manifest["start"])[:10],
        **frames(run, weeks), "staff": years_of(run, people), "tasks": _tasks(run, _main_row(parts, one.territory)),
        "incomes_by_rule": _incomes_by_rule(run, people, main), "pairs": _pairs(run, people),
        "followed": persons.followed(run, who, weeks, people, phrases),
    }  # fmt: skip


def _tasks(run: Run, main: int) -> list[dict[str, Any]]:
    """How often nurses, and how often physicians, did each task for patients of the main team, by year."""
    events = run.events
    events = events[(events["registered_team"] == main) & events["kind"].isin(("gp", "nurse"))]
    counts = events.groupby([events["kind"].astype(str), events["task"].astype(str), "year"]).size()
    years = sorted(int(year) for year in run.territory["year"].unique())
    found = []
    for task, _title in enumerate(task_labels()):
        numbers = {
            kind: [int(counts.get((kind, f"k{task:02d}", year), 0)) for year in years] for kind in ("nurse", "gp")
        }
        if any(numbers["nurse"]) or any(numbers["gp"]):
            found.append({
                "id": f"k{task:02d}", "title": _of_task(task), "nurse": numbers["nurse"],
                "physician": numbers["gp"],
            })  # fmt: skip
    return found


def _incomes_by_rule(run: Run, people: list[Member], main: str) -> list[dict[str, Any]]:
    """What members would get of the same money under each sharing rule."""
    if not run.has("incomes_by_rule") or run.incomes_by_rule.empty:
        return []
    places = {(one.level, one.row): place_ for place_, one in enumerate(people)}
    row = int(run.sites.loc[run.sites["name"] == main, "site"].iloc[0])
    table = run.incomes_by_rule[run.incomes_by_rule["team"] == row]
    found = []
    for key, rows in table.groupby(["year", "level", "payee"]):
        year, level, payee = (str(part) for part in key)
        if (level, int(payee)) not in places:  # a nurse post that nobody has opened
            continue
        income = {str(rule): round(float(euros)) for rule, euros in zip(rows["rule"], rows["euros"], strict=True)}
        found.append({"staff": places[level, int(payee)], "year": int(year), "income": income})
    return found


def _pairs(run: Run, people: list[Member]) -> list[dict[str, Any]]:
    """Who hands what to whom as the last year ends: pairs of physician and nurse with anything handed over."""
    if not run.has("dyads") or run.dyads.empty:
        return []
    places = {(one.level, one.row): place_ for place_, one in enumerate(people)}
    last = run.dyads[run.dyads["year"] == run.dyads["year"].max()]
    found = []
    for row in last.to_dict("records"):
        shares = {f"k{task:02d}": float(row[f"share_k{task:02d}"]) for task in range(len(task_labels()))}
        shown = {task: round(share, 3) for task, share in shares.items() if share >= 0.005}  # noqa: PLR2004 - half a percent
        if shown:
            found.append({
                "physician": places["physician", int(row["physician"])], "nurse": places["nurse", int(row["nurse"])],
                "knowledge": round(float(row["knowledge"]), 3), "trust": round(float(row["trust"]), 3), "tasks": shown,
            })  # fmt: skip
    return found


def _explained(one: Recorded) -> bool:
    return one.run.has("payments") and not one.run.payments.empty


def _statement(parts: Parts, one: Recorded, people: list[Member]) -> dict[str, Any]:
    main, year = str(parts.territories[one.territory]["main"]), int(one.run.payments["year"].max())
    return {"run": one.id, "team": _main_row(parts, one.territory), "year": year,
            "lines": statement(one.run, main, year, people)}  # fmt: skip


def _story(parts: Parts, one: Recorded) -> dict[str, Any]:
    main = str(parts.territories[one.territory]["main"])
    return {"run": one.id, "team": _main_row(parts, one.territory), **story(one.run, main)}

"""Statements explained and stories of teams, in both languages."""

from dataclasses import asdict
from typing import Any, Final

from results.explain import Explanation, explanations
from results.run import Run
from results.story import Story, story_of
from results.teaching.staff import Member
from results.teaching.texts import Text, both, each

SAME: Final = ("name", "formula")
"""Parts of a step or fact that no language changes."""
ACTS: Final = "fee_for_service"


def statement(run: Run, team: str, year: int, people: list[Member]) -> list[dict[str, Any]]:
    """Every line of a team's statement of a year, but the fees of each act and each member, which are summed up.

    Args:
        run: the run.
        team: name of the team.
        year: year of the run.
        people: who works in the territory, by whose names payees are called.
    """
    names = {one.id: both(one.name) for one in people}
    found = each(lambda: [one for one in explanations(run, team=team, year=year) if one.amount])
    whole = zip(found["en"], found["fr"], strict=True)
    lines = [_line(en, fr) for en, fr in whole if en.system != ACTS] + _fees(found)
    return [{**line, "payee": names.get(line["payee"]["en"], line["payee"])} for line in lines]


def _line(en: Explanation, fr: Explanation) -> dict[str, Any]:
    texts = {name: _text(getattr(en, name), getattr(fr, name)) for name in ("payee", "title", "component", "paid")}
    return {
        "system": en.system, "amount": round(en.amount, 2), **texts,
        "steps": [_parts(asdict(one), asdict(other)) for one, other in zip(en.steps, fr.steps, strict=True)],
        "facts": [_parts(asdict(one), asdict(other)) for one, other in zip(en.facts, fr.facts, strict=True)],
    }  # fmt: skip


def _fees(found: dict[str, list[Explanation]]) -> list[dict[str, Any]]:
    """One line a member for all the acts paid by fees: the arithmetic of each act is number times tariff."""
    sums: dict[str, tuple[float, Explanation, Explanation]] = {}
    for en, fr in zip(found["en"], found["fr"], strict=True):
        if en.system == ACTS:
            before = sums.get(en.payee, (0.0, en, fr))[0]
            sums[en.payee] = (before + en.amount, en, fr)
    return [
        {"system": ACTS, "amount": round(amount, 2), "payee": _text(en.payee, fr.payee),
         "title": _text(en.title, fr.title), "component": _text("fees", "actes"), "paid": _text(en.paid, fr.paid),
         "steps": [], "facts": []}
        for amount, en, fr in sums.values()
    ]  # fmt: skip


def _text(en: str, fr: str) -> Text:
    return {"en": en, "fr": fr}


def _parts(en: dict[str, str], fr: dict[str, str]) -> dict[str, Any]:
    return {name: en[name] if name in SAME else _text(en[name], fr[name]) for name in en}


def story(run: Run, team: str) -> dict[str, Any]:
    """A team's years in sentences."""
    found: dict[str, Story] = each(lambda: story_of(run, team))
    en, fr = found["en"], found["fr"]
    return {
        "opening": _sentences(en.opening, fr.opening),
        "chapters": [
            {"year": one.year, "sentences": _sentences(one.sentences, other.sentences)}
            for one, other in zip(en.chapters, fr.chapters, strict=True)
        ],
    }


def _sentences(en: tuple[str, ...], fr: tuple[str, ...]) -> list[Text]:
    return [_text(one, other) for one, other in zip(en, fr, strict=True)]

"""An invented payload of the teaching page: small, complete, the same every time; no number in it means anything."""

import base64
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

COLUMNS, ROWS, WEEKS, YEARS, SEEDS = 5, 4, 104, 2, 6
CELLS: Final = COLUMNS * ROWS
TYPES: Final = {"u1": np.uint8, "u2": np.uint16, "f4": np.float32}
ARMS: Final = ("now", "forfait", "bonus")
OUTCOMES: Final = {
    "wait_days": ("access", False, -1, 21.0),
    "forgone": ("access", False, -1, 310.0),
    "stays": ("hospital", False, -1, 95.0),
    "spending_mean": ("spending", False, -1, 2850.0),
    "hours": ("work", False, 0, 51.0),
    "income/physician 0": ("person", False, 0, 91_000.0),
    "income/physician 1": ("person", False, 0, 84_000.0),
    "income/nurse 0": ("person", False, 0, 43_000.0),
    "task/k01": ("task", True, 0, 0.2),
    "task/k02": ("task", True, 0, 0.45),
}
LESSONS: Final = ("village", "fees", "forfait", "sharing", "nurse", "bonus", "desert", "design")
PAGES: Final = ("map", "statement", "compare", "sharing", "pairs", "luck", "map", "design")


def text(english: str) -> dict[str, str]:
    """A text in both languages."""
    return {"en": english, "fr": f"{english} (fr)"}


def packed(values: Any, kind: str, scale: float = 1.0) -> dict[str, Any]:
    """Numbers as the page reads them."""
    array = np.asarray(values, dtype=float) / scale
    stored = np.ascontiguousarray(
        array if kind == "f4" else np.rint(array), dtype=np.dtype(TYPES[kind]).newbyteorder("<")
    )
    data = base64.b64encode(stored.tobytes()).decode("ascii")
    return {"type": kind, "shape": list(array.shape), "scale": scale, "data": data}


def waves(shape: Sequence[int], low: float, high: float, phase: float = 0.0) -> NDArray[np.float64]:
    """Numbers that go up and down between two bounds."""
    places = np.arange(np.prod(shape)).reshape(shape)
    return low + (high - low) * (0.5 + 0.5 * np.sin(places * 1.7 + phase))


def territory(name: str) -> dict[str, Any]:
    """A small territory with two teams, a hospital, and an outside."""
    x, y = np.arange(CELLS) % COLUMNS + 0.5, np.arange(CELLS) // COLUMNS + 0.5
    sites = [
        {
            "id": "team 0",
            "kind": "team",
            "name": text("Lilac"),
            "team_kind": text("health home"),
            "x": 1.5,
            "y": 1.5,
            "physicians": 3,
            "nurses": 2,
            "beds": 0,
        },
        {
            "id": "team 1",
            "kind": "team",
            "name": text("Dr Z"),
            "team_kind": text("solo practice"),
            "x": 3.5,
            "y": 2.5,
            "physicians": 1,
            "nurses": 0,
            "beds": 0,
        },
        {
            "id": "hospital 0",
            "kind": "hospital",
            "name": text("Hospital"),
            "team_kind": text(""),
            "x": 4.5,
            "y": 0.5,
            "physicians": 0,
            "nurses": 0,
            "beds": 40,
        },
        {
            "id": "outside",
            "kind": "outside",
            "name": text("Elsewhere"),
            "team_kind": text(""),
            "x": None,
            "y": None,
            "physicians": 0,
            "nurses": 0,
            "beds": 0,
        },
    ]
    staff = [
        {"id": f"{profession} {n}", "site": 0, "profession": profession, "kind": text(profession), "name": text(called)}
        for profession, n, called in (("physician", 0, "Dr A"), ("physician", 1, "Dr B"), ("nurse", 0, "nurse 1"))
    ]
    cells = {
        "x": packed(x, "f4"),
        "y": packed(y, "f4"),
        "people": packed(waves((CELLS,), 40, 400), "u2"),
        "poverty": packed(waves((CELLS,), 0.05, 0.3, 1), "f4"),
        "apl": packed(waves((CELLS,), 1, 5, 2), "f4"),
        "area": packed(np.arange(CELLS) % 2, "u1"),
        "commune": packed(np.arange(CELLS) % COLUMNS // 3, "u2"),
    }
    return {
        "title": text(name),
        "text": text("An invented place."),
        "columns": COLUMNS,
        "rows": ROWS,
        "people": 4400,
        "cells": cells,
        "areas": [{"id": "T1", "title": text("industrial")}, {"id": "T4", "title": text("periurban")}],
        "communes": [{"name": "Aubry", "people": 2600}, {"name": "Belval", "people": 1800}],
        "sites": sites,
        "staff": staff,
    }


def run(place: str, arm: str, phase: float) -> dict[str, Any]:
    """A recorded run."""
    flows = [(cell, site, kind) for cell in range(CELLS) for site, kind in ((0, 0), (0, 1), (1, 0), (2, 2), (3, 3))]
    cells = ("waiting", "gp", "nurse", "hospital", "remote", "forgone")
    weekly = (
        "gp_contacts",
        "nurse_contacts",
        "teleconsultations",
        "ed_visits",
        "stays",
        "forgone",
        "delays",
        "waited_days",
        "spending",
    )
    events = {"week": [1, 3, 3, 40], "kind": [0, 1, 4, 2], "site": [0, 0, -1, 2], "phrase": [0, 1, 2, 3]}
    person = {
        "id": 7,
        "name": "Mireille",
        "age": 72,
        "woman": True,
        "cell": 8,
        "site": 0,
        "conditions": [text("heart failure")],
        "summary": text("She lives alone."),
        "spending": 5120.0,
        "gone": -1,
        "waiting": packed(waves((WEEKS,), 0, 1), "u1"),
        "events": events,
    }
    return {
        "id": f"{place}/{arm}",
        "territory": place,
        "arm": arm,
        "seed": 1,
        "weeks": WEEKS,
        "years": YEARS,
        "start": "2026-01-05",
        "cells": {name: packed(waves((WEEKS, CELLS), 0, 6, phase + n), "u1") for n, name in enumerate(cells)},
        "flows": {
            **{
                name: packed([flow[n] for flow in flows], kind)
                for n, (name, kind) in enumerate((("cell", "u2"), ("site", "u2"), ("kind", "u1")))
            },
            "count": packed(waves((WEEKS, len(flows)), 0, 3, phase), "u1"),
        },
        "weekly": {name: packed(waves((WEEKS,), 10, 90, phase + n), "f4") for n, name in enumerate(weekly)},
        "sites": {
            name: packed(waves((WEEKS, 4), 1, 30, phase + n), "u2")
            for n, name in enumerate(("wait_days", "contacts", "booked", "list"))
        },
        "staff": [
            {"minutes": [[600, 30]] * YEARS, "income": [91_000.0, None], "list": [900, 910], "contacts": [4000, 4100]}
            for _ in range(3)
        ],
        "tasks": [{"id": "k01", "title": text("prescription renewal"), "nurse": [40, 60], "physician": [400, 380]}],
        "incomes_by_rule": [
            {"staff": member, "year": 2, "income": {"equal": 70_000.0, "fee_proportional": 90_000.0 - 20_000 * member}}
            for member in range(3)
        ],
        "pairs": [
            {"physician": one, "nurse": 2, "knowledge": 0.5, "trust": 0.7, "tasks": {"k01": 0.2 + 0.1 * one}}
            for one in range(2)
        ],
        "followed": [person],
    }


def study(place: str, arms: Sequence[str], baseline: str, shift: float = 0.04) -> dict[str, Any]:
    """What is known over seeds: each arm moves each outcome a little."""
    base = np.array([level for _theme, _percent, _good, level in OUTCOMES.values()])
    effect = 1 + shift * np.arange(len(arms))[:, None] * np.cos(np.arange(len(base)))[None, :]
    luck = 1 + 0.03 * np.sin(np.arange(SEEDS)[:, None] * 2.3 + np.arange(len(base))[None, :])
    values = base * effect[:, None, :] * luck[None, :, :]
    pairs = values[:, None] - values[None, :]
    years = np.repeat(values[:, :, None, :], YEARS, axis=2) * np.array([1.0, 1.05])[None, None, :, None]
    return {
        "territory": place,
        "arms": list(arms),
        "baseline": baseline,
        "seeds": list(range(1, SEEDS + 1)),
        "years": YEARS,
        "read": [2],
        "outcomes": list(OUTCOMES),
        "values": packed(values, "f4"),
        "levels": packed(estimates(values, 1), "f4"),
        "differences": packed(estimates(pairs, 2), "f4"),
        "by_year": packed(estimates(years, 1), "f4"),
    }


def estimates(values: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    """Mean over seeds, and two standard errors to each side."""
    mean = values.mean(axis=axis)
    error = 2 * values.std(axis=axis, ddof=1) / np.sqrt(values.shape[axis])
    return np.stack([mean, mean - error, mean + error], axis=-1)


def lesson(number: int) -> dict[str, Any]:
    """A lesson; every third asks for a number."""
    asked: dict[str, Any] = {
        "kind": "choice",
        "text": text("What happens?"),
        "right": ["b"],
        "verdict": text("It goes down."),
        "options": [
            {"id": one, "text": text(f"It goes {way}."), "comment": text(f"Comment {one}.")}
            for one, way in (("a", "up"), ("b", "down"))
        ],
    }
    if number % 3 == 0:
        asked = {
            "kind": "estimate",
            "text": text("How many days?"),
            "unit": text("days"),
            "low": 0,
            "high": 40,
            "step": 1,
            "answer": [21.0, 19.5, 22.5],
            "decimals": 1,
            "verdict": text("Three weeks."),
        }
    view = {
        "page": PAGES[number - 1],
        "territory": "village",
        "runs": ["village/now", "village/forfait"][: 2 if number == 7 else 1],
        "study": "village",
        "arms": ["now", "forfait"],
        "outcomes": ["wait_days", "stays"],
        "statement": 0,
        "story": 0,
    }
    return {
        "id": LESSONS[number - 1],
        "number": number,
        "minutes": 10,
        "title": text(f"Lesson {LESSONS[number - 1]}"),
        "aim": text("See it."),
        "story": [text("Once there was a village."), text("It had three doctors.")],
        "question": asked,
        "experiment": {"text": text("Try it."), "steps": [text("Do this."), text("Then that.")], "view": view},
        "explanation": [text("Because.")],
        "sources": ["P-LIST-MEAN"],
        "discussion": [text("Why?")],
        "takeaway": text("Rules matter."),
        "numbers": [
            {
                "label": text("Wait"),
                "study": "village",
                "arm": "now",
                "versus": "",
                "outcome": "wait_days",
                "estimate": [21.0, 19.5, 22.5],
            }
        ],
    }


def level(name: str) -> dict[str, Any]:
    """A level of a factor."""
    return {"id": name, "title": text(name), "text": text(f"This is {name}.")}


def invented_payload() -> dict[str, Any]:
    """The whole payload."""
    rules = ("fees", "forfait")
    designs = [
        {
            "id": f"{rule}-{amount}",
            "levels": {"rule": rule, "amount": amount, "sharing": "equal"},
            "arm": arm,
            "file": f"{rule}-{amount}.toml",
            "toml": f'extends = "agapanthes"\n# {rule}, {amount}\n',
        }
        for (rule, amount), arm in zip((("fees", "low"), ("forfait", "low"), ("forfait", "high")), ARMS, strict=True)
    ]
    factors = [
        {"id": name, "title": text(name), "levels": [level(one) for one in levels]}
        for name, levels in (("rule", rules), ("amount", ("low", "high")), ("sharing", ("equal",)))
    ]
    goals = [
        {"id": "short", "title": text("short waits"), "outcome": "wait_days", "sign": -1},
        {"id": "cheap", "title": text("low spending"), "outcome": "spending_mean", "sign": -1},
    ]
    line = {
        "payee": text("Dr A"),
        "system": "peps",
        "title": text("PEPS"),
        "component": text("list"),
        "amount": 12_345.67,
        "paid": text("March"),
        "steps": [
            {
                "name": "due",
                "label": text("What is due"),
                "formula": "patients × rate",
                "numbers": text("900 × 13.72"),
                "value": text("€12,345.67"),
            }
        ],
        "facts": [{"name": "rate", "label": text("Rate"), "value": text("€13.72"), "origin": text("official, 2024")}],
    }
    return {
        "format": 1,
        "about": {
            "version": "0.1.0",
            "code": "abc123",
            "quick": False,
            "level": 0.95,
            "limits": [text("Do not predict a real place.")],
            "licence": text("MIT."),
            "invented": text("Places and persons are invented."),
        },
        "sources": {
            "P-LIST-MEAN": {
                "title": text("Mean list"),
                "reference": "Someone, 2024",
                "url": "https://example.org/list",
                "strength": "official",
            }
        },
        "outcomes": {
            name: {
                "label": text(name),
                "unit": text("EUR" if theme in ("person", "spending") else "n"),
                "theme": theme,
                "decimals": 1 if share or level < 100 else 0,
                "percent": share,
                "good": good,
            }
            for name, (theme, share, good, level) in OUTCOMES.items()
        },
        "arms": {
            name: {
                "title": text(name),
                "text": text(f"The arm {name}."),
                "rules": [text("fees")],
                "sharing": text("equal"),
                "colour": n,
            }
            for n, name in enumerate(ARMS)
        },
        "territories": {"village": territory("Aubry"), "town": territory("Town")},
        "runs": [run(place, arm, 3.0 * n) for place in ("village", "town") for n, arm in enumerate(ARMS[:2])],
        "uses": [{"id": "visit", "label": text("visits")}, {"id": "paper", "label": text("paperwork")}],
        "phrases": [text(one) for one in ("saw a physician", "saw a nurse", "gave up", "was admitted")],
        "sharing_rules": {
            "equal": {"title": text("equal"), "text": text("The same for all.")},
            "fee_proportional": {"title": text("by fees"), "text": text("As one bills.")},
        },
        "studies": {
            "village": study("village", ARMS, "now"),
            "factorial": study("village", ARMS, "now", 0.06),
            "luck_small": study("village", ["bonus"], "bonus"),
            "luck_large": study("town", ["bonus"], "bonus"),
        },
        "statements": [
            {
                "run": "village/forfait",
                "team": 0,
                "year": 1,
                "lines": [line, {**line, "title": text("Fees"), "amount": -2_000.0}],
            }
        ],
        "stories": [
            {
                "run": "village/now",
                "team": 0,
                "opening": [text("The team Lilac.")],
                "chapters": [{"year": 1, "sentences": [text("A quiet year.")]}],
            }
        ],
        "factorial": {
            "study": "factorial",
            "territory": "village",
            "factors": factors,
            "designs": designs,
            "goals": goals,
        },
        "lessons": [lesson(number) for number in range(1, 9)],
        "glossary": [{"term": text("forfait"), "meaning": text("A lump sum.")}],
    }

"""A made-up run whose diary is known word for word: three years of the team "Les Tilleuls" of the invented town."""

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from agents.tasks import TASKS
from results.run import Run, open_run
from sim.deciding import diary
from sim.deciding.diary import Diary
from sim.recording import dyads
from tests.invented import invented_run

YEARS: Final = 4
TEAM: Final = "Les Tilleuls"
FIRST_WEEK: Final = 52
LIBERAL, ASALEE, ADVANCED, K01, K02, K09, K17 = 0, 5, 6, 1, 2, 9, 17
ALL: Final = [0, 1, 2, 3, 4]
KNOWN: Final = {"overload": 0.9, "knowledge": 1.1, "core": -0.7, "liability": -0.2, "money": 0.05}
AGAINST: Final = {"income_change": -0.2, "substitution": -0.4, "recognition": 0.1, "voters": 8, "yes": 2}
RULES: Final = {"peps": "Payment of teams: a lump sum", "equal": "In equal parts", "hold_harmless": "Nobody loses"}


def told_run(folder: Path) -> Run:
    """The invented town, with a diary, dyads, a year of shares, and the titles of three rules."""
    invented_run(folder, years=YEARS)
    add_table(folder, "decisions", written(), {name: label for name, (_, label) in diary.COLUMNS.items()})
    add_table(folder, "dyads", pairs(), {name: label for name, (_, label) in dyads.COLUMNS.items()})
    add_table(folder, "payment_rules", pd.DataFrame({"system": RULES.keys(), "title": RULES.values(), "year": 1}))
    add_table(folder, "shares", shares())
    add_table(folder, "incomes_by_rule", incomes())
    return open_run(folder)


def written() -> pd.DataFrame:
    """The diary."""
    book = Diary()
    for quarter in range(4):
        at(book, 1, 13 * (quarter + 1))
        steps = 0.05 + 0.04 * np.array([quarter, quarter + 1])
        book.add("delegation", team=0, physician=ALL, nurse=ASALEE, task=K01, before=steps[0], after=steps[1],
                 terms={name: np.full(5, value) for name, value in KNOWN.items()})  # fmt: skip
        book.add("delegation", team=0, physician=2, nurse=ASALEE, task=K09, before=0.1 * quarter,
                 after=0.1 * (quarter + 1), terms=KNOWN)  # fmt: skip
    at(book, 1, 12)
    book.add("vote", team=0, before=0.5, after=0.25, text="peps", terms=AGAINST)
    at(book, 1, 52)
    book.add("hire", team=0, nurse=ADVANCED, before=0.0, after=1.0, terms={"funds": 0.4, "projects": 0.2})
    book.add("renewal", team=0, physician=[0, 1], before=3, after=4, text="stable",
             terms={"overload": [0.4, 0.5], "money": [-0.1, -0.4], "work": [0.2, 0.2]})  # fmt: skip
    _second_year(book)
    at(book, 4, 52)
    book.add("delegation", team=0, physician=1, nurse=ASALEE, task=K01, before=0.21, after=0.1,
             terms={"overload": 0.1, "core": -0.9, "liability": -0.8})  # fmt: skip
    book.add("refusal", team=0, physician=1, nurse=LIBERAL, task=K02, terms={"load": -0.6, "autonomy": -0.3})
    return book.frame()


def _second_year(book: Diary) -> None:
    """A year in which much happens."""
    at(book, 2, 26)
    book.add("rule_change", text="territorial_adjustment", terms={"exit_risk": 0.4})
    book.add("vote", team=0, before=0.5, after=0.75, text="peps", terms={"income_change": 0.3, "voters": 8, "yes": 6})
    book.add("join", team=0, text="peps")
    book.add("sharing", team=0, text="hold_harmless", terms={"quarrel": 0.2})
    book.add("conflict", team=0, before=0.1, after=0.55, terms={"quarrel": 0.3})
    at(book, 2, 39)
    book.add("leader", team=0, physician=2, before=0, after=2, terms={"fatigue": -0.92})
    book.add("departure", team=0, nurse=ADVANCED, terms={"outside": -0.5})
    book.add("post_closed", team=0, nurse=ADVANCED, before=1.0, after=0.0, terms={"funds": -0.3})
    book.add("project", team=0, before=1, after=2, terms={"motive": 0.3})
    book.add("shock", team=0, physician=3, nurse=ASALEE, task=K09, terms={"liability": -0.3})
    book.add("desk", team=0, support=0, task=K17)
    for kind in ("profile", "software", "control"):
        book.add(kind, team=0, text={"profile": "innovative", "control": "reminder"}.get(kind, ""))
    at(book, 2, 52)
    book.add("message", team=0, physician=ALL, before=0.05, after=0.2, text="registration")
    book.add("tie", team=0, hospital=0, before=0.2, after=0.3, terms={"trust": 0.1})
    levers: dict[str, tuple[float, float, str]] = {
        "slot": (25, 20, "chronic"), "phone": (0.09, 0.15, ""), "list": (0.6, 0.2, ""), "hours": (9.5, 9.0, ""),
        "collective": (0, 30, ""), "effort": (0.3, 0.6, "prevention"),
    }  # fmt: skip
    for kind, (before, after, text) in levers.items():
        book.add(kind, team=0, physician=ALL[:3], before=before, after=after, text=text, terms={"overload": 0.2})
    book.add("delegation", team=1, physician=5, nurse=-1, task=K01, before=0.0, after=0.9)


def at(book: Diary, year: int, week: int) -> None:
    """Turn the diary to a week of a year (1 to 52)."""
    book.year, book.week = year, FIRST_WEEK + 52 * (year - 1) + week - 1


def pairs() -> pd.DataFrame:
    """What each physician of the team hands to three nurses, more every year."""
    rows = []
    for year in range(1, YEARS + 1):
        for physician in ALL:
            for nurse in (LIBERAL, ASALEE, ADVANCED):
                share, check = np.zeros(len(TASKS)), np.zeros(len(TASKS))
                own = {LIBERAL: (K09, 12, 13), ASALEE: (K01, K02, 3, 5, K09), ADVANCED: (K01, 14, 19)}[nurse]
                share[list(own)] = np.clip(0.04 * year * (physician + 1) - 0.02 * np.arange(len(own)), 0, 0.6)
                check[list(own)] = 0.6 - 0.1 * year
                rows.append(
                    {"year": year, "physician": physician, "nurse": nurse, "knowledge": 0.5, "trust": 0.7}
                    | {f"share_{task}": value for task, value in zip(TASKS, share, strict=True)}
                    | {f"validation_{task}": value for task, value in zip(TASKS, check, strict=True)}
                )
    return pd.DataFrame(rows)


def shares() -> pd.DataFrame:
    """What each physician of the team got of the last year's money."""
    rows: list[dict[str, Any]] = []
    for physician in ALL:
        common = {"year": YEARS, "contract": 0, "level": "physician", "payee": physician, "team": 0}
        rows.append({**common, "pool": "personal", "rule": "", "cents": 9_000_000 + 500_000 * physician})
        rows.append({**common, "pool": "lump_sum", "rule": "hold_harmless", "cents": 2_000_000 + 300_000 * physician})
    return pd.DataFrame(rows)


def incomes() -> pd.DataFrame:
    """What each physician would have had of it under other rules."""
    rows = []
    for physician in ALL:
        common = {"year": YEARS, "team": 0, "level": "physician", "payee": physician}
        own = 90_000.0 + 5_000 * physician
        rows.append({**common, "rule": "hold_harmless", "euros": own + 20_000 + 3_000 * physician})
        rows.append({**common, "rule": "equal", "euros": own + 26_000})
        rows.append({**common, "rule": "fee_proportional", "euros": own + 14_000 + 6_000 * physician})
    return pd.DataFrame(rows)


def add_table(folder: Path, name: str, frame: pd.DataFrame, labels: dict[str, str] | None = None) -> None:
    """Put one more table into a run, or another one in its place."""
    file = folder / f"{name}.parquet"
    frame.to_parquet(file, index=False)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    columns = [{"name": str(column), "unit": "", "label": (labels or {}).get(str(column), "")} for column in frame]
    facts = {"file": file.name, "rows": len(frame), "bytes": file.stat().st_size, "columns": columns}
    manifest["tables"][name] = facts
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

"""The diary of a run: each choice, vote, join, exit, hire, conflict and change of rule, with the terms that decided it.

Entries come many at a time and are kept as columns. They become the table ``decisions`` of the run, from which stories
are told and figures are drawn; kinds are declared in ``agents/deciding/diary_kinds.py``.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from agents.deciding.diary_kinds import EVENT_KINDS
from sim.payment.stacked import Block, stacked

WHO: Final = ("team", "physician", "nurse", "support", "hospital", "task")
"""Whom and what an entry is about: rows of tables and a task, -1 for none."""

COLUMNS: Final[Mapping[str, tuple[str, str]]] = {
    "week": ("week", "week of the run, warm-up included"),
    "year": ("year", "year of the run"),
    "kind": ("", "kind of event"),
    "team": ("", "row of the team, -1 for none"),
    "physician": ("", "row of the physician, -1 for none"),
    "nurse": ("", "row of the nurse, -1 for none"),
    "support": ("", "row of the secretary or coordinator, -1 for none"),
    "hospital": ("", "row of the hospital, -1 for none"),
    "task": ("", "place of the task in the catalogue, -1 for none"),
    "before": ("", "what it was"),
    "after": ("", "what it is now"),
    "text": ("", "name of a rule or of a choice"),
    "terms": ("", "numbers that decided it, by name"),
}
"""Unit and label of every column of the table."""

DIGITS: Final = 6
"""Significant digits of the terms as they are written."""


class Diary:
    """What has happened, in order.

    Attributes:
        week, year: of the entries to come.
        counts: entries by year and kind.
    """

    def __init__(self) -> None:
        self.week, self.year = 0, 0
        self.counts: dict[tuple[int, str], int] = {}
        self._blocks: list[dict[str, Any]] = []

    def open(self, week: int, year: int) -> None:
        """The entries to come are of this week, in this year of the run."""
        self.week, self.year = week, year

    def add(
        self, kind: str, *, before: ArrayLike = np.nan, after: ArrayLike = np.nan, text: ArrayLike = "",
        terms: Mapping[str, ArrayLike] | None = None, **who: ArrayLike,
    ) -> None:  # fmt: skip
        """Put down one event, or many of a kind: every argument is one value, or one value an event.

        Args:
            kind: a key of ``EVENT_KINDS``.
            before: what it was.
            after: what it is now.
            text: name of a rule or choice.
            terms: numbers that decided it.
            who: rows of tables, by a name of :data:`WHO`.
        """
        assert kind in EVENT_KINDS, f"{kind} is not declared in diary_kinds"
        assert set(who) <= set(WHO), f"nobody is called {set(who) - set(WHO)}"
        columns = {"before": before, "after": after, "text": text, **who}
        given = {name: np.asarray(values) for name, values in columns.items()}
        decided = {name: np.asarray(values) for name, values in (terms or {}).items()}
        (rows,) = np.broadcast_shapes((1,), *(values.shape for values in (*given.values(), *decided.values())))
        if not rows:
            return
        self.counts[self.year, kind] = self.counts.get((self.year, kind), 0) + rows
        self._blocks.append(
            {"week": self.week, "year": self.year, "kind": kind, "rows": rows, "terms": decided, **given}
        )

    def frame(self) -> pd.DataFrame:
        """All entries, one a row; the terms as JSON."""
        return stacked(self._told(), list(COLUMNS))

    def taken(self) -> list[Block]:
        """All entries since this was last asked, as blocks of the table; the diary goes on with an empty page."""
        told = self._told()
        self._blocks = []
        return told

    def _told(self) -> list[Block]:
        return [(block["rows"], _columns(block)) for block in self._blocks]


def _columns(block: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of the table for the entries of a block."""
    rows = block["rows"]
    terms = {term: np.broadcast_to(values, rows) for term, values in block["terms"].items()}
    return {
        **{name: block[name] for name in ("week", "year", "kind")},
        **{name: np.asarray(block.get(name, -1)).astype(np.int32) for name in WHO},
        **{name: block[name].astype(np.float64) for name in ("before", "after")},
        "text": block["text"].astype(str).astype(object),
        "terms": np.array(_told(terms, rows), dtype=object),
    }


def _told(terms: Mapping[str, Any], rows: int) -> list[str]:
    """The terms of each entry as JSON."""
    plain = {name: values.tolist() for name, values in terms.items()}
    return [json.dumps({name: _short(values[row]) for name, values in plain.items()}) for row in range(rows)]


def _short(value: Any) -> Any:
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value

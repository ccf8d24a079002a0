"""What the law allows on a day: scope of each task and kind of nurse, with the dates of ``law.toml`` (behaviour B)."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table
from agents.nurses import KINDS
from agents.tasks import SCOPES, TASKS
from sim.parameters import all_parameters

FILE: Final = Path(__file__).parent / "law.toml"
FIELD: Final = "tasks_scope"
"""The table of scopes among the parameters of the week."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One text of law: the tasks that it opened, to whom, and the condition before its day."""

    name: str
    title: str
    valid_from: date
    nurses: tuple[int, ...]
    tasks: tuple[int, ...]
    before: int
    label: str
    source: str


@cache
def openings() -> tuple[Opening, ...]:
    """All texts of the file, oldest first."""
    found = tomllib.loads(FILE.read_text(encoding="utf-8"))
    texts = [
        Opening(
            name, e["title"], e["valid_from"], tuple(KINDS.index(n) for n in e["nurses"]),
            tuple(TASKS.index(t) for t in e["tasks"]), SCOPES.index(e["before"]), e["label"], e["source"],
        )
        for name, e in found.items()
    ]  # fmt: skip
    return tuple(sorted(texts, key=lambda text: text.valid_from))


def scope_on(day: date, parameters: Table) -> NDArray[np.int64]:
    """Condition on which each kind of nurse may take each task on a day, ``(tasks, kinds)`` of codes of ``SCOPES``.

    A condition that the scenario has changed is a law of its own: no date of ours bears on it.

    Args:
        day: calendar day.
        parameters: the record of the week.
    """
    scope = np.ascontiguousarray(parameters[FIELD][0], dtype=np.int64)
    to_come = sum(day < text.valid_from for text in openings())
    return _before(to_come, scope.tobytes()).reshape(scope.shape).copy()


@cache
def _before(to_come: int, scenario: bytes) -> NDArray[np.int64]:
    """The scenario's scopes while the last texts are still to come, flat. Asked for every week, worked out once."""
    declared = np.asarray(all_parameters()["tasks.scope"].value).astype(np.int64)
    scope = np.frombuffer(scenario, dtype=np.int64).reshape(declared.shape).copy()
    # The oldest text has the last word: before it, the younger ones were not there.
    for text in reversed(openings()[len(openings()) - to_come :]):
        at = np.ix_(text.tasks, text.nurses)
        scope[at] = np.where(scope[at] == declared[at], text.before, scope[at])
    return scope.ravel()

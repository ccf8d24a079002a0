"""Which kind of nurse the law lets do which task, and on what condition: the table ``tasks.scope`` (behaviour B)."""

from collections.abc import Mapping
from typing import Any, Final

from agents.nurses import KINDS
from agents.tasks import CLOSED, TASKS
from sim.parameters import all_parameters

TABLE: Final = "tasks.scope"

COORDINATED: Final = ("msp", "health_centre")
"""Kinds of team in which a protocol is possible (behaviour A4)."""


def legal_scope(task: str, nurse: str, parameters: Mapping[str, Any] | None = None) -> int:
    """On what condition a kind of nurse may take a task: a code of ``agents.tasks.SCOPES``.

    Args:
        task: a task of the catalogue.
        nurse: a kind of nurse.
        parameters: values of a scenario that differ from those declared; a reform of the law is one of them.
    """
    table = (parameters or {}).get(TABLE, all_parameters()[TABLE].value)
    return int(table[TASKS.index(task)][KINDS.index(nurse)])


def nurses_allowed(task: str, parameters: Mapping[str, Any] | None = None) -> list[str]:
    """The kinds of nurse to whom a task may be handed over, in alphabetical order."""
    return sorted(nurse for nurse in KINDS if legal_scope(task, nurse, parameters) != CLOSED)

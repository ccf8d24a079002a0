"""Which kind of nurse the law lets do which task, and on what condition (behaviour B, column Scope)."""

from collections.abc import Mapping
from typing import Final

CLOSED: Final = "closed"
OPEN: Final = "open"
PRESCRIPTION: Final = "prescription"
PROTOCOL: Final = "protocol"
AUTHORISATION: Final = "authorisation"
INFORMAL: Final = "informal"

COORDINATED: Final = ("msp", "health_centre")
"""Kinds of team in which a protocol is possible (behaviour A4)."""

LEGAL_SCOPE: Final[Mapping[str, Mapping[str, str]]] = {
    "k01": {"advanced_practice": OPEN},
    "k02": {"asalee": AUTHORISATION, "advanced_practice": OPEN, "liberal": PROTOCOL},
    "k03": {"asalee": AUTHORISATION, "advanced_practice": OPEN},
    "k04": {"asalee": AUTHORISATION, "advanced_practice": OPEN},
    "k05": {"asalee": OPEN, "advanced_practice": OPEN, "liberal": OPEN, "pathway": OPEN},
    "k06": {"asalee": AUTHORISATION, "advanced_practice": OPEN, "pathway": OPEN},
    "k07": {"asalee": OPEN},
    "k08": {"asalee": PROTOCOL, "liberal": PROTOCOL},
    "k09": {"liberal": OPEN, "asalee": OPEN, "advanced_practice": OPEN},
    "k10": {"asalee": AUTHORISATION, "advanced_practice": OPEN, "liberal": PRESCRIPTION},
    "k11": {"liberal": PROTOCOL, "advanced_practice": OPEN},
    "k12": {"liberal": PRESCRIPTION},
    "k13": {"liberal": INFORMAL},
    "k14": {"liberal": PRESCRIPTION, "asalee": OPEN, "advanced_practice": OPEN, "pathway": OPEN},
    "k15": {"pathway": OPEN, "asalee": OPEN},
    "k16": {"pathway": OPEN},
    "k17": {"pathway": OPEN},
    "k18": {"pathway": OPEN},
    "k19": {"liberal": PROTOCOL, "advanced_practice": PROTOCOL},
    "k20": {"advanced_practice": OPEN, "pathway": OPEN},
}
"""By task and kind of nurse; what is not listed is closed."""


def legal_scope(task: str, nurse: str) -> str:
    """On what condition a kind of nurse may take a task, or that it is closed to her."""
    return LEGAL_SCOPE.get(task, {}).get(nurse, CLOSED)


def nurses_allowed(task: str) -> list[str]:
    """The kinds of nurse to whom a task may be handed over."""
    return sorted(LEGAL_SCOPE.get(task, {}))

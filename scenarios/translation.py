"""Everything that a person may read, for the French catalogue: what the code says, and what the rooms declare.

python -m scenarios.translation          # new messages are added empty, those of no use removed, French spaces set
python -m scenarios.translation --check  # says what is missing, and changes nothing
"""

import argparse
import sys
from collections.abc import Iterator
from typing import Final

from agents.deciding.diary_kinds import EVENT_KINDS
from results.catalogue import CODE, faults, french, messages, pieces, written
from scenarios.commands.payments import LAYERS
from scenarios.odd.tables import declared_draws
from sim.law import openings
from sim.mechanisms import all_mechanisms
from sim.parameters import LABELS
from sim.payment.quality import INDICATORS
from sim.payment.rules import policy_class
from sim.payment.terms import BY_SCENARIO
from sim.recorder import described_tables
from sim.registry import everything
from sim.standard_measures.acts import CODES
from sim.tariffs import find_tariff
from sim.week.requests import COLUMNS as REQUESTS

BY_PARTS: Final = ("parameter", "column", "measure", "outcome", "action")
"""Kinds of declared things that come in families, whose labels the catalogue may hold in parts."""

SAID: Final = (*BY_PARTS, "tariff", "policy", "term", "mechanism", "draw")
"""Kinds of declared things whose labels and units people read: in commands, in ``Run.describe``, in validation, in
what payments rest on, in the ODD document."""

NOT_YET: Final[dict[str, str]] = {}
"""Kinds whose labels stay in English, each with its reason."""


RETURNED: Final = "Acts that go back to fees: {act}"
"""Label of ``fee_for_service`` for the acts of a code that no lump sum replaces in the end."""

DAY_OF_LIST: Final = "31 December"
"""Head of the source of a count of the list; the year stands behind it."""


def declared() -> Iterator[str]:
    """Labels and units that the rooms declare; a text may come more than once."""
    everything("policy")  # a rule declares its own measures where it is written
    for kind in BY_PARTS:
        for thing in everything(kind).values():
            yield thing.label
            yield thing.unit
    for columns in described_tables().values():
        for column in columns:
            yield column["label"]
            yield column["unit"]
    for request in REQUESTS:
        yield from (request.label, request.unit)
    yield from (*LABELS, BY_SCENARIO)
    yield from (RETURNED.format(act=find_tariff(code).title) for code in CODES)


def whole() -> Iterator[str]:
    """Texts that are said as one: those of payments, layer, rule, term and indicator."""
    yield from LAYERS.values()
    for kind in ("tariff", "policy", "term", "mechanism"):
        for thing in everything(kind).values():
            yield thing.label
            yield thing.unit
    for mechanism in all_mechanisms().values():
        if mechanism.note:
            yield mechanism.note
    for indicator in INDICATORS.values():
        yield indicator.label
    for event in EVENT_KINDS.values():
        yield from (event.label, event.before, event.after)
    for text in openings():
        yield text.title
    yield from declared_draws().values()
    yield DAY_OF_LIST
    yield from policy_class("rosp")().terms.of["objectives"].choices  # shown as the source of an objective


def said() -> dict[str, str]:
    """Every message, with the file that says it first."""
    found = messages()
    for message in pieces(declared()):
        found.setdefault(message, "sim/registry.py")
    for message in whole():
        if not CODE.fullmatch(message):
            found.setdefault(message, "sim/registry.py")
    return found


def main(arguments: list[str] | None = None) -> int:
    """Update or check the French catalogue; 1 when something is left to translate."""
    parser = argparse.ArgumentParser(prog="python -m scenarios.translation", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing")
    options = parser.parse_args(arguments)
    everything_said = said()
    left = faults(french() if options.check else written(everything_said), everything_said)
    print("\n".join(left) or f"{len(everything_said)} messages, all in French", file=sys.stdout)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())

"""Everything that a person may read, for the French catalogue: what the code says, and what the rooms declare.

python -m scenarios.translation          # new messages are added empty, those of no use removed, French spaces set
python -m scenarios.translation --check  # says what is missing, and changes nothing
"""

import argparse
import sys
from collections.abc import Iterator
from typing import Final

from results.catalogue import faults, french, messages, pieces, written
from sim.parameters import LABELS
from sim.recorder import described_tables
from sim.registry import everything

SAID: Final = ("parameter", "column", "measure", "outcome")
"""Kinds of declared things whose labels and units people read: in commands, in ``Run.describe``, in validation."""

NOT_YET: Final = {
    "action": "read by the decisions only",
    "draw": "for the ODD document, which is in English",
    "tariff": "no command shows tariffs yet; the one that explains statements will",
}
"""Kinds whose labels stay in English, each with its reason."""


def declared() -> Iterator[str]:
    """Labels and units that the rooms declare; a text may come more than once."""
    for kind in SAID:
        for thing in everything(kind).values():
            yield thing.label
            yield thing.unit
    for columns in described_tables().values():
        for column in columns:
            yield column["label"]
            yield column["unit"]
    yield from LABELS


def said() -> dict[str, str]:
    """Every message, with the file that says it first."""
    found = messages()
    for message in pieces(declared()):
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

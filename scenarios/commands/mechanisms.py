"""``careteams mechanisms``: what a scenario can take out of the behaviour of its people, by name."""

import argparse
from collections.abc import Iterator
from typing import Any

from results.messages import _, label
from scenarios.wording import written

NAME, NUMBER, OPTIONS = 22, 5, 18


def mechanisms(options: argparse.Namespace) -> int:
    """List the mechanisms, or show one with the parameters of its options."""
    from sim.mechanisms import all_mechanisms, find_mechanism

    if options.id:
        print("\n".join(_described(find_mechanism(options.id))))
        return 0
    for m in all_mechanisms().values():
        named = ", ".join(m.options) or "-"
        print(f"{m.id:<{NAME}} {m.number:<{NUMBER}} {named:<{OPTIONS}} {label(m.line)} ({m.source})")
    return 0


def _described(mechanism: Any) -> Iterator[str]:
    from sim.mechanisms import changed_by

    yield _("{name}: {meaning}", name=mechanism.id, meaning=label(mechanism.line))
    yield _("number:   {number}, priority {priority}", number=mechanism.number or "-", priority=mechanism.priority)
    yield _("source:   {source}", source=mechanism.source)
    yield _("where:    {place}", place=mechanism.where)
    if mechanism.note:
        yield _("note:     {note}", note=label(mechanism.note))
    for option in mechanism.options:
        yield _("option:   {setting}", setting=f'mechanisms.{mechanism.id} = "{option}"')
        for name, before, after in changed_by(mechanism, option):
            yield _(
                "  {parameter}: {before} becomes {after}", parameter=name, before=_short(before), after=_short(after)
            )


def _short(value: Any) -> str:
    """A value as in a file; a table that is the same number all over, by that number."""
    if isinstance(value, list) and len(set(map(str, value))) == 1:
        return _("{value} throughout", value=written(value[0]))
    return written(value)

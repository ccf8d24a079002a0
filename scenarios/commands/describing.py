"""``careteams presets``, ``describe``, ``check`` and ``parameters``: what can be said before anything runs."""

import argparse
import textwrap
from collections.abc import Iterator
from typing import Any

from agents.mistakes import Mistake
from results.messages import _, in_use, label, ngettext
from scenarios.wording import table_name, written

WIDTH = 100
APART = frozenset((
    "title", "description", "territory", "team", "reform", "offer", "payer", "mechanisms", "parameters", "record",
    "terms", "delegation",
))  # fmt: skip
"""Keys that are told before the tables, or under headings of their own."""


def presets(_options: argparse.Namespace) -> int:
    """List the presets with their titles."""
    from scenarios.files import presets as names
    from scenarios.reading import load

    known = names()
    width = max(len(name) for name in known) + 2
    for name in known:
        print(f"{name:<{width}}{title(load(name))}")
    return 0


def title(spec: Any) -> str:
    """Title of a scenario in the language in use, or in the other one, or its name."""
    return in_use(spec.title, spec.name)


def describe(options: argparse.Namespace) -> int:
    """Print a scenario: what it is, and every key that differs from its default, with its meaning."""
    from scenarios.reading import load

    spec = load(options.scenario, options.set)
    print(title(spec))
    text = in_use(spec.description)
    if text:
        print(textwrap.fill(text, WIDTH))
    for heading, lines in _tables(spec):
        print(f"\n{heading}")
        print("\n".join(lines) or _("  all as by default"))
    return 0


def _tables(spec: Any) -> Iterator[tuple[str, list[str]]]:
    """Heading and lines of each table of a scenario; the optional ones only where they say something."""
    yield _("the scenario"), list(_changed(spec))
    yield "[territory]", list(_changed(spec.territory))
    for name, team in spec.teams.items():
        place = ("team", name)
        yield table_name(place), [*_changed(team), *_delegation(team)]
        yield from _rules(place, "terms", team.terms)
    yield from _rules((), "reform", spec.reform)
    for name, offer in spec.offers.items():
        place = ("offer", name)
        yield table_name(place), list(_changed(offer))
        yield from _rules(place, "terms", offer.terms)
    said = {
        "payer": _changed(spec.payer),
        "mechanisms": _entries(spec.mechanisms),
        "parameters": _entries(spec.parameters),
        "record": _changed(spec.record),
    }
    yield from ((table_name((name,)), found) for name, lines in said.items() if (found := list(lines)))


def _changed(spec: Any) -> Iterator[str]:
    """The keys of a table that are not at their defaults, with unit and meaning."""
    from scenarios.declared import as_tables, declared_keys, key_of

    usual = as_tables(type(spec)())
    for name, value in as_tables(spec).items():
        if value == usual[name] or name in APART:
            continue
        key = key_of(declared_keys(type(spec))[name][0])
        unit = f" {_(key.unit)}" if key.unit and key.unit not in ("share", "count") else ""
        yield f"  {f'{name} = {written(value)}{unit}':<44}  {_(key.label)}"


def _rules(place: tuple[str, ...], table: str, said: dict[str, dict[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    """What is said of payment rules, one table a rule."""
    yield from ((table_name((*place, table, rule)), list(_entries(terms))) for rule, terms in said.items() if terms)


def _entries(table: dict[str, Any]) -> Iterator[str]:
    yield from (f"  {name} = {written(value)}" for name, value in table.items())


def _delegation(team: Any) -> Iterator[str]:
    for task, handed in team.delegation.items():
        informal = _(", informally") if handed.informal else ""
        yield f"  {task}: " + _("{share} to the nurse ({nurse})", share=handed.share, nurse=handed.nurse) + informal


def check(options: argparse.Namespace) -> int:
    """Say that a scenario file is good: it is read, and its ground and staff are made; a mistake says otherwise."""
    from scenarios.reading import load
    from sim.founding import rehearse

    spec = load(options.scenario, options.set)
    rehearse(spec)
    teams = ngettext("{n} team", "{n} teams", len(spec.teams))
    years = ngettext("{n} year", "{n} years", spec.years)
    print(_("{file}: good ({teams}, {years}).", file=options.scenario, teams=teams, years=years))
    return 0


def parameters(options: argparse.Namespace) -> int:
    """List the parameters of the model, or describe one of them or one group."""
    from scenarios.parameter_table import parameter_groups
    from scenarios.wording import with_nearest
    from sim.parameters import all_parameters

    known = all_parameters()
    asked = options.id
    if asked in known:
        _print_parameter(known[asked])
        return 0
    if asked and asked not in parameter_groups():
        names = [*known, *parameter_groups()]
        raise with_nearest(Mistake('the parameter "{key}" is not known.', key=asked), asked, names)
    for name, parameter in known.items():
        if not asked or name.startswith(f"{asked}."):
            print(f"{name:<40} {_short(parameter.value):<16} {label(parameter.unit):<24} {label(parameter.title)}")
    return 0


def _short(value: Any) -> str:
    return _("table") if isinstance(value, list) else written(value)


def _print_parameter(parameter: Any) -> None:
    print(_("{name}: {meaning}", name=parameter.id, meaning=label(parameter.title)))
    print(_("value:  {value} {unit}", value=written(parameter.value), unit=label(parameter.unit)))
    print(_("range:  {low} to {high}", low=parameter.low, high=parameter.high))
    print(_("label:  {label}", label=label(parameter.label)))
    print(_("source: {source}", source=parameter.source))

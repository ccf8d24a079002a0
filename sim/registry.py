"""One place to look everything up: whatever is declared anywhere, with its unit, label, source, default and range.

The registry holds nothing of its own. Each kind is a view of where its things are declared.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import pandas as pd

import sim
from agents import hospitals, nurses, patients, physicians, support, teams
from agents.declarations import Column
from agents.mistakes import Mistake, nearest
from sim import draws, events, footprints, measures, outcomes, tariffs
from sim.mechanisms import ON, all_mechanisms
from sim.parameters import all_parameters
from sim.payment.rules import installed, policy_class
from sim.payment.sharing.rule import terms_of_package
from sim.specification import POLICIES
from sim.territory import grid


@dataclass(frozen=True, slots=True)
class Declared:
    """One declared thing, as the registry shows it.

    Attributes:
        kind, name: what it is, and what it is called within its kind.
        label: one line for people, in English.
        unit: unit of its number, "" for codes, ids and texts.
        source: evidence key, document section, or "bookkeeping".
        default: value unless somebody says otherwise, None where there is none.
        low, high: plausible range, None where none can be given.
        status: how sure the number is (``evidence.md`` A), "" where that does not apply.
    """

    kind: str
    name: str
    label: str
    unit: str
    source: str
    default: Any = None
    low: float | None = None
    high: float | None = None
    status: str = ""


TABLES: Final[Mapping[str, tuple[Column, ...]]] = {
    "patients": patients.COLUMNS, "physicians": physicians.COLUMNS, "nurses": nurses.COLUMNS,
    "dyads": nurses.DYAD_COLUMNS, "support": support.COLUMNS, "hospitals": hospitals.COLUMNS, "teams": teams.COLUMNS,
    "cells": grid.CELLS, "communes": grid.COMMUNES, "territories": grid.TERRITORIES, "events": events.COLUMNS,
}  # fmt: skip
"""The columns of every table."""


def _parameters() -> Iterable[Declared]:
    for p in all_parameters().values():
        yield Declared("parameter", p.id, p.title, p.unit, p.source, p.value, p.low, p.high, p.label)


def _columns() -> Iterable[Declared]:
    for table, columns in TABLES.items():
        for c in columns:
            yield Declared("column", f"{table}.{c.name}", c.label, c.unit, c.source, c.default, c.low, c.high)


def _measures() -> Iterable[Declared]:
    for m in measures.MEASURES.values():
        yield Declared("measure", m.name, m.label, m.unit, m.reference)


def _actions() -> Iterable[Declared]:
    for a in footprints.ACTIONS.values():
        yield Declared("action", a.name, a.label, a.unit, a.reference)


def _draws() -> Iterable[Declared]:
    for module in pkgutil.walk_packages(sim.__path__, "sim."):
        importlib.import_module(module.name)  # a decision is declared where it is taken
    for name, label in draws.DECISIONS.items():
        yield Declared("draw", name, label, "", "design 4")


def _outcomes() -> Iterable[Declared]:
    for o in outcomes.OUTCOMES.values():
        yield Declared("outcome", o.name, o.label, o.unit, o.reference)


def _tariffs() -> Iterable[Declared]:
    for t in tariffs.all_tariffs().values():
        latest = t.entries[-1]
        yield Declared("tariff", t.name, t.title, t.unit, latest.source, latest.value, t.low, t.high, latest.label)


def _policies() -> Iterable[Declared]:
    for name in (*POLICIES, *installed()):
        rule = policy_class(name)
        yield Declared("policy", name, rule.title, "EUR", f"systems, {name}" if name in POLICIES else rule.__module__)


def _terms() -> Iterable[Declared]:
    terms = [policy_class(name)().terms for name in (*POLICIES, *installed())]
    for rule in (*terms, terms_of_package()):
        for t in rule.of.values():
            latest = t.entries[-1]
            yield Declared("term", f"{rule.policy}.{t.name}", t.title, t.unit, latest.source, latest.value, t.low,
                           t.high, latest.label)  # fmt: skip


def _mechanisms() -> Iterable[Declared]:
    for m in all_mechanisms().values():
        yield Declared("mechanism", m.id, m.line, "option", m.source, ON)


KINDS: Final[Mapping[str, Callable[[], Iterable[Declared]]]] = {
    "parameter": _parameters, "column": _columns, "measure": _measures, "action": _actions, "draw": _draws,
    "outcome": _outcomes, "tariff": _tariffs, "policy": _policies, "term": _terms,
    "mechanism": _mechanisms,
}  # fmt: skip
"""Every kind of declared thing."""


def everything(kind: str) -> dict[str, Declared]:
    """All declared things of a kind by name, in order of declaration.

    Raises:
        Mistake: with the nearest known kind.
    """
    if kind not in KINDS:
        raise Mistake(
            '"{kind}" is no kind of declared thing. Did you mean "{nearest}"? Known: {known}.',
            kind=kind, nearest=nearest(kind, KINDS) or "", known=", ".join(KINDS),
        )  # fmt: skip
    return {found.name: found for found in KINDS[kind]()}


def find(kind: str, name: str) -> Declared:
    """One declared thing.

    Raises:
        Mistake: with the nearest name of that kind.
    """
    known = everything(kind)
    if name not in known:
        raise Mistake(
            '{kind} "{name}" is not known. Did you mean "{nearest}"?',
            kind=kind, name=name, nearest=nearest(name, known) or "",
        )  # fmt: skip
    return known[name]


def as_frame(kind: str) -> pd.DataFrame:
    """All declared things of a kind, one a row, indexed by name."""
    rows = [asdict(found) for found in everything(kind).values()]
    return pd.DataFrame(rows, columns=list(Declared.__dataclass_fields__)).set_index("name").drop(columns="kind")

"""Terms of payment rules: every amount, rate and switch with the day it holds from, its label and its source.

A policy's terms live in ``tariffs/<policy>.toml``, one table a term:

    [cap]
    title = "Cap above the reference income"
    unit = "share"
    label = "press"
    source = "P-PEPS-CAP"
    range = [0.0, inf]                       # of a number; a switch gives choices = ["a", "b"] instead
    values = [
      { valid_from = 2019-06-19, value = 0.15 },
      { valid_from = 2022-11-10, value = 0.20 },
    ]

Labels are those of parameters. A scenario changes a term for good, a reform from a day on (:meth:`Terms.changed`).
"""

import tomllib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from agents.mistakes import Mistake, nearest, shown
from sim.parameters import LABELS

FOLDER: Final = Path(__file__).parent / "tariffs"
BY_SCENARIO: Final = "scenario"
"""Label of a value that the scenario or a reform sets."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A value and the day from which it holds."""

    valid_from: date
    value: Any
    label: str
    source: str


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a policy.

    Attributes:
        entries: dated values, oldest first; the first also holds before its day.
        low, high: plausible range of a number, or of each number of a list or table.
        choices: the words that a switch, or each entry of a list, may take.
    """

    name: str
    title: str
    unit: str
    entries: tuple[Dated, ...]
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()

    def at(self, day: date) -> Dated:
        """What holds on a day."""
        in_force = [entry for entry in self.entries if entry.valid_from <= day]
        return in_force[-1] if in_force else self.entries[0]

    def check(self, policy: str, value: Any) -> Any:
        """The value, in the type of the term.

        Raises:
            Mistake: when it has another type, leaves the range or is no choice.
        """
        known = self.entries[-1].value
        facts = {"policy": policy, "term": self.name, "value": shown(value)}
        if self.choices and not isinstance(known, list):
            self._check_choice(policy, value)
            return value
        if isinstance(known, float) and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if type(value) is not type(known) or (isinstance(known, dict) and not set(value) <= set(known)):
            raise Mistake("{policy}.{term} = {value}: expected {expected}.", expected=_said(known), **facts)
        if isinstance(known, dict):
            value = {**known, **value}
        for one in value if self.choices else ():
            self._check_choice(policy, one)
        low, high = self.low, self.high
        if low is not None and high is not None and not all(low <= number <= high for number in _numbers(value)):
            raise Mistake(
                "{policy}.{term} = {value} is outside its range, {low} to {high}.",
                low=low, high=high, **facts | {"value": f"{facts['value']} {self.unit}".rstrip()},
            )  # fmt: skip
        return value

    def _check_choice(self, policy: str, value: Any) -> None:
        if value not in self.choices:
            near = nearest(str(value), self.choices) or self.choices[0]
            raise Mistake(
                '{policy}.{term} = {value} is not known. Did you mean "{nearest}"? Known: {known}.',
                policy=policy, term=self.name, value=shown(value), nearest=near, known=", ".join(self.choices),
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """A new value of a term, from a day on; None changes it for good."""

    term: str
    value: Any
    valid_from: date | None = None
    source: str = "scenario"


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one policy by name."""

    policy: str
    of: Mapping[str, Term] = field(default_factory=dict)
    _on: dict[date, Mapping[str, Dated]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def changed(self, changes: Sequence[Change]) -> "Terms":
        """These terms with values of a scenario or reform put over them, in order.

        Raises:
            Mistake: a term that the policy has not, or a value that it cannot take.
        """
        if not changes:
            return self
        terms = dict(self.of)
        for change in changes:
            if change.term not in terms:
                raise Mistake(
                    '"{policy}" has no term "{term}". Did you mean "{nearest}"? Its terms: {known}.',
                    policy=self.policy, term=change.term, nearest=nearest(change.term, terms) or "",
                    known=", ".join(terms) or "-",
                )  # fmt: skip
            term = terms[change.term]
            value = term.check(self.policy, change.value)
            since = change.valid_from or date.min
            kept = tuple(entry for entry in term.entries if change.valid_from and entry.valid_from < since)
            entry = Dated(since, value, BY_SCENARIO, change.source)
            terms[change.term] = replace(term, entries=(*kept, entry))
        return Terms(self.policy, terms)

    def at(self, day: date) -> Mapping[str, Dated]:
        """Every term as it holds on a day."""
        if day not in self._on:
            self._on[day] = {name: term.at(day) for name, term in self.of.items()}
        return self._on[day]


def term(default: Any, title: str, unit: str, *, label: str = "assumption", source: str, **facts: Any) -> Any:
    """A dataclass field that declares a term in code: for a user's own policy that brings no file of terms.

    Args:
        default: its value, at any date.
        title: one line for people.
        unit: its unit.
        label: how sure it is.
        source: where it comes from.
        facts: ``low``, ``high`` or ``choices``, as in :class:`Term`.
    """
    metadata = {"term": {"title": title, "unit": unit, "label": label, "source": source, **facts}}
    if isinstance(default, dict | list):
        return field(default_factory=default.copy, metadata=metadata)
    return field(default=default, metadata=metadata)


def read_terms(policy: str, kind: type[Any], file: Path | None = None) -> Terms:
    """The terms of a policy: from its file, or from what its class of parameters declares.

    Args:
        policy: name of the policy.
        kind: dataclass with one field a term.
        file: file of terms; ``tariffs/<policy>.toml`` by default, where there is one.

    Raises:
        Mistake: a value without day, unit, label or source; fields and terms that do not match.
    """
    file = file or FOLDER / f"{policy}.toml"
    return _terms_of(policy, cast(Hashable, kind), file, file.stat().st_mtime_ns if file.exists() else 0)


@cache
def _terms_of(policy: str, kind: Any, file: Path, written: int) -> Terms:
    """The terms, read once as long as the file stays as it was written: contracts that change ask for them often."""
    names = [f.name for f in fields(kind)]
    if written:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
        terms = {name: _read(file.name, name, table) for name, table in tables.items()}
    else:
        terms = {f.name: _declared(policy, f) for f in fields(kind)}
    if set(terms) != set(names):
        differ = sorted(set(terms) ^ set(names))
        raise Mistake('{file}: terms and parameters of "{policy}" differ: {differ}.',
                      file=file.name, policy=policy, differ=", ".join(differ))  # fmt: skip
    return Terms(policy, terms)


def _read(file: str, name: str, table: Mapping[str, Any]) -> Term:
    for needed in ("title", "unit", "label", "source", "values"):
        if needed not in table:
            raise Mistake('{file}: term "{term}" has no {key}.', file=file, term=name, key=needed)
    entries = tuple(
        Dated(e["valid_from"], e["value"], e.get("label", table["label"]), e.get("source", table["source"]))
        for e in table["values"]
    )
    days = [entry.valid_from for entry in entries]
    labels = {entry.label for entry in entries}
    if not entries or days != sorted(set(days)) or not labels <= set(LABELS) or not all(e.source for e in entries):
        raise Mistake('{file}: term "{term}" needs values in order of days, each with a known label and a source.',
                      file=file, term=name)  # fmt: skip
    low, high = table.get("range", (None, None))
    found = Term(name, table["title"], table["unit"], entries, low, high, tuple(table.get("choices", ())))
    for entry in entries:
        found.check(file, entry.value)
    return found


def _declared(policy: str, declared: Any) -> Term:
    facts = declared.metadata.get("term")
    if facts is None:
        raise Mistake('"{policy}": declare its term "{term}" with term(...), or in a file of terms.',
                      policy=policy, term=declared.name)  # fmt: skip
    value = declared.default_factory() if callable(declared.default_factory) else declared.default
    entry = Dated(date.min, value, facts["label"], facts["source"])
    return Term(declared.name, facts["title"], facts["unit"], (entry,), facts.get("low"), facts.get("high"),
                tuple(facts.get("choices", ())))  # fmt: skip


def _numbers(value: Any) -> list[float]:
    """The numbers in a value."""
    if isinstance(value, dict):
        return [n for part in value.values() for n in _numbers(part)]
    if isinstance(value, list):
        return [n for part in value for n in _numbers(part)]
    return [] if isinstance(value, str | bool) else [value]


def _said(value: Any) -> str:
    """What kind of value is expected, in words of a scenario file."""
    words: dict[type, str] = {bool: "true or false", int: "a whole number", float: "a number", str: "a text in quotes",
                              list: "a list", date: "a day"}  # fmt: skip
    if isinstance(value, dict):
        return "a table with keys among " + ", ".join(map(str, value))
    return words.get(type(value), type(value).__name__)

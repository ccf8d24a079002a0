"""The worksheet of a payment rule: every step of it, in the order of the rule, with what it is made of.

    sheet = Sheet("peps", accounts, "team", terms)
    sheet.bring("base", lump_sums, "Lump sums of the patients on the list")
    sheet.let("after_leak", "max(0, base - leak_rate * leaked_value)", "Less care that patients bought elsewhere")
    sheet.pay("lump_sum", "after_leak", to="team_account", cash=quarters(accounts.year))
    return sheet.statement()

A name in a formula is an earlier step, else a term of the policy, else a measure of the accounts. What is computed and
what is explained are one text.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from agents.mistakes import Mistake, nearest
from sim.measures import MEASURES
from sim.payment.accounts_of_year import AccountsOfYear, Numbers
from sim.payment.formula import Values, formula
from sim.payment.statement import Cash, Component, Statement, to_cents
from sim.payment.terms import Dated, Term

STEP, BROUGHT, TERM, MEASURE = "step", "brought", "term", "measure"
KINDS: Final = (STEP, BROUGHT, TERM, MEASURE)


class Entry(NamedTuple):  # thousands a year, which a tuple is quickest made as
    """One name of a worksheet.

    Attributes:
        name: as formulas call it.
        kind: ``step`` (a formula), ``brought`` (from a table or the history), ``term`` or ``measure``.
        label: one line for people.
        unit: unit of its value.
        value: one an owner, or one for all.
        formula: text of a step, "" otherwise.
        dated: day, label and source of a term.
        source: where a brought value or a measure comes from.
    """

    name: str
    kind: str
    label: str
    unit: str
    value: Any
    formula: str = ""
    dated: Dated | None = None
    source: str = ""


class Sheet:
    """The worksheet of one policy, for one level of payees.

    Args:
        policy: name of the policy.
        accounts: the year that is settled.
        level: level of the payees.
        terms: terms of the policy by name, and as they hold.
        share_of_year: part of the year that is paid for; the rule computes a whole year.
        title: what people call the policy.
    """

    def __init__(
        self, policy: str, accounts: AccountsOfYear, level: str, terms: Mapping[str, tuple[Term, Dated]],
        share_of_year: float = 1.0, title: str = "",
    ) -> None:  # fmt: skip
        self.policy, self.accounts, self.level = policy, accounts, level
        self.title = title or policy
        self.share_of_year = share_of_year
        self._terms = terms
        self._entries: dict[str, Entry] = {}
        self._components: list[Component] = []

    def __getitem__(self, name: str) -> Any:
        """The value of a name."""
        return self._entry(name).value

    def rows(self, name: str) -> Numbers:
        """The value of a name, one an owner: ``(owners,)``."""
        values, size = np.asarray(self[name], dtype=np.float64), self.accounts.size(self.level)
        return values if values.shape == (size,) else np.broadcast_to(values, size)

    def bring(self, name: str, values: ArrayLike, label: str, unit: str = "EUR", source: str = "") -> Values:
        """Put a value on the sheet that comes from elsewhere: a table, the norms, an earlier year.

        Args:
            name: what formulas call it.
            values: one an owner, or one for all.
            label: one line for people.
            unit: its unit.
            source: where it comes from.

        Raises:
            Mistake: when the shape does not fit, the name is taken, or a value is no number.
        """
        return self._put(Entry(name, BROUGHT, label, unit, np.asarray(values), source=source))

    def let(self, name: str, text: str, label: str, unit: str = "EUR") -> Values:
        """A step: the value of a formula.

        Raises:
            Mistake: when the formula cannot be read, reads an unknown name, or gives what is no number.
        """
        return self._put(Entry(name, STEP, label, unit, formula(text)(self.__getitem__), formula=text))

    def pay(self, component: str, step: str, *, to: str, cash: Cash, weights: Numbers | None = None) -> None:
        """Pay the value of a step, to the cent.

        Args:
            component: part of the rule.
            step: name of the value.
            to: kind of payee.
            cash: quarters in which it is paid, in equal parts unless there are weights.
            weights: how much of it is paid in each quarter, ``(owners, quarters)``.
        """
        owners = self.accounts.owners.get(self.level)
        if owners is None:
            return
        if self.share_of_year < 1:
            part = f"{step}_part"
            self.let(part, f"{step} * share_of_year", "Part of the year in which the contract holds")
            step = part
        cents = to_cents(self.rows(step))
        self._components.append(
            Component(component, step, to, self.level, owners.rows, owners.team, cents, cash, weights)
        )

    def statement(self) -> Statement:
        """What has been paid."""
        # Components know the sheet, which does not know them: nothing waits for a search for cycles to be let go.
        parts = tuple(part.with_sheet(self) for part in self._components)
        return Statement(self.policy, self.accounts.year, parts)

    def row(self, step: str, place: int) -> dict[str, Any]:
        """Values of one owner that gave a step, by name, in the order in which they were needed."""
        return {entry.name: _at(entry.value, place) for entry in self.behind(step)}

    def behind(self, step: str) -> list[Entry]:
        """A step and all that it rests on, each before what is made of it."""
        seen: dict[str, Entry] = {}
        self._collect(step, seen)
        return list(seen.values())

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def _collect(self, name: str, seen: dict[str, Entry]) -> None:
        entry = self._entry(name)
        if entry.formula:
            for part in formula(entry.formula).names:
                if part not in seen:
                    self._collect(part, seen)
        seen[name] = entry

    def _put(self, entry: Entry) -> Values:
        if entry.name in self._entries:
            raise Mistake('policy "{policy}": "{name}" is on the sheet twice.', policy=self.policy, name=entry.name)
        n = self.accounts.size(self.level)
        if entry.value.shape not in ((), (n,)):
            raise Mistake(
                'policy "{policy}": "{name}" has shape {shape}; expected one value for each {level}, shape ({n},).',
                policy=self.policy, name=entry.name, shape=entry.value.shape, n=n, level=self.level,
            )  # fmt: skip
        if entry.value.dtype.kind == "f" and not np.isfinite(entry.value).all():
            raise Mistake(
                'policy "{policy}": "{name}" is not a number for {level} {place}{formula}.',
                policy=self.policy, name=entry.name, level=self.level, place=int(np.argmin(np.isfinite(entry.value))),
                formula=f" ({entry.formula})" if entry.formula else "",
            )  # fmt: skip
        self._entries[entry.name] = entry
        return np.asarray(entry.value)

    def _entry(self, name: str) -> Entry:
        if name not in self._entries:
            self._entries[name] = self._found(name)
        return self._entries[name]

    def _found(self, name: str) -> Entry:
        """A term or a measure, put on the sheet when it is first read."""
        if name == "share_of_year":
            return Entry(name, BROUGHT, "Part of the year in which the contract holds", "share", self.share_of_year)
        if name in self._terms:
            term, dated = self._terms[name]
            return Entry(name, TERM, term.title, term.unit, dated.value, dated=dated, source=dated.source)
        if name in MEASURES:
            known = MEASURES[name]
            value = self.accounts.measure(name, self.level)
            return Entry(name, MEASURE, known.label, known.unit, value, source=known.reference)
        names = [*self._entries, *self._terms, *MEASURES]
        raise Mistake('policy "{policy}": "{name}" is no step, term or measure. Did you mean "{nearest}"?',
                      policy=self.policy, name=name, nearest=nearest(name, names) or "")  # fmt: skip


def _at(value: Any, place: int) -> Any:
    """A value as it stands for one owner."""
    if isinstance(value, np.ndarray):
        return value.item() if value.ndim == 0 else value[place].item()
    return value

"""Statements: what a policy pays, to whom, for which year, when, and why (systems 0.5)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sim.payment.accounts_of_year import Numbers, Rows
from sim.payment.stacked import Block, stacked
from sim.working_time import QUARTERS

PAYEE_KINDS: Final = ("person", "team_account", "association", "employer", "hospital")

LINE_COLUMNS: Final = [
    "system", "sheet", "component", "step", "payee_kind", "level", "payee", "team", "cents", "accrual_year",
    "cash_year", "cash_quarter",
]  # fmt: skip
"""Columns of a statement as a table."""

type Cash = Sequence[tuple[int, int]]
"""Quarters in which an amount is paid in equal parts: (year, quarter from 1)."""


def quarters(year: int) -> Cash:
    """The four quarters of a year."""
    return [(year, quarter) for quarter in range(1, QUARTERS + 1)]


def to_cents(euros: ArrayLike) -> NDArray[np.int64]:
    """Euros to whole cents, half a cent upwards."""
    # Amounts such as 1.005 are a hair below themselves in binary: mend what is far below a cent first.
    return np.floor(np.round(np.asarray(euros, dtype=np.float64) * 100, 6) + 0.5).astype(np.int64)


def shared_out(cents: NDArray[np.int64], weights: Numbers) -> NDArray[np.int64]:
    """Whole cents shared out by weight, by largest remainder: the parts of each row sum to it.

    Args:
        cents: pools, ``(n,)``.
        weights: not negative, ``(n, parts)``; a row of zeros is shared equally.

    Returns:
        ``(n, parts)``.
    """
    total = weights.sum(axis=1, keepdims=True)
    share = np.divide(weights, total, out=np.full_like(weights, 1 / weights.shape[1]), where=total > 0)
    exact = cents[:, None] * share
    parts = np.floor(exact).astype(np.int64)
    left = cents - parts.sum(axis=1)
    # Stable: of equal remainders the first comes first, so that the same pool is always shared the same way.
    order = np.argsort(-(exact - parts), axis=1, kind="stable")
    rank = np.argsort(order, axis=1, kind="stable")
    return np.asarray(parts + (rank < left[:, None]))


def shared_in_groups(
    cents: NDArray[np.int64], group: Rows, weights: Numbers, identity: Rows | None = None
) -> NDArray[np.int64]:
    """Whole cents shared out by weight within groups of any size, by largest remainder: parts of a group sum to it.

    Args:
        cents: pools, ``(groups,)``, not negative; that of a group without members is not shared.
        group: group of each member, ``(members,)``.
        weights: not negative, ``(members,)``; a group of zeros is shared equally.
        identity: by which equal remainders are told apart, ``(members,)``; the order of the members by default.

    Returns:
        ``(members,)``.
    """
    n = len(cents)
    size = np.bincount(group, minlength=n)[group]
    total = np.bincount(group, weights, minlength=n)[group]
    share = np.divide(weights, total, out=1 / size, where=total > 0)
    # Sums in another order differ in the last bit: what is far below a cent must not decide who gets the last one.
    exact = np.round(cents[group] * share, 6)
    parts = np.floor(exact).astype(np.int64)
    left = cents - np.bincount(group, parts, minlength=n).astype(np.int64)
    some = np.flatnonzero(left[group] > 0)
    order = some[np.lexsort((some if identity is None else identity[some], (parts - exact)[some], group[some]))]
    of = group[order]
    first = np.searchsorted(of, of)
    parts[order] += np.arange(len(order)) - first < left[of]
    return parts


@dataclass(frozen=True, slots=True)
class Payment:
    """One line of a statement.

    Attributes:
        system, component: the policy, and the part of its rule.
        payee_kind: one of :data:`PAYEE_KINDS`.
        level, payee: level of the accounts and row in its table.
        amount: EUR, to the cent.
        accrual_year: calendar year of the care.
        cash_year, cash_quarter: when it is paid.
        terms: values that gave the amount, by name.
    """

    system: str
    component: str
    payee_kind: str
    level: str
    payee: int
    amount: float
    accrual_year: int
    cash_year: int
    cash_quarter: int
    terms: Mapping[str, Any]


@dataclass(frozen=True)
class Component:
    """One component of a policy's pay, for all its payees.

    Attributes:
        name: part of the rule.
        step: name in the worksheet of the value that is paid.
        payee_kind, level: who is paid.
        payees: rows in the table of the level, ``(n,)``.
        team: place of each payee's team in the accounts, ``(n,)``.
        cents: amounts, ``(n,)``.
        cash: quarters in which it is paid, in equal parts unless there are weights.
        weights: how much of it is paid in each quarter, ``(n, quarters)``.
        sheet: the worksheet that gave it, for explanations; None on the fast path.
    """

    name: str
    step: str
    payee_kind: str
    level: str
    payees: Rows
    team: Rows
    cents: NDArray[np.int64]
    cash: Cash
    weights: Numbers | None = None
    sheet: Any = field(default=None, repr=False, compare=False)

    def with_sheet(self, sheet: Any) -> "Component":
        """The same, explained by a worksheet, or not at all."""
        return Component(self.name, self.step, self.payee_kind, self.level, self.payees, self.team, self.cents,
                         self.cash, self.weights, sheet)  # fmt: skip

    def instalments(self) -> NDArray[np.int64]:
        """Cents by payee and quarter of payment, ``(n, quarters)``."""
        weights = np.ones((len(self.cents), len(self.cash))) if self.weights is None else self.weights
        return shared_out(self.cents, weights)


@dataclass(frozen=True)
class Statement:
    """What one policy pays for one year.

    Attributes:
        system: the policy.
        accrual_year: calendar year of the care.
        components: its parts; their sum is what is paid.
    """

    system: str
    accrual_year: int
    components: tuple[Component, ...] = ()

    def __add__(self, other: "Statement") -> "Statement":
        return Statement(self.system, self.accrual_year, self.components + other.components)

    @property
    def total(self) -> float:
        """All that is paid (EUR)."""
        return float(sum(int(part.cents.sum()) for part in self.components)) / 100

    def amounts(self, level: str, size: int, *, payee_kind: str = "", component: str = "") -> Numbers:
        """Amount of each owner of a level (EUR), ``(size,)``: by place in the accounts, not by row of the world.

        Args:
            level: level of the accounts.
            size: number of owners.
            payee_kind: only what goes to this kind of payee, where given.
            component: only this part of the rule, where given.
        """
        cents = np.zeros(size, dtype=np.int64)
        for part in self.components:
            if part.level == level and payee_kind in ("", part.payee_kind) and component in ("", part.name):
                cents += part.cents
        return cents / 100

    def by_team(self, teams: int, payee_kind: str = "") -> NDArray[np.int64]:
        """Cents of each team, members included, ``(teams,)``: by place in the accounts.

        Args:
            teams: how many there are.
            payee_kind: only what goes to this kind of payee, where given.
        """
        cents = np.zeros(teams, dtype=np.int64)
        for part in self.components:
            if payee_kind in ("", part.payee_kind):
                np.add.at(cents, part.team, part.cents)
        return cents

    def sheets(self) -> list[Any]:
        """Its worksheets, in order; what is paid on the fast path has none."""
        return list({id(part.sheet): part.sheet for part in self.components}.values())

    def without_sheets(self) -> "Statement":
        """The same, not explained: worksheets are many times as large as what is paid."""
        return replace(self, components=tuple(part.with_sheet(None) for part in self.components))

    def lines(self) -> Iterator[Payment]:
        """Every payment, one for each quarter in which it is paid."""
        for part in self.components:
            parts = part.instalments()
            for place, payee in enumerate(part.payees):
                terms = part.sheet.row(part.step, place) if part.sheet is not None else {}
                for (year, quarter), cents in zip(part.cash, parts[place], strict=True):
                    yield Payment(self.system, part.name, part.payee_kind, part.level, int(payee), int(cents) / 100,
                                  self.accrual_year, year, quarter, terms)  # fmt: skip

    def frame(self) -> pd.DataFrame:
        """Every payment without its terms, one a row."""
        return stacked(self.blocks(), LINE_COLUMNS)

    def blocks(self) -> list[Block]:
        """The same, one block a component."""
        pages = {id(sheet): page for page, sheet in enumerate(self.sheets())}
        return [
            (len(part.payees) * len(part.cash), self._columns(part, pages[id(part.sheet)])) for part in self.components
        ]

    def _columns(self, part: Component, page: int) -> dict[str, Any]:
        n, k = len(part.payees), len(part.cash)
        return {
            "system": self.system,
            "sheet": page,
            "component": part.name,
            "step": part.step,
            "payee_kind": part.payee_kind,
            "level": part.level,
            "payee": np.repeat(part.payees, k),
            "team": np.repeat(part.team, k),
            "cents": part.instalments().reshape(-1),
            "accrual_year": self.accrual_year,
            "cash_year": np.tile([year for year, _ in part.cash], n),
            "cash_quarter": np.tile([quarter for _, quarter in part.cash], n),
        }

"""A sharing rule: how what stands on a team account reaches persons, as one class in one file (systems 4).

    class Equal(SharingRule):
        name, title = "equal", "In equal parts"

        def write(self, sheet, members):
            sheet.let("share", "pool / members_of_team", "Share of each")

Names on the sheet from the start: ``account``, what stands on the account; ``pool``, what is left of it for persons
once staff and projects are paid, or what persons owe of a debt; ``members_of_team``. A rule writes ``share``, EUR for
each member, and brings what else it reads. It draws nothing at random and keeps nothing; cents are dealt out for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from sim.payment.accounts_of_year import Numbers
from sim.payment.sharing.members import MEMBER, Members
from sim.payment.sheet import Sheet
from sim.payment.statement import shared_in_groups, to_cents
from sim.payment.terms import FOLDER, Change, Terms, read_terms
from sim.specification import SHARING

LUMP_SUM, COLLECTIVE, FEES, PERSONAL = "lump_sum", "collective", "fees", "personal"
"""Kinds of money: in the place of fees; for the team as such; fees; what is each one's own."""
SHARED: Final = (COLLECTIVE, LUMP_SUM, FEES)
"""Those that a rule may share, in order: collective money pays staff and projects before lump sums do."""

SHARE: Final = "share"
"""The step that every rule writes: EUR for each member."""

COSTS: Final = {"staff": "Employers' costs and staff, paid first", "projects": "Then projects"}
OF_ALL: Final = "The same, of all who take part in the team"

type Cents = NDArray[np.int64]


@dataclass(frozen=True)
class SharingParameters:
    """Terms of sharing, for all rules of this package."""

    equal_by: str
    presence_weight: float
    acts_per_hour: float
    letters_per_visit: float
    nurse_day_hours: float
    reference_year: int
    acts_counted: str
    lump_sum_rule: str
    collective_rule: str
    fees_pooled_by: str


@cache
def terms_of_package() -> Terms:
    """The terms of the rules of this package, as their file has them."""
    return read_terms(SHARING, SharingParameters, FOLDER / "sharing.toml")


@dataclass(frozen=True)
class Shared:
    """What a rule gave.

    Attributes:
        cents: of each member, ``(members,)``.
        kept: what stays on the account of each team, ``(teams,)``; staff and projects are paid from it.
        sheet: why, with one row for each member who takes part.
        step: its step with the amount of each.
        here: who takes part, ``(members,)``.
    """

    cents: Cents
    kept: Cents
    sheet: Sheet
    step: str
    here: NDArray[np.bool_]


class SharingRule:
    """A sharing rule, under its terms.

    Attributes:
        name: what scenarios call it.
        title: one line for people.
        pools: kinds of money that a team may choose it for; others reach persons as is usual.
        among_all: whether all members take part in a lump sum, not only those whose acts it replaces.
        keeps_rest: whether what persons do not claim stays on the account.
        alone_gets_all: whether it then goes to the only professional of a team, who owns the account.
        parameters: dataclass with one field a term; the rules of this package share one. An own one declares its terms
            with ``sim.payment.terms.term``.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    pools: ClassVar[Sequence[str]] = (LUMP_SUM,)
    among_all: ClassVar[bool] = False
    keeps_rest: ClassVar[bool] = False
    alone_gets_all: ClassVar[bool] = True
    parameters: ClassVar[type[Any]] = SharingParameters

    def __init__(self, changes: Sequence[Change] = ()) -> None:
        known = terms_of_package() if self.terms_name() == SHARING else read_terms(self.name, self.parameters)
        self.terms: Terms = known.changed(changes)

    @classmethod
    def terms_name(cls) -> str:
        """What its terms are called: ``sharing`` for those of this package, else the name of the rule."""
        return SHARING if cls.parameters is SharingParameters else cls.name

    def term(self, name: str, year: int) -> Any:
        """A term as it holds on the last day of a year."""
        return self.terms.of[name].at(date(year, 12, 31)).value

    def write(self, sheet: Sheet, members: Members) -> None:
        """Write the steps of the rule, the last of which is ``share``.

        Args:
            sheet: the worksheet, one row a member.
            members: those who take part, of the teams under this rule.
        """
        raise NotImplementedError

    def share(self, pool_cents: Cents, members: Members) -> Cents:
        """What each member gets of what stands on the accounts: whole cents, ``(teams,)`` to ``(members,)``."""
        return self.shared(pool_cents, members).cents

    def shared(self, pool_cents: Cents, members: Members) -> Shared:
        """The same, with what stays on the accounts, and why.

        A debt is borne by persons as the same money would have reached them; where the rest stays on the account, so
        does the debt. The only professional of a team gets all that is left for persons, and bears every debt.
        """
        here = members.rows(members.takes_part)
        owes = self._owes(pool_cents, members)
        sheet = self._sheet(here, pool_cents, owes)
        self.write(sheet, here)
        step = self._step(sheet, here, owes)
        sign = np.where(owes, -1, 1)
        weights = np.maximum(0.0, sign[here.team] * sheet.rows(step))
        for_persons = np.maximum(0, pool_cents - to_cents(members.staff + members.projects))
        if self.keeps_rest:
            claims = to_cents(np.bincount(here.team, weights, minlength=members.teams))
            for_persons = np.minimum(for_persons, claims)
        some = np.bincount(here.team, minlength=members.teams) > 0
        totals = np.where(some, np.where(owes, -pool_cents, for_persons), 0)
        cents = np.zeros(len(members), dtype=np.int64)
        cents[members.takes_part] = sign[here.team] * shared_in_groups(totals, here.team, weights, here.identity)
        gone = np.bincount(members.team, cents, minlength=members.teams).astype(np.int64)
        return Shared(cents, pool_cents - gone, sheet, step, members.takes_part)

    def _owes(self, pool_cents: Cents, members: Members) -> NDArray[np.bool_]:
        """Teams whose persons bear the debt of the account, ``(teams,)``."""
        borne = not self.keeps_rest or (self.alone_gets_all & (members.professionals == 1))
        return np.asarray((pool_cents < 0) & borne)

    def _sheet(self, members: Members, pool_cents: Cents, owes: NDArray[np.bool_]) -> Sheet:
        """A worksheet with what every rule begins with."""
        in_force = self.terms.at(date(members.year, 12, 31))
        terms = {name: (self.terms.of[name], dated) for name, dated in in_force.items()}
        sheet = Sheet(self.name, members.as_accounts(), MEMBER, terms, title=self.title)
        sheet.bring("account", members.of_team(pool_cents) / 100, "On the team account")
        costs = [name for name in COSTS if getattr(members, name).any()]
        for name in costs:
            sheet.bring(name, members.of_team(getattr(members, name)), COSTS[name])
        left = f"max(0, {' - '.join(['account', *costs])})"
        if owes.any():
            sheet.bring("owed", members.of_team(owes), "The account has a debt that persons bear", "yes/no")
            sheet.let("pool", f"-account if owed else {left}", "What is left for persons, or what they owe")
        else:
            sheet.let("pool", left, "What is left for persons")
        sheet.bring("members_of_team", members.summed(np.ones(len(members))), "Members who take part", "count")
        return sheet

    def _step(self, sheet: Sheet, members: Members, owes: NDArray[np.bool_]) -> str:
        """The name of the last step: who is alone in a team gets what a rule leaves on the account; debts are debts."""
        step = SHARE
        alone = members.of_team(members.professionals) == 1
        if self.keeps_rest and self.alone_gets_all and alone.any():
            step = "share_alone"
            sheet.bring("alone", alone, "The only professional of the team", "yes/no")
            sheet.let(step, "pool if alone else share", "Who is alone gets all")
        if owes.any():
            sheet.let("borne", f"-{step} if owed else {step}", "A debt is borne as the same money would be shared")
            step = "borne"
        return step


def share_by(sheet: Sheet, name: str, label: str) -> None:
    """Share in proportion to a column that :func:`bring_with_sum` brought; equally where nobody of a team has any.

    Args:
        sheet: the worksheet.
        name: column.
        label: what the share is.
    """
    sheet.let(SHARE, f"pool * {name} / {name}_of_team if {name}_of_team > 0 else pool / members_of_team", label)


def bring_with_sum(sheet: Sheet, members: Members, name: str, label: str, unit: str = "EUR") -> None:
    """Bring a column of the members, and its sum over each one's team as ``<name>_of_team``.

    Args:
        sheet: the worksheet.
        members: its members.
        name: column.
        label: what it is.
        unit: its unit.
    """
    values: Numbers = getattr(members, name)
    sheet.bring(name, values, label, unit)
    sheet.bring(f"{name}_of_team", members.summed(values), OF_ALL, unit)

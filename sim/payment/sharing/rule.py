"""A sharing rule: how what stands on a team account reaches persons, as one class in one file (systems 4).

    class Equal(SharingRule):
        name, title = "equal", "In equal parts"

        def write(self, sheet, members):
            sheet.let("share", "pool / members_of_team", "Share of each")

Names on the sheet from the start: ``account``, what stands on the account; ``pool``, what is left of it for persons
once staff and projects are paid; ``members_of_team``. A rule writes ``share``, EUR for each member, and brings what else
it reads. It draws nothing at random and keeps nothing; cents are dealt out for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from sim.payment.accounts_of_year import Numbers
from sim.payment.sharing.members import MEMBER, Members
from sim.payment.sheet import Sheet
from sim.payment.statement import shared_in_groups, to_cents
from sim.payment.terms import FOLDER, Change, Terms, read_terms

LUMP_SUM, COLLECTIVE, FEES, PERSONAL = "lump_sum", "collective", "fees", "personal"
POOLS: Final = (LUMP_SUM, COLLECTIVE, FEES, PERSONAL)
"""Kinds of money: in the place of fees; for the team as such; fees; what is each one's own."""

SHARE: Final = "share"
"""The step that every rule writes: EUR for each member."""
SHARING: Final = "sharing"
"""What the terms of all rules of this package are called together."""

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
    collective_rule: str
    fees_pooled_by: str


@dataclass(frozen=True)
class Shared:
    """What a rule gave.

    Attributes:
        cents: of each member, ``(members,)``.
        kept: what stays on the account of each team, ``(teams,)``; staff and projects are paid from it.
        sheet: why; step :data:`SHARE` holds the amount of each member.
    """

    cents: Cents
    kept: Cents
    sheet: Sheet


class SharingRule:
    """A sharing rule, under its terms.

    Attributes:
        name: what scenarios call it.
        title: one line for people.
        pools: kinds of money that a team may choose it for; others reach persons as is usual.
        keeps_rest: whether what persons do not claim stays on the account.
        parameters: dataclass with one field a term; ``policy`` is how messages call them.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    pools: ClassVar[Sequence[str]] = (LUMP_SUM,)
    keeps_rest: ClassVar[bool] = False
    parameters: ClassVar[type[Any]] = SharingParameters
    terms_of: ClassVar[str] = SHARING
    terms_file: ClassVar[Path | None] = FOLDER / "sharing.toml"

    def __init__(self, changes: Sequence[Change] = ()) -> None:
        self.terms: Terms = read_terms(self.terms_of, self.parameters, self.terms_file).changed(changes)

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

        An account with a debt gives nothing. The only member of a team gets all that is left for persons.
        """
        here = members.rows(members.takes_part)
        sheet = self._sheet(here, pool_cents)
        self.write(sheet, here)
        self._all_to_the_only_one(sheet, here)
        weights = np.maximum(0.0, sheet.rows(_last(sheet)))
        totals = self._totals(sheet, here, weights, pool_cents)
        cents = np.zeros(len(members), dtype=np.int64)
        cents[members.takes_part] = shared_in_groups(totals, here.team, weights, here.identity)
        gone = np.bincount(members.team, cents, minlength=members.teams).astype(np.int64)
        return Shared(cents, pool_cents - gone, sheet)

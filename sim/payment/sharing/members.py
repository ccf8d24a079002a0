"""The members of teams, as a sharing rule may see them: who was there, what each did, earned before, and is owed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agents.mistakes import Mistake
from sim.payment.accounts_of_year import AccountsOfYear, Numbers, Owners, Rows
from sim.payment.history import History
from sim.payment.sharing.reading import ReadingTerms, columns_of
from sim.tariffs import Tariffs

MEMBER: Final = "member"
"""Level of the worksheets of sharing rules."""

COLUMNS: Final[Mapping[str, float]] = {
    "days": 0.0,
    "reference_days": 0.0,
    "hours": 0.0,
    "acts": 0.0,
    "acts_value": 0.0,
    "reference_income": 0.0,
    "lump_sums": 0.0,
    "delegated_acts": 0.0,
    "act_price": 0.0,
}
"""Columns with one number a member, and what they are where nothing is said."""

OF_TEAM: Final[Mapping[str, float]] = {"hourly_rate": 0.0, "staff": 0.0, "projects": 0.0, "professionals": 0.0}
"""Columns with one number a team."""


@dataclass(frozen=True)
class Members:
    """All persons of the teams under one contract, in columns.

    Attributes:
        year: calendar year whose money is shared.
        team: place of each member's team among the teams, ``(members,)``; the columns below have the same shape.
        level: level of the accounts, as its place in ``sim.payment.sharing.reading.LEVELS``.
        row: row in the table of the level.
        takes_part: whether the member has a part in what is shared: in post, and not on a wage.
        replaced: whether a lump sum stands in the place of some of the member's fees.
        days: days worked in the year.
        reference_days: days worked in the reference year.
        hours: hours of collective work.
        acts: acts of one's own in whose place the lump sum is paid.
        acts_value: their value at tariff (EUR).
        reference_income: fees of the reference year for such acts (EUR).
        lump_sums: lump sums of the patients registered with the member (EUR).
        delegated_acts: acts that a nurse did in the place of a physician.
        act_price: price of one's own usual consultation or visit (EUR).
        hourly_rate: what the team's house rule pays an hour of collective work (EUR), ``(teams,)``.
        staff: costs of employers and staff to be paid first (EUR), ``(teams,)``.
        projects: then what projects cost (EUR), ``(teams,)``.
        professionals: professionals of the team, those without a row of their own included; by default the members
            who are given, ``(teams,)``.
        salaried: teams whose members are on a wage, ``(teams,)``.
    """

    year: int
    team: Rows
    level: Rows
    row: Rows
    takes_part: NDArray[np.bool_]
    replaced: NDArray[np.bool_]
    days: Numbers
    reference_days: Numbers
    hours: Numbers
    acts: Numbers
    acts_value: Numbers
    reference_income: Numbers
    lump_sums: Numbers
    delegated_acts: Numbers
    act_price: Numbers
    hourly_rate: Numbers
    staff: Numbers
    projects: Numbers
    professionals: Numbers
    salaried: NDArray[np.bool_]

    @classmethod
    def of_accounts(
        cls, accounts: AccountsOfYear, history: History, *, terms: ReadingTerms, worth: Numbers | None = None,
        tariffs: Tariffs | None = None, projects: Numbers | None = None,
    ) -> Self:  # fmt: skip
        """The members of the teams of some accounts, with what they did there.

        Args:
            accounts: the year.
            history: earlier years of the same teams.
            terms: how acts, days and prices are read.
            worth: lump sum a patient of each class of the list (EUR), ``(classes,)``; 1 each by default, so that lists
                count by their number.
            tariffs: fees in force; those of the law by default.
            projects: what projects of each team cost (EUR), ``(teams,)``; nothing by default.
        """
        columns = dict(columns_of(accounts, history, terms, worth, tariffs))
        if projects is not None:
            columns["projects"] = projects
        return cls.of_columns(accounts.year, accounts.size("team"), columns)

    @classmethod
    def of_columns(cls, year: int, teams: int, columns: Mapping[str, ArrayLike]) -> Self:
        """Members from plain columns: for worked examples, tests and a user's own data.

        Args:
            year: calendar year.
            teams: number of teams.
            columns: any attribute by name; ``team`` and ``level`` are 0 by default (all physicians of the first team),
                ``row`` counts members, everybody takes part, and numbers are 0.

        Raises:
            Mistake: a column that does not exist, or is longer or shorter than the others.
        """
        known = {*cls.__dataclass_fields__} - {"year"}
        for name in columns:
            if name not in known:
                raise Mistake('members have no column "{name}". Known: {known}.', name=name,
                              known=", ".join(sorted(known)))  # fmt: skip
        of_team = {*OF_TEAM, "salaried"}
        given = {name: np.atleast_1d(np.asarray(values)) for name, values in columns.items()}
        lengths = {len(values) for name, values in given.items() if name not in of_team}
        if len(lengths) > 1 or any(len(given[name]) != teams for name in of_team & set(given)):
            raise Mistake("columns of members have different lengths.")
        n = lengths.pop() if lengths else 0
        usual: dict[str, NDArray[np.generic]] = {
            "team": np.zeros(n, dtype=np.int64),
            "level": np.zeros(n, dtype=np.int64),
            "row": np.arange(n),
            "takes_part": np.ones(n, dtype=bool),
            "replaced": np.ones(n, dtype=bool),
            "salaried": np.zeros(teams, dtype=bool),
        }
        usual |= {name: np.full(n, value) for name, value in COLUMNS.items()}
        usual |= {name: np.full(teams, value) for name, value in OF_TEAM.items()}
        typed = {name: values.astype(usual[name].dtype) for name, values in given.items()}
        team = typed.get("team", usual["team"])
        usual["professionals"] = np.bincount(team, minlength=teams).astype(np.float64)
        return cls(year=year, **(usual | typed))  # type: ignore[arg-type]

    def __len__(self) -> int:
        return len(self.team)

    @property
    def teams(self) -> int:
        """Number of teams."""
        return len(self.hourly_rate)

    @property
    def identity(self) -> Rows:
        """A number for each member that does not depend on the order of the members: cents are dealt out by it."""
        return (self.level << 32) + self.row

    def of_team(self, values: ArrayLike) -> NDArray[Any]:
        """What holds for teams, as it holds for their members: ``(teams,)`` to ``(members,)``."""
        return np.asarray(values)[self.team]

    def summed(self, values: ArrayLike) -> Numbers:
        """Sum of a column over each member's team, ``(members,)``."""
        return np.bincount(self.team, np.asarray(values, dtype=np.float64), minlength=self.teams)[self.team]

    def rows(self, members: Rows | NDArray[np.bool_]) -> "Members":
        """Some of the members, in the same teams."""
        columns = ("team", "level", "row", "takes_part", "replaced", *COLUMNS)
        return replace(self, **{name: getattr(self, name)[members] for name in columns})

    def where(self, takes_part: NDArray[np.bool_]) -> "Members":
        """The same members, of whom only some take part."""
        return replace(self, takes_part=self.takes_part & takes_part)

    def with_costs(self, staff: Numbers, projects: Numbers) -> "Members":
        """The same members, with other costs to be paid first."""
        return replace(self, staff=staff, projects=projects)

    def as_accounts(self) -> AccountsOfYear:
        """What a worksheet needs to know of them: how many they are, and whose they are."""

        def nothing(name: str, level: str) -> Numbers:
            raise KeyError(f"sharing rules bring what they read to the sheet; {name} by {level} was not brought")

        return AccountsOfYear(self.year, {MEMBER: Owners(self.row, self.team)}, nothing, lambda name: nothing(name, ""))

"""What a payment rule may see of a year: declared measures, one value an owner, for the teams under one contract."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agents.mistakes import Mistake, nearest
from sim.standard_measures.lists import age_classes, list_class

type Numbers = NDArray[np.float64]
type Rows = NDArray[np.int64]

type Lists = dict[tuple[str, bytes], Numbers]
"""Patients by class, by level (and ``b""``), and sums over them, by level and by what one of each class is worth."""

LEVELS: Final = ("team", "physician", "nurse", "hospital")
"""Whom a rule may pay, by the level of the accounts."""


@dataclass(frozen=True, slots=True)
class ListClass:
    """One class of the registered list: age band x sex x ALD x C2S (systems 0.6)."""

    name: str
    low_age: int
    woman: bool
    ald: bool
    c2s: bool


LIST_CLASSES: Final[tuple[ListClass, ...]] = tuple(
    ListClass(list_class(age, woman, ald, c2s), int(band.low), woman, ald, c2s)
    for age, band in age_classes()
    for woman, ald, c2s in ((bool(n & 1), bool(n & 2), bool(n & 4)) for n in range(8))
)
"""The classes by which rules and norms tell patients apart, in order."""

ONE_EACH: Final = np.ones(len(LIST_CLASSES))
"""What a patient of each class counts for in the list itself."""


@dataclass(frozen=True, slots=True)
class Owners:
    """The owners of one level.

    Attributes:
        rows: their rows in the table of the world, ``(n,)``.
        team: place of each owner's team among the teams of these accounts, ``(n,)``.
    """

    rows: Rows
    team: Rows

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class PartOf:
    """Which owners of other accounts these are of.

    Attributes:
        whole: the other accounts.
        place: by level, place of each owner among those of the other accounts, ``(n,)``.
    """

    whole: "AccountsOfYear"
    place: Mapping[str, Rows]


@dataclass(frozen=True)
class AccountsOfYear:
    """The accounts of one calendar year, of some teams and of the people in them.

    Attributes:
        year: calendar year in which care happened (the accrual year).
        owners: owners by level; a level that has none is left out.
        returned: acts that go back to fees, since the scheme that replaced them found the team not eligible: by act
            code, yes or no for each team, ``(teams,)``.
        read: ``read(measure, level)`` gives one value an owner, in the unit of the measure.
        read_around: ``read_around(measure)`` gives, for each team, the value of its territory.
        lists: what has been made of the lists so far: rules ask the same of them many times over.
        part_of: the accounts some of whose owners these are, where they are.
    """

    year: int
    owners: Mapping[str, Owners]
    read: Callable[[str, str], Numbers] = field(repr=False)
    read_around: Callable[[str], Numbers] = field(repr=False)
    returned: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    lists: Lists = field(default_factory=dict, repr=False, compare=False)
    part_of: PartOf | None = field(default=None, repr=False, compare=False)

    @classmethod
    def of_tables(
        cls, year: int, tables: Mapping[str, Mapping[str, ArrayLike]], around: Mapping[str, ArrayLike] | None = None
    ) -> Self:
        """Accounts from plain tables: for worked examples, tests and a user's own data.

        Args:
            year: calendar year.
            tables: by level, columns by measure; all columns of a level have one length. A measure that is not given
                is 0. Column ``team`` of another level than team gives the place of each owner's team (0 by default).
            around: values of the territory of each team, by measure.

        Raises:
            Mistake: columns of different lengths.
        """
        columns: dict[str, dict[str, Numbers]] = {}
        owners: dict[str, Owners] = {}
        for level, table in tables.items():
            columns[level] = {name: np.atleast_1d(np.asarray(v, dtype=np.float64)) for name, v in table.items()}
            lengths = {len(column) for column in columns[level].values()}
            if len(lengths) > 1:
                raise Mistake('accounts of level "{level}" have columns of different lengths.', level=level)
            n = lengths.pop() if lengths else 0
            place = np.arange(n) if level == "team" else columns[level].get("team", np.zeros(n)).astype(np.int64)
            owners[level] = Owners(np.arange(n), place)
        near = {name: np.atleast_1d(np.asarray(v, dtype=np.float64)) for name, v in (around or {}).items()}
        teams = len(owners["team"]) if "team" in owners else 0

        def read(name: str, level: str) -> Numbers:
            return columns[level].get(name, np.zeros(len(owners[level])))

        return cls(year, owners, read, lambda name: near.get(name, np.zeros(teams)))

    @property
    def first_day(self) -> date:
        """1 January."""
        return date(self.year, 1, 1)

    @property
    def last_day(self) -> date:
        """31 December: rules settle a year under the terms of its last day, unless they say otherwise."""
        return date(self.year, 12, 31)

    def size(self, level: str) -> int:
        """Number of owners at a level."""
        owners = self.owners.get(level)
        return 0 if owners is None else len(owners.rows)

    def measure(self, name: str, level: str = "team") -> Numbers:
        """A measure, one value an owner of the level.

        Raises:
            Mistake: when the level is not known.
        """
        owners = self.owners.get(level)
        if owners is not None and len(owners.rows):
            return self.read(name, level)
        if level not in LEVELS:
            raise Mistake(
                'level "{level}" is not known. Did you mean "{nearest}"? Known: {known}.',
                level=level, nearest=nearest(level, LEVELS) or LEVELS[0], known=", ".join(LEVELS),
            )  # fmt: skip
        return np.zeros(0)

    def around(self, name: str, level: str = "team") -> Numbers:
        """A measure of the territory where each owner's team works."""
        return self.of_team(self.read_around(name), level)

    def of_team(self, values: ArrayLike, level: str) -> Numbers:
        """What holds for teams, as it holds for the owners of a level: ``(teams,)`` to ``(owners,)``."""
        given = np.asarray(values)
        return given if level == "team" else given[self.owners[level].team]

    def classes(self, level: str = "team") -> Numbers:
        """Registered patients by class, ``(owners, len(LIST_CLASSES))``."""
        key = level, b""
        if key not in self.lists:
            self.lists[key] = np.stack([self.measure(one.name, level) for one in LIST_CLASSES]).T
        return self.lists[key]

    def over_classes(self, values: Numbers, level: str = "team") -> Numbers:
        """Sum over registered patients of what one of each class is worth, ``(classes,)`` to ``(owners,)``."""
        key = level, values.tobytes()
        if key not in self.lists:
            # No matrix product: it may round a row differently when it stands elsewhere.
            self.lists[key] = self.by_owner(lambda whole: (whole.classes(level) * values).sum(axis=1), level)
        return self.lists[key]

    def by_owner(self, make: Callable[["AccountsOfYear"], Numbers], level: str = "team") -> Numbers:
        """What is made of the measures of each owner alone, and of its team: made once of owners who stand here often.

        Args:
            make: gives one value an owner of the level, for the accounts that it is given.
            level: level of the owners.
        """
        if self.part_of is None:
            return make(self)
        return self.part_of.whole.by_owner(make, level).take(self.part_of.place[level])

    def some(self, owners: Mapping[str, Owners], place: Mapping[str, Rows]) -> "AccountsOfYear":
        """The same accounts for some of the owners, each as often as it is named.

        Args:
            owners: the owners by level, as these accounts are to have them.
            place: by level, place of each of them among the owners of these accounts.
        """
        known: dict[tuple[str, str], Numbers] = {}

        def read(name: str, level: str) -> Numbers:
            if (name, level) not in known:
                known[name, level] = self.read(name, level).take(place[level])
            return known[name, level]

        returned = {code: teams[place["team"]] for code, teams in self.returned.items()}
        return AccountsOfYear(self.year, owners, read, lambda name: self.read_around(name)[place["team"]], returned,
                              part_of=PartOf(self, place))  # fmt: skip

    def read_by(
        self, read: Callable[[str, str], Numbers], read_around: Callable[[str], Numbers] | None = None
    ) -> "AccountsOfYear":
        """These accounts, read in another way: nothing that was made of the lists is known of them."""
        return replace(self, read=read, read_around=read_around or self.read_around, lists={}, part_of=None)

    def with_returned(self, teams: NDArray[np.bool_], codes: Sequence[str]) -> "AccountsOfYear":
        """These accounts, where replaced acts of some codes go back to fees for some teams."""
        if not teams.any():
            return self
        return replace(self, returned={**self.returned, **dict.fromkeys(codes, teams)})

"""A policy: one payment rule, as one class in one file (design 4).

    @dataclass(frozen=True)
    class FollowUpParameters:
        amount: float = term(20.0, "Amount a patient seen in time", "EUR", source="our own proposal", low=0, high=200)

    class FollowUp(Policy[FollowUpParameters]):
        name, layer, title = "follow_up", Layer.ADD_ON, "Contact within a week of discharge"
        parameters = FollowUpParameters

        def settle(self, accounts, history, norms):
            sheet = self.sheet(accounts, "team")
            sheet.let("pay", "amount * discharges_seen_7", "A flat amount a patient seen in time")
            sheet.pay("follow_up", "pay", to="team_account", cash=[(accounts.year + 1, 2)])
            return sheet.statement()

``settle`` is pure: it draws nothing at random and keeps nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from agents.mistakes import Mistake
from sim import events
from sim.measures import Measure
from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.sheet import Sheet
from sim.payment.statement import Statement
from sim.payment.terms import Change, Terms, read_terms

POOLS: Final = ("personal", "fees", "lump_sum", "collective")
"""How money may reach persons: see :attr:`Policy.pool`."""


class Layer(IntEnum):
    """The order in which policies of a contract settle (systems 0.1)."""

    BASE = 1
    SUBSTITUTION = 2
    ADD_ON = 3
    STAFF = 4
    ORGANISATION = 5


@dataclass(frozen=True, slots=True)
class Replaced:
    """Claims that a policy puts a lump sum in the place of.

    Attributes:
        codes: act codes.
        scopes: of ``sim.events.SCOPES``.
        perimeter: one of ``agents.teams.PERIMETERS``.
    """

    codes: tuple[str, ...]
    scopes: tuple[str, ...] = ("in_list",)
    perimeter: str = "all"

    def claims(self) -> set[tuple[str, str]]:
        """Every (code, scope) that is replaced."""
        assert set(self.codes) <= set(events.CODES)
        assert set(self.scopes) <= set(events.SCOPES)
        return {(code, scope) for code in self.codes for scope in self.scopes}


class Policy[T]:
    """A payment rule, under the terms of one contract.

    A subclass gives the class attributes and :meth:`settle`; what it needs counted beyond the standard measures it
    declares at the top of its module (``sim.measures.measure``) and names in ``measures``.

    Attributes:
        name: what contracts call it.
        layer: where it stands in the order of settlement.
        title: one line for people.
        parameters: dataclass with one field a term.
        measures: measures of its own.
        may_be_negative: components that may take money back.
        needs_norms: whether the rule reads national norms, which cost a reference study when parameters change.
        excludes: policies that pay for the same thing and cannot hold at the same time.
        pool: how its money reaches persons (``sim.payment.sharing``): what goes to a team account is a ``lump_sum`` in
            the place of fees, or ``collective`` money; what goes to persons is ``personal``, or ``fees`` that a team
            may pool.
        prorated: whether a contract that holds for a part of the year is paid that part; not where acts are counted,
            which happen in that part only.
        terms_file: its file of terms; ``tariffs/<name>.toml`` by default.
        terms: its dated terms, the contract's changes included.
        since, until: days between which the contract holds; None for always.
    """

    name: ClassVar[str]
    layer: ClassVar[Layer]
    title: ClassVar[str]
    measures: ClassVar[Sequence[Measure]] = ()
    may_be_negative: ClassVar[Sequence[str]] = ()
    excludes: ClassVar[Sequence[str]] = ()
    pool: ClassVar[str] = "personal"
    prorated: ClassVar[bool] = True
    needs_norms: ClassVar[bool] = False
    terms_file: ClassVar[Path | None] = None
    parameters: type[T]

    def __init__(self, changes: Sequence[Change] = (), *, since: date | None = None, until: date | None = None) -> None:
        self.terms: Terms = read_terms(self.name, self.parameters, self.terms_file).changed(changes)
        self.since, self.until = since, until
        self._known: dict[date, T] = {}

    def at(self, day: date) -> T:
        """The terms as they hold on a day."""
        if day not in self._known:
            values = {name: dated.value for name, dated in self.terms.at(day).items()}
            self._known[day] = self.parameters(**values)
        return self._known[day]

    @property
    def begins(self) -> date:
        """First day of the contract."""
        return self.since or date.min

    @property
    def ends(self) -> date:
        """Last day of the contract."""
        return self.until or date.max

    def holds(self, year: int) -> bool:
        """Whether the contract holds on some day of a calendar year."""
        return self.begins <= date(year, 12, 31) and self.ends >= date(year, 1, 1)

    def paid_until(self, year: int) -> date:
        """Last day for which a rule pays, seen from a calendar year: the end of the contract for most rules."""
        return self.ends

    def share_of(self, year: int) -> float:
        """Part of a calendar year in which the contract holds, by days."""
        first, last = date(year, 1, 1), date(year, 12, 31)
        days = (min(self.paid_until(year), last) - max(self.begins, first)).days + 1
        return max(0, days) / ((last - first).days + 1)

    def same_as(self, other: "Policy[Any]") -> bool:
        """Whether another contract has this rule under the same terms, between the same days."""
        days = (self.since, self.until) == (other.since, other.until)
        return type(self) is type(other) and days and self.terms == other.terms

    def days_of_change(self) -> set[date]:
        """Days from which the contract or one of its terms is not what it was the day before."""
        days = {entry.valid_from for term in self.terms.of.values() for entry in term.entries} | {self.begins}
        return days | {self.ends + timedelta(days=1)} if self.ends < date.max else days

    def year_of(self, year: int) -> int:
        """Which year of the contract a calendar year is, 1 for the first; a contract without a day is an old one."""
        return year - self.since.year + 1 if self.since else year

    def replaces(self, day: date) -> Sequence[Replaced]:
        """Claims that this policy replaces on a day; none for most policies.

        The day matters through the terms alone: it is asked again when one of them changes (:meth:`days_of_change`).
        """
        return ()

    def reads_norms(self) -> bool:
        """Whether the rule reads national norms under these terms."""
        return self.needs_norms

    def eligible(self, accounts: AccountsOfYear, history: History, norms: Norms) -> NDArray[np.bool_]:
        """Teams that the rule applies to, ``(teams,)``; the others get nothing and their acts go back to fees."""
        return np.ones(accounts.size("team"), dtype=bool)

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        """What the policy pays for a year: pure, vectorised over payees, no random draw, no state.

        Args:
            accounts: the year.
            history: earlier years of the same teams.
            norms: what the rule compares with.
        """
        raise NotImplementedError

    def sheet(self, accounts: AccountsOfYear, level: str, day: date | None = None) -> Sheet:
        """A worksheet for payees of a level, under the terms of a day (the last of the year by default)."""
        in_force = self.terms.at(day or accounts.last_day)
        terms = {name: (self.terms.of[name], dated) for name, dated in in_force.items()}
        share = self.share_of(accounts.year) if self.prorated else 1.0
        return Sheet(self.name, accounts, level, terms, share, self.title)


def check_class(kind: type[Any]) -> Mapping[str, Mistake]:
    """What keeps a class from being a policy, by attribute; empty when nothing does.

    A user's own class is looked at before anything runs.
    """
    asked = ("name", "layer", "title", "parameters")
    lacks = {name: Mistake("missing") for name in asked if not hasattr(kind, name)}
    if kind.settle is Policy.settle:
        lacks["settle"] = Mistake("missing")
    return lacks or {name: problem for name, problem in _wrong(kind) if problem}


def _wrong(kind: type[Any]) -> Iterator[tuple[str, Mistake | None]]:
    """Each attribute of a class, with what is wrong with it."""
    for name in ("name", "title"):
        yield name, None if isinstance(getattr(kind, name), str) else Mistake("not a text")
    yield "layer", None if isinstance(kind.layer, Layer) else Mistake("not a Layer, such as Layer.ADD_ON")
    known = hasattr(kind.parameters, "__dataclass_fields__")
    yield "parameters", None if known else Mistake("not a dataclass")
    yield "pool", None if kind.pool in POOLS else Mistake("not one of {known}", known=", ".join(POOLS))
    for name in ("may_be_negative", "excludes", "measures"):
        given = getattr(kind, name)  # a text is a sequence of letters: "pay" would hold the component "a"
        right = isinstance(given, Sequence) and not isinstance(given, str)
        yield name, None if right else Mistake("not a list")

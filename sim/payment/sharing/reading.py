"""What sharing rules know of members, read from the accounts: presence, hours, acts, and the fees of earlier years."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from agents.teams import HEALTH_CENTRE
from agents.uses import USES
from sim import events
from sim.measures import Bits, measure
from sim.payment.accounts_of_year import AccountsOfYear, Numbers
from sim.payment.history import History
from sim.standard_measures.acts import CODES
from sim.tariffs import Tariffs

PHYSICIAN, NURSE = "physician", "nurse"
LEVELS: Final = (PHYSICIAN, NURSE)
"""Levels of the accounts whose owners are members of teams, in the order of the members."""

IN_POST: Final = {PHYSICIAN: "physicians", NURSE: "team_nurses"}
"""Measures that say who holds a post as the year ends."""
HOUSE_RATE: Final = measure("house_hourly_rate", "pay of an hour of collective work by the house rule", "EUR/hour",
                            reference="P-TEAM-RATE", source="teams", value="hourly_rate", per=("team",))  # fmt: skip
COMMITMENTS: Final = measure("fixed_commitments", "fixed commitments of the team account: coordinator, software, rent",
                             "EUR", reference="behaviour F4", source="teams", value="fixed_commitments",
                             per=("team",))  # fmt: skip
DELEGATED: Final = measure(
    "delegated_acts", "tasks that nurses did in the place of a physician, for patients of the list", "acts",
    reference="systems 4", value="count",
    where={"kind": events.NURSE, "scope": events.IN_LIST, "marks": Bits(all=events.REPLACES)},
)  # fmt: skip
ON_A_WAGE: Final = measure(
    "nurse_on_a_wage", "1 for a nurse who is paid a wage, and for a post that pays one", "yes/no",
    reference="systems 4", source="nurses", where={"salaried": 1}, per=("nurse",),
)  # fmt: skip
MEASURES_OF_SHARING: Final = (HOUSE_RATE, COMMITMENTS, DELEGATED, ON_A_WAGE)

ALL_ACTS: Final = "all"
"""Choice of ``acts_counted``: all acts, also those that are still paid by fees."""

type Lines = Mapping[tuple[str, str], NDArray[np.bool_]]
"""Teams whose acts a lump sum replaces, by code and scope, ``(teams,)``."""
type References = Sequence[tuple[AccountsOfYear, NDArray[np.bool_]]]
"""Reference years, each with the teams of which it is the reference, ``(teams,)``."""


class ReadingTerms(Protocol):
    """Terms that say how acts, days and prices are read."""

    @property
    def letters_per_visit(self) -> float:
        """Key letters of a nurse's usual visit."""

    @property
    def nurse_day_hours(self) -> float:
        """Hours of a nurse that are one day."""

    @property
    def reference_year(self) -> int:
        """Calendar year of the reference."""

    @property
    def acts_counted(self) -> str:
        """``replaced`` or ``all``."""


def columns_of(
    accounts: AccountsOfYear, history: History, terms: ReadingTerms, worth: Numbers | None, tariffs: Tariffs | None
) -> dict[str, NDArray[Any]]:
    """Columns of the members, physicians before nurses, and of their teams; see ``Members``."""
    lines = replaced_lines(accounts)
    before = list(_reference_years(accounts, history, terms.reference_year))
    parts = [_of_level(accounts, before, terms, level, lines) for level in LEVELS if accounts.size(level)]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]} if parts else {}
    centre = accounts.measure("team_kind") == HEALTH_CENTRE
    if parts:
        columns["takes_part"] &= ~centre[columns["team"]]
        columns["lump_sums"] = _lump_sums(accounts, worth, len(columns["team"]))
        columns["act_price"] = _prices(columns["level"], accounts.last_day, terms, tariffs or Tariffs())
    columns["salaried"] = centre
    columns["hourly_rate"] = accounts.measure(HOUSE_RATE.name)
    columns["staff"] = accounts.measure(COMMITMENTS.name)
    columns["professionals"] = accounts.measure("n_prof")
    return columns


def replaced_lines(accounts: AccountsOfYear) -> Lines:
    """Acts in whose place a lump sum was paid in a year: the teams, by code and scope."""
    found = {}
    for code in CODES:
        for scope in events.SCOPES:
            teams = accounts.measure(f"shadow_acts_{code}_{scope}") > 0
            if teams.any():
                found[code, scope] = teams
    return found


def _of_level(
    accounts: AccountsOfYear, before: References, terms: ReadingTerms, level: str, lines: Lines
) -> dict[str, NDArray[Any]]:
    owners = accounts.owners[level]
    who = f"{level}s"
    days = _days(accounts, terms, level)
    acts, value = _acts(accounts, terms, level, lines)
    reference_days, reference_income = _reference(accounts, before, terms, level, lines)
    replaced = np.sum([accounts.measure(f"shadow_acts_{c}_{s}", level) for c, s in lines], axis=0) > 0
    here = (days > 0) | (accounts.measure(IN_POST[level], level) > 0)
    if level == NURSE:
        here &= accounts.measure(ON_A_WAGE.name, level) == 0
    return {
        "team": owners.team,
        "row": owners.rows,
        "level": np.full(len(owners), LEVELS.index(level)),
        "takes_part": here,
        "replaced": np.ones(len(owners), dtype=bool) if level == PHYSICIAN else replaced & here,
        "days": days,
        "reference_days": reference_days,
        "hours": accounts.measure(f"hours_collective_{who}", level),
        "acts": acts,
        "acts_value": value,
        "reference_income": reference_income,
        "delegated_acts": accounts.measure(DELEGATED.name, level) if level == NURSE else np.zeros(len(owners)),
    }


def _days(accounts: AccountsOfYear, terms: ReadingTerms, level: str) -> Numbers:
    """Days worked; those of nurses are counted by the hour."""
    if level == PHYSICIAN:
        return accounts.measure("days", level)
    hours = np.sum([accounts.measure(f"hours_{use}_nurses", level) for use in USES if use != "idle"], axis=0)
    return np.asarray(hours / terms.nurse_day_hours)


def _acts(accounts: AccountsOfYear, terms: ReadingTerms, level: str, lines: Lines) -> tuple[Numbers, Numbers]:
    """Acts that count and their value: those that a lump sum replaces, or all where there is none."""
    number, value = (_summed(accounts, level, lines, (f"shadow_{kind}",)) for kind in ("acts", "fees"))
    fees = accounts.measure("fees", level)
    if terms.acts_counted == ALL_ACTS:
        return accounts.measure("acts", level), fees + value
    some = accounts.of_team(_any_team(accounts, lines), level)
    return np.where(some, number, accounts.measure("acts", level)), np.where(some, value, fees)


def _reference(
    accounts: AccountsOfYear, before: References, terms: ReadingTerms, level: str, lines: Lines
) -> tuple[Numbers, Numbers]:
    """Days, and fees of the acts that are replaced now, in the reference year of each team."""
    days, income = np.zeros(accounts.size(level)), np.zeros(accounts.size(level))
    replaces = accounts.of_team(_any_team(accounts, lines), level)
    for year, teams in before:
        of_year = accounts.of_team(teams, level)
        fees = _summed(year, level, lines, ("fees", "shadow_fees"))
        earned = np.where(replaces, fees, year.measure("fees", level))
        days, income = np.where(of_year, _days(year, terms, level), days), np.where(of_year, earned, income)
    return days, income


def _reference_years(
    accounts: AccountsOfYear, history: History, wanted: int
) -> Iterator[tuple[AccountsOfYear, NDArray[np.bool_]]]:
    """The year to which each team is compared: the one that is named; where it is not known, the last year of fees."""
    known = sorted(year for year in history.accounts if year < accounts.year)
    if wanted in known or not known:
        known = [wanted] if known else []
    left = np.ones(accounts.size("team"), dtype=bool)
    for place, year in enumerate(reversed(known), start=1):
        earlier = history.accounts[year]
        teams = left if place == len(known) else left & ~_any_team(earlier, replaced_lines(earlier))
        left = left & ~teams
        if teams.any():
            yield earlier, teams
        if not left.any():
            return


def _any_team(accounts: AccountsOfYear, lines: Lines) -> NDArray[np.bool_]:
    """Teams of whose acts a lump sum replaces some."""
    found = np.zeros(accounts.size("team"), dtype=bool)
    for teams in lines.values():
        found |= teams
    return found


def _summed(accounts: AccountsOfYear, level: str, lines: Lines, kinds: tuple[str, ...]) -> Numbers:
    """Sum of measures over the acts that are replaced, each for the teams where it is."""
    total = np.zeros(accounts.size(level))
    for (code, scope), teams in lines.items():
        of_team = accounts.of_team(teams, level)
        for kind in kinds:
            total += of_team * accounts.measure(f"{kind}_{code}_{scope}", level)
    return total


def _lump_sums(accounts: AccountsOfYear, worth: Numbers | None, members: int) -> Numbers:
    """Lump sums of the patients registered with each member; nurses have no list."""
    found = np.zeros(members)
    physicians = accounts.size(PHYSICIAN)
    if physicians:
        listed = accounts.measure("registered_list", PHYSICIAN)
        found[:physicians] = listed if worth is None else accounts.classes(PHYSICIAN) @ worth
    return found


def _prices(level: NDArray[Any], day: date, terms: ReadingTerms, tariffs: Tariffs) -> Numbers:
    """Price of the usual act: a consultation, or a nurse's visit."""
    visit = terms.letters_per_visit * tariffs.value("AMI", day)
    return np.where(level == LEVELS.index(PHYSICIAN), tariffs.value("G", day), visit)

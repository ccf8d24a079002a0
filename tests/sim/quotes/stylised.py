"""Stylised teams: five physicians alike, whose accounts are written down (behaviour D9)."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np

from agents.quotes import Quote
from agents.teams import DTYPE, MSP
from sim.measures import MEASURES
from sim.parameters import behaviour_record
from sim.payment.accounts_of_year import LIST_CLASSES, AccountsOfYear, Owners
from sim.payment.contract import Contract, contract_of
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.rules import load_rules
from sim.payment.terms import Change
from sim.quotes.additions import Additions
from sim.quotes.asking import Asked, Terms
from sim.quotes.effects import Effect, Footprints, Source
from sim.quotes.quoting import ask, blank, put, told
from sim.quotes.recast import Recast, claims_of
from sim.specification import ScenarioSpec
from sim.tariffs import Tariffs

PHYSICIANS, PATIENTS, ACTS, LEAKS, FEE = 5, 1_000, 3.0, 0.3, 30.0
YEAR = 2021
A_PATIENT = 105.3
"""Lump sum a patient (EUR) at which what is left after leaks is 107 % of the reference income."""
CLASS = LIST_CLASSES[40].name
SPENT, SPENT_BEFORE, EXPECTED = 3_000.0, 3_300.0, 3_200.0
"""Spending a patient (EUR): both gaps are positive."""


def norms(a_patient: float = A_PATIENT) -> Norms:
    """A nation in which every class costs the same."""
    classes = np.ones(len(LIST_CLASSES))
    return Norms(
        base_year=YEAR,
        by_class={"gp_fees": a_patient * classes, "spending": EXPECTED * classes, "sick_pay": 0 * classes},
        numbers={"gp_fees": a_patient, "spending": EXPECTED},
    )


FOOTPRINTS: Mapping[str, Mapping[str, float]] = {
    "visit": {"acts_G_in_list": 1, "fees_G_in_list": FEE, "fees": FEE, "spend_all": FEE, "spend_gp": FEE},
    "kept_visit": {"acts_G_in_list": 1, "fees_G_in_list": FEE, "fees": FEE, "leaks": -1, "leaked_value": -FEE},
    "registration": {"registered_list": 1, CLASS: 1},
    "euro_saved": {"spend_all": -1, "spend_drugs": -1},
}  # fmt: skip


EQUAL = {"sharing": [Change("collective_rule", "equal")]}
"""Collective money is shared equally, as in the table."""


def columns(members: int, **more: float) -> dict[str, float]:
    """Measures of some members of the team, added up."""
    one = {
        "registered_list": PATIENTS, CLASS: PATIENTS, "acts_G_in_list": ACTS * PATIENTS,
        "fees_G_in_list": ACTS * PATIENTS * FEE, "fees": ACTS * PATIENTS * FEE, "acts": ACTS * PATIENTS,
        "leaks": LEAKS * PATIENTS, "leaked_value": LEAKS * PATIENTS * FEE,
        "spend_all": SPENT * PATIENTS, "physicians": 1, "days": 220, "weeks_present": 46,
    }  # fmt: skip
    return {name: value * members for name, value in {**one, **more}.items()}


class WrittenAccounts:
    """Accounts as far as quotes look at them, of one team of physicians."""

    def __init__(self, teams: int, **more: float) -> None:
        load_rules()
        self.measures = MEASURES
        self.teams = teams
        self.more = more

    def array(self, name: str, year: int, by: str) -> Any:
        size = {"physician": PHYSICIANS * self.teams, "team": self.teams, "nurse": 0, "territory": 1}[by]
        members = {"physician": 1, "team": PHYSICIANS, "nurse": 0, "territory": 0}[by]
        of_team = {"team_kind": float(MSP), "n_prof": float(PHYSICIANS)} if by == "team" else {}
        return np.full(size, {**columns(members, **self.more), **of_team}.get(name, 0.0))


def asked(contract: Contract, rule: str, teams: int = 1, a_patient: float = A_PATIENT, **more: float) -> Asked:
    """The team, or some alike, under a contract and a sharing rule; last year's acts were paid by fees."""
    accounts: Any = WrittenAccounts(teams, **more)
    owners = {"team": Owners(np.arange(teams), np.arange(teams)),
              "physician": Owners(np.arange(PHYSICIANS * teams), np.repeat(np.arange(teams), PHYSICIANS)),
              "nurse": Owners(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))}  # fmt: skip
    world: Any = SimpleNamespace(teams=np.zeros(teams, dtype=DTYPE), behaviour=behaviour_record())

    before: Any = WrittenAccounts(teams, **{**more, "spend_all": SPENT_BEFORE * PATIENTS})

    def read_before(name: str, level: str) -> Any:
        return before.array(name, 0, level)

    past = {year: AccountsOfYear(year, owners, read_before, lambda name: np.zeros(teams)) for year in (2019, 2020)}
    now = claims_of(contract.replaced(date(YEAR, 12, 31)))
    recast = Recast(MEASURES, {}, now, lambda name: accounts.array(name, 0, "team"), 1.0)
    terms = Terms(contract, norms(a_patient), np.zeros(teams, dtype=np.int64), [rule], EQUAL, Tariffs())
    found = Asked(terms, owners, world, accounts, 1, YEAR, History(past), recast)
    found.settle_base()
    return found


def effects(footprints: Mapping[str, Mapping[str, float]], members: int) -> dict[str, Effect]:
    """Actions that add what is written, to the own line and to that of the team."""

    def source(added: Mapping[str, float]) -> Source:
        def get(name: str, line: str) -> Any:
            return np.full(members, added[name]) if name in added and line in {"physician", "team"} else None

        return get

    units = {"registration": PATIENTS, "euro_saved": 3_000.0 * PATIENTS, "kept_visit": LEAKS * PATIENTS}
    return {
        name: Effect([(1.0, source(added))], np.full(members, float(units.get(name, ACTS * PATIENTS))),
                     np.full(members, PHYSICIANS * float(units.get(name, ACTS * PATIENTS))))
        for name, added in footprints.items()
    }  # fmt: skip


class Written(Footprints):
    """Footprints that are written down: nothing was counted, and no line is imagined."""

    def __init__(self, known: Mapping[str, Effect]) -> None:
        self.cases, self._imagined = {}, {}
        self._all = [source for effect in known.values() for _, source in effect.terms]

    def parts(self, name: str, line: str) -> list[tuple[Source, Any]]:
        """See :meth:`Footprints.parts`."""
        return [(source, value) for source in self._all if (value := source(name, line)) is not None]


def quoted(one: Asked, footprints: Mapping[str, Mapping[str, float]] = FOOTPRINTS) -> dict[str, Quote]:
    """Quotes of the team's physicians."""
    members = len(one.owners["physician"])
    known = effects(footprints, members)
    written = Written(known)
    additions = Additions(known, one.owners["physician"], one.recast, written, float(one.q["quotes_felt_step"]))
    found = blank(len(known), members)
    answers = ask(one, "physician", additions, np.zeros(0, dtype=np.int64))
    put(one, "physician", answers, additions, found)
    return told(known, found)


def contract(*names: str, **terms: Any) -> Contract:
    """A contract that holds in the year."""
    return contract_of(names, terms, ScenarioSpec().start)


def of_policies(policies: Sequence[Any]) -> Contract:
    """A contract of policies that are written in a test."""
    return Contract(tuple(policies))

"""What a scenario may say: every key with its type, default, unit, range and label, declared once.

The reader of scenario files (``scenarios/reading.py``) checks files against these declarations, the builder turns them
into a world, and ``careteams describe`` prints them. Nothing here reads a file.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from agents.nurses import KINDS as NURSE_KINDS
from agents.payer import MODES as PAYER_MODES
from agents.payer import TERRITORIAL_ADJUSTMENTS
from agents.tasks import TASKS
from agents.teams import KINDS as TEAM_KINDS
from agents.teams import SHARING_RULES
from sim.area_types import AREA_TYPES

LANGUAGES = ("en", "fr")
HALF_A_YEAR = timedelta(weeks=26)
POLICIES = (
    "fee_for_service", "list_lump_sums", "rosp", "health_centre_salary", "installation_aids",
    "peps", "capitation_2026", "ipso", "primordial", "equilibre",
    "ipep", "aco_one_sided", "aco_two_sided", "paerpa", "qof_like",
    "asalee", "ipa", "medical_assistant",
    "enmr", "rule_arbitral", "aci_msp", "aci_cpts", "t2a",
)  # fmt: skip
"""Payment rules that a contract may name, in layers: base, substitution, add-on, funded staff, organisation."""
FEES = "fees"
"""What a reform calls the fees of acts, beside the payment rules."""
SHARING = "sharing"
"""What it calls the terms by which teams share their money."""
OWN_POLICY = r"[A-Za-z_][\w.]*:[A-Za-z_]\w*"
"""A payment rule of the user's own: ``module:Class``."""
COMMUNE_NAME = r"[^\W_](?:[\w '’.()-]{0,58}[\w)])?"
"""What a commune may be called."""
EARLIEST_START, LATEST_START = date(2005, 1, 1), date(2035, 12, 31)
"""Days between which dated fees make sense."""
UNSET = -1
"""Value of a number that is taken from elsewhere; a key whose ``low`` is this accepts it, but nothing else below 0."""


@dataclass(frozen=True, slots=True)
class Key:
    """What a key of a scenario may hold: the metadata of a field of a specification.

    Attributes:
        label: one line for people, in English (the catalogue translates it).
        unit: unit of a number.
        low, high: range, inclusive, of a number, of each number of a list, or of each value of a table of numbers.
        choices: the words allowed, as the value, in a list, or as the keys of a table.
        pattern: regular expression of further words allowed beside ``choices``.
        only: builder of the territory for which alone the key means something.
        table: name of the table in a file where it differs from the field's (``[team.NAME]`` for ``teams``).
        source: section of a design document, or evidence key.
    """

    label: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    pattern: str = ""
    only: str = ""
    table: str = ""
    source: str = "behaviour I"


def key(default: Any, label: str, **facts: Any) -> Any:
    """A dataclass field that declares a scenario key; mutable defaults are copied."""
    metadata = {"key": Key(label, **facts)}
    if isinstance(default, dict | list):
        return field(default_factory=default.copy, metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Delegation:
    """One task handed over inside a team: fixed by the scenario until decisions exist."""

    nurse: str = key("asalee", "kind of nurse who takes the task", choices=NURSE_KINDS)
    share: float = key(0.0, "share of the task handed over (x)", unit="share", low=0, high=1)
    informal: bool = key(False, "done without the protocol that the law asks for", source="behaviour B")


@dataclass(frozen=True, slots=True)
class TeamSpec:
    """``[team.NAME]``: who works together, for which list, in what style."""

    kind: str = key("solo", "kind of team", choices=TEAM_KINDS)
    physicians: int = key(1, "physicians", unit="count", low=0, high=200)
    physician_fte: float = key(0.0, "full-time equivalents of the physicians, 0 for one each", unit="FTE", low=0, high=200)
    registered_list: int = key(0, "registered patients of the team at the start, 0 for the mean of the territory", unit="patients", low=0, high=400_000)
    liberal_nurses: int = key(0, "self-employed nurses in the team", unit="count", low=0, high=200)
    asalee_fte: float = key(0.0, "asalee nurses", unit="FTE", low=0, high=50)
    advanced_practice_nurses: int = key(0, "advanced-practice nurses", unit="count", low=0, high=50)
    pathway_fte: float = key(0.0, "pathway nurses", unit="FTE", low=0, high=50)
    salaried_nurses: int = key(0, "salaried nurses of a health centre", unit="count", low=0, high=50)
    secretaries: float = key(-1.0, "secretaries, -1 for the default ratio", unit="FTE", low=-1, high=100)
    coordinator_fte: float = key(0.0, "coordinator", unit="FTE", low=0, high=5)
    other_professionals: int = key(0, "other professionals", unit="count", low=0, high=200)
    sites: int = key(1, "sites", unit="count", low=1, high=20)
    area_type: str = key("", "living-area type of the main site, empty for any", choices=("", *AREA_TYPES))
    commune: str = key("", "commune of the main site (name or code), empty for any")
    contract: list[str] = key([], "payment rules in force; empty for the usual ones", choices=POLICIES, pattern=OWN_POLICY)
    terms: dict[str, dict[str, Any]] = key({}, "terms of a payment rule of the contract that differ from its defaults, by rule", choices=POLICIES, pattern=OWN_POLICY)
    sharing_rule: str = key("individual", "how team money reaches persons", choices=SHARING_RULES, pattern=OWN_POLICY)
    share_women: float = key(0.45, "share of women among physicians", unit="share", low=0, high=1, source="behaviour A2")
    mean_age: float = key(50.0, "mean age of physicians", unit="years", low=27, high=75, source="behaviour A2")
    near_retirement: int = key(0, "physicians within five years of retirement", unit="count", low=0, high=200)
    half_days: float = key(9.5, "half-days a week", unit="half-days/week", low=1, high=12, source="P-HALFDAYS")
    slot_acute: float = key(15.0, "length given to an acute visit", unit="minutes", low=5, high=60, source="behaviour A2")
    slot_chronic: float = key(20.0, "length given to a chronic visit", unit="minutes", low=5, high=60, source="behaviour A2")
    slot_chronic_each: list[float] = key([], "chronic visit length of each of the first physicians, where they differ; the others keep that of the team", unit="minutes", low=5, high=60)
    renewal_interval_months: int = key(3, "habitual interval between renewals", unit="months", low=1, high=12, source="behaviour A1")
    open_deleg: float = key(0.5, "mean openness to delegation", unit="share", low=0, high=1, source="behaviour A2")
    open_deleg_sd: float = key(0.22, "spread of openness to delegation", unit="share", low=0, high=0.5, source="behaviour A2")
    knowledge: float = key(0.5, "knowledge of partners (K)", unit="share", low=0, high=1, source="behaviour A2")
    hospital_tie: float = key(0.2, "tie with the hospital", unit="share", low=0, high=1)
    intermediaries: int = key(0, "members who learn settled incentives at the source", unit="count", low=0, high=200)
    withholds: bool = key(False, "intermediaries keep messages to themselves")
    conflict: float = key(0.0, "conflict at the start", unit="share", low=0, high=1)
    hourly_rate: float = key(50.0, "pay of collective time", unit="EUR/hour", low=0, high=200, source="P-TEAM-RATE")
    pooled_years: float = key(0.0, "years of pooled fees", unit="years", low=0, high=50)
    maturity_years: float = key(3.0, "years of working together", unit="years", low=0, high=50)
    network: float = key(0.5, "leader's network", unit="share", low=0, high=1)
    knowhow: float = key(0.5, "leader's know-how", unit="share", low=0, high=1)
    will: float = key(0.5, "leader's will", unit="share", low=0, high=1)
    protocols: int = key(0, "team protocols", unit="count", low=0, high=50)
    meetings: int = key(0, "formal meetings a year", unit="count/year", low=0, high=300)
    load: float = key(0.0, "demand over capacity at the start, 0 for what the list gives", unit="share", low=0, high=2)
    delegation: dict[str, Delegation] = key({}, "tasks handed over, by task", choices=TASKS)
    closed_tasks: list[str] = key([], "tasks that the team will not hand over", choices=TASKS)
    identity: float = key(0.6, "attachment of physicians to self-employed status", unit="share", low=0, high=1, source="behaviour A2")
    more_patients: float = key(0.3, "share of freed time that goes to more patients", unit="share", low=0, high=1, source="behaviour D2")
    encounters: float = key(1.0, "informal encounters of physicians and nurses, relative to the usual", unit="ratio", low=0, high=5)
    departures_due: int = key(0, "physicians who leave within 18 months of the start", unit="count", low=0, high=200)
    interns: int = key(0, "interns in training", unit="count", low=0, high=50, source="behaviour F6")
    consultant: bool = key(False, "a hired consultant brings know-how to who leads", source="behaviour F6")
    peer_sanction: bool = key(False, "colleagues frown on steering patients")


@dataclass(frozen=True, slots=True)
class OfferSpec:
    """``[offer.NAME]``: payment rules that teams may join by a vote, and leave again (behaviour F2)."""

    policies: list[str] = key([], "payment rules that are offered together", choices=POLICIES, pattern=OWN_POLICY, source="behaviour F2")
    terms: dict[str, dict[str, Any]] = key({}, "terms of these rules that differ from their defaults, by rule and term", choices=POLICIES, pattern=OWN_POLICY, source="systems 0.1")
    instead_of: list[str] = key([], "payment rules that a team gives up when it joins", choices=POLICIES, pattern=OWN_POLICY, source="behaviour F2")
    kinds: list[str] = key(["msp"], "kinds of team that may join, empty for all", choices=TEAM_KINDS, source="behaviour F2")
    only_teams: list[str] = key([], "teams that may join, empty for all of these kinds", source="behaviour F2")
    since: date = key(EARLIEST_START, "day from which teams may join", table="from", source="behaviour F2")
    until: date = key(LATEST_START, "last day on which teams may join", source="behaviour F2")
    sharing_rule: str = key("", "sharing rule that the offer asks for, empty for the team's own choice", choices=("", *SHARING_RULES), pattern=OWN_POLICY, source="behaviour F3")
    writing_months: float = key(-1.0, "months from the vote to the contract, -1 for those of a collective contract, or none", unit="months", low=UNSET, high=60, source="behaviour F1")
    call: bool = key(False, "a call for projects: teams answer, and only some answers win", source="behaviour F1")
    places: int = key(0, "most teams that may join, 0 for no limit", unit="teams", low=0, high=10_000, source="behaviour F1")


@dataclass(frozen=True, slots=True)
class TerritorySpec:
    """``[territory]``: where people live, and who else works there."""

    builder: str = key("synthetic", "how the territory is made", choices=("synthetic", "epci", "insee"))
    name: str = key("", "EPCI by name or nine-digit code for the builder epci, a free name otherwise")
    people: int = key(23_000, "inhabitants", only="synthetic", unit="people", low=200, high=10_000_000, source="P-SYN-DEFAULT")
    columns: int = key(30, "cells from west to east", only="synthetic", unit="cells of 1 km", low=2, high=400)
    rows: int = key(25, "cells from south to north", only="synthetic", unit="cells of 1 km", low=2, high=400)
    town: int = key(8_000, "people of the largest commune, 0 for none", only="synthetic", unit="people", low=0, high=2_500_000)
    commune_count: int = key(0, "communes, 0 for what the French size distribution gives", only="synthetic", unit="count", low=0, high=2_000)
    commune_shares: dict[str, float] = key({}, "communes by name, and the share of the people who live there; empty to draw them", only="synthetic", unit="share", low=0, high=1, pattern=COMMUNE_NAME)
    area_types: dict[str, float] = key({}, "living-area types and their shares of the people", unit="share", low=0, high=1, choices=AREA_TYPES)
    share_65_plus: float = key(-1.0, "share of people aged 65 and over, -1 for that of the living-area types", unit="share", low=-1, high=0.6, source="P-CASE-FRANCE")
    age_shares: list[float] = key([], "share of the people in each age band, from 0-17 to 85+; empty for that of the living-area types", unit="share", low=0, high=1)
    women_by_age: list[float] = key([], "share of women in each age band, empty for that of the life tables", unit="share", low=0, high=1)
    ald_by_age: list[float] = key([], "share with long-term illness status (ALD) in each age band, empty for the national one", unit="share", low=0, high=1)
    c2s_by_age: list[float] = key([], "share with means-tested cover (C2S) in each age band, empty for what c2s gives", unit="share", low=0, high=1)
    poverty: float = key(-1.0, "poverty rate, -1 for that of the living-area types", unit="share", low=-1, high=0.8, source="P-CASE-FRANCE")
    c2s: float = key(-1.0, "share with means-tested cover, -1 for what poverty gives", unit="share", low=-1, high=0.8)
    gps_per_10000: float = key(7.7, "physicians, all teams together; -1 for that of the living-area types", unit="per 10,000 people", low=-1, high=60, source="P-DENS")
    nurses_per_10000: float = key(13.1, "self-employed nurses, all teams together; -1 for that of the living-area types", unit="per 10,000 people", low=-1, high=100, source="P-NURSE-DENS")
    hospitals: int = key(1, "hospitals", unit="count", low=0, high=100)
    beds_per_10000: float = key(17.4, "medical beds", unit="per 10,000 people", low=0, high=200, source="behaviour A4")
    hospital_minutes: float = key(-1.0, "travel to the hospital from the main town, -1 for in the main town", unit="minutes", low=-1, high=120)
    hospital_leads_bid: bool = key(False, "the hospital leads a bid: it tells the town of more discharges, and asks physicians that their patients count for it too", source="behaviour E")
    filosofi: str = key("", "Filosofi grid file, 200 m or 1 km", only="insee")
    bpe: str = key("", "BPE facilities file", only="insee")
    communes: list[str] = key([], "commune codes to keep, empty for all of the file", only="insee")


@dataclass(frozen=True, slots=True)
class RecordSpec:
    """``[record]``: what is written beside the standard tables."""

    panel: int = key(0, "patients followed in a weekly panel", unit="patients", low=0, high=1_000_000, source="design 4")
    events: bool = key(False, "write every claim line", source="design 4")
    map: bool = key(False, "write the map of each week: who waits where, and who is seen by whom", source="design 4")


@dataclass(frozen=True, slots=True)
class PayerSpec:
    """``[payer]``: how the payer of the contracts handles its rules, and watches those who signed them."""

    mode: str = key("static", "rules as written, with what the payer changed in its time, or adapted year by year", choices=PAYER_MODES, source="behaviour G")
    budget: float = key(-1.0, "budget of each rule that the payer may change, 0 for none set, -1 for that of the parameters", unit="EUR/year", low=-1, high=1e12, source="behaviour G")
    budget_office: bool = key(False, "a budget office may veto costly changes", source="behaviour G")
    territorial_adjustment: str = key("neutralising", "how the payer adjusts for the territory, if it comes to that", choices=TERRITORIAL_ADJUSTMENTS, source="behaviour G")
    count_target: int = key(-1, "teams under contract that the payer wants, 0 for no target, -1 for that of the parameters", unit="teams", low=-1, high=10_000, source="behaviour G")
    monitoring_hours: float = key(-1.0, "monitoring hours for each team while teams are few, -1 for those of the parameters", unit="hours/team/year", low=-1, high=200, source="behaviour G")


@dataclass(frozen=True, slots=True)
class ScenarioSpec:
    """A whole scenario, resolved: what a run is made of."""

    name: str = key("default", "name of the scenario")
    title: dict[str, str] = key({}, "title by language", choices=LANGUAGES)
    description: dict[str, str] = key({}, "description by language", choices=LANGUAGES)
    start: date = key(date(2021, 1, 4), "first day of year 1; fees are those of the day")
    years: int = key(2, "years simulated after the warm-up", unit="years", low=1, high=100)
    seed: int = key(1, "seed of every draw", low=0, high=2**63 - 1)
    warm_up_years: int = key(0, "years of warm-up, 0 for the length given by the rule", unit="years", low=0, high=50)
    territory: TerritorySpec = key(TerritorySpec(), "the territory")
    teams: dict[str, TeamSpec] = key({}, "teams by name", table="team")
    default_contract: list[str] = key([], "payment rules of teams that name none; empty for the usual ones of their kind", choices=POLICIES, pattern=OWN_POLICY, source="systems 0.1")
    reform: dict[str, dict[str, Any]] = key({}, "terms of payment rules that a reform changes, by rule and term: a value, or values from their days on", choices=(*POLICIES, FEES, SHARING), pattern=OWN_POLICY, source="systems 0.3")
    offers: dict[str, OfferSpec] = key({}, "offers of payment rules by name", table="offer", source="behaviour F2")
    decisions: bool = key(True, "professionals and teams decide; false keeps every habit as it is", source="behaviour D")
    payer: PayerSpec = key(PayerSpec(), "the payer of the contracts", source="behaviour G")
    mechanisms: dict[str, str] = key({}, "mechanisms of behaviour that differ from their defaults, by name", source="behaviour H")
    norms: str = key("", "file of national norms that payment rules compare with, empty for those of the parameters", source="design 4")
    fill_with_default_teams: bool = key(True, "add solo and group practices until the densities of the territory hold")
    parameters: dict[str, Any] = key({}, "parameters that differ from their defaults, by id")
    record: RecordSpec = key(RecordSpec(), "what is recorded beside the standard tables")

    @property
    def first_year(self) -> int:
        """Calendar year that year 1 stands for: the one in which most of its weeks lie."""
        return (self.start + HALF_A_YEAR).year

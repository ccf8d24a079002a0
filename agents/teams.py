"""Teams: the level between the payer and the person (behaviour A4, F)."""

from typing import Final

from agents.declarations import Column, table_dtype

KINDS: Final = ("solo", "group", "msp", "health_centre", "cpts")
SOLO, GROUP, MSP, HEALTH_CENTRE, CPTS = range(5)

SHARING_RULES: Final = (
    "individual", "equal", "fee_proportional", "hold_harmless", "equal_hourly", "fee_hourly",
    "salaried", "residual", "same_act_same_pay", "fee_pooling",
)  # fmt: skip
OWN_RULE: Final = 255
"""Code of a sharing rule of the user's own, named in the scenario."""

PERIMETERS: Final = ("all", "elderly", "diabetic")
ALL_PATIENTS, ELDERLY_PATIENTS, DIABETIC_PATIENTS = range(3)
"""Patients of whose care a lump sum of the team may stand in the place."""
ELDERLY_FROM, ELDERLY_NEURO_FROM = 65, 50
"""Ages from which a patient is of the elderly perimeter: any, and with dementia, Parkinson's disease or multiple
sclerosis; these are the definition of the perimeter (systems 2.4, [Morize2024 ch.1])."""
BY_PHYSICIANS, BY_NURSES = range(2)
"""Whose acts a lump sum replaces."""

CRITERIA: Final = ("meetings", "protocols", "coordination", "opening", "software", "prevention")
"""What contracts of teams ask for, and what teams report of it (behaviour F5)."""
PROFILES: Final = ("resistant", "conforming", "innovative")

COLUMNS: Final = (
    Column("who", "u8", "", "stable content id: territory and name"),
    Column("territory", "i2", "", "territory", recorded=True),
    Column("kind", "u1", "", "kind of team", source="behaviour A4", recorded=True),
    Column("cell", "i4", "", "cell of the main site"),
    Column("sites", "i4", "sites", "number of sites", 1, source="behaviour A4"),
    Column("sharing_rule", "u1", "", "sharing rule (index)", source="systems 4"),
    Column("fund", "f8", "EUR", "collective money", source="behaviour F4"),
    Column("fixed_commitments", "f4", "EUR/year", "fixed commitments", source="behaviour F4"),
    Column("hourly_rate", "f4", "EUR/hour", "pay of collective time", 50, source="P-TEAM-RATE"),
    Column("pooled_years", "f4", "years", "years of pooled fees", source="behaviour F2"),
    Column("cohesion", "f4", "share", "cohesion", 0.7, 0, 1, source="behaviour A4"),
    Column("conflict", "f4", "share", "conflict", 0, 0, 1, source="behaviour A4"),
    Column("maturity_years", "f4", "years", "years of working together", 3, source="behaviour F6"),
    Column("leader", "i4", "", "physician who leads (row of the physicians), -1 for none", -1, source="behaviour F6"),
    Column("recognised", "u1", "", "1 when the leader is recognised by peers", 1, source="behaviour F6"),
    Column("leadership", "u1", "", "how the team is led: nobody, one, several, somebody new, alone, divided", source="behaviour F6", recorded=True),
    Column("consultant", "u1", "", "1 when a hired consultant brings know-how", source="behaviour F6"),
    Column("projects", "f4", "projects", "collective projects under way", source="behaviour F4"),
    Column("organisational_hours", "f4", "hours/week", "organisational and evidence work of leader and coordinator", source="behaviour F6", recorded=True),
    Column("evidence_hours", "f4", "hours/week", "of which evidence files, written by coordinators", source="behaviour E", recorded=True),
    Column("admin_hours", "f4", "hours/week/member", "paperwork of contracts", source="behaviour F2"),
    Column("learning_years", "f4", "years", "years of learning a collective contract", source="behaviour F5"),
    Column("payer_trust", "f4", "share", "trust in the payer", 0.5, 0, 1, source="behaviour G"),
    Column("goodwill", "f4", "share", "what the payer remembers of the team", source="behaviour G"),
    Column("practised", "f4", "share", "true practice of each criterion", shape=(len(CRITERIA),), source="behaviour F5", recorded=True),
    Column("reported", "f4", "share", "report of each criterion", shape=(len(CRITERIA),), source="behaviour F5", recorded=True),
    Column("profile", "u1", "", "how the team meets what contracts ask for", source="behaviour F5", recorded=True),
    Column("bad_trials", "u1", "count", "failed trials of shared software", source="behaviour F6"),
    Column("posts_paid", "f4", "FTE", "nurse posts paid by the team", source="behaviour F4", recorded=True),
    Column("quarrel", "f4", "share", "mean quarrel over the split of the money", source="behaviour F3", recorded=True),
    Column("withholds", "u1", "", "1 when intermediaries keep messages to themselves", source="behaviour 0"),
    Column("hospital_tie", "f4", "share", "tie with the hospital", 0.2, 0, 1, source="behaviour E"),
    Column("physicians", "i4", "count", "physicians", recorded=True),
    Column("nurses", "i4", "count", "nurses in post", recorded=True),
    Column("secretaries", "i4", "count", "secretaries", recorded=True),
    Column("other_professionals", "i4", "count", "other professionals, who vote and receive referrals", source="behaviour I"),
    Column("coordinator_fte", "f4", "FTE", "coordinator", recorded=True),
    Column("meetings", "i4", "count/year", "formal meetings reported", source="systems 0.6"),
    Column("files_reviewed", "i4", "count/year", "files reviewed in meetings, reported", source="systems 0.6"),
    Column("protocols", "i4", "count", "team protocols reported", source="systems 0.6"),
    Column("closed_tasks", "i4", "bits", "tasks that the team will not hand over, one bit each", source="behaviour I"),
    Column("more_patients", "f4", "share", "share of freed time that goes to more patients", 0.3, 0, 1, source="behaviour D2"),
    Column("desk_minutes_saved", "f4", "minutes", "minutes of a chronic visit saved by files prepared at the desk", source="behaviour E", recorded=True),
    Column("navigation", "f4", "utility", "what booking at the desk takes from the wish to forgo care, negative where nobody does it", source="behaviour E"),
    Column("recall", "f4", "share", "chance that prevention due is done at any contact, by lists of recall", source="behaviour E", recorded=True),
    Column("desk_error", "f4", "share", "share of calls that the desk sorts wrongly", 0, 0, 1, source="behaviour E", recorded=True),
    Column("prevention_around", "f4", "share", "effort on prevention of the staff whom a coordinator sets to it", 0, 0, 1, source="behaviour E"),
    Column("attraction", "f4", "log-odds", "how much more a place attracts successors than the mean place around", source="behaviour F6"),
    Column("intern_stays", "f4", "share", "chance that one of the interns takes over a post", 0, 0, 1, source="behaviour F6"),
    Column("encounters", "f4", "ratio", "informal encounters of physicians and nurses, relative to the usual", 1, source="behaviour I"),
    Column("peer_sanction", "u1", "", "1 when colleagues frown on steering patients", source="behaviour E"),
    Column("interns", "i4", "count", "interns in training", source="behaviour F6"),
    Column("opening_ok", "u1", "", "1 when opening hours are reported as met", source="systems 0.6"),
    Column("software_ok", "u1", "", "1 when shared software is reported", source="systems 0.6"),
    Column("replaced", "u4", "bits", "act codes that a lump sum of the team replaces, one bit each, by scope", shape=(3,), source="systems 0.1"),
    Column("perimeter", "u1", "", "patients whose acts are replaced: those of physicians, those of nurses", shape=(2,), source="systems 2.4"),
    Column("first_physician", "i4", "", "first row of the team's physicians"),
    Column("last_physician", "i4", "", "row after the team's last physician"),
    Column("first_nurse", "i4", "", "first row of the team's nurses"),
    Column("last_nurse", "i4", "", "row after the team's last nurse"),
)  # fmt: skip

DTYPE: Final = table_dtype(COLUMNS)


def sharing_code(name: str) -> int:
    """Code of a sharing rule in column ``sharing_rule``."""
    return SHARING_RULES.index(name) if name in SHARING_RULES else OWN_RULE

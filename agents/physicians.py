"""Physicians (GPs): state in columns (behaviour A2)."""

from typing import Final

from agents.declarations import Column, table_dtype
from agents.tasks import N_TASKS

# What a professional's minutes are booked to (behaviour C6).
USES: Final = (
    "visit", "phone", "home", "supervision", "validation", "collective",
    "evidence", "organisational", "travel", "unbilled", "idle", "overrun",
)  # fmt: skip
(
    VISIT, PHONE, HOME, SUPERVISION, VALIDATION, COLLECTIVE,
    EVIDENCE, ORGANISATIONAL, TRAVEL, UNBILLED, IDLE, OVERRUN,
) = range(12)  # fmt: skip

COLUMNS: Final = (
    Column("who", "u8", "", "stable content id: territory, team, ordinal and succession"),
    Column("team", "i4", "", "team (row of the teams)", recorded=True),
    Column("territory", "i2", "", "territory", recorded=True),
    Column("cell", "i4", "", "cell of the practice"),
    Column("birth_week", "i4", "week", "week of birth", source="behaviour A2"),
    Column("woman", "u1", "", "1 for a woman", source="P-FEMALE"),
    Column("half_days", "f4", "half-days/week", "half-days worked", 9.5, 5, 11, source="P-HALFDAYS", recorded=True),
    Column("leave_weeks", "f4", "weeks/year", "weeks off", 6.2, source="P-HOLIDAY"),
    Column("slot_acute", "f4", "minutes", "length given to an acute visit", 15, 5, 60, source="behaviour A2"),
    Column("slot_chronic", "f4", "minutes", "length given to a chronic visit", 20, 5, 60, source="behaviour A2"),
    Column("renewal_interval_months", "u1", "months", "habitual interval between renewals", 3, 1, 12, source="behaviour A1"),
    Column("registered_list", "i4", "patients", "registered patients", source="P-LIST-MEAN", recorded=True),
    Column("list_target", "f4", "patients", "list size towards which the physician builds", source="P-LIST-DIST"),
    Column("list_open", "f4", "share", "share of asking patients that the physician registers", source="behaviour D6", recorded=True),
    Column("alpha", "f4", "", "altruism", 1.2, source="T-EM"),
    Column("overload", "f4", "", "overload O", 0, 0, 1.5, source="behaviour A2", recorded=True),
    Column("open_deleg", "f4", "share", "openness to delegation", 0.5, 0, 1, source="behaviour A2"),
    Column("core", "f4", "share", "how central each task is to the physician", shape=(N_TASKS,), source="behaviour B"),
    Column("liability", "f4", "share", "fear of liability", 0.3, 0, 1, source="behaviour A2"),
    Column("kappa", "f4", "share", "knowledge of settled incentives", 0.05, 0, 1, source="behaviour 0"),
    Column("intermediary", "u1", "", "1 for who learns settled incentives at the source", source="behaviour 0"),
    Column("identity", "f4", "share", "attachment to self-employed status", 0.6, 0, 1, source="behaviour A2"),
    Column("peer_belief", "f4", "", "belief about colleagues' motives", -0.2, -0.5, 0, source="behaviour A2"),
    Column("network", "f4", "share", "leadership: network", 0.5, 0, 1, source="behaviour A2"),
    Column("knowhow", "f4", "share", "leadership: know-how", 0.5, 0, 1, source="behaviour A2"),
    Column("will", "f4", "share", "leadership: will", 0.5, 0, 1, source="behaviour A2"),
    Column("fatigue", "f4", "share", "fatigue", 0.2, 0, 1, source="behaviour A2", recorded=True),
    Column("job_meaning", "f4", "share", "meaning of the job", 0.7, 0, 1, source="behaviour A2"),
    Column("leads", "u1", "", "1 for who leads the patient's trajectory, 0 for an occasional role", source="behaviour A2"),
    Column("hospital_tie", "f4", "share", "tie with the hospital", 0.2, 0, 1, source="behaviour E"),
    Column("overhead", "f4", "share", "practice costs over fees", 0.47, source="P-OVERHEAD"),
    Column("salaried", "u1", "", "1 for a salaried physician", source="behaviour A2"),
    Column("vacant_until", "i4", "week", "week in which a successor starts; -1 when the post is held", -1, source="behaviour A2"),
    Column("leaves_week", "i4", "week", "week of year 1 on in which a departure is due, -1 for none", -1, source="behaviour I"),
    Column("successions", "i4", "count", "how often the post has changed hands"),
    Column("present", "u1", "", "1 in a week of work", 1, recorded=True),
    Column("posted_wait_days", "f4", "days", "wait that patients and colleagues see", source="behaviour C3", recorded=True),
    Column("booked_share", "f4", "share", "share of the week's minutes that is booked", source="behaviour C3", recorded=True),
    Column("backlog_minutes", "f4", "minutes", "work asked and not yet served", source="behaviour C3", recorded=True),
    Column("demand_share", "f4", "share", "smoothed demand over capacity", 0.9, source="behaviour A2"),
    Column("minutes", "f8", "minutes", "this week's minutes by use", shape=(12,), source="behaviour C6", recorded=True),
    Column("requests", "i4", "count", "requests received this week", recorded=True),
    Column("contacts", "i4", "count", "contacts this week", recorded=True),
    Column("home_contacts", "i4", "count", "home visits this week", recorded=True),
    Column("leaks", "i4", "count", "contacts of own list with another team's GP this week", recorded=True),
    Column("fees_cents", "i8", "cents", "fees billed this week", recorded=True),
    Column("dyad_start", "i4", "", "first row of the physician's dyads"),
    Column("dyad_end", "i4", "", "row after the physician's last dyad"),
)  # fmt: skip

DTYPE: Final = table_dtype(COLUMNS)

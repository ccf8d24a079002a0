"""Nurses of four kinds, one table; and the dyads that tie a physician to a nurse (behaviour A3, D2)."""

from typing import Final

from agents.declarations import Column, table_dtype
from agents.tasks import N_TASKS
from agents.uses import USES

KINDS: Final = ("liberal", "asalee", "advanced_practice", "pathway")
LIBERAL, ASALEE, ADVANCED_PRACTICE, PATHWAY = range(4)

COLUMNS: Final = (
    Column("who", "u8", "", "stable content id: territory, team, kind and ordinal"),
    Column("kind", "u1", "", "kind of nurse", source="behaviour A3", recorded=True),
    Column("team", "i4", "", "team (row of the teams), -1 outside any", -1, recorded=True),
    Column("territory", "i2", "", "territory", recorded=True),
    Column("cell", "i4", "", "cell of the office"),
    Column("salaried", "u1", "", "1 for a salaried nurse", source="behaviour A3"),
    Column("weekly_minutes", "f4", "minutes/week", "time available", 2700, source="behaviour A3", recorded=True),
    Column("home_share", "f4", "share", "share of the time at patients' homes", 0.9, source="P-NURSE-HOME"),
    Column("load", "f4", "share", "smoothed share of the time in use", 0.95, source="behaviour A3", recorded=True),
    Column("autonomy", "f4", "share", "wish for autonomy", 0.8, 0, 1, source="behaviour A3"),
    Column("leader_type", "u1", "", "1 for a nurse who proposes tasks, 0 for who waits", source="behaviour A3"),
    Column("dependence_on_gp", "f4", "share", "dependence on prescribing GPs", 0.5, 0, 1, source="behaviour A3"),
    Column("outside_income", "f4", "EUR/month", "net income of the outside option", 3600, source="P-NURSE-NET"),
    Column("skill", "f4", "share", "skill by task", 0.7, 0, 1, shape=(N_TASKS,), source="behaviour A3"),
    Column("derogatory_authorised", "u1", "", "1 when derogatory acts are personally authorised", source="behaviour A3"),
    Column("own_door", "u1", "", "1 when the nurse's own door offers k09 and k19, where the law lets it", source="behaviour C2"),
    Column("area_km2", "f4", "km2", "area of the round", 20, source="behaviour C (Space)"),
    Column("posted_wait_days", "f4", "days", "wait that patients and colleagues see", source="behaviour C3", recorded=True),
    Column("booked_share", "f4", "share", "share of the week's minutes that is booked", source="behaviour C3", recorded=True),
    Column("backlog_minutes", "f4", "minutes", "work asked and not yet served", source="behaviour C3"),
    Column("in_post", "u1", "", "0 for a post that nobody holds: the nurse has left, or the team has not opened it yet", 1, source="behaviour E", recorded=True),
    Column("poor_quarters", "u1", "quarters", "quarters in a row with an income far below the outside option", source="behaviour E"),
    Column("collective_minutes", "f4", "minutes/week", "collective work", source="behaviour D8", recorded=True),
    Column("minutes", "f8", "minutes", "this week's minutes by use (the uses of the physicians)", shape=(len(USES),), source="behaviour C6", recorded=True),
    Column("requests", "i4", "count", "requests received this week", recorded=True),
    Column("contacts", "i4", "count", "task contacts this week", recorded=True),
    Column("stops", "i4", "count", "home stops this week", recorded=True),
    Column("fees_cents", "i8", "cents", "fees billed this week", recorded=True),
)  # fmt: skip

DTYPE: Final = table_dtype(COLUMNS)

DYAD_COLUMNS: Final = (
    Column("physician", "i4", "", "physician (row of the physicians)"),
    Column("nurse", "i4", "", "nurse (row of the nurses)"),
    Column("knowledge", "f4", "share", "what the physician knows of the partner (K)", 0.5, 0, 1, source="behaviour A2"),
    Column("availability", "f4", "share", "co-location (A)", 1, 0, 1, source="behaviour D2"),
    Column("share", "f4", "share", "share of each task handed over (x)", 0, 0, 1, shape=(N_TASKS,), source="behaviour D2"),
    Column("informal", "i4", "bits", "tasks done without the protocol that the law asks for, one bit each", source="behaviour B"),
    Column("validation", "f4", "share", "share of events with a validation call (v)", 0, 0, 1, shape=(N_TASKS,), source="behaviour B"),
    Column("experience", "f4", "share", "experience of the pair by task (e)", 0, 0, 1, shape=(N_TASKS,), source="behaviour A2"),
    Column("handed", "u2", "count", "events of each task handed over this quarter", shape=(N_TASKS,), source="behaviour D2"),
    Column("trust", "f4", "share", "trust of the pair", 0.7, 0, 1, source="behaviour D2"),
    Column("refused", "i4", "bits", "tasks that the nurse has declined, one bit each", source="behaviour E"),
)  # fmt: skip

DYAD_DTYPE: Final = table_dtype(DYAD_COLUMNS)

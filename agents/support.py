"""Secretaries and coordinators (behaviour A4)."""

from typing import Final

from agents.declarations import Column, table_dtype

ROLES: Final = ("secretary", "coordinator")
SECRETARY, COORDINATOR = range(2)

COLUMNS: Final = (
    Column("who", "u8", "", "stable content id: territory, team, role and ordinal"),
    Column("role", "u1", "", "secretary or coordinator", recorded=True),
    Column("team", "i4", "", "team (row of the teams)", recorded=True),
    Column("territory", "i2", "", "territory", recorded=True),
    Column("fte", "f4", "FTE", "full-time equivalents", 1, source="behaviour A4", recorded=True),
    Column("weekly_minutes", "f4", "minutes/week", "time available", 2100, source="behaviour A4", recorded=True),
    Column("load", "f4", "share", "share of the time in use", 0.9, source="behaviour A4", recorded=True),
    Column("morale", "f4", "share", "morale", 0.8, 0, 1, source="behaviour E"),
    Column("error", "f4", "share", "share of calls that are sorted wrongly", 0.2, 0, 1, source="behaviour E"),
    Column("in_post", "u1", "", "0 once the post is empty", 1, source="behaviour E", recorded=True),
    Column("tasks", "i4", "bits", "tasks taken on, one bit each", source="behaviour E"),
    Column("gp_tie", "f4", "share", "tie to the physicians", 0.5, 0, 1, source="behaviour A4"),
    Column("evidence_skill", "f4", "share", "skill in writing evidence files", 0.5, 0, 1, source="behaviour A4"),
    Column("prevention_drive", "f4", "share", "drive for prevention", 0.5, 0, 1, source="behaviour A4"),
)  # fmt: skip

DTYPE: Final = table_dtype(COLUMNS)

"""Hospitals: an emergency department, medical beds, and what they tell the town (behaviour A4, C5)."""

from typing import Final

from agents.declarations import Column, table_dtype

COLUMNS: Final = (
    Column("who", "u8", "", "stable content id: territory and ordinal"),
    Column("territory", "i2", "", "territory", recorded=True),
    Column("cell", "i4", "", "cell"),
    Column("minutes_beyond", "f4", "minutes", "travel beyond its cell, for a hospital outside the territory", source="behaviour I"),
    Column("beds", "i4", "beds", "medical beds", 40, source="behaviour A4", recorded=True),
    Column("occupancy", "f4", "share", "smoothed share of beds in use", 0.88, source="behaviour A4", recorded=True),
    Column("ed_capacity", "i4", "visits/week", "emergency visits a week without strain", source="behaviour A4", recorded=True),
    Column("p_notice", "f4", "share", "base of the chance that a discharge is notified, before the week bounds it", 0.5, 0.1, 1.3, source="behaviour A4"),
    Column("notice_delay_days", "i4", "days", "delay of the discharge notice", 7, 2, 21, source="behaviour A4"),
    Column("direct_accept", "f4", "share", "chance of direct admission asked by a tied GP", 0.3, 0.05, 0.9, source="behaviour A4"),
    Column("attributed", "u1", "", "1 once physicians have agreed that patients count for the hospital too", source="behaviour E"),
    Column("leads_bid", "u1", "", "1 when the hospital leads a bid", source="behaviour A4"),
    Column("ed_visits", "i4", "count", "emergency visits this week", recorded=True),
    Column("ed_admitted", "i4", "count", "emergency visits admitted this week", recorded=True),
    Column("admissions", "i4", "count", "admissions this week", recorded=True),
    Column("direct_admissions", "i4", "count", "admissions without passing through the ED this week", recorded=True),
    Column("readmissions", "i4", "count", "readmissions within 30 days this week", recorded=True),
    Column("avoidable", "i4", "count", "potentially avoidable stays begun this week", recorded=True),
    Column("overflow", "i4", "count", "admissions beyond the beds this week, transferred elsewhere", recorded=True),
    Column("bed_days", "i4", "days", "bed-days of the stays begun this week", recorded=True),
    Column("revenue_cents", "i8", "cents", "stays and emergency visits billed this week", recorded=True),
)  # fmt: skip

DTYPE: Final = table_dtype(COLUMNS)

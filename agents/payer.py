"""The payer: one row, how it watches and what it may spend (behaviour A4, G)."""

from typing import Final

from agents.declarations import Column, table_dtype

MODES: Final = ("static", "replay", "adaptive")
STATIC, REPLAY, ADAPTIVE = range(3)

TERRITORIAL_ADJUSTMENTS: Final = ("none", "neutralising", "compensating")
"""How a payer may adjust for the territory: never; by taking out what the place does to what is paid; or by giving more
where the place is poor."""

COLUMNS: Final = (
    Column("who", "u8", "", "stable content id"),
    Column("mode", "u1", "", "rules as written, dated changes replayed, or adapted yearly", source="behaviour G"),
    Column("budget", "f8", "EUR/year", "budget, 0 for none set", source="behaviour A4"),
    Column("monitoring_hours", "f4", "hours/team/year", "monitoring hours per team", 12, source="behaviour A4"),
    Column("count_target", "i4", "teams", "number of teams wanted, 0 for no target", source="behaviour G"),
)  # fmt: skip

DTYPE: Final = table_dtype(COLUMNS)

"""The six living-area types of the French territory ([Moyal2021 ch.1], behaviour I)."""

from typing import Final

AREA_TYPES: Final = ("T1", "T2", "T3", "T4", "T5", "T6")

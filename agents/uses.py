"""What a professional's minutes are booked to (behaviour C6)."""

from typing import Final

USES: Final = (
    "visit", "phone", "home", "supervision", "validation", "collective",
    "evidence", "organisational", "travel", "unbilled", "idle", "overrun", "effort", "personal",
)  # fmt: skip
(
    VISIT, PHONE, HOME, SUPERVISION, VALIDATION, COLLECTIVE,
    EVIDENCE, ORGANISATIONAL, TRAVEL, UNBILLED, IDLE, OVERRUN, EFFORT, PERSONAL,
) = range(len(USES))  # fmt: skip

"""A request: what a patient asks, of whom, and what came of it within the week (the line between the phases).

Phase 1 writes the asking half, phase 2 the answer of providers, phase 3 reads both. Nothing outlives the week; what is
not served goes back to the patient's ``pending`` slots.
"""

from typing import Final

from agents.declarations import Column, table_dtype

TARGETS: Final = ("gp", "nurse", "teleconsultation", "ed", "hospital", "again", "forgo", "rounds", "discharge", "news")
TO_GP, TO_NURSE, TO_TELECONSULTATION, TO_ED, TO_HOSPITAL, AGAIN, FORGO, TO_ROUNDS, DISCHARGED, TO_REGISTRY = range(10)

# ``TO_REGISTRY`` is no request of care: a death, birth, move or coming of age to be entered at the end of the week.

UNADDRESSED: Final = 255  # value of ``target``: not decided yet where it goes; ``provider`` is the patient's nurse
NEW_REQUEST: Final = 255  # value of ``slot``: the request was not pending before

# Bits of ``marks``.
REPLACES: Final = 1  # the nurse event replaces a physician event
AT_HOME: Final = 2
BY_PHONE: Final = 4
READMITTED: Final = 8
PLANNED: Final = 16  # a stay that needs no emergency department

COLUMNS: Final = (
    Column("patient", "i4", "", "patient (row)"),
    Column("provider", "i4", "", "physician, nurse or hospital (row), by target", -1),
    Column("dyad", "i4", "", "dyad that handed the task over, -1 for none", -1),
    Column("physician", "i4", "", "physician who answers for what a nurse does, -1 for none", -1),
    Column("target", "u1", "", "where the request goes"),
    Column("need", "u1", "", "what is asked"),
    Column("task", "u1", "", "task of the catalogue"),
    Column("cause", "u1", "", "cause of a stay or emergency"),
    Column("priority", "u1", "", "priority class"),
    Column("misplaced", "i1", "classes", "classes by which the desk has put it too far back; below 0, too far forward"),
    Column("channel", "u1", "", "how the task came to a nurse, where no decision handed it over"),
    Column("slot", "u1", "", "pending slot of the patient, 255 for a new request", NEW_REQUEST),
    Column("day", "u1", "weekday", "day on which it takes place"),
    Column("marks", "u1", "bits", "replaces, at home, by phone, ..."),
    Column("count", "u1", "stops", "home stops", 1),
    Column("served", "u1", "", "1 when the provider served it"),
    Column("since", "i2", "week", "week in which the need arose"),
    Column("tie", "u4", "", "keyed tie-break among equals"),
    Column("minutes_tenths", "i4", "0.1 minutes", "time of who serves it"),
    Column("gp_minutes_tenths", "i4", "0.1 minutes", "supervision and validation by the physician"),
)

DTYPE: Final = table_dtype(COLUMNS)

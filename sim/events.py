"""The claim line: every event of the week that somebody delivers, bills or goes without (behaviour C6).

One table holds them all, so that a measure is a predicate over one set of columns and nothing is counted twice. Money
is in whole cents and time in tenths of a minute: integers add up to the same sum in any order.
"""

from typing import Final

from agents.declarations import Column, table_dtype

KINDS: Final = ("gp", "nurse", "rounds", "teleconsultation", "ed", "stay", "forgone", "delay", "discharge")
GP, NURSE, ROUNDS, TELECONSULTATION, ED, STAY, FORGONE, DELAY, DISCHARGE = range(9)
"""gp: a contact with a physician; nurse: a task done by a nurse; rounds: a week of home nursing stops;
forgone: a need given up; delay: a request that waits another week; discharge: the end of a stay."""

CODES: Final = (
    "none", "G", "G_CHILD", "HOME", "VL", "IMT", "LONG", "TLC", "TECH", "OOH", "SNP", "AMI",
    "BSA", "BSB", "BSC", "ED", "STAY", "SALARIED",
)  # fmt: skip
(
    NO_CODE, G, G_CHILD, HOME, VL, IMT, LONG, TLC, TECH, OOH, SNP, AMI,
    BSA, BSB, BSC, ED_FEE, STAY_TARIFF, SALARIED,
) = range(18)  # fmt: skip
"""Act codes of the accounts (systems 0.6). ``SALARIED`` is a task nobody bills."""

SCOPES: Final = ("in_list", "other", "ame")
IN_LIST, OTHER, FOR_AME = range(3)

CHANNELS: Final = ("own", "routine", "referral", "protocol", "informal", "transfer", "door")
OWN, ROUTINE, REFERRAL, PROTOCOL, INFORMAL, TRANSFER, DOOR = range(7)
"""How a task came to the nurse (behaviour D2); ``own`` is the physician's own work, ``door`` the nurse's own door."""

PAYEES: Final = ("none", "physician", "nurse", "hospital", "outside")
NOBODY, PHYSICIAN, THE_NURSE, THE_HOSPITAL, OUTSIDE = range(5)

# Bits of ``marks``.
LEAK: Final = 1  # a patient registered with a GP of a team was seen by a GP of another
ADMITTED: Final = 2  # the emergency visit ended in admission
AVOIDABLE: Final = 4  # a potentially avoidable stay
DIRECT: Final = 8  # admitted without passing through the emergency department
READMISSION: Final = 16  # within 30 days of a discharge
NOTIFIED: Final = 32  # the discharge was notified to the GP
REPLACES: Final = 64  # the nurse event replaces a GP event (else it is added service)
TEST: Final = 128  # an HbA1c test was prescribed
FIRST: Final = 256  # first contact of this patient with this kind of professional in the year
VALIDATED: Final = 512  # a validation call to the GP was made
REGISTRATION: Final = 1024  # the patient was registered at this contact
SEEN_WITHIN_7: Final = 2048  # discharge: a GP or nurse was seen within 7 days
SEEN_WITHIN_30: Final = 4096  # discharge: a GP or nurse was seen within 30 days
DECOMPENSATION: Final = 8192  # the emergency or stay comes from a chronic condition
SUBSTITUTED: Final = 16384  # a shadow act: a lump sum is paid in its place
INITIATED: Final = 32768  # the first follow-up of this patient ever by an advanced-practice nurse

CAUSES: Final = ("none", "heart_failure", "copd", "diabetes", "other_avoidable", "other", "injury")
NO_CAUSE, CAUSE_HEART_FAILURE, CAUSE_COPD, CAUSE_DIABETES, CAUSE_OTHER_AVOIDABLE, CAUSE_OTHER, CAUSE_INJURY = range(7)

UNKNOWN_DAYS: Final = 255

COLUMNS: Final = (
    Column("week", "i2", "week", "week of the event"),
    Column("day", "u1", "weekday", "day within the week, 0 to 6"),
    Column("kind", "u1", "", "kind of event"),
    Column("code", "u1", "", "act code"),
    Column("need", "u1", "", "what the patient asked for"),
    Column("task", "u1", "", "task of the catalogue"),
    Column("priority", "u1", "", "priority class"),
    Column("channel", "u1", "", "how the task came to who did it"),
    Column("scope", "u1", "", "whose patient, seen from who did it"),
    Column("cause", "u1", "", "cause of a stay or emergency visit"),
    Column("marks", "u2", "bits", "leak, admitted, avoidable, ..."),
    Column("payee_kind", "u1", "", "who is paid"),
    Column("payee", "i4", "", "who is paid (row), -1 for outside", -1),
    Column("provider_team", "i4", "", "team of who did it, -1 for outside", -1),
    Column("patient", "i4", "", "patient (row)"),
    Column("registered_gp", "i4", "", "médecin traitant at the time (row), -1 for none", -1),
    Column("registered_team", "i4", "", "team of the médecin traitant, -1 for none", -1),
    Column("territory", "i2", "", "territory of the patient"),
    Column("commune", "i4", "", "commune of the patient"),
    Column("age", "u1", "years", "age of the patient"),
    Column("age_band", "u1", "", "age band of the patient"),
    Column("flags", "u2", "bits", "flags of the patient (ALD, C2S, AME, ...)"),
    Column("conditions", "u1", "bits", "conditions of the patient"),
    Column("count", "u1", "acts", "number of acts in the line", 1),
    Column("prevented", "u1", "", "1 where prevention was due, and was done at this contact"),
    Column("stops", "u1", "stops", "home stops of a week of rounds"),
    Column("waited_days", "u1", "days", "days from the request to the contact"),
    Column("days_since_discharge", "u1", "days", "days since a followed discharge, 255 for none", UNKNOWN_DAYS),
    Column("length_days", "u1", "days", "length of a stay"),
    Column("minutes_tenths", "i4", "0.1 minutes", "time of who did it"),
    Column("gp_minutes_tenths", "i4", "0.1 minutes", "supervision and validation time of the GP"),
    Column("cents", "i8", "cents", "tariff of the line"),
    Column("insurer_cents", "i4", "cents", "part of the tariff that public insurance pays"),
    Column("household_cents", "i4", "cents", "charge left to the patient; complementary cover pays the rest"),
)  # fmt: skip

DTYPE: Final = table_dtype(COLUMNS)

"""Patients: one population of columns, with a row view that reads like an agent (behaviour A1).

Small numbers are stored small: a *share* column holds 0-255 for 0-1, ``control`` 0-65535 for 0-1. Weeks count from
the start of the world (week 0), days likewise (day = 7 * week + weekday); ``NEVER`` marks what has not happened.
"""

from typing import Final

import numpy as np

from agents.declarations import Column, Row, Table, table_dtype

NEVER: Final = -32768
FAR: Final = 32767

# Conditions, in the order of the ``control`` columns and of the bits of ``conditions``.
CONDITIONS: Final = ("diabetes", "hypertension", "heart_failure", "copd", "ckd", "mental", "neuro")
DIABETES, HYPERTENSION, HEART_FAILURE, COPD, CKD, MENTAL, NEURO = range(7)

# Bits of ``flags``.
ALIVE: Final = 1
WOMAN: Final = 2
ALD: Final = 4
C2S: Final = 8
AME: Final = 16
POOR: Final = 32
CHRONIC: Final = 64  # under chronic treatment: has renewals
INAPPROPRIATE_DRUG: Final = 128
SEEN_7_DAYS: Final = 512
SEEN_30_DAYS: Final = 1024
NOTICED: Final = 2048  # the GP was told of the discharge
KEEPS_NO_GP: Final = 4096  # never asks to be registered
STAY_FOLLOWED: Final = 8192  # a discharge is being followed, to be reported 30 days after it
READMITTED_IF_UNSEEN: Final = 256  # the coming readmission happens only if nobody sees the patient within 7 days
NEWS: Final = 16384  # something for the demography of the week: gone, gave birth, came of age, needs a nurse

# Bits of ``prevention_due``.
VACCINE_DUE, SCREENING_DUE, CHILD_CHECK_DUE = 1, 2, 4

# Priority classes of a need, most pressing first.
PRIORITIES: Final = ("vital", "high", "medium", "low")
VITAL, HIGH, MEDIUM, LOW = range(4)

# What a patient asks for. The order is that of the rate tables of ``needs.toml``.
NEEDS: Final = (
    "acute",
    "renewal",
    "flare",
    "prevention",
    "administrative",
    "psychosocial",
    "womens_health",
    "home_visit",
    "post_discharge",
    "emergency",
    "new_patient",
)
(
    ACUTE,
    RENEWAL,
    FLARE,
    PREVENTION,
    ADMINISTRATIVE,
    PSYCHOSOCIAL,
    WOMENS_HEALTH,
    HOME_VISIT,
    POST_DISCHARGE,
    EMERGENCY,
    NEW_PATIENT,
) = range(11)

AGE_BANDS: Final = ("0-17", "18-44", "45-64", "65-74", "75-84", "85+")
AGE_BAND_STARTS: Final = (0, 18, 45, 65, 75, 85)

SPENDING: Final = ("gp", "nurse", "drugs", "ed", "hospital", "other")
SPEND_GP, SPEND_NURSE, SPEND_DRUGS, SPEND_ED, SPEND_HOSPITAL, SPEND_OTHER = range(6)

PENDING_DTYPE: Final = np.dtype([("provider", "i4"), ("since", "i2"), ("need", "u1"), ("priority", "u1")], align=True)
NO_PENDING: Final = 255
PENDING_SLOTS: Final = 3

COLUMNS: Final = (
    Column("who", "u8", "", "stable content id: territory, cell and birth ordinal", hot=True),
    Column("ceiling", "u4", "2^-32/week", "chance a week that something may happen, the same in every arm", hot=True),
    Column("wake", "i2", "week", "next week in which something is due whatever the draw", default=FAR, hot=True),
    Column("birth_week", "i2", "week", "week of birth (negative: before the start)", source="behaviour A1"),
    Column("cell", "i4", "", "home cell (row of the cells)", source="behaviour A1"),
    Column("registered_gp", "i4", "", "médecin traitant (row of the physicians), -1 for none", -1, source="P-NOMT"),
    Column("known_gp", "i4", "", "physician seen last, -1 for none", -1, source="behaviour C2"),
    Column("nurse_tie", "i4", "", "liberal nurse of the patient (row of the nurses), -1 for none", -1, source="P-NURSE-OVERLAP"),
    Column("flags", "u2", "bits", "alive, woman, ALD, C2S, AME, poor, chronic and follow-up bits", source="behaviour A1", hot=True),
    Column("conditions", "u1", "bits", "chronic conditions, one bit each", source="behaviour A1"),
    Column("control", "u2", "1/65535", "control of each condition", shape=(7,), source="behaviour A1, C4"),
    Column("control_week", "i2", "week", "week to which control has been brought up to date", source="behaviour C4"),
    Column("drift", "f4", "1/week", "loss of control a week", source="behaviour A1"),
    Column("vulnerability", "u1", "class of 16", "liability that chronic conditions share, for life", 0, 0, 15, source="behaviour A1"),
    Column("frailty", "u1", "1/255", "frailty", source="behaviour A1"),
    Column("renewal_due_week", "i2", "week", "week of the next renewal of treatment", FAR, source="behaviour A1"),
    Column("renewal_interval_months", "u1", "months", "interval between renewals", 3, 1, 12, source="behaviour A1"),
    Column("n_drugs", "u1", "drugs", "drugs taken in a quarter", source="behaviour A1"),
    Column("drugs_quarter", "u1", "quarters", "quarters of this year with ten drugs or more", source="behaviour A1"),
    Column("share_past", "u1", "1/255", "share of past contacts with the registered physician", source="behaviour A1"),
    Column("last_gp", "i2", "week", "week of the last contact with a physician", NEVER, source="behaviour A1"),
    Column("last_nurse", "i2", "week", "week of the last contact with a nurse", NEVER, source="behaviour A1"),
    Column("nurse_contact", "i2", "week", "week of the last k01-k05 or k20 contact with a nurse", NEVER, source="behaviour A1"),
    Column("last_stay", "i2", "week", "week of the last hospital stay", NEVER, source="behaviour A1"),
    Column("ipa_quarters", "u1", "quarters", "quarters followed by an advanced-practice nurse", source="behaviour A1"),
    Column("ipa_since", "i2", "week", "week from which an advanced-practice nurse has followed the patient", NEVER, source="systems 2.8"),
    Column("ipa_contact", "i2", "week", "week of the last follow-up by an advanced-practice nurse", NEVER, source="systems 2.8"),
    Column("discharge_day", "i4", "day", "day of the last or coming discharge", -1, source="behaviour C5"),
    Column("followup_day", "i4", "day", "day on which follow-up after discharge is asked, -1 for none", -1, source="behaviour C5"),
    Column("days_to_contact", "u1", "days", "days from discharge to the first contact with a GP, a nurse or by teleconsultation, 255 for none yet", 255, source="systems 3.3"),
    Column("readmission_day", "i4", "day", "day of a coming readmission, -1 for none", -1, source="behaviour C5"),
    Column("home_stops", "u1", "stops/week", "nurse stops a week at home", source="behaviour C (Space)"),
    Column("home_until", "i2", "week", "last week of continuing home nursing", NEVER, source="behaviour C (Space)"),
    Column("persistent_factor", "u1", "quantile/256", "persistent spending factor (lognormal quantile)", source="P-COST-CV"),
    Column("forgone_need", "u1", "count/year", "needs forgone this year, by priority class", shape=(4,), source="behaviour C2"),
    Column("gp_contacts", "u1", "count/year", "contacts with physicians this year", source="P-VIS-MEAN"),
    Column("spend", "f4", "EUR", "insurer spending this year by category", shape=(6,), source="P-COST-MEAN"),
    Column("spend_prev", "f4", "EUR", "insurer spending last year by category", shape=(6,), source="P-COST-MEAN"),
    Column("health_literacy", "u1", "1/255", "health literacy", source="behaviour A1"),
    Column("prefers_home", "u1", "1/255", "preference for care at home", source="behaviour A1"),
    Column("trust_gp", "u1", "1/255", "trust in the physician", source="behaviour A1"),
    Column("trust_nurse", "u1", "1/255", "trust in nurses", source="behaviour A1"),
    Column("prevention_due", "u1", "bits", "preventive acts due: vaccine, screening, child check", source="behaviour A1"),
    Column("diabetes_tests", "u1", "count/year", "HbA1c tests this year", source="P-DIAB-PROC"),
    Column("pending", PENDING_DTYPE, "", "open requests: provider, since week, need, priority", (-1, 0, NO_PENDING, 0), shape=(PENDING_SLOTS,), source="behaviour A1"),
)  # fmt: skip

DTYPE: Final = table_dtype(COLUMNS)


class Patient:
    """One patient, read and written through the population's columns: ``Patient(table, row).age(week)``."""

    __slots__ = ("_row", "row")
    _row: Row

    def __init__(self, patients: Table, row: int) -> None:
        object.__setattr__(self, "_row", patients[row])
        object.__setattr__(self, "row", row)

    def __getattr__(self, name: str) -> object:
        try:
            return self._row[name]
        except (KeyError, ValueError):
            raise AttributeError(f"a patient has no column {name!r}") from None

    def __setattr__(self, name: str, value: object) -> None:
        if name not in self._row.dtype.names:
            raise AttributeError(f"a patient has no column {name!r}")
        self._row[name] = value

    def age(self, week: int) -> int:
        """Age in whole years (of 52 weeks) at ``week``."""
        return (week - int(self._row["birth_week"])) // 52

    def has(self, condition: str) -> bool:
        """Whether the patient has a condition of :data:`CONDITIONS`."""
        return bool(int(self._row["conditions"]) >> CONDITIONS.index(condition) & 1)

    def is_(self, flag: int) -> bool:
        """Whether a bit of ``flags`` is set (``ALD``, ``C2S``, ...)."""
        return bool(int(self._row["flags"]) & flag)

"""What happens to patients: emergencies, stays, follow-up, access; the counts of the quality indicators (systems 3)."""

from typing import Final

from agents import patients as people
from sim import events
from sim.measures import Between, Bits, Condition, measure

ADULT: Final = Between(18)
MEDICAL: Final = tuple(range(events.CAUSE_HEART_FAILURE, events.CAUSE_INJURY))
"""Causes of medical stays: all but injuries."""

STAY: Final[dict[str, Condition]] = {"kind": events.STAY}
DISCHARGE: Final[dict[str, Condition]] = {"kind": events.DISCHARGE}
FOLLOW_UP_DAYS: Final = ((0, 7), (8, 14), (15, 30), (31, 90))
"""Classes of the days from a discharge to the first contact with a GP or nurse; the rest had none in 90 days."""

for _of, _what in (("list", "of the list"), ("home", "of residents")):
    _end = "" if _of == "list" else "_residents"
    measure(f"ed_visits{_end}", f"emergency visits {_what}", "visits", reference="P-ED-RATE", of=_of,
            where={"kind": events.ED})  # fmt: skip
    measure(f"ed_not_admitted{_end}", f"emergency visits {_what} without admission", "visits", of=_of,
            reference="systems 3.2 (2)", where={"kind": events.ED, "marks": Bits(none=events.ADMITTED)})  # fmt: skip
    measure(f"stays{_end}", f"hospital stays {_what}", "stays", reference="P-HOSP75", of=_of, where=STAY)
    measure(f"avoidable_stays{_end}", f"potentially avoidable stays of adults {_what}", "stays", of=_of,
            reference="systems 3.2 (6)", where={**STAY, "age": ADULT, "marks": Bits(all=events.AVOIDABLE)})  # fmt: skip
    measure(f"unplanned_stays{_end}", f"hospital stays {_what} that passed through the emergency department", "stays",
            of=_of, reference="irdes-567", where={**STAY, "marks": Bits(none=events.DIRECT)})  # fmt: skip
    measure(f"discharges{_end}", f"live discharges {_what}", "discharges", reference="systems 3.2 (5)", of=_of,
            where=DISCHARGE)  # fmt: skip
    measure(f"readmissions{_end}", f"discharges {_what} followed by a readmission within 30 days", "discharges",
            reference="systems 3.2 (5)", of=_of,
            where={**DISCHARGE, "marks": Bits(all=events.READMISSION)})  # fmt: skip

measure("medical_admissions", "medical admissions", "stays", reference="systems 3.2 (3)", of="list",
        where={**STAY, "cause": MEDICAL})  # fmt: skip
measure("medical_admissions_direct", "medical admissions without passing through the emergency department", "stays",
        reference="systems 3.2 (3)", of="list",
        where={**STAY, "cause": MEDICAL, "marks": Bits(all=events.DIRECT)})  # fmt: skip
measure("discharges_seen_7", "discharges followed by a GP or nurse contact within 7 days", "discharges",
        reference="P-POSTDC", of="list", where={**DISCHARGE, "marks": Bits(all=events.SEEN_WITHIN_7)})  # fmt: skip
measure("discharges_seen_30", "discharges followed by a GP or nurse contact within 30 days", "discharges",
        reference="systems 3.2 (8)", of="list",
        where={**DISCHARGE, "marks": Bits(all=events.SEEN_WITHIN_30)})  # fmt: skip
measure("discharges_ald", "discharges of patients with a long-term illness", "discharges",
        reference="systems 3.3 P6", of="list", where={**DISCHARGE, "flags": Bits(all=people.ALD)})  # fmt: skip
measure("discharges_ald_seen_30", "of which followed by a contact within 30 days", "discharges",
        reference="systems 3.3 P6", of="list",
        where={**DISCHARGE, "flags": Bits(all=people.ALD), "marks": Bits(all=events.SEEN_WITHIN_30)})  # fmt: skip
for _low, _high in FOLLOW_UP_DAYS:
    measure(f"discharges_ald_seen_day_{_low}_{_high}", f"of which first contact {_low} to {_high} days after",
            "discharges", reference="systems 3.3 P7", of="list",
            where={**DISCHARGE, "flags": Bits(all=people.ALD), "waited_days": Between(_low, _high)})  # fmt: skip
measure("discharges_75", "discharges from age 75", "discharges", reference="P-READM75", of="home",
        where={**DISCHARGE, "age": Between(75)}, per=("territory",))  # fmt: skip
measure("readmissions_75", "discharges from age 75 followed by a readmission within 30 days", "discharges",
        reference="P-READM75", of="home",
        where={**DISCHARGE, "age": Between(75), "marks": Bits(all=events.READMISSION)}, per=("territory",))  # fmt: skip
measure("discharges_75_seen_7", "discharges from age 75 seen within 7 days", "discharges", reference="P-POSTDC",
        of="home", where={**DISCHARGE, "age": Between(75), "marks": Bits(all=events.SEEN_WITHIN_7)},
        per=("territory",))  # fmt: skip
for _cause in ("heart_failure", "copd"):
    _what = _cause.replace("_", " ")
    measure(f"avoidable_{_cause}", f"potentially avoidable stays of adults: {_what}", "stays", reference="P-HPE-MIX",
            of="home", where={**STAY, "age": ADULT, "cause": events.CAUSES.index(_cause),
                              "marks": Bits(all=events.AVOIDABLE)})  # fmt: skip
measure("heart_failure_stays", "stays of adults for heart failure", "stays", reference="P-HF-HOSP", of="home",
        where={**STAY, "age": ADULT, "cause": events.CAUSE_HEART_FAILURE})  # fmt: skip
for _band, _name in enumerate(people.AGE_BANDS[1:], start=1):
    measure(f"heart_failure_stays_{_name}", f"stays for heart failure, by age: {_name}", "stays", reference="P-HF-GRAD",
            of="home", where={**STAY, "age_band": _band, "cause": events.CAUSE_HEART_FAILURE})  # fmt: skip

measure("hospital_stays_costly", "stays for heart failure or COPD, by hospital", "stays", reference="systems 2B, t2a",
        where={**STAY, "cause": (events.CAUSE_HEART_FAILURE, events.CAUSE_COPD)})  # fmt: skip
measure("hospital_stays", "stays, by hospital", "stays", reference="systems 2B, t2a", where=STAY)
measure("hospital_ed_visits", "emergency visits, by hospital", "visits", reference="systems 2B, t2a",
        where={"kind": events.ED})  # fmt: skip
measure("hospital_revenue", "stays and emergency visits billed, by hospital", "EUR", reference="systems 2B, t2a",
        where={"kind": (events.ED, events.STAY)}, value="cents", divisor=100)  # fmt: skip

for _kind, _what in (("gp", "physicians"), ("nurse", "nurses"), ("ed", "emergency visits"), ("stay", "stays")):
    _kinds = {"gp": (events.GP, events.TELECONSULTATION), "nurse": (events.NURSE, events.ROUNDS)}
    measure(f"value_{_kind}", f"tariff value of {_what} for the list, wherever bought", "EUR", of="list",
            reference="systems 0.6", where={"kind": _kinds.get(_kind, events.KINDS.index(_kind))}, value="cents",
            divisor=100)  # fmt: skip

# Of each patient all that is due is done at once, at a contact for it or at any other.
measure("prevention_done", "preventive acts done for the list", "acts", reference="systems 2.2", of="list",
        where={"prevented": 1})  # fmt: skip
measure("hba1c_tests", "HbA1c tests prescribed for the list", "tests", reference="P-DIAB-PROC", of="list",
        where={"marks": Bits(all=events.TEST)})  # fmt: skip
measure("waited_days", "days waited for contacts with physicians, summed", "days", reference="behaviour C3",
        where={"kind": events.GP}, value="waited_days")  # fmt: skip
measure("contacts_residents", "contacts of residents with any physician", "contacts", reference="P-VIS-MEAN",
        of="home", where={"kind": (events.GP, events.TELECONSULTATION)})  # fmt: skip
measure("teleconsultations", "teleconsultations bought outside", "contacts", reference="behaviour C2", of="home",
        where={"kind": events.TELECONSULTATION})  # fmt: skip
measure("leaks_residents", "contacts of registered residents outside their team", "contacts", reference="behaviour C2",
        of="home", where={"marks": Bits(all=events.LEAK)})  # fmt: skip
measure("delays", "requests that waited another week", "requests", reference="behaviour C2", of="home",
        where={"kind": events.DELAY})  # fmt: skip
measure("forgone", "needs given up", "needs", reference="behaviour C2", of="home",
        where={"kind": events.FORGONE})  # fmt: skip
measure("forgone_of_list", "needs that the list gave up", "needs", reference="behaviour C2", of="list",
        where={"kind": events.FORGONE})  # fmt: skip
for _class, _name in enumerate(people.PRIORITIES):
    measure(f"forgone_{_name}", f"needs given up, by priority: {_name}", "needs", reference="behaviour C2", of="home",
            where={"kind": events.FORGONE, "priority": _class}, per=("territory",))  # fmt: skip
for _band, _name in enumerate(people.AGE_BANDS):
    measure(f"contacts_age_{_name}", f"contacts of residents with physicians, by age: {_name}", "contacts",
            reference="P-VIS-AGE", of="home",
            where={"kind": (events.GP, events.TELECONSULTATION), "age_band": _band}, per=("territory",))  # fmt: skip

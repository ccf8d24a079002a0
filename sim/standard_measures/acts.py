"""Acts and their value: by code and scope, billed or replaced by a lump sum; leaks; who was seen (systems 0.6)."""

from typing import Final

from sim import events
from sim.measures import Bits, Condition, measure

CODES: Final = ("G", "G_CHILD", "HOME", "VL", "IMT", "LONG", "TLC", "TECH", "OOH", "SNP", "AMI", "BSA", "BSB", "BSC")
"""Codes of the accounts; those of hospitals are counted in ``care``."""

IN_SCOPE: Final = ("G", "G_CHILD", "HOME", "VL", "IMT", "LONG", "TLC", "SNP")
"""What a team lump sum covers: consultations and visits, but technical acts and care out of hours (systems 2.4)."""

BILLED: Final = Bits(none=events.SUBSTITUTED)
SHADOW: Final = Bits(all=events.SUBSTITUTED)
SEEN: Final[dict[str, Condition]] = {"kind": events.GP, "payee_kind": events.PHYSICIAN}


SCOPES_SAID: Final = {"in_list": "of the list", "other": "other patients", "ame": "on state medical aid"}


def codes(*names: str) -> tuple[int, ...]:
    """Numbers of act codes."""
    return tuple(events.CODES.index(name) for name in names)


def _declare_acts(code: str, scope: str) -> None:
    """Number and value of the acts of one code in one scope, billed and replaced."""
    line: dict[str, Condition] = {"code": events.CODES.index(code), "scope": events.SCOPES.index(scope)}
    facts, of = {"reference": "systems 0.6"}, SCOPES_SAID[scope]
    billed, shadow = {**line, "marks": BILLED}, {**line, "marks": SHADOW}
    measure(f"acts_{code}_{scope}", f"acts billed: {code}, {of}", "acts", where=billed, value="count", **facts)
    measure(f"fees_{code}_{scope}", f"fees of acts: {code}, {of}", "EUR", where=billed, value="cents",
            divisor=100, **facts)  # fmt: skip
    measure(f"shadow_acts_{code}_{scope}", f"acts replaced by a lump sum: {code}, {of}", "acts", where=shadow,
            value="count", **facts)  # fmt: skip
    measure(f"shadow_fees_{code}_{scope}", f"tariff value of acts replaced: {code}, {of}", "EUR", where=shadow,
            value="cents", divisor=100, **facts)  # fmt: skip


for _code in CODES:
    for _scope in events.SCOPES:
        _declare_acts(_code, _scope)

measure("claims", "tariff value of all lines", "EUR", reference="behaviour C6", value="cents", divisor=100)
measure("fees", "fees billed", "EUR", reference="systems 2.1", where={"code": codes(*CODES), "marks": BILLED},
        value="cents", divisor=100)  # fmt: skip
measure("acts", "consultations and visits of physicians", "acts", reference="P-ACTS-Y",
        where={**SEEN, "code": codes(*CODES[:10])}, value="count")  # fmt: skip
measure("home_acts", "home visits of physicians", "acts", reference="P-ACTS-HOME",
        where={**SEEN, "code": codes("HOME", "VL")}, value="count")  # fmt: skip
measure("gp_contacts", "contacts with physicians", "contacts", reference="P-VIS-MEAN", where=SEEN)
measure("gp_minutes", "minutes of contacts with physicians", "minutes", reference="P-DUR-TIMED", where=SEEN,
        value="minutes_tenths", divisor=10)  # fmt: skip
measure("office_acts", "consultations at the practice", "acts", reference="P-DUR-TIMED",
        where={**SEEN, "code": codes("G", "G_CHILD", "IMT", "LONG", "OOH", "SNP")}, value="count")  # fmt: skip
measure("office_minutes", "minutes of consultations at the practice", "minutes", reference="P-DUR-TIMED",
        where={**SEEN, "code": codes("G", "G_CHILD", "IMT", "LONG", "OOH", "SNP")}, value="minutes_tenths",
        divisor=10)  # fmt: skip
measure("nurse_contacts", "tasks done by nurses", "contacts", reference="behaviour C6",
        where={"kind": events.NURSE}, value="count")  # fmt: skip
measure("round_stops", "home stops of nursing rounds", "stops", reference="behaviour C", where={"kind": events.ROUNDS},
        value="stops")  # fmt: skip
measure("handed_over", "tasks of the list done by nurses", "contacts", reference="behaviour B", of="list",
        where={"kind": events.NURSE}, value="count")  # fmt: skip

measure("leaks", "contacts of the list with physicians outside the team", "contacts", reference="systems 0.6",
        of="list", where={"marks": Bits(all=events.LEAK)})  # fmt: skip
measure("leaked_value", "tariff value of in-scope acts that the list bought elsewhere", "EUR", reference="systems 0.6",
        of="list", where={"marks": Bits(all=events.LEAK), "code": codes(*IN_SCOPE)}, value="cents",
        divisor=100)  # fmt: skip
measure("acts_of_list", "contacts of the list with any physician", "contacts", reference="P-ACTS-PT", of="list",
        where={"kind": (events.GP, events.TELECONSULTATION)})  # fmt: skip
# Of who registers them: as the contact begins they are on nobody's list.
measure("registrations", "patients registered at a contact", "patients", reference="systems 0.6",
        where={"marks": Bits(all=events.REGISTRATION)})  # fmt: skip

measure("active_file", "distinct patients seen by physicians", "patients", reference="P-FILE", where=SEEN,
        distinct="patient", per=("physician", "team"))  # fmt: skip
measure("ame_seen", "distinct patients on state medical aid seen by physicians", "patients", reference="systems 0.6",
        where={**SEEN, "scope": events.FOR_AME}, distinct="patient", per=("physician", "team"))  # fmt: skip
measure("listed_seen", "distinct patients of the list seen by any physician", "patients", reference="systems 2.2",
        of="list", where={"kind": events.GP}, distinct="patient", per=("physician", "team"))  # fmt: skip
measure("gp_users", "distinct people seen by a physician in the year", "people", reference="P-VIS-YEAR", of="home",
        where={"kind": events.GP}, distinct="patient", per=("territory",))  # fmt: skip
measure("gp_users_monthly", "distinct people seen by a physician in a month, summed over the year", "people",
        reference="P-VIS-MONTH", of="home", where={"kind": events.GP}, distinct="patient", periods=12,
        per=("territory",))  # fmt: skip
measure("nurse_users_75", "distinct people from age 75 seen by a nurse in the year", "people", reference="P-NURSE-USE",
        of="home", where={"kind": (events.NURSE, events.ROUNDS), "age_band": (4, 5)}, distinct="patient",
        per=("territory",))  # fmt: skip

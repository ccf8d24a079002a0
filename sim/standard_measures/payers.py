"""Who pays care: the tariff of billed lines, and the parts of public insurance and of households (systems 2.1).

What is left of the tariff is paid by complementary insurance. Replaced acts are nobody's bill: their lump sum is.
"""

from typing import Final

from agents import patients as people
from sim import events
from sim.measures import Condition, measure
from sim.standard_measures.acts import BILLED
from sim.standard_measures.lists import ALIVE_PATIENTS

LINES: Final[dict[str, tuple[str, tuple[int, ...]]]] = {
    "physicians": ("physicians", (events.GP, events.TELECONSULTATION)),
    "nurses": ("nurses", (events.NURSE, events.ROUNDS)),
    "emergencies": ("emergency visits", (events.ED,)),
    "stays": ("hospital stays", (events.STAY,)),
}
"""Lines of the budget that are billed by act: what they are, and the claim lines that they hold."""

for _name, (_what, _kinds) in LINES.items():
    _where: dict[str, Condition] = {"kind": _kinds, "marks": BILLED}
    for _column, _who in (("cents", "tariff"), ("insurer_cents", "insurer"), ("household_cents", "household")):
        _label = {
            "tariff": f"tariff of {_what}, residents",
            "insurer": f"paid by public insurance for {_what}, residents",
            "household": f"paid by households for {_what}, residents",
        }[_who]
        measure(f"budget_{_name}_{_who}", _label, "EUR", reference="systems 2.1", of="home", where=_where,
                value=_column, divisor=100, per=("territory",))  # fmt: skip
for _axis, _part in ((people.SPEND_DRUGS, "drugs"), (people.SPEND_OTHER, "other")):
    measure(f"budget_{_part}_insurer", f"paid by public insurance: {_part}, residents", "EUR", of="home",
            reference="behaviour A1", value=("spend", _axis), per=("territory",), **ALIVE_PATIENTS)  # fmt: skip

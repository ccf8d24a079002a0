"""What parts of the residents get: by age, long-term illness and means-tested cover. The rest is a whole less a part.

By living area nothing more is counted: measures of residents are kept by commune.
"""

from typing import Any, Final

from agents import patients as people
from sim import events
from sim.measures import Between, Bits, Condition, measure

FLAGS: Final = {"ald": (people.ALD, "long-term illness"), "c2s": (people.C2S, "means-tested cover")}
"""Parts of the people that a bit tells: the bit, and its name."""
ADULT: Final = Between(18)
BANDS: Final = tuple(enumerate(people.AGE_BANDS))
ADULT_BANDS: Final = BANDS[1:]

CONTACT: Final[dict[str, Condition]] = {"kind": (events.GP, events.TELECONSULTATION)}
FORGONE: Final[dict[str, Condition]] = {"kind": events.FORGONE}
AVOIDABLE: Final[dict[str, Condition]] = {
    "kind": events.STAY, "age": ADULT, "marks": Bits(all=events.AVOIDABLE),
}  # fmt: skip
TERRITORY: Final[dict[str, Any]] = {"of": "home", "per": ("territory",)}


for _number, _band in BANDS:
    measure(f"forgone_age_{_band}", f"needs given up, by age: {_band}", "needs", reference="behaviour C2",
            where={**FORGONE, "age_band": _number}, **TERRITORY)  # fmt: skip
    measure(f"spend_age_{_band}", f"insurer spending of residents, by age: {_band}", "EUR", reference="P-COST-MEAN",
            source="patients", where={"age_band": _number}, value="spent", **TERRITORY)  # fmt: skip
for _number, _band in ADULT_BANDS:
    measure(f"avoidable_stays_age_{_band}", f"potentially avoidable stays of adults, by age: {_band}", "stays",
            reference="P-HPE", where={**AVOIDABLE, "age_band": _number}, **TERRITORY)  # fmt: skip

measure("spend_residents", "insurer spending of residents", "EUR", reference="P-COST-MEAN", source="patients",
        of="home", value="spent")  # fmt: skip
for _name, (_bit, _what) in FLAGS.items():
    _flagged: dict[str, Condition] = {"flags": Bits(all=_bit)}
    measure(f"contacts_{_name}", f"contacts of residents with physicians: {_what}", "contacts", reference="P-VIS-MEAN",
            where={**CONTACT, **_flagged}, **TERRITORY)  # fmt: skip
    measure(f"forgone_{_name}", f"needs given up: {_what}", "needs", reference="behaviour C2",
            where={**FORGONE, **_flagged}, **TERRITORY)  # fmt: skip
    measure(f"avoidable_stays_{_name}", f"potentially avoidable stays of adults: {_what}", "stays", reference="P-HPE",
            where={**AVOIDABLE, **_flagged}, **TERRITORY)  # fmt: skip
    measure(f"spend_residents_{_name}", f"insurer spending of residents: {_what}", "EUR", reference="P-COST-MEAN",
            source="patients", where=_flagged, value="spent", **TERRITORY)  # fmt: skip
measure("c2s_residents", "residents with means-tested cover", "people", reference="P-CASE-FRANCE", source="patients",
        of="home", where={"flags": Bits(all=people.C2S)})  # fmt: skip
measure("c2s_adults", "adults with means-tested cover", "people", reference="P-CASE-FRANCE", source="patients",
        of="home", where={"age": ADULT, "flags": Bits(all=people.C2S)})  # fmt: skip

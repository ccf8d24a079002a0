"""Who is on the list on 31 December, what they cost, and what is known of their care (systems 0.6, 3)."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agents import patients as people
from sim.measures import Between, Bits, Condition, measure

CLASS_AGES: Final = (0, 6, 7, 16, 18, 30, 45, 60, 65, 75, 80, 85)
"""Where age classes start: fine enough for every published grid (lump sums, team capitation, age bands)."""

LAST_AGE: Final = 130
CARE_SPLIT: Final = ("specialist", "other_ambulatory", "lab", "transport", "sick_pay")
"""Parts of ``other`` spending, in the columns of parameter ``accounts.other_shares``."""

ALIVE_PATIENTS: Final[dict[str, Any]] = {"source": "patients"}
CONTINUOUS_QUARTERS: Final = 3
TESTS_DUE: Final = 3
NOT_SEEN_WEEKS: Final = 104


def age_classes() -> list[tuple[str, Between]]:
    """Every age class: name and range."""
    ends = [start - 1 for start in CLASS_AGES[1:]] + [LAST_AGE]
    return [(_age_class(low, high), Between(low, high)) for low, high in zip(CLASS_AGES, ends, strict=True)]


def _age_class(low: int, high: int) -> str:
    if high == LAST_AGE:
        return f"{low}+"
    return str(low) if low == high else f"{low}-{high}"


def list_class(age: str, woman: bool, ald: bool, c2s: bool) -> str:
    """Name of the measure of one class of the list, e.g. ``list_75-79_women_ald_no_c2s``."""
    return f"list_{age}_{'women' if woman else 'men'}_{'ald' if ald else 'no_ald'}_{'c2s' if c2s else 'no_c2s'}"


def _declare_class(age: str, band: Between, woman: bool, ald: bool, c2s: bool) -> None:
    yes = people.WOMAN * woman | people.ALD * ald | people.C2S * c2s
    no = (people.WOMAN | people.ALD | people.C2S) & ~yes
    name = list_class(age, woman, ald, c2s)
    who = "women" if woman else "men", "ALD" if ald else "no ALD", "C2S" if c2s else "no C2S"
    measure(name, f"registered patients: {', '.join((age, *who))}", "patients", reference="systems 0.6",
            where={"age": band, "flags": Bits(yes, no)}, **ALIVE_PATIENTS)  # fmt: skip


for _age, _band in age_classes():
    for _bits in range(8):
        _declare_class(_age, _band, bool(_bits & 1), bool(_bits & 2), bool(_bits & 4))

_LIST: Final[dict[str, dict[str, Condition]]] = {
    "registered_list": {},
    "adult_list": {"age": Between(18)},
    "list_75": {"age": Between(75)},
    "list_ald": {"flags": Bits(all=people.ALD)},
    "list_c2s": {"flags": Bits(all=people.C2S)},
    "list_poor": {"flags": Bits(all=people.POOR)},
    "list_not_seen_2_years": {"weeks_since_gp": Between(NOT_SEEN_WEEKS)},
    "list_diabetic": {"conditions": Bits(all=1 << people.DIABETES)},
    "list_diabetic_three_tests": {
        "conditions": Bits(all=1 << people.DIABETES), "diabetes_tests": Between(TESTS_DUE),
    },
    "list_polymedication_continuous": {"drugs_quarter": Between(CONTINUOUS_QUARTERS)},
    "list_polymedication_quarter": {"drugs_quarter": Between(1)},
    "list_inappropriate_drug": {"flags": Bits(all=people.INAPPROPRIATE_DRUG)},
    "list_prevention_due": {"prevention_due": Between(1)},
}  # fmt: skip
_LABELS: Final = {
    "registered_list": "registered patients",
    "adult_list": "registered adults",
    "list_75": "registered patients from age 75",
    "list_ald": "registered patients with a long-term illness",
    "list_c2s": "registered patients with means-tested cover",
    "list_poor": "registered poor patients",
    "list_not_seen_2_years": "registered patients not seen for two years",
    "list_diabetic": "registered patients with diabetes",
    "list_diabetic_three_tests": "of which with three HbA1c tests or more",
    "list_polymedication_continuous": "registered patients with ten drugs or more in three quarters",
    "list_polymedication_quarter": "registered patients with ten drugs or more in a quarter",
    "list_inappropriate_drug": "registered patients with an inappropriate drug",
    "list_prevention_due": "registered patients with a preventive act due",
}
for _name, _where in _LIST.items():
    measure(_name, _LABELS[_name], "patients", reference="systems 0.6, 3", where=_where,
            moved_by="registrations" if _name == "registered_list" else "", **ALIVE_PATIENTS)  # fmt: skip
measure("list_drugs", "drugs taken by the list in a quarter, summed", "drugs", reference="systems 3.3 P3",
        value="n_drugs", **ALIVE_PATIENTS)  # fmt: skip
measure("list_contacts", "contacts of the list with physicians in the year", "contacts", reference="P-ACTS-PT",
        value="gp_contacts", moved_by="acts_of_list", **ALIVE_PATIENTS)  # fmt: skip

# Spending of the list, by the ten categories of the accounts.
_MOVED_BY: Final = {"gp": "value_gp", "nurse": "value_nurse", "ed": "value_ed", "hospital": "value_stay"}


def _part_of_other(part: int) -> Callable[[Any], NDArray[np.float64]]:
    """A share of other spending, by age band."""

    def spent(view: Any) -> NDArray[np.float64]:
        shares = view.parameters[0]["accounts_other_shares"][:, part]
        return np.asarray(view.column("spend")[:, people.SPEND_OTHER] * shares[view.column("age_band")], dtype=float)

    return spent


for _axis, _name in enumerate(people.SPENDING[:-1]):
    _what = _name.replace("_", " ")
    measure(f"spend_{_name}", f"insurer spending of the list: {_what}", "EUR", reference="systems 0.6",
            value=("spend", _axis), moved_by=_MOVED_BY.get(_name, ""), **ALIVE_PATIENTS)  # fmt: skip
for _part, _name in enumerate(CARE_SPLIT):
    _what = _name.replace("_", " ")
    measure(f"spend_{_name}", f"insurer spending of the list: {_what}", "EUR", reference="systems 0.6",
            value=_part_of_other(_part), **ALIVE_PATIENTS)  # fmt: skip
measure("spend_all", "insurer spending of the list", "EUR", reference="P-COST-MEAN", moved_by="claims_of_list",
        value="spent", **ALIVE_PATIENTS)  # fmt: skip
measure("claims_of_list", "tariff value of all lines of the list", "EUR", reference="behaviour C6", of="list",
        value="cents", divisor=100)  # fmt: skip

# Residents, by territory and commune.
_RESIDENTS: Final[dict[str, tuple[str, dict[str, Condition]]]] = {
    "residents": ("residents", {}),
    "adult_residents": ("adult residents", {"age": Between(18)}),
    "adult_residents_unregistered": ("of which without a registered physician",
                                     {"age": Between(18), "registered_gp": -1}),
    "residents_17": ("residents from age 17", {"age": Between(17)}),
    "residents_17_registered": ("of which with a registered physician",
                                {"age": Between(17), "registered_gp": Between(0)}),
    "residents_75": ("residents from age 75", {"age": Between(75)}),
    "ald_residents": ("residents with a long-term illness", {"flags": Bits(all=people.ALD)}),
    "ald_adults": ("adults with a long-term illness", {"age": Between(18), "flags": Bits(all=people.ALD)}),
    "ald_adults_unregistered": ("of which without a registered physician",
                                {"age": Between(18), "flags": Bits(all=people.ALD), "registered_gp": -1}),
    "diabetic_residents": ("residents with diabetes", {"conditions": Bits(all=1 << people.DIABETES)}),
    "diabetic_three_tests": ("of which with three HbA1c tests or more",
                             {"conditions": Bits(all=1 << people.DIABETES), "diabetes_tests": Between(TESTS_DUE)}),
    "residents_75_inappropriate_drug": ("residents from age 75 with an inappropriate drug",
                                        {"age": Between(75), "flags": Bits(all=people.INAPPROPRIATE_DRUG)}),
    "residents_75_polymedication": ("residents from age 75 with ten drugs or more in three quarters",
                                    {"age": Between(75), "drugs_quarter": Between(CONTINUOUS_QUARTERS)}),
    "ame_residents": ("residents on state medical aid", {"flags": Bits(all=people.AME)}),
    "poor_residents": ("poor residents", {"flags": Bits(all=people.POOR)}),
}  # fmt: skip
for _name, (_label, _where) in _RESIDENTS.items():
    measure(_name, _label, "people", reference="systems 3.2 (1), P-NOMT", of="home", where=_where,
            **ALIVE_PATIENTS)  # fmt: skip
for _number, _name in enumerate(people.AGE_BANDS):
    measure(f"residents_age_{_name}", f"residents, by age: {_name}", "people", reference="behaviour A1", of="home",
            where={"age_band": _number}, **ALIVE_PATIENTS)  # fmt: skip

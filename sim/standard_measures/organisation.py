"""Time, staff, places, and what teams report of themselves (systems 0.6)."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agents import nurses, support
from agents.uses import USES
from sim.measures import measure
from sim.working_time import QUARTERS


def _share_of(column: str, parameter: str) -> Callable[[Any], NDArray[np.float64]]:
    """A column over the parameter that is one full-time equivalent."""
    return lambda view: view.column(column) / view.parameters[0][parameter]


for _use_number, _use in enumerate(USES):
    for _source, _who in (("physicians", "physicians"), ("nurses", "nurses")):
        measure(f"hours_{_use}_{_who}", f"hours of {_who}: {_use}", "hours", reference="systems 0.6", source=_source,
                value=("minutes_year", _use_number), divisor=60)  # fmt: skip
for _quarter in range(QUARTERS):
    for _who in ("physicians", "nurses"):
        measure(f"fees_quarter_{_quarter + 1}_{_who}", f"fees billed by {_who} in quarter {_quarter + 1}", "EUR",
                reference="systems 2.1", source=_who, value=("fees_quarters", _quarter), divisor=100)  # fmt: skip
    measure(f"list_quarter_{_quarter + 1}", f"registered patients at the end of quarter {_quarter + 1}", "patients",
            reference="systems 2B, primordial", source="physicians", value=("list_quarters", _quarter),
            moved_by="registrations")  # fmt: skip
measure("days", "days worked by physicians", "days", reference="systems 0.6", source="physicians",
        value=lambda view: view.column("half_days_year") / 2)  # fmt: skip
measure("weeks_present", "weeks worked by physicians", "weeks", reference="P-HOLIDAY", source="physicians",
        value="weeks_year")  # fmt: skip
measure("physicians", "physicians in post", "count", reference="systems 0.6", source="physicians",
        where={"vacant_until": -1})  # fmt: skip
measure("fte_physician", "full-time equivalents of physicians", "FTE", reference="systems 0.6", source="physicians",
        where={"vacant_until": -1}, value=_share_of("half_days", "accounts_full_half_days"))  # fmt: skip
for _kind_number, _kind in enumerate(nurses.KINDS):
    _what = _kind.replace("_", " ")
    measure(f"fte_{_kind}", f"full-time equivalents of nurses: {_what}", "FTE", reference="systems 0.6",
            source="nurses", where={"kind": _kind_number, "in_post": 1},
            value=_share_of("weekly_minutes", "accounts_full_time_minutes"))  # fmt: skip
measure("team_nurses", "nurses in post", "count", reference="systems 2.4", source="nurses", where={"in_post": 1})
measure("salaried_nurses", "salaried nurses in post", "count", reference="systems 2.4", source="nurses",
        where={"salaried": 1, "in_post": 1})  # fmt: skip
for _role_number, _role in enumerate(support.ROLES):
    measure(f"fte_{_role}", f"full-time equivalents: {_role}", "FTE", reference="systems 0.6", source="support",
            where={"role": _role_number}, value="fte")  # fmt: skip

_REPORTED: Final = {
    "meetings": ("meetings", "formal meetings reported", "meetings"),
    "files_reviewed": ("files_reviewed", "files reviewed in meetings, reported", "files"),
    "protocols": ("protocols", "team protocols reported", "protocols"),
    "opening_ok": ("opening_ok", "1 when opening hours are reported as met", "yes/no"),
    "it_ok": ("software_ok", "1 when shared software is reported", "yes/no"),
    "coordinator": ("coordinator_fte", "coordinator reported", "FTE"),
    "sites": ("sites", "sites", "sites"),
}
for _name, (_column, _label, _unit) in _REPORTED.items():
    measure(_name, _label, _unit, reference="systems 0.6", source="teams", value=_column)
measure("team_kind", "kind of team (place in agents.teams.KINDS)", "code", reference="systems 0.6", source="teams",
        value="kind", per=("team",))  # fmt: skip
measure("n_prof", "professionals of the team", "count", reference="systems 0.6", source="teams",
        value=lambda view: sum(view.column(name).astype(int) for name in ("physicians", "nurses",
                                                                          "other_professionals")))  # fmt: skip
for _name, _label, _unit in (
    ("apl", "accessibility of physicians", "consultations/person/year"),
    ("poverty", "poverty rate", "share"),
    ("area_type", "living-area type, 0 for T1 to 5 for T6", "code"),
):
    measure(f"commune_{_name}", f"{_label}, commune", _unit, reference="systems 0.6", source="communes", value=_name,
            per=("commune",))  # fmt: skip
    measure(f"practice_{_name}", f"{_label}, where the team has its main site", _unit, reference="systems 2.4",
            source="teams", value=f"practice_{_name}", per=("team",))  # fmt: skip
measure("practice_under_served", "1 where the team's main site is in an under-served zone", "yes/no",
        reference="P-APL-THR", source="teams", value="practice_under_served", per=("team",))  # fmt: skip

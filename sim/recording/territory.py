"""What happened in a territory in one week: one row of counts, minutes, waits and euros (design 4).

Everything is read off the week's claim lines (``sim/events.py``) in one pass, and off the professionals' columns, so
that the row adds up with every other account of the same week.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agents.declarations import Column, Table, table_dtype
from agents.patients import ALIVE, PRIORITIES
from sim import events as ev
from sim.kernel import compiled, kernel
from sim.world import World

FLOWS: Final = (
    Column("births", "i4", "count", "births"),
    Column("deaths", "i4", "count", "deaths"),
    Column("moves_in", "i4", "count", "people who moved in"),
    Column("moves_out", "i4", "count", "people who moved out"),
)
"""What only the model knows: given to the recorder each week, by name."""

COLUMNS: Final = (
    Column("territory", "i2", "", "territory"),
    Column("people", "i4", "people", "inhabitants alive"),
    *FLOWS,
    Column("requests", "i4", "count", "requests received by physicians and nurses"),
    Column("gp_contacts", "i4", "count", "contacts with physicians, teleconsultations apart"),
    Column("home_visits", "i4", "count", "home visits of physicians, among their contacts"),
    Column("listed_contacts", "i4", "count", "contacts and teleconsultations of patients registered with a GP"),
    Column("leaks", "i4", "count", "of these, those delivered by a GP of another team or outside"),
    Column("teleconsultations", "i4", "count", "teleconsultations with outside suppliers"),
    Column("nurse_contacts", "i4", "count", "task contacts with nurses"),
    Column("stops", "i4", "count", "home stops of nurses"),
    Column("ed_visits", "i4", "count", "visits to the emergency department"),
    Column("ed_admitted", "i4", "count", "of these, those that ended in admission"),
    Column("stays", "i4", "count", "hospital stays begun"),
    Column("avoidable_stays", "i4", "count", "potentially avoidable stays begun"),
    Column("readmissions", "i4", "count", "stays begun within 30 days of a discharge"),
    Column("discharges", "i4", "count", "discharges whose follow-up is known"),
    Column("discharges_seen_7", "i4", "count", "of these, those seen by a GP or nurse within 7 days"),
    Column("forgone", "i4", "count", "needs given up, by priority", shape=(len(PRIORITIES),)),
    Column("delays", "i4", "count", "requests that wait another week"),
    Column("waited_days", "f8", "days", "mean time from request to contact with a physician"),
    Column("posted_wait_days", "f8", "days", "posted wait of physicians in post, weighted by their lists"),
    Column("gp_minutes", "f8", "minutes", "physicians' minutes in contacts"),
    Column("nurse_minutes", "f8", "minutes", "nurses' minutes in contacts and home stops"),
    Column("spend_gp", "f8", "EUR", "billed by physicians and outside teleconsultation"),
    Column("spend_nurse", "f8", "EUR", "billed by nurses"),
    Column("spend_ed", "f8", "EUR", "billed for emergency visits"),
    Column("spend_hospital", "f8", "EUR", "billed for hospital stays"),
)

DTYPE: Final = table_dtype(COLUMNS)
TENTHS: Final = 10
CENTS: Final = 100


@kernel
def _add_events(events: Table, rows: Table) -> None:
    """Add every claim line to the row of its territory: money in cents and time in tenths, whole numbers so far."""
    for i in range(len(events)):
        e = events[i]
        row = rows[e["territory"]]
        kind = e["kind"]
        marks = e["marks"]
        if kind in (ev.GP, ev.TELECONSULTATION):
            if kind == ev.GP:
                row["gp_contacts"] += 1
                row["home_visits"] += e["code"] == ev.HOME or e["code"] == ev.VL
                row["waited_days"] += e["waited_days"]
                row["gp_minutes"] += e["minutes_tenths"]
            else:
                row["teleconsultations"] += 1
            row["listed_contacts"] += e["registered_gp"] >= 0
            row["leaks"] += marks & ev.LEAK > 0
            row["spend_gp"] += e["cents"]
        elif kind in (ev.NURSE, ev.ROUNDS):
            if kind == ev.NURSE:
                row["nurse_contacts"] += 1
            else:
                row["stops"] += e["stops"]
            row["nurse_minutes"] += e["minutes_tenths"]
            row["spend_nurse"] += e["cents"]
        elif kind == ev.ED:
            row["ed_visits"] += 1
            row["ed_admitted"] += marks & ev.ADMITTED > 0
            row["spend_ed"] += e["cents"]
        elif kind == ev.STAY:
            row["stays"] += 1
            row["avoidable_stays"] += marks & ev.AVOIDABLE > 0
            row["readmissions"] += marks & ev.READMISSION > 0
            row["spend_hospital"] += e["cents"]
        elif kind == ev.FORGONE:
            row["forgone"][e["priority"]] += 1
        elif kind == ev.DELAY:
            row["delays"] += 1
        elif kind == ev.DISCHARGE:
            row["discharges"] += 1
            row["discharges_seen_7"] += marks & ev.SEEN_WITHIN_7 > 0


@compiled
def _add_up(events: Table, physicians: Table, nurses: Table, rows: Table) -> None:
    """Add up a week, in rows that begin as zeros: claim lines, requests received, the wait that the registered meet."""
    _add_events(events, rows)
    listed = np.zeros(len(rows))
    for g in range(len(physicians)):
        p = physicians[g]
        row = rows[p["territory"]]
        row["requests"] += p["requests"]
        if p["vacant_until"] < 0:  # an empty post has no wait, and its column stands still
            row["posted_wait_days"] += float(p["registered_list"]) * p["posted_wait_days"]
            listed[p["territory"]] += p["registered_list"]
    for n in range(len(nurses)):
        rows[nurses[n]["territory"]]["requests"] += nurses[n]["requests"]
    for t in range(len(rows)):
        row = rows[t]
        row["territory"] = t
        row["posted_wait_days"] = row["posted_wait_days"] / listed[t] if listed[t] > 0.0 else np.nan
        row["waited_days"] /= max(row["gp_contacts"], 1)
        row["gp_minutes"] /= TENTHS
        row["nurse_minutes"] /= TENTHS
        row["spend_gp"] /= CENTS
        row["spend_nurse"] /= CENTS
        row["spend_ed"] /= CENTS
        row["spend_hospital"] /= CENTS


def inhabitants_alive(world: World) -> NDArray[np.int64]:
    """The patients alive of each territory, counted."""
    flags, lands = world.patients["flags"], world.territories
    return np.array([
        np.count_nonzero(flags[land["first_patient"] : land["last_patient"]] & ALIVE) for land in lands
    ])  # fmt: skip


def territory_rows(world: World, events: Table, flows: Mapping[str, ArrayLike] | None = None) -> Table:
    """One row a territory for the week whose claim lines are given.

    Args:
        world: the world after that week.
        events: the week's claim lines (``sim.events.COLUMNS``).
        flows: what the model counted itself, by column: any of ``births``, ``deaths``, ``moves_in``, ``moves_out``, and
            ``people`` when the model keeps it, which spares a pass over the patients; one number a territory each.

    Returns:
        A table of :data:`COLUMNS`, shape ``(territories,)``; the posted wait is not a number where nobody in post has a
        list.
    """
    rows = np.zeros(len(world.territories), DTYPE)
    _add_up(events, world.physicians, world.nurses, rows)
    given = flows or {}
    if "people" not in given:
        rows["people"] = inhabitants_alive(world)
    for name, values in given.items():
        rows[name] = values
    return rows

"""What is written of patients: a sampled panel, week by week, and how concentrated a year's spending is."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Column, Table, new_table
from agents.patients import ALIVE, CONDITIONS, NO_PENDING, PRIORITIES, SPENDING
from sim.draws import decision, uniforms
from sim.world import World

IN_PANEL: Final = decision("panel", "which patients are followed week by week")

PANEL: Final = (
    Column("who", "u8", "", "stable content id of the patient"),
    Column("patient", "i4", "", "row of the patient"),
    Column("alive", "?", "", "whether the patient is alive and lives here"),
    Column("cell", "i4", "", "home cell of the patient (row of the cells)"),
    Column("age", "i2", "years", "age"),
    Column("flags", "u2", "bits", "alive, woman, ALD, C2S, AME, poor, chronic and follow-up bits"),
    Column("conditions", "u1", "bits", "chronic conditions, one bit each"),
    Column("control", "f4", "share", "control", shape=(len(CONDITIONS),)),
    Column("frailty", "f4", "share", "frailty"),
    Column("registered_gp", "i4", "", "médecin traitant (row of the physicians), -1 for none"),
    Column("pending", "u1", "count", "open requests"),
    Column("gp_contacts", "u1", "count/year", "contacts with physicians this year"),
    Column("forgone_need", "u1", "count/year", "needs forgone this year", shape=(len(PRIORITIES),)),
    Column("spend", "f4", "EUR", "insurer spending this year", shape=(len(SPENDING),)),
)

SPENDING_COLUMNS: Final = (
    Column("territory", "i2", "", "territory"),
    Column("share_people", "f8", "share", "share of people, those with the highest spending first"),
    Column("share_spending", "f8", "share", "share of the year's spending that they hold"),
    Column("people", "i4", "people", "people alive at the end of the year, or who spent in it"),
    Column("spend", "f8", "EUR", "the year's spending of all of them", shape=(len(SPENDING),)),
)

POINTS: Final = (0.0, 0.01, 0.02, 0.05, *(i / 10 for i in range(1, 11)))
"""Shares of people at which the concentration is written."""


class Panel:
    """The patients followed: chosen once, by a keyed draw on ``who``, so that two arms follow the same people."""

    def __init__(self, world: World, size: int) -> None:
        patients = world.patients
        alive = np.flatnonzero(patients["flags"] & ALIVE)
        order = np.argsort(uniforms(world.seed, IN_PANEL, patients["who"][alive]), kind="stable")
        self.rows = np.sort(alive[order[:size]])
        self.who = patients["who"][self.rows].copy()

    def snapshot(self, world: World) -> Table:
        """The panel after this week; a row that was given to a newcomer counts as gone."""
        found = world.patients[self.rows]
        table = new_table(PANEL, len(found))
        for name in ("cell", "flags", "conditions", "registered_gp", "gp_contacts", "forgone_need", "spend"):
            table[name] = found[name]
        table["who"], table["patient"] = self.who, self.rows
        table["alive"] = (found["who"] == self.who) & (found["flags"] & ALIVE > 0)
        table["age"] = (world.week - 1 - found["birth_week"].astype(np.int32)) // 52
        table["control"] = found["control"] / 65535
        table["frailty"] = found["frailty"] / 255
        table["pending"] = (found["pending"]["need"] != NO_PENDING).sum(axis=1)
        return table[table["alive"]]


def concentration(world: World) -> Table:
    """Points of the curve of a year's spending over people, by territory: shape ``(territories * points,)``.

    The year's spending stands in ``spend`` until the model closes the year, then in ``spend_prev``.
    """
    patients = world.patients
    field = "spend" if patients["spend"].any() else "spend_prev"
    table = new_table(SPENDING_COLUMNS, len(world.territories) * len(POINTS))
    for t, territory in enumerate(world.territories):
        lived = patients[territory["first_patient"] : territory["last_patient"]]
        by_category = lived[field].astype(np.float64)
        amounts = by_category.sum(axis=1)
        amounts = amounts[(lived["flags"] & ALIVE > 0) | (amounts > 0)]
        rows = table[t * len(POINTS) : (t + 1) * len(POINTS)]
        rows["territory"], rows["people"] = t, len(amounts)
        rows["share_people"] = POINTS
        rows["share_spending"] = top_shares(amounts, np.array(POINTS))
        rows["spend"] = by_category.sum(axis=0)
    return table


def top_shares(amounts: NDArray[np.float64], shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of the total that the top ``shares`` of people hold, linear between persons; zeros when nobody spent."""
    total = amounts.sum()
    if not total:
        return np.zeros(len(shares))
    held = np.concatenate([[0.0], np.cumsum(np.sort(amounts)[::-1])]) / total
    return np.interp(shares * len(amounts), np.arange(len(amounts) + 1), held)

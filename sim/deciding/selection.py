"""By what physicians who select their patients go (behaviour D6; nobody does by default)."""

import numpy as np

from sim.week.listing import LONG, SHORT, add_expected_visits
from sim.week.scene import scene
from sim.world import World


def know_usual_patients(world: World) -> None:
    """Once a year: how much physicians select, and the minutes of a usual patient of the territory at their lengths.

    Args:
        world: writes ``list_selection`` and, where it is above 0, ``list_minutes`` of the physicians.
    """
    p, weight = world.physicians, float(world.behaviour[0]["practice_list_selection"])
    p["list_selection"] = weight
    if weight <= 0:
        return
    totals = np.zeros((len(world.territories), 3))
    add_expected_visits(scene(world), totals)
    usual = (totals[:, :-1] / np.maximum(totals[:, -1:], 1.0))[p["territory"]]
    p["list_minutes"] = p["slot_acute"] * usual[:, SHORT] + p["slot_chronic"] * usual[:, LONG]

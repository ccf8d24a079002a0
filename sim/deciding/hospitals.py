"""What hospitals tell and offer the town, and their ties with its physicians (behaviour E)."""

import numpy as np

from agents.deciding import hospitals as deciding
from agents.deciding.decision import Numbers
from sim.deciding.partner_facts import Facts, Notes
from sim.draws import decision, uniforms
from sim.world import World

AGREES = decision("hospital.attribution", "whether physicians agree that patients count for the hospital too")


def open_to_town(world: World, facts: Facts, diary: Notes) -> None:
    """A quarter: the base of notices and direct admissions, and the ties of physicians.

    Only the base is written here. The week adds the tie of the patient's physician and the crowding of the day, and
    bounds the sum; above the crowded occupancy it shortens stays and adds readmissions.

    Args:
        world: writes ``p_notice`` and ``direct_accept`` of the hospitals, ``hospital_tie`` of the physicians.
        facts: of the quarter: discharges followed in alternation, and who was asked to work under the hospital.
        diary: is told of ties that fall.
    """
    h, par, doctors, q = world.hospitals, world.parameters[0], world.physicians, world.behaviour[0]
    h["p_notice"] = deciding.notice_base(float(par["workforce_hospital_p_notice"]), h["leads_bid"] != 0, q)
    h["direct_accept"] = par["workforce_hospital_direct_accept"]
    before = doctors["hospital_tie"].astype(np.float64)
    after = deciding.tie_after(before, facts.alternating, facts.subordinated, q)
    doctors["hospital_tie"] = after
    rows = np.flatnonzero(after < before)
    diary.add("tie", team=doctors["team"][rows], physician=rows, hospital=nearest_hospital(world)[rows],
              before=before[rows], after=after[rows])  # fmt: skip


def nearest_hospital(world: World) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """The hospital nearest to each physician, -1 for none, ``(physicians,)``."""
    return world.near_hospitals[world.physicians["cell"], 0]


def agree_on_attribution(world: World, diary: Notes) -> None:
    """A year: a hospital that leads a bid asks the physicians around whether their patients count for it too.

    It has no list of its own. Its chance is the mean of theirs.

    Args:
        world: writes ``attributed`` of the hospitals.
        diary: is told of agreements.
    """
    h = world.hospitals
    at = nearest_hospital(world)
    near = at >= 0
    chance = deciding.agreement(world.physicians["hospital_tie"].astype(np.float64), world.behaviour[0]).value
    count = np.bincount(at[near], minlength=len(h))
    mean: Numbers = np.bincount(at[near], weights=chance[near], minlength=len(h)) / np.maximum(count, 1)
    asks = (h["leads_bid"] != 0) & (h["attributed"] == 0)
    agreed = asks & (uniforms(world.seed, AGREES, h["who"], world.week) < mean)
    h["attributed"][agreed] = 1
    rows = np.flatnonzero(agreed)
    diary.add("tie", hospital=rows, text="attribution", terms={"chance": mean[rows]})

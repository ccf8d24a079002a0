"""The whole quarter of those who work together."""

import numpy as np

from agents.nurses import ADVANCED_PRACTICE, ASALEE, LIBERAL
from sim.deciding.partner_facts import overlap_of, quiet
from sim.deciding.partners import work_together
from sim.world import World
from tests.sim.deciding.made_partners import Notebook, partners_world
from tests.sim.made_people import made_world


def years(world: World, count: int) -> None:
    for _ in range(4 * count):
        world.week += 13
        world.dyads["handed"] = np.ceil(5 * world.dyads["share"])
        work_together(world, quiet(world), Notebook())


def test_five_years_repeat_themselves_and_stay_in_bounds() -> None:
    worlds = [partners_world((LIBERAL, LIBERAL, ASALEE, ADVANCED_PRACTICE), team_count=4) for _ in range(2)]
    for world in worlds:
        years(world, 5)
    assert worlds[0].dyads.tobytes() == worlds[1].dyads.tobytes()
    assert worlds[0].nurses.tobytes() == worlds[1].nurses.tobytes()
    d = worlds[0].dyads
    for name in ("share", "knowledge", "validation", "experience", "trust"):
        assert ((d[name] >= 0) & (d[name] <= 1)).all(), name
    assert d["share"].any()
    assert not d["handed"].any()
    assert not d["share"][worlds[0].nurses["in_post"][d["nurse"]] == 0].any()


def test_overlap_of_lists() -> None:
    world = made_world(2_000)
    made = partners_world((LIBERAL, ASALEE), per_team=2)
    world.dyads, world.nurses, world.physicians = made.dyads, made.nurses, made.physicians
    world.patients["nurse_tie"] = -1
    world.patients["registered_gp"][:6] = [0, 0, 0, 1, -1, 0]
    world.patients["nurse_tie"][:6] = [0, 0, 1, 0, 0, -1]
    assert overlap_of(world).tolist() == [0.5, 1.0, 0.25, 1.0]
    world.patients["nurse_tie"] = -1
    assert overlap_of(world).tolist() == [0.0, 1.0, 0.0, 1.0]

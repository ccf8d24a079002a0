"""The quarter of those who work together, in its order (behaviour D2 and E)."""

from sim.deciding.dyads import delegate
from sim.deciding.hospitals import agree_on_attribution, open_to_town
from sim.deciding.nurses import staff_nurses
from sim.deciding.partner_facts import Facts, Notes
from sim.deciding.support import coordinate, prevention_around, staff_desk
from sim.deciding.together import forget_events, live_together
from sim.world import WEEKS_PER_YEAR, World


def work_together(world: World, facts: Facts, diary: Notes) -> None:
    """One quarter: what its events leave in each pair, who comes and goes, then what passes from whom to whom.

    Args:
        world: at the end of the quarter; writes dyads, nurses, support staff, hospitals and their ties.
        facts: of the quarter.
        diary: is told.
    """
    live_together(world, facts, diary)
    staff_nurses(world, facts, diary)
    staff_desk(world, diary)
    world.teams["prevention_around"] = prevention_around(world, coordinate(world, facts))
    delegate(world, facts, diary)
    open_to_town(world, facts, diary)
    if world.week % WEEKS_PER_YEAR == 0:
        agree_on_attribution(world, diary)
    forget_events(world)

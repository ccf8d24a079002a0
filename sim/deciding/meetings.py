"""Who comes to the meetings of a team: a habit of physicians, and of nurses what they settle once a year (D8, E)."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agents.deciding import nurses
from agents.deciding.collective import attendance, collective_minutes, hour_of_care, minutes_held
from agents.deciding.decision import Decision, Incentives
from agents.templates import COLLECTIVE_HOUR, TEMPLATES, VISIT
from sim.deciding.partner_facts import Facts
from sim.world import WEEKS_PER_QUARTER, WEEKS_PER_YEAR, World


def physicians_come(world: World, phat: Incentives) -> Decision:
    """Minutes a week of meetings that physicians would come to at what they believe to be paid, ``(physicians,)``.

    Args:
        world: the world.
        phat: perceived incentives, ``(physicians,)`` each.
    """
    p = world.physicians
    return _comes(
        world, p["team"], rate=phat[TEMPLATES[COLLECTIVE_HOUR]], overload=p["overload"].astype(np.float64),
        care_hour_pay=hour_of_care(phat[TEMPLATES[VISIT]], world.behaviour[0]),
    )  # fmt: skip


def nurses_come(world: World, facts: Facts) -> None:
    """Once a year, and after the first quarter, nurses settle which part of their team's meetings they come to.

    Between two such days whoever keeps silent comes less and less, and who was outvoted stays away.

    Args:
        world: writes ``collective_minutes`` of the nurses.
        facts: of the quarter: what an hour of meeting and an hour of care bring.
    """
    since_start = world.week - world.warm_up_weeks
    due = since_start % WEEKS_PER_YEAR == 0 or since_start == WEEKS_PER_QUARTER
    if not due or not len(world.teams):
        return
    n = world.nurses
    made = _comes(
        world, n["team"], rate=facts.nurse_incentives.get(TEMPLATES[COLLECTIVE_HOUR], 0.0),
        care_hour_pay=facts.nurse_care_hour, overload=nurses.strain(n["load"].astype(np.float64), world.behaviour[0]),
        clash=n["home_share"],
    )  # fmt: skip
    n["collective_minutes"] = np.where((n["team"] >= 0) & (n["in_post"] != 0), made.value, 0)


def _comes(world: World, team: NDArray[np.integer[Any]], **bearing: ArrayLike) -> Decision:
    """Minutes a week of their team's meetings that persons come to, given what bears on each beside the team."""
    q, of = world.behaviour[0], world.teams[team]
    made = attendance(
        q, private_gain=q["setting_private_gain"], tie_leader=q["setting_tie_leader"] * of["recognised"], **bearing
    )
    return made._replace(value=collective_minutes(made.value, minutes_held(of["meetings"], q), q))

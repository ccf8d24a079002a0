"""Who works in a territory: from the teams of a scenario, and the densities of the territory, to rows of tables."""

from dataclasses import dataclass

from agents.declarations import Table
from sim.specification import ScenarioSpec
from sim.staffing.dyads import dyads
from sim.staffing.hospitals import hospitals
from sim.staffing.nurses import nurses
from sim.staffing.physicians import physicians
from sim.staffing.places import left_over, placed_practices, placed_teams
from sim.staffing.practices import Practice, background_practices, named_practices, wanted
from sim.staffing.support import support
from sim.staffing.teams import teams
from sim.territory.grid import Ground


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody who works in one territory.

    Attributes:
        teams, physicians, nurses, dyads, support, hospitals: tables; rows refer to one another, ``territory`` is 0.
        names: names of the teams, in row order.
    """

    teams: Table
    physicians: Table
    nurses: Table
    dyads: Table
    support: Table
    hospitals: Table
    names: list[str]


def staff(ground: Ground, spec: ScenarioSpec, seed: int, par: Table, behaviour: Table) -> Staff:
    """Staff one territory: the teams that the scenario names, then others until the densities hold.

    Every draw is keyed by the content of who draws (territory, team, ordinal): another team changes the draws of
    nobody else, though it leaves fewer posts, other lists and other places to the practices that nobody named.

    Args:
        ground: where people live.
        spec: the scenario; its ``teams`` and ``territory`` are read.
        seed: seed of every draw.
        par: record of the parameters, shape ``(1,)``.
        behaviour: parameters of behaviour, shape ``(1,)``: which kinds of team may open a nurse post.

    Raises:
        Mistake: when a team's commune, living-area type or list does not fit the ground.
    """
    practices = all_practices(ground, spec, seed, par)
    doctors = physicians(practices, ground, seed, par)
    carers = nurses(practices, ground, spec, seed, par, behaviour)
    desks = support(practices, par)
    pairs = dyads(practices, doctors, carers, par)
    return Staff(
        teams=teams(practices, doctors, carers, desks, par),
        physicians=doctors,
        nurses=carers,
        dyads=pairs,
        support=desks,
        hospitals=hospitals(ground, spec.territory, par),
        names=[practice.name for practice in practices],
    )


def all_practices(ground: Ground, spec: ScenarioSpec, seed: int, par: Table) -> list[Practice]:
    """Every practice of the territory with its sites, those of the scenario first."""
    named = placed_teams(named_practices(ground, spec), ground, seed, par)
    if not spec.fill_with_default_teams:
        return named
    known = left_over(ground.gp_cells, [(p.sites[0], p.physicians) for p in named], ground)
    density, by_type = spec.territory.gps_per_10000, par["territory_gps_per_10000"][0]
    missing = 0 if ground.gp_cells else wanted(ground, density, by_type) - sum(p.physicians for p in named)
    others = background_practices(ground, missing, par, known)
    return named + placed_practices(others, ground, seed, par, named)

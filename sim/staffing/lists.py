"""How many registered patients each physician builds towards (P-LIST-DIST, P-LIST-MEAN)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table
from agents.mistakes import Mistake
from sim.draws import decision, normals
from sim.kernel import compiled
from sim.staffing.distributions import Numbers, scaled_to
from sim.staffing.places import people_of
from sim.staffing.practices import Practice
from sim.territory.grid import Ground

LIST = decision("physician.list", "size of the list a physician builds")


def registrable_people(ground: Ground, par: Table) -> float:
    """People who have a médecin traitant when all who ask find one: by age band, P-NOMT."""
    return float((ground.cells["people"].sum(axis=0, dtype=float) * par["workforce_registered_share"][0]).sum())


@compiled
def _shared_out(
    x: Numbers, y: Numbers, people: Numbers, places: NDArray[np.int64], offer: Numbers,
    base: float, km_per_minute: float, full: float, nil: float,
) -> Numbers:  # fmt: skip
    out, reach = np.zeros(len(places)), np.zeros(len(places))
    for c in range(len(x)):
        total, closest, least = 0.0, 0, np.inf
        for j in range(len(places)):
            km = np.hypot(x[c] - x[places[j]], y[c] - y[places[j]])
            if km < least:
                closest, least = j, km
            minutes = base + km / km_per_minute
            reach[j] = offer[j] * min(1.0, max(0.0, (nil - minutes) / (nil - full)))
            total += reach[j]
        if total == 0.0:
            out[closest] += people[c]
            continue
        for j in range(len(places)):
            out[j] += people[c] * reach[j] / total
    return out


def catchment(ground: Ground, cells: NDArray[np.int64], half_days: Numbers, par: Table) -> Numbers:
    """People whom distance alone gives to a half-day of each physician, relative to the mean, shape ``(physicians,)``.

    Each cell shares its people out among the physicians within reach (behaviour C, Space), or gives them to the
    nearest.
    """
    places, which = np.unique(cells, return_inverse=True)
    offer = np.bincount(which, weights=half_days)
    given = _shared_out(
        ground.cells["x_km"].astype(float), ground.cells["y_km"].astype(float), people_of(ground),
        places.astype(np.int64), offer, *(float(par[f"territory_{key}"][0]) for key in TRAVEL),
    )  # fmt: skip
    per_half_day = (given / offer)[which]
    return per_half_day / np.average(per_half_day, weights=half_days)


TRAVEL = ("travel_base_minutes", "travel_km_per_minute", "decay_full_minutes", "decay_nil_minutes")


def list_targets(practices: Sequence[Practice], physicians: Table, ground: Ground, seed: int, par: Table) -> Numbers:
    """Lists that physicians build towards: a team's own number where it is given, the rest of the people elsewhere.

    Raises:
        Mistake: when the lists that teams give exceed the people who register.
    """
    if not len(physicians):
        return np.zeros(0)
    weights = _weights(physicians, ground, seed, par)
    given = np.array([p.spec.registered_list for p in practices])[physicians["team"]]
    targets, people = np.zeros(len(physicians)), registrable_people(ground, par)
    for team in np.unique(physicians["team"][given > 0]):
        members = physicians["team"] == team
        targets[members] = practices[team].spec.registered_list * weights[members] / weights[members].sum()
    left = people - targets.sum()
    if left < 0:
        raise Mistake(
            'territory "{territory}": teams register {lists} patients, but only {people} people would register.',
            territory=ground.name, lists=round(targets.sum()), people=round(people),
        )  # fmt: skip
    low, high = par["workforce_list_bounds"][0]
    targets[given == 0] = scaled_to(weights[given == 0], left, float(low), float(high))
    return targets


def _weights(physicians: Table, ground: Ground, seed: int, par: Table) -> Numbers:
    """Relative sizes: lognormal, with the half-days and the people around as part of the spread."""
    half_days = physicians["half_days"].astype(float)
    hours = float(par["workforce_list_hours_elasticity"][0])
    spread = float(par["workforce_list_log_sd"][0])
    known = hours * float(par["workforce_half_days_sd"][0]) / float(half_days.mean())
    own = np.sqrt(max(spread**2 - known**2, 0.0))
    around = catchment(ground, physicians["cell"].astype(np.int64), half_days, par)
    return (
        np.exp(own * normals(seed, LIST, physicians["who"]))
        * half_days**hours
        * around ** float(par["workforce_list_catchment_elasticity"][0])
    )

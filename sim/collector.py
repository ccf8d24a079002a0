"""A Mesa ``DataCollector`` over the columns, for those who expect one.

    model.datacollector = collector(model)
    model.step()
    model.datacollector.collect(model)
    model.datacollector.get_model_vars_dataframe()

Model reporters are sums over columns and cost a few microseconds each. Rows of agents are built one by one by Mesa: the
recorder (``sim/recorder.py``) writes the same columns for any number of agents at once, and is what runs use.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import mesa
import numpy as np

from agents.mistakes import Mistake
from agents.patients import ALIVE
from sim.model import CareModel
from sim.world import World

type Reporter = Callable[[Any], float]
"""What a model reporter is: a function of a model that has a ``world``."""

PHYSICIAN_COLUMNS: Final = (
    "team", "registered_list", "posted_wait_days", "booked_share", "requests", "contacts", "home_contacts", "leaks",
    "fees_cents",
)  # fmt: skip
"""Columns reported for each physician; none has the name of a model reporter, or Mesa would mix them up."""


def collector(model: mesa.Model, physician: type[mesa.Agent] | None = None) -> mesa.DataCollector:
    """A collector of the model's week: one number a reporter, and the physicians' columns.

    Args:
        model: a model with a ``world``, whose physicians are Mesa agents that read like a row.
        physician: the agents' class; by default the model's agent type called ``Physician``.

    Returns:
        A ``DataCollector``; call its ``collect(model)`` after each step.

    Raises:
        Mistake: when the model has no agents of a class called ``Physician`` and none is given.
    """
    if isinstance(model, CareModel) and not len(model.agents):
        model.attach()  # it shows agents to Mesa only once somebody asks for them
    kind = physician or _physician_type(model)
    return mesa.DataCollector(
        model_reporters=dict(MODEL_REPORTERS),
        agenttype_reporters={kind: {name: name for name in PHYSICIAN_COLUMNS}},
    )


def _physician_type(model: mesa.Model) -> type[mesa.Agent]:
    for kind in model.agent_types:
        if kind.__name__ == "Physician":
            return kind
    raise Mistake(
        "the model has no agents of a class Physician; it has {kinds}.",
        kinds=", ".join(sorted(kind.__name__ for kind in model.agent_types)) or "none",
    )


def _total(table: str, column: str) -> Reporter:
    """A reporter that adds up one column of one table."""

    def total(model: Any) -> float:
        return float(getattr(model.world, table)[column].sum())

    return total


def _week(model: Any) -> float:
    return float(model.world.week - 1)


def _people(model: Any) -> float:
    return float(np.count_nonzero(model.world.patients["flags"] & ALIVE))


def _mean_wait(model: Any) -> float:
    """Posted wait of physicians in post, weighted by their lists; not a number where nobody in post has a list."""
    world: World = model.world
    held = world.physicians[world.physicians["vacant_until"] < 0]
    lists = held["registered_list"].astype(np.float64)
    return float((held["posted_wait_days"] * lists).sum() / lists.sum()) if lists.any() else float("nan")


MODEL_REPORTERS: Final[Mapping[str, Reporter]] = {
    "week": _week,
    "people": _people,
    "mean_wait_days": _mean_wait,
    "gp_contacts": _total("physicians", "contacts"),
    "gp_requests": _total("physicians", "requests"),
    "gp_leaks": _total("physicians", "leaks"),
    "nurse_contacts": _total("nurses", "contacts"),
    "nurse_stops": _total("nurses", "stops"),
    "ed_visits": _total("hospitals", "ed_visits"),
    "admissions": _total("hospitals", "admissions"),
    "avoidable_admissions": _total("hospitals", "avoidable"),
}

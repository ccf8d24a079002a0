"""Curves of the ground and of the people on it: distance, sizes of communes, life tables."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

import numpy as np

from agents.declarations import Table, new_table
from agents.patients import CONDITIONS
from results.messages import _
from scenarios.odd.sketch import Panel, Sketch, curve
from sim.life_tables import AGES
from sim.parameters import parameter_record
from sim.population import c2s_by_cell
from sim.territory.access import decay, travel_minutes
from sim.territory.grid import CELLS
from sim.territory.sizes import size_at

KM: Final = np.linspace(0.0, 16.0, 65)
SHARES: Final = np.linspace(0.01, 0.999, 100)
POVERTY: Final = np.linspace(0.02, 0.4, 39)


@cache
def defaults() -> Table:
    """Parameters of the week at their defaults."""
    return parameter_record()


def ground() -> Sketch:
    """How far care is, how large communes are, who has means-tested cover."""
    par = defaults()
    minutes = travel_minutes(KM, 0.0, 0.0, 0.0, par)
    cells = new_table(CELLS, len(POVERTY))
    cells["poverty"] = POVERTY
    cells["people"] = 1.0
    return Sketch(
        _("Ground: distance, sizes of communes, means-tested cover"),
        _(
            "A physician is wholly within reach nearby, and less and less so until out of reach; sizes of communes "
            "span "
            "four powers of ten; means-tested cover follows the poverty of the cell, more slowly than it at the top."
        ),
        (
            Panel(_("Within reach (APL)"), _("distance, km"), _("weight"), (curve("", KM, decay(minutes, par)),)),
            Panel(
                _("Size of communes"),
                _("share of communes"),
                _("people"),
                (curve("", SHARES, size_at(SHARES, par)),),
                logarithmic=True,
                decimals=(1, 0),
            ),
            Panel(
                _("Means-tested cover (C2S)"),
                _("poverty of the cell"),
                _("share"),
                (curve("", POVERTY, c2s_by_cell(cells, par)),),
                decimals=(1, 1),
            ),
        ),
    )


def life() -> Sketch:
    """The derived life tables."""
    q, ages = defaults()[0], np.arange(AGES)
    poor = float(q["population_poor_mean"])
    levels = np.diff(q["life_levels"].astype(float), axis=2, prepend=0.0)
    by_means = (levels[..., None] * q["life_prevalence"]).sum(axis=2)
    prevalence = (1.0 - poor) * by_means[0] + poor * by_means[1]
    names = (
        _("diabetes"),
        _("hypertension"),
        _("heart failure"),
        _("COPD"),
        _("kidney disease"),
        _("mental disorder"),
        _("neurological disease"),
    )
    assert len(names) == len(CONDITIONS)
    frailty = q["life_frailty"]
    return Sketch(
        _("Life tables by single year of age"),
        _(
            "Deaths fall after birth, then rise by a nearly constant factor a year; hypertension is by far the most "
            "frequent condition; mean frailty stays low until 60 and rises steeply after, with wide differences."
        ),
        (
            Panel(
                _("Deaths, at the reference multiplier"),
                _("age"),
                _("deaths/person/year"),
                (curve(_("men"), ages, q["life_death"][0]), curve(_("women"), ages, q["life_death"][1])),
                logarithmic=True,
            ),
            Panel(
                _("Prevalence"),
                _("age"),
                _("share"),
                tuple(curve(name, ages, prevalence[:, c]) for c, name in enumerate(names)),
            ),
            Panel(
                _("Frailty"),
                _("age"),
                _("share"),
                (
                    curve(_("mean"), ages, q["life_frailty_mean"]),
                    curve(_("first tenth"), ages, frailty[:, 25]),
                    curve(_("last tenth"), ages, frailty[:, 230]),
                ),
            ),
        ),
    )


SKETCHES: Final[Mapping[str, Callable[[], Sketch]]] = {"ground": ground, "life": life}
"""Sketches of this file by name."""

"""What is tried on patients when a year closes: block by block, or all at once."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from agents import patients as people
from sim import views
from sim.measures import MEASURES, Measure
from sim.people_counted import Sums
from sim.quotes.patient_footprints import TriesOnPatients
from sim.views import View, patients_views
from sim.world import World
from tests.paid_run import paid_model, paid_town

PHYSICIAN: dict[str, Any] = {"source": "patients", "of": "list", "per": ("physician",)}


@cache
def town() -> World:
    """The paid town, as a year might have left its patients."""
    world, draws = paid_model(paid_town()).world, np.random.default_rng(3)
    patients = world.patients
    patients["spend"] = draws.lognormal(3, 2, patients["spend"].shape)
    patients["flags"] |= np.where(draws.random(len(patients)) < 0.3, people.INAPPROPRIATE_DRUG, 0).astype(np.uint16)
    patients["prevention_due"] = draws.integers(0, 8, len(patients))
    return world


def tried(world: World, *more: Measure) -> Sums:
    """What the tries on a world found, with some measures beside the declared ones."""
    tries = TriesOnPatients(world, {**MEASURES, **{declared.name: declared for declared in more}})
    for view in patients_views(world):
        tries.join(tries.of_block(view))
    return tries.found()


def of_no_drug(view: View) -> np.ndarray:
    """A condition that no plain one says: nothing inappropriate, and few drugs."""
    return (view.column("flags") & people.INAPPROPRIATE_DRUG == 0) & (view.column("n_drugs") < 250)


def test_blocks_of_patients_find_together_what_all_of_them_do(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = tried(town())
    monkeypatch.setattr(views, "BLOCK", 37)
    by_block = tried(town())
    assert whole.keys() == by_block.keys()
    assert whole["footprint:euro_saved:units"].sum() > 0
    for name, sums in whole.items():
        np.testing.assert_allclose(by_block[name], sums, rtol=1e-9, atol=1e-6)


def test_odd_conditions_and_values_see_patients_as_they_are_after_an_action() -> None:
    odd = Measure("without_bad_drug", "x", "x", "this test", odd=of_no_drug, **PHYSICIAN)
    doubled = Measure(
        "twice_due", "x", "x", "this test", value=lambda view: 2 * view.column("prevention_due"), **PHYSICIAN
    )
    found = tried(town(), odd, doubled)
    stopped = found["footprint:prescribing:without_bad_drug"]
    assert np.array_equal(stopped, found["footprint:prescribing:units"])
    assert stopped.sum() > 0
    patients = town().patients
    living = patients[(patients["flags"] & people.ALIVE > 0) & (patients["registered_gp"] >= 0)]
    assert found["footprint:prevention_act:twice_due"].sum() == -2 * living["prevention_due"].sum(dtype=int)
    assert "footprint:diabetes_test:twice_due" not in found

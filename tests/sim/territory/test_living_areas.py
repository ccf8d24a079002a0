"""What is told of the shares of living-area types that a scenario asks for."""

import numpy as np
import pytest

from sim.specification import TerritorySpec
from sim.territory import build_ground
from sim.territory.compose import new_communes
from sim.territory.living_areas import in_proportion, notes_of_shares


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({}, []),
        ({"T5": 9, "T1": 1}, ["Living-area types are in the proportions that the scenario asks for."]),
        ({"T5": 0.6, "T1": 0.4}, [
            "Living-area types go to whole communes, so that people divide between them as T1 10\u00a0%, T5 90\u00a0%; "
            "the scenario asks for T1 40\u00a0%, T5 60\u00a0%.",
        ]),
    ],
)  # fmt: skip
def test_shares_that_whole_communes_cannot_meet_are_told(asked: dict[str, float], told: list[str]) -> None:
    sizes = np.array([900, 100])
    communes = new_communes(["1", "2"], ["A", "B"], in_proportion(sizes, np.array([0.0, 9.0]), {"T5": 0.9, "T1": 0.1}))
    communes["people"] = sizes
    assert notes_of_shares(communes, asked) == told


@pytest.mark.parametrize("builder", ["synthetic", "epci"])
def test_every_ground_tells_of_the_shares_that_are_asked_for(builder: str) -> None:
    name = "200023737" if builder == "epci" else ""
    ground = build_ground(TerritorySpec(builder=builder, name=name, area_types={"T1": 0.5, "T4": 0.5}), 1)
    (note,) = notes_of_shares(ground.communes, {"T1": 0.5, "T4": 0.5})
    assert note in ground.notes

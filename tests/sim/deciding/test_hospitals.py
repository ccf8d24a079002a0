"""The hospital's side of the town."""

from dataclasses import replace

import numpy as np
import pytest

from agents.hospitals import COLUMNS
from sim.deciding import hospitals
from sim.deciding.partner_facts import quiet
from sim.parameters import all_parameters
from tests.sim.deciding.made_partners import Notebook, partners_world


def test_only_the_base_is_written() -> None:
    world = partners_world(parameters={"workforce.hospital_p_notice": 0.6})
    world.hospitals["occupancy"] = 0.97
    hospitals.open_to_town(world, quiet(world), Notebook())
    assert world.hospitals["p_notice"].tolist() == pytest.approx([0.6])
    assert world.hospitals["direct_accept"].tolist() == pytest.approx([0.3])
    world.hospitals["leads_bid"] = 1
    for _ in range(3):
        hospitals.open_to_town(world, quiet(world), Notebook())
    assert world.hospitals["p_notice"].tolist() == pytest.approx([0.8]), "once, not every quarter"


def test_the_base_of_notices_is_within_what_its_column_declares() -> None:
    column = next(column for column in COLUMNS if column.name == "p_notice")
    usual, bid = (all_parameters()[name] for name in ("workforce.hospital_p_notice", "hospital_side.notice_bid"))
    assert column.low is not None
    assert column.high is not None
    assert column.low <= usual.low < usual.high + bid.high <= column.high


def test_ties() -> None:
    world = partners_world()
    diary = Notebook()
    facts = replace(quiet(world), alternating=np.array([1.0, 0, 0, 0, 0]), subordinated=np.arange(5) == 4)
    hospitals.open_to_town(world, facts, diary)
    assert world.physicians["hospital_tie"].tolist() == pytest.approx([0.24, 0.2, 0.2, 0.2, 0.1])
    (block,) = diary.of("tie")
    assert (block["physician"].tolist(), block["hospital"].tolist()) == ([4], [0])


def test_a_hospital_that_leads_a_bid_gets_patients_by_agreement() -> None:
    world = partners_world()
    diary = Notebook()
    hospitals.agree_on_attribution(world, diary)
    assert diary.told == []
    world.hospitals["leads_bid"] = 1
    years = 0
    while not world.hospitals["attributed"][0]:
        world.week += 52
        years += 1
        hospitals.agree_on_attribution(world, diary)
    assert years < 40
    (block,) = diary.of("tie")
    assert block["chance"][0] == pytest.approx(1 / (1 + np.exp(1.5 - 2 * 0.2)))

"""Claim lines: who pays them, and which ones a lump sum stands for."""

from agents.patients import ALD, C2S
from agents.teams import BY_NURSES, BY_PHYSICIANS, DIABETIC_PATIENTS, ELDERLY_PATIENTS
from sim import events as ev
from sim.tariffs import patient_split
from tests.sim.made_weeks import lived, seasoned

BILLABLE = (1 << ev.G) | (1 << ev.HOME) | (1 << ev.G_CHILD)
WEEKS = 3


def test_who_pays_a_line_is_what_the_tariffs_say() -> None:
    world = seasoned()
    lines = lived(world, WEEKS)
    billed = lines[lines["cents"] > 0]
    in_pathway = (billed["scope"] == ev.IN_LIST) | ((billed["marks"] & ev.REGISTRATION) > 0)
    assert (in_pathway > (billed["scope"] == ev.IN_LIST)).any()
    insurer, complementary, household = patient_split(
        billed["code"], billed["cents"], (billed["flags"] & ALD) > 0, (billed["flags"] & C2S) > 0, billed["age"] < 18,
        in_pathway, world.day(),
    )  # fmt: skip
    assert (billed["insurer_cents"] == insurer).all()
    assert (billed["household_cents"] == household).all()
    assert (billed["cents"] - billed["insurer_cents"] - billed["household_cents"] == complementary).all()
    assert household.sum() > 0 < complementary.sum()
    assert {ev.GP, ev.ROUNDS, ev.ED, ev.STAY} <= set(billed["kind"])


def test_a_lump_sum_replaces_exactly_the_acts_that_it_names() -> None:
    plain, replaced = seasoned(), seasoned()
    team = 0
    replaced.teams["replaced"][team, ev.IN_LIST] = BILLABLE
    before, after = lived(plain, WEEKS), lived(replaced, WEEKS)
    named = (after["provider_team"] == team) & (after["scope"] == ev.IN_LIST) & (BILLABLE >> after["code"] & 1 > 0)
    assert ((after["marks"] & ev.SUBSTITUTED) > 0).tolist() == named.tolist()
    assert named.sum() > 0
    # Nothing else of the week changes, and who did the act bills everything but what is replaced.
    assert (before["cents"] == after["cents"]).all()
    weekly = plain.physicians["fees_cents"].sum() - replaced.physicians["fees_cents"].sum()
    last = after[after["week"] == after["week"].max()]
    assert weekly == last["cents"][(last["marks"] & ev.SUBSTITUTED > 0) & (last["kind"] == ev.GP)].sum() > 0


def test_a_perimeter_covers_its_patients_only() -> None:
    for perimeter in (ELDERLY_PATIENTS, DIABETIC_PATIENTS):
        world = seasoned()
        world.teams["replaced"][:, ev.IN_LIST] = BILLABLE
        world.teams["perimeter"][:, BY_PHYSICIANS] = perimeter
        lines = lived(world, WEEKS)
        lines = lines[(lines["scope"] == ev.IN_LIST) & (BILLABLE >> lines["code"] & 1 > 0) & (lines["kind"] == ev.GP)]
        neuro = lines["conditions"] >> 6 & 1 > 0
        elderly = (lines["age"] >= 65) | (neuro & (lines["age"] >= 50))
        diabetic = (lines["conditions"] & 1 > 0) & (lines["flags"] & ALD > 0)
        inside = elderly if perimeter == ELDERLY_PATIENTS else diabetic
        assert ((lines["marks"] & ev.SUBSTITUTED) > 0).tolist() == inside.tolist()
        assert 0 < inside.sum() < len(lines)
    assert BY_NURSES == 1

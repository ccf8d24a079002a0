"""Physicians who go and who come, and leaders who are lost with them."""

from sim.deciding import holders, leaders
from sim.deciding.diary import Diary
from sim.treasury import treasury_of
from tests.sim.deciding.made_teams import ALONE, ASKED, HOME, made_spec, made_world


def test_who_goes_and_who_comes_within_a_quarter_is_told() -> None:
    spec = made_spec()
    world, diary = made_world(spec), Diary()
    treasury = treasury_of(world, spec)
    leaders.begin_team_life(world, treasury, ASKED)
    p = world.physicians
    p["will"] = 0.1
    led = int(world.teams["first_physician"][HOME])
    member = led + 1
    alone = int(world.teams["first_physician"][ALONE])
    cohesion = float(world.teams["cohesion"][HOME])
    p["who"][led] += 1  # gone and followed within the quarter
    p["vacant_until"][member], p["leaves_week"][member] = world.week + 5, world.week - 2
    p["vacant_until"][alone] = world.week + 5
    leaders.lead_quarter(world, treasury, ASKED, diary)
    told = diary.frame()
    went = told[told["kind"] == "departure"]
    assert dict(zip(went["physician"], went["text"], strict=True)) == {
        led: holders.RETIRED, member: holders.LEFT, alone: holders.RETIRED,
    }  # fmt: skip
    came = told[told["kind"] == "hire"]
    assert (came["physician"].tolist(), came["team"].tolist()) == ([led], [HOME])
    lost = told[(told["kind"] == "leader") & (told["team"] == HOME)]
    assert lost["text"].tolist() == [holders.RETIRED]
    assert world.teams["leader"][HOME] == leaders.NOBODY
    assert world.teams["cohesion"][HOME] < cohesion
    before = len(told)
    p["vacant_until"][member] = -1
    p["who"][member] += 1
    leaders.lead_quarter(world, treasury, ASKED, diary)
    new = diary.frame()[before:]
    assert new[["kind", "physician", "text"]].to_numpy().tolist() == [["hire", member, "successor"]]


def test_a_worn_leader_who_stays_in_post_does_not_retire() -> None:
    spec = made_spec()
    world, diary = made_world(spec), Diary()
    treasury = treasury_of(world, spec)
    leaders.begin_team_life(world, treasury, ASKED)
    world.physicians["fatigue"] = 1.0
    world.behaviour["team_life_role_left"] = 1.0
    leaders.lead_quarter(world, treasury, ASKED, diary)
    told = diary.frame()
    assert set(told.loc[told["kind"] == "leader", "text"]) == {"gives_up"}
    assert not (told["kind"] == "departure").any()

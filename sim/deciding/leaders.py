"""Leaders, projects and learning of teams, quarter by quarter; new health homes (behaviour F1, F6)."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.deciding import collective_money, forming, leaders
from agents.deciding.decision import Numbers
from agents.support import COORDINATOR
from agents.teams import GROUP, HEALTH_CENTRE, MSP, SOLO
from agents.templates import MESSENGERS
from sim.deciding.diary import Diary
from sim.deciding.holders import gone, know_holders, reasons, tell_holders
from sim.deciding.motions import members_in_post
from sim.deciding.support import paperwork_of
from sim.deciding.team_money import under_collective_contract
from sim.draws import child_ids, decision, uniforms
from sim.treasury import Treasury
from sim.world import WEEKS_PER_YEAR, World

ROLE: Final = decision("leader_leaves_role", "whether a tired leader leaves the role")
JOINS_HOME: Final = decision("joins_home", "whether another professional joins a new health home")
SOFTWARE: Final = decision("uses_software", "whether a member uses shared software")

QUARTER: Final = 0.25
MINUTES_AN_HOUR: Final = 60.0
NOBODY: Final = -1
TEAM_PEER: Final = MESSENGERS.index("team_peer")

type Rows = NDArray[np.int64]


def begin_team_life(world: World, treasury: Treasury, asked: NDArray[np.bool_]) -> None:
    """Who leads, what is under way and what is committed when year 1 begins.

    The first physician of a team leads it, as scenarios say; health homes and centres that meet, or have protocols,
    have a project. Practices have none before they begin one.

    Args:
        world: writes ``leader``, ``recognised``, ``projects``, ``learning_years``, ``fixed_commitments`` of the teams,
            and ``known_who`` of physicians.
        treasury: the contracts.
        asked: teams whose contract funds an organisation, ``(teams,)``.
    """
    teams, q = world.teams, world.behaviour[0]
    teams["leader"] = np.where(teams["physicians"] > 0, teams["first_physician"], NOBODY)
    # A practice that meets is no health home in the making: it is one once it has begun a project and written it.
    collective = ~np.isin(teams["kind"], (SOLO, GROUP))
    teams["projects"] = collective & ((teams["meetings"] > 0) | (teams["protocols"] > 0))
    under = under_collective_contract(treasury, asked)
    teams["learning_years"] = np.where(under, teams["maturity_years"], 0)
    members = (teams["physicians"] + teams["nurses"] + teams["other_professionals"]).astype(np.float64)
    held = np.logical_and(under, teams["kind"] != HEALTH_CENTRE)
    committed = collective_money.starting_commitments(teams["coordinator_fte"].astype(np.float64), members, q)
    teams["fixed_commitments"] = np.where(held, committed, teams["fixed_commitments"])
    recognise(world)
    know_holders(world)


def recognise(world: World) -> None:
    """Which leaders their peers recognise, and how teams are led: writes ``recognised`` and ``leadership``."""
    p, teams = world.physicians, world.teams
    size = len(teams)
    count = np.maximum(1, np.bincount(p["team"], minlength=size))
    trust = np.bincount(p["team"], p["trust"][:, TEAM_PEER].astype(np.float64), minlength=size) / count
    known = leaders.recognised(trust, teams["cohesion"], teams["conflict"], world.behaviour[0])
    # Who works alone needs nobody's recognition.
    teams["recognised"] = np.logical_or(known, teams["kind"] == SOLO)
    led = teams["leader"] != NOBODY
    carrying = np.bincount(p["team"], leaders.carriers(p, world.behaviour[0]).astype(np.float64), minlength=size)
    network = np.where(led, p["network"][np.maximum(teams["leader"], 0)], 0.0) if len(p) else np.zeros(size)
    teams["leadership"] = leaders.form_of(led, carrying, network, teams["conflict"], world.behaviour[0])


def lead_quarter(world: World, treasury: Treasury, asked: NDArray[np.bool_], diary: Diary) -> None:
    """A quarter of the leaders: fatigue, the role given up or taken over, projects written, years together.

    Args:
        world: writes leaders, projects, maturity and learning of the teams; fatigue of physicians, and the minutes that
            leading takes; knowledge of dyads.
        treasury: the contracts.
        asked: teams whose contract funds an organisation, ``(teams,)``.
        diary: is told of leaders and projects, and of physicians who went or came.
    """
    _lead(world)
    went, why = gone(world), reasons(world)
    tell_holders(world, went, why, diary)
    empty = np.logical_or(went, world.physicians["vacant_until"] >= 0)
    for team in np.flatnonzero(world.teams["leader"] != NOBODY):
        leader = int(world.teams["leader"][team])
        _keep_or_lose(world, int(team), str(why[leader]) if empty[leader] else "", diary)
    _take_over(world, diary)
    recognise(world)
    _write_projects(world, diary)
    know_holders(world)
    teams = world.teams
    teams["maturity_years"] += QUARTER
    teams["learning_years"] += QUARTER * under_collective_contract(treasury, asked)


def leader_hours(world: World) -> Numbers:
    """Organisational work that falls on the leader of each team (hours/week), ``(teams,)``."""
    s, q = world.support, world.behaviour[0]
    there = np.logical_and(s["role"] == COORDINATOR, s["in_post"] != 0)
    fte = np.bincount(s["team"][there], s["fte"][there].astype(np.float64), minlength=len(world.teams))
    hours = world.teams["organisational_hours"].astype(np.float64)
    return leaders.organisational_load(hours, q["desk_coordinator_week"] * fte, q)


def files_left(world: World) -> Numbers:
    """Hours a week of evidence files that coordinators leave to the leader of each team, ``(teams,)``."""
    return np.maximum(0.0, paperwork_of(world.teams) - world.teams["evidence_hours"])


def _lead(world: World) -> None:
    """What leading takes of each physician's week, and what it costs them.

    The minutes come out of the time that is outside billed acts: care is not less for them, the leader is more tired.
    """
    p, teams = world.physicians, world.teams
    leads = teams["leader"][p["team"]] == np.arange(len(p))
    hours = np.where(leads, leader_hours(world)[p["team"]], 0.0)
    files = np.minimum(hours, files_left(world)[p["team"]])
    p["evidence_minutes"] = MINUTES_AN_HOUR * files
    p["organisational_minutes"] = MINUTES_AN_HOUR * (hours - files)
    criticism = np.where(leads, teams["conflict"][p["team"]], 0.0)
    rest = np.clip(1 - p["overload"].astype(np.float64), 0.0, 1.0)
    p["fatigue"] = leaders.fatigue_next(p["fatigue"].astype(np.float64), hours, criticism, rest, world.behaviour[0])


def _keep_or_lose(world: World, team: int, gone_why: str, diary: Diary) -> None:
    """The leader of a team stays, is gone (and why; whoever holds the post now), or gives the role up."""
    teams, p, q = world.teams, world.physicians, world.behaviour[0]
    leader = int(teams["leader"][team])
    u = uniforms(world.seed, ROLE, p["who"][leader : leader + 1], step=world.week)
    left = leaders.leaves_role(p["fatigue"][leader : leader + 1].astype(np.float64), u, q)
    if not (gone_why or left.value[0]):
        return
    follower = leaders.successor(p, members_in_post(world, team), leader, q)
    teams["leader"][team] = follower
    terms = {"fatigue": float(p["fatigue"][leader]), "successor": float(follower)}
    diary.add("leader", team=team, physician=leader, text=gone_why or "gives_up", terms=terms)
    if follower == NOBODY:
        _lose(world, team, leaders.lost_leader(bool(gone_why), q), diary)


def _lose(world: World, team: int, loss: leaders.Loss, diary: Diary) -> None:
    """Nobody follows: projects halve, and what members know of each other fades."""
    teams, d = world.teams, world.dyads
    before = float(teams["projects"][team])
    teams["projects"][team] = before * loss.projects
    teams["cohesion"][team] *= loss.cohesion
    here = world.physicians["team"][d["physician"]] == team
    d["knowledge"][here] *= loss.knowledge
    if before:
        diary.add("project", team=team, before=before, after=before * loss.projects, text="no_leader")


def _take_over(world: World, diary: Diary) -> None:
    """Somebody with the will takes over in a team without a leader."""
    teams, p = world.teams, world.physicians
    for team in np.flatnonzero(np.logical_and(teams["leader"] == NOBODY, teams["physicians"] > 0)):
        found = leaders.successor(p, members_in_post(world, int(team)), NOBODY, world.behaviour[0])
        # Who was worn out does not come back at once.
        if found != NOBODY and p["fatigue"][found] <= world.behaviour[0]["team_life_fatigue_most"]:
            teams["leader"][team] = found
            diary.add("leader", team=team, physician=found, text="takes_over")


def _write_projects(world: World, diary: Diary) -> None:
    """A quarter of writing; a group that has written its project and found the people is a health home."""
    teams, q = world.teams, world.behaviour[0]
    led = teams["leader"] != NOBODY
    before = teams["projects"].astype(np.float64)
    after = np.where(led, forming.written(before, q), before)
    teams["projects"] = after
    done = np.flatnonzero(np.floor(after) > np.floor(before))
    diary.add("project", team=done, before=before[done], after=after[done], text="written")
    _gather(world, np.flatnonzero((teams["kind"] == GROUP) & (after > 0)))
    others = (teams["other_professionals"] + teams["nurses"]).astype(np.float64)
    enough = forming.is_health_home(teams["physicians"].astype(np.float64), others, q)
    labelled = np.flatnonzero((teams["kind"] == GROUP) & (teams["projects"] >= 1) & enough)
    teams["kind"][labelled] = MSP
    diary.add("project", team=labelled, before=0.0, after=1.0, text="labelled")


def _gather(world: World, rows: Rows) -> None:
    """Other professionals come to groups that are writing a project."""
    teams, q = world.teams, world.behaviour[0]
    for team in rows:
        candidates = round(float(q["team_life_candidates"]) * int(teams["physicians"][team]))
        u = uniforms(world.seed, JOINS_HOME, child_ids(int(teams["who"][team]), np.arange(candidates)), step=world.week)
        teams["other_professionals"][team] += forming.joiners(candidates, int(teams["other_professionals"][team]), u, q)


def start_projects(world: World, diary: Diary) -> None:
    """Groups that suffer enough as they are, and have somebody to carry it, begin to write a project; once a year."""
    teams, p, q = world.teams, world.physicians, world.behaviour[0]
    if not len(teams):
        return
    size = len(teams)
    count = np.maximum(1, np.bincount(p["team"], minlength=size))
    overload = np.bincount(p["team"], p["overload"].astype(np.float64), minlength=size) / count
    carrying = np.bincount(p["team"], leaders.carriers(p, q).astype(np.float64), minlength=size)
    premises = np.full(size, float(q["team_life_premises"]))
    suffering = forming.dissatisfaction(overload, 1 / count, _retiring(world), premises, q)
    starts = np.logical_and(forming.starts_project(suffering.value, carrying, q), teams["kind"] == GROUP)
    rows = np.flatnonzero(np.logical_and(starts, teams["projects"] == 0))
    teams["projects"][rows] = forming.first_page(teams["projects"][rows].astype(np.float64), q)
    diary.add("project", team=rows, before=0.0, after=teams["projects"][rows], text="begun",
              terms={name: values[rows] for name, values in suffering.terms.items()})  # fmt: skip


def _retiring(world: World) -> Numbers:
    """Share of the physicians around each team who are about to retire, ``(teams,)``."""
    p, q = world.physicians, world.behaviour[0]
    old = (world.week - p["birth_week"]) / WEEKS_PER_YEAR >= q["team_life_retiring_age"]
    size = len(world.territories)
    count = np.maximum(1, np.bincount(p["territory"], minlength=size))
    share = np.bincount(p["territory"], old.astype(np.float64), minlength=size) / count
    return np.asarray(share[world.teams["territory"]])


def software_users(world: World) -> Numbers:
    """Share of the members of each team who use shared software, ``(teams,)``; a post that nobody holds is none."""
    teams, q = world.teams, world.behaviour[0]
    users, count = np.zeros(len(teams)), np.zeros(len(teams))
    for table, physician in ((world.physicians, True), (world.nurses[world.nurses["in_post"] != 0], False)):
        inside = table["team"] >= 0
        u = uniforms(world.seed, SOFTWARE, table["who"][inside])
        does = leaders.adopts(np.full(len(u), physician), u, q)
        users += np.bincount(table["team"][inside], does.astype(np.float64), minlength=len(teams))
        count += np.bincount(table["team"][inside], minlength=len(teams))
    return np.divide(users, count, out=np.zeros(len(teams)), where=count > 0)


def attract(world: World) -> None:
    """What draws young physicians to each site, relative to the mean post around: writes it for the coming year."""
    teams, q = world.teams, world.behaviour[0]
    posts = teams["physicians"].astype(np.float64)
    drawn = leaders.attraction(np.maximum(posts - 1, 0), (teams["kind"] == MSP).astype(np.float64), q)
    size, territory = len(world.territories), teams["territory"]
    around = np.bincount(territory, drawn * posts, minlength=size) / np.maximum(
        1, np.bincount(territory, posts, minlength=size)
    )
    teams["attraction"] = drawn - around[territory]
    teams["intern_stays"] = leaders.intern_stays(teams["interns"].astype(np.float64), q)


def try_software(world: World, asked: NDArray[np.bool_], diary: Diary) -> Numbers:
    """A year of shared software in the teams of which it is asked; three bad trials end it.

    Args:
        world: writes ``bad_trials``, ``conflict`` and ``software_ok`` of the teams.
        asked: teams whose contracts ask for it and that have not dropped it, ``(teams,)``.
        diary: is told of software that is dropped.

    Returns:
        Share of members who use it, ``(teams,)``; 0 where it is not tried.
    """
    teams, q = world.teams, world.behaviour[0]
    tried = np.logical_and(asked, teams["bad_trials"] < q["team_life_software_trials"])
    users = np.where(tried, software_users(world), 0.0)
    trial = leaders.software_trial(
        users, teams["bad_trials"].astype(np.float64), teams["conflict"].astype(np.float64), q
    )
    first = np.logical_and(tried, teams["software_ok"] == 0)
    teams["conflict"] = np.where(first, trial.conflict, teams["conflict"])
    teams["bad_trials"] = np.where(tried, trial.bad_trials, teams["bad_trials"])
    dropped = np.logical_and(tried, trial.dropped)
    teams["software_ok"][dropped] = 0
    rows = np.flatnonzero(dropped)
    diary.add("software", team=rows, before=1.0, after=0.0, text="dropped", terms={"users": users[rows]})
    return users

"""A year of practice and of reports: what teams do, what they write about it, and what rules then read (behaviour F5).

The columns ``meetings``, ``files_reviewed``, ``protocols``, ``opening_ok`` and ``software_ok`` are the reports that
rules read: a report raises them, and true practice never reaches a rule.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.deciding import leaders, voting
from agents.deciding import practice_and_report as reporting
from agents.deciding.decision import Decision, Numbers
from agents.deciding.payer import practice
from agents.support import COORDINATOR
from agents.teams import CRITERIA, PROFILES
from agents.templates import EFFORT_PREVENTION
from sim.deciding.diary import Diary
from sim.deciding.leaders import try_software
from sim.draws import child_ids, decision, uniforms
from sim.payment.policy import Layer
from sim.treasury import Treasury
from sim.world import World

STARTS: Final = decision("announced_starts", "whether an announced service starts")
NONE: Final = np.zeros(0)


def begin_reports(world: World) -> None:
    """What teams have reported when year 1 begins: what their columns say."""
    teams = world.teams
    said = (teams["meetings"], teams["protocols"], teams["coordinator_fte"], teams["opening_ok"], teams["software_ok"])
    for place, column in enumerate(said):
        teams["reported"][:, place] = column > 0
    teams["practised"] = _true_practice(world, np.asarray(teams["software_ok"], dtype=np.float64))


def practise_and_report(world: World, treasury: Treasury, asked: NDArray[np.bool_], diary: Diary) -> None:
    """What teams do and report in a year.

    Args:
        world: writes ``practised``, ``reported``, ``profile``, ``admin_hours``, ``projects`` of the teams, and what
            rules read of their reports.
        treasury: the contracts, settled for the year.
        asked: teams whose contract funds an organisation, and asks for the criteria of it, ``(teams,)``.
        diary: is told of profiles, services and projects.
    """
    teams, q = world.teams, world.behaviour[0]
    if not len(teams):
        return
    able = ability_of(world)
    profile = reporting.profile_of(able.value, q)
    users = try_software(world, asked, diary)
    practised = _true_practice(world, np.where(asked, users, teams["software_ok"]))
    practised *= np.where(asked, practice(q), 1.0)[:, None]
    u = np.stack([uniforms(world.seed, STARTS, child_ids(int(who), np.arange(len(CRITERIA))), step=world.week)
                  for who in teams["who"]])  # fmt: skip
    carried = np.logical_or(teams["leader"] >= 0, teams["coordinator_fte"] > 0)
    each = np.repeat(asked[:, None], len(CRITERIA), axis=1)
    each[:, reporting.SOFTWARE] &= teams["bad_trials"] < q["team_life_software_trials"]
    result = reporting.report(practised, teams["reported"].astype(np.float64), each, profile, carried, u, q)
    _tell_profiles(world, profile, asked, able.terms, diary)
    teams["practised"] = result.practised
    teams["reported"] = np.where(asked[:, None], result.reported, teams["reported"])
    teams["admin_hours"] = _paperwork(world, treasury, result.hours)
    _write_columns(world, asked)
    rows, criteria = np.nonzero(result.started)
    diary.add("project", team=rows, text=np.array(CRITERIA)[criteria], terms={"ability": able.value[rows]})


def demand(world: World, demands: NDArray[np.bool_], diary: Diary) -> None:
    """The payer asks more of some teams: those that can do least read it as disavowal, and stop a project.

    Args:
        world: writes ``projects`` of the teams.
        demands: of which teams more is asked, ``(teams,)``.
        diary: is told of the projects that stop.
    """
    teams, able = world.teams, ability_of(world).value
    read_so = reporting.disavowed(able, demands, world.behaviour[0])
    stopped = np.flatnonzero(np.logical_and(read_so, teams["projects"] >= 1))
    before = teams["projects"][stopped].astype(np.float64)
    teams["projects"][stopped] = before - 1
    diary.add("project", team=stopped, before=before, after=before - 1, text="disavowed",
              terms={"ability": able[stopped]})  # fmt: skip


def ability_of(world: World) -> Decision:
    """Ability of each team, with its terms, ``(teams,)``."""
    teams, p = world.teams, world.physicians
    leader = teams["leader"].astype(np.int64)
    led = leader >= 0
    strength, motive = np.zeros(len(teams)), np.zeros(len(teams))
    strength[led] = leaders.strengths(p[leader[led]], teams["consultant"][led] != 0, world.behaviour[0])
    motive[led] = p["will"][leader[led]]
    learning, alliance = teams["learning_years"].astype(np.float64), teams["payer_trust"].astype(np.float64)
    return reporting.ability(strength, learning, alliance, motive, world.behaviour[0])


def _true_practice(world: World, software: Numbers) -> Numbers:
    """True practice of each criterion, read from what members do, ``(teams, criteria)``."""
    teams, p, q = world.teams, world.physicians, world.behaviour[0]
    size = len(teams)
    count = np.maximum(1, np.bincount(p["team"], minlength=size))

    def mean(values: NDArray[np.floating]) -> Numbers:
        return np.bincount(p["team"], values.astype(np.float64), minlength=size) / count

    s = world.support
    there = np.logical_and(s["role"] == COORDINATOR, s["in_post"] != 0)
    coordinators = np.bincount(s["team"][there], s["fte"][there].astype(np.float64), minlength=size)
    here = p["vacant_until"] < 0
    seen = reporting.Practice(
        collective_minutes=mean(p["collective_minutes"]),
        protocols=teams["protocols"].astype(np.float64),
        maturity=leaders.maturity(teams["maturity_years"], q),
        coordinator_fte=coordinators,
        half_days=np.bincount(p["team"][here], p["half_days"][here].astype(np.float64), minlength=size),
        software=software,
        prevention=mean(p["effort"][:, EFFORT_PREVENTION]),
    )
    return reporting.true_practice(seen, q)


def _tell_profiles(
    world: World, profile: NDArray[np.int64], asked: NDArray[np.bool_], terms: Mapping[str, Numbers], diary: Diary
) -> None:
    teams = world.teams
    before = teams["profile"].astype(np.int64)
    rows = np.flatnonzero(np.logical_and(asked, before != profile))
    told = {name: values[rows] for name, values in terms.items()}
    diary.add("profile", team=rows, before=before[rows].astype(float), after=profile[rows].astype(float),
              text=np.array(PROFILES)[profile[rows]], terms=told)  # fmt: skip
    teams["profile"] = profile


def _paperwork(world: World, treasury: Treasury, hours: Numbers) -> Numbers:
    """Paperwork of contracts and reports (hours/week/member), ``(teams,)``.

    However many rules a layer has: what is asked for on paper goes with the money, not with the number of its rules.
    """
    q, last = world.behaviour[0], max(treasury.settled, default=0)
    found = np.zeros(len(world.teams))
    for layer in (Layer.SUBSTITUTION, Layer.ADD_ON, Layer.ORGANISATION):
        found += voting.paperwork(NONE, layer is Layer.SUBSTITUTION, q) * treasury.paid_by(layer, last)
    members = np.maximum(1, world.teams["physicians"] + world.teams["nurses"])
    return np.asarray(found + reporting.weekly(hours) / members)


def _write_columns(world: World, asked: NDArray[np.bool_]) -> None:
    """Raise what rules read to what is reported; a report that is no longer kept up takes it back."""
    teams, q = world.teams, world.behaviour[0]
    reported = teams["reported"].astype(np.float64)
    meetings, protocols = reporting.told(reported, q)
    each = float(world.parameters["workforce_files_per_meeting"][0])
    for name, place, told in (
        ("meetings", reporting.MEETINGS, meetings),
        ("protocols", reporting.PROTOCOLS, protocols),
    ):
        lasting = np.where(reported[:, place] > 0, np.maximum(teams[name], told), 0)
        teams[name] = np.where(asked, lasting, teams[name])
    files = np.where(reported[:, reporting.MEETINGS] > 0, np.maximum(teams["files_reviewed"], meetings * each), 0)
    teams["files_reviewed"] = np.where(asked, files, teams["files_reviewed"])
    for name, place in (("opening_ok", reporting.OPENING), ("software_ok", reporting.SOFTWARE)):
        teams[name] = np.where(asked, reported[:, place] > 0, teams[name])

"""The hospital and the days after: one stay at a time, followed for 30 days, reported once (behaviour C5)."""

import math
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from agents.declarations import Table
from agents.patients import STAY_FOLLOWED
from sim import events as ev
from sim.founding import found
from sim.world import World
from tests.sim.made_weeks import lived, living, seasoned, town

CARE = (ev.GP, ev.NURSE, ev.ROUNDS, ev.TELECONSULTATION)
WEEKS = 104


@cache
def years() -> tuple[World, Table]:
    """Two years of a town: the lines of those who lived there from the first to the last day."""
    world = found(town(7_000, seed=4))
    before = world.patients["who"].copy()
    lines = lived(world, WEEKS)
    stayed = living(world.patients) & (world.patients["who"] == before)
    return world, lines[stayed[lines["patient"]]]


def day_of(lines: Table) -> np.ndarray:
    return 7 * lines["week"].astype(np.int64) + lines["day"]


def is_(lines: Table, mark: int) -> np.ndarray:
    return (lines["marks"] & mark) > 0


def of_kind(lines: Table, *kinds: int) -> Table:
    return lines[np.isin(lines["kind"], kinds)]


@cache
def histories() -> dict[int, Table]:
    """Stays and discharges of each patient, in the order in which they were written."""
    _, lines = years()
    mine = of_kind(lines, ev.STAY, ev.DISCHARGE)
    mine = mine[np.lexsort((np.arange(len(mine)), mine["patient"]))]
    cuts = np.flatnonzero(np.diff(mine["patient"])) + 1
    return {int(part["patient"][0]): part for part in np.split(mine, cuts)}


def pairs() -> list[tuple[np.void, np.void]]:
    """Each stay with the discharge that reports it."""
    found_pairs = []
    for history in histories().values():
        for stay, report in pairwise(history):
            if stay["kind"] == ev.STAY and report["kind"] == ev.DISCHARGE:
                found_pairs.append((stay, report))
    return found_pairs


def test_one_stay_at_a_time_and_one_report_each() -> None:
    assert len(histories()) > 500
    ends = 0
    for history in histories().values():
        kinds = history["kind"].tolist()
        first = kinds.index(ev.STAY) if ev.STAY in kinds else len(kinds)
        assert first == 0, "a report comes after its stay"
        # They take turns: a stay, its report, the next stay.
        assert all(kind == (ev.STAY if n % 2 == 0 else ev.DISCHARGE) for n, kind in enumerate(kinds))
        ends += kinds.count(ev.DISCHARGE)
    assert ends > 500


def test_no_stay_begins_before_the_last_has_ended() -> None:
    again = 0
    for history in histories().values():
        stays = of_kind(history, ev.STAY)
        ends = day_of(stays) + stays["length_days"]
        assert (day_of(stays)[1:] >= ends[:-1]).all()
        again += len(stays) - 1
    assert again > 100


def test_a_report_waits_for_its_days_unless_a_new_stay_ends_them() -> None:
    """30 days, and until a first contact, 90 at most (systems 3.3, P7)."""
    late = 0
    world, _ = years()
    for stay, report in pairs():
        home = 7 * int(stay["week"]) + int(stay["day"]) + int(stay["length_days"])
        written = 7 * int(report["week"]) + int(report["day"])
        assert written >= home
        if not report["marks"] & ev.READMISSION:
            seen = report["waited_days"] <= 90
            new_stay = written <= home + 90 and not seen
            assert written > home + 30 or report["week"] == world.week
            assert written <= home + (15 + max(30, int(report["waited_days"])) if seen else 105)
            assert new_stay or seen or written > home + 90
            late += seen and report["waited_days"] > 45
        else:
            assert written - home <= 30
            assert report["days_since_discharge"] == written - home
    followed = world.patients[living(world.patients) & ((world.patients["flags"] & STAY_FOLLOWED) > 0)]
    waits = followed["days_to_contact"].astype(int)
    due = followed["discharge_day"] + np.where(waits == 255, 98, np.maximum(38, waits + 7))
    assert (due >= 7 * world.week).all(), "no report is overdue"
    assert late > 5


def test_marks_of_a_report_are_what_happened_in_its_days() -> None:
    """Contacts read again from the claim lines give the same days, 7 and 30."""
    _, lines = years()
    contacts = of_kind(lines, *CARE)
    order = np.argsort(contacts["patient"], kind="stable")
    contacts = contacts[order]
    seen = dict.fromkeys((7, 30), 0)
    for stay, report in pairs():
        mine = contacts[slice(*np.searchsorted(contacts["patient"], [report["patient"], report["patient"] + 1]))]
        home = 7 * int(stay["week"]) + int(stay["day"]) + int(stay["length_days"])
        if (mine["week"] == stay["week"]).any():
            continue  # within a week, what came before the stay and what after it is not told
        until = int(report["week"]) - (1 if report["marks"] & ev.READMISSION else 0)
        days = day_of(mine[mine["week"] <= until]) - home
        days = days[days >= 0]
        first = int(days.min()) if len(days) else 255
        if not report["marks"] & ev.READMISSION:
            assert report["waited_days"] == min(first, 255) or first > 90
        for limit, mark in ((7, ev.SEEN_WITHIN_7), (30, ev.SEEN_WITHIN_30)):
            within = bool(report["marks"] & mark)
            assert within == (report["waited_days"] <= limit)
            if first <= limit:
                assert within
            seen[limit] += within
    assert 0 < seen[7] < seen[30] < len(pairs())


def test_a_readmission_is_marked_on_the_stay_and_on_the_report_before_it() -> None:
    marked = 0
    for history in histories().values():
        for report, stay in pairwise(history):
            if report["kind"] == ev.DISCHARGE and stay["kind"] == ev.STAY:
                same = report["week"] == stay["week"] and report["day"] == stay["day"]
                readmitted = bool(stay["marks"] & ev.READMISSION)
                assert readmitted == bool(report["marks"] & ev.READMISSION)
                assert same or not readmitted
                marked += readmitted
    assert marked > 30


def test_counters_of_the_hospital_are_those_of_the_lines() -> None:
    world = seasoned()
    sums = dict.fromkeys(
        ("ed_visits", "ed_admitted", "admissions", "direct_admissions", "readmissions", "avoidable"), 0
    )
    lines = []
    for _ in range(10):
        lines.append(lived(world, 1))
        for name in sums:
            sums[name] += int(world.hospitals[name].sum())
    whole = np.concatenate(lines)
    stays, visits = of_kind(whole, ev.STAY), of_kind(whole, ev.ED)
    stays = stays[stays["payee_kind"] == ev.THE_HOSPITAL]
    assert sums["ed_visits"] == len(visits) > 20
    assert sums["ed_admitted"] == is_(visits, ev.ADMITTED).sum()
    assert sums["admissions"] == len(stays) > 10
    for name, mark in (("direct_admissions", ev.DIRECT), ("readmissions", ev.READMISSION), ("avoidable", ev.AVOIDABLE)):
        assert sums[name] == is_(stays, mark).sum(), name


BEHAVIOUR: dict[str, float | list[float]] = {"admit_decompensation": 0.8, "hf_avoidable": 0.72}
"""Numbers of behaviour C5, whatever the calibration has made of them."""


def set_(world: World, **values: float | list[float]) -> World:
    for name, value in (BEHAVIOUR | values).items():
        world.parameters[f"hospital_{name}"] = value
    return world


def after_two_years(**values: float | list[float]) -> Table:
    """Claim lines of 60 weeks of a town whose hospital behaves in one way."""
    return lived(set_(found(town(6_000, teams={})), **values), 60)


CERTAIN: dict[str, float | list[float]] = {
    "readmission": [1.0, 1.0],
    "readmission_polypharmacy": 0.0,
    "crowded_readmission": 1.0,
}


def share_readmitted(lines: Table) -> float:
    reports = of_kind(lines, ev.DISCHARGE)
    assert len(reports) > 200
    return float(is_(reports, ev.READMISSION).mean())


def test_who_must_come_back_comes_back_and_who_need_not_does_not() -> None:
    always = share_readmitted(after_two_years(**CERTAIN, readmission_seen=0.0))
    never = share_readmitted(after_two_years(readmission=[0.0, 0.0], readmission_polypharmacy=0.0))
    usual = share_readmitted(after_two_years(readmission=[0.10, 0.16], readmission_polypharmacy=0.0))
    # But for a new illness that brings one back in the very week.
    assert 0.999 < always <= 1.0
    # Without it, only new illness brings anybody back within the month.
    assert never < usual < always
    assert usual - never == pytest.approx(0.12, abs=0.04)


def test_a_contact_within_seven_days_keeps_people_at_home() -> None:
    lines = after_two_years(**CERTAIN, readmission_seen=1.0)
    reports = of_kind(lines, ev.DISCHARGE)
    seen, back = is_(reports, ev.SEEN_WITHIN_7), is_(reports, ev.READMISSION)
    # Who comes back within the week has had no time to be seen.
    late = reports["days_since_discharge"] >= 14
    assert back[late & ~seen].mean() == 1.0
    assert back[late & seen].mean() < 0.25


def decompensations(lines: Table) -> tuple[float, float]:
    """Shares of stays for a chronic condition: direct; and of the emergency visits for one, admitted."""
    stays, visits = of_kind(lines, ev.STAY), of_kind(lines, ev.ED)
    stays, visits = stays[is_(stays, ev.DECOMPENSATION)], visits[is_(visits, ev.DECOMPENSATION)]
    assert len(stays) > 40
    return float(is_(stays, ev.DIRECT).mean()), float(is_(visits, ev.ADMITTED).mean())


MANY: dict[str, float | list[float]] = {"hf_hazard": 1.0, "copd_hazard": 0.5}


def test_direct_admission_needs_a_physician_and_a_hospital_that_accepts() -> None:
    none, admitted = decompensations(after_two_years(**MANY, accept_bounds=[0.0, 0.0]))
    some, _ = decompensations(after_two_years(**MANY, accept_bounds=[0.3, 0.3]))
    most, _ = decompensations(after_two_years(**MANY, accept_bounds=[1.0, 1.0]))
    assert none == 0.0
    assert none < some < most < 1.0
    n = 150
    assert admitted == pytest.approx(0.8, abs=4 * math.sqrt(0.8 * 0.2 / n))


def test_planned_stays_pass_by_no_emergency_department() -> None:
    _, lines = years()
    stays, visits = of_kind(lines, ev.STAY), of_kind(lines, ev.ED)
    admitted = visits[is_(visits, ev.ADMITTED)]
    key = [(int(v["patient"]), int(v["week"]), int(v["day"])) for v in admitted]
    through = {(int(s["patient"]), int(s["week"]), int(s["day"])) for s in stays[~is_(stays, ev.DIRECT)]}
    assert len(key) == len(set(key)), "one admission a visit"
    assert set(key) == through, "a stay begins in the emergency department, or directly"
    planned = stays[is_(stays, ev.DIRECT) & (stays["cause"] == ev.CAUSE_OTHER)]
    assert len(planned) > 0.3 * len(stays)


def test_avoidable_stays_are_those_of_chronic_conditions() -> None:
    """Heart failure counts with chance 0.72, the other three always."""
    stays = of_kind(after_two_years(**MANY, diabetes_hazard=0.05), ev.STAY)
    for cause in (ev.CAUSE_COPD, ev.CAUSE_DIABETES, ev.CAUSE_OTHER_AVOIDABLE):
        assert is_(stays[stays["cause"] == cause], ev.AVOIDABLE).all()
    for cause in (ev.CAUSE_OTHER, ev.CAUSE_INJURY):
        assert not is_(stays[stays["cause"] == cause], ev.AVOIDABLE).any()
    failing = stays[stays["cause"] == ev.CAUSE_HEART_FAILURE]
    assert abs(is_(failing, ev.AVOIDABLE).mean() - 0.72) < 4 * math.sqrt(0.72 * 0.28 / len(failing))


DAYS = [0.0, 9.0, 8.0, 6.0, 6.0, 6.0, 5.0]


def test_lengths_are_spread_around_those_of_the_cause() -> None:
    stays = of_kind(after_two_years(**MANY, stay_days=DAYS, stay_no_home_nurse_days=0.0, crowded_stay=1.0), ev.STAY)
    assert (stays["length_days"] >= 1).all()
    for cause, mean in ((ev.CAUSE_HEART_FAILURE, 9.0), (ev.CAUSE_OTHER, 6.0)):
        lengths = stays["length_days"][stays["cause"] == cause].astype(float)
        # Exponential above one day, cut at four times its mean.
        expected = 1 + (mean - 1) * (1 - math.exp(-4))
        assert abs(lengths.mean() - expected) < 4 * lengths.std() / math.sqrt(len(lengths))


def test_nobody_is_followed_up_before_going_home() -> None:
    _, lines = years()
    asked = lines[(lines["need"] == 8) & np.isin(lines["kind"], (ev.GP, ev.NURSE))]
    assert len(asked) > 100
    at_once = asked[asked["waited_days"] == 0]
    assert (at_once["days_since_discharge"] < 60).mean() > 0.95

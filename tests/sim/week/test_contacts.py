"""What any contact may do to the patient: renewal and its spacing, prevention; and by which channel tasks came."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.nurses import ADVANCED_PRACTICE, ASALEE, LIBERAL, PATHWAY
from agents.patients import DIABETES, NEVER, PREVENTION
from agents.tasks import K01, K02, K05, K09, K10, K12, K13, K16, K19
from agents.templates import EFFORT_PREVENTION
from sim import events as ev
from sim.week.requests import REPLACES, TO_NURSE, TO_TELECONSULTATION
from sim.world import World
from tests.sim.week.test_effects import ONE, OWN, PATIENT, after, control, made, request


def renewed(world: World, **columns: int) -> tuple[int, int]:
    """Months and week of the next renewal after one by the first list's physician."""
    after(world, request(**columns))
    return int(world.patients["renewal_interval_months"][PATIENT]), int(world.patients["renewal_due_week"][PATIENT])


@pytest.mark.parametrize(("share", "months"), [(0.9, 6), (0.4, 1)])
def test_the_interval_is_that_of_who_renews_for_stable_and_for_unstable_patients(share: float, months: int) -> None:
    world = made()
    world.physicians["renewal_interval_months"][OWN], world.physicians["renewal_interval_unstable"][OWN] = 6, 1
    world.patients["control"][PATIENT] = int(share * ONE)
    assert renewed(world) == (months, 60 + round(months * 52 / 12))


def test_a_recent_contact_with_a_nurse_spaces_renewals() -> None:
    """D3: it counts as half a contact with the physician: 3 months become 4.5."""
    world = made()
    for last, weeks_on in ((60 - 26, 20), (60 - 27, 13), (NEVER, 13)):
        world.patients["nurse_contact"][PATIENT] = last
        assert renewed(world)[1] == 60 + weeks_on
    world.patients["nurse_contact"][PATIENT] = NEVER
    by_nurse = {"target": TO_NURSE, "provider": 0, "task": K01, "marks": REPLACES, "physician": OWN, "dyad": 0}
    assert renewed(world, **by_nurse)[1] == 60 + 13, "a renewal by a nurse does not space itself"


@settings(derandomize=True, max_examples=25)
@given(st.floats(0.2, 0.8), st.floats(0.2, 0.8))
def test_the_more_a_nurse_counts_the_later_the_renewal(one: float, other: float) -> None:
    due = []
    for credit in sorted((one, other)):
        world = made()
        world.parameters["care_nurse_credit"], world.patients["nurse_contact"][PATIENT] = credit, 50
        due.append(renewed(world)[1])
    assert 60 + 13 < due[0] <= due[1]


def test_a_physician_from_elsewhere_keeps_the_interval() -> None:
    world = made()
    world.patients["renewal_interval_months"][PATIENT] = 6
    assert renewed(world, target=TO_TELECONSULTATION) == (6, 60 + 26)


@pytest.mark.parametrize(
    ("effort", "recall", "around", "done"),
    [(0.3, 0.0, 0.0, False), (1.0, 0.0, 0.0, True), (0.3, 1.0, 0.0, True), (0.3, 0.0, 0.7, True)],
)
def test_prevention_is_done_at_any_contact_by_effort_by_recall_or_by_staff(
    effort: float, recall: float, around: float, done: bool
) -> None:
    world = made()
    world.parameters["care_prevention_elsewhere"] = 2.0
    world.physicians["effort"][OWN, EFFORT_PREVENTION], world.teams["recall"] = effort, recall
    world.teams["prevention_around"] = around
    (e,) = after(world, request(need=0))
    assert (world.patients["prevention_due"][PATIENT] == 0) == done
    assert bool(e["prevented"]) == done, "the line tells what was done"


@pytest.mark.parametrize(("done", "due"), [(1.0, 7), (0.0, 7), (1.0, 0)])
@pytest.mark.parametrize("by_nurse", [False, True])
def test_prevention_counts_where_it_was_due_and_done(done: float, due: int, by_nurse: bool) -> None:
    """A contact for prevention at which nothing is done, or nothing was due, is no act (systems 2.2, 3.2)."""
    world = made()
    world.parameters["care_prevention_done"], world.patients["prevention_due"][PATIENT] = done, due
    nurse = {"target": TO_NURSE, "provider": 0, "task": K09, "dyad": 0} if by_nurse else {}
    (e,) = after(world, request(need=PREVENTION, **nurse))
    assert bool(e["prevented"]) == (due > 0 and (by_nurse or done > 0))


def test_files_prepared_at_the_desk_do_not_cost_control() -> None:
    """A visit of 13 minutes with 4 prepared has the whole effect, of 17."""
    world = made()
    world.teams["desk_minutes_saved"] = 4.0
    after(world, request(minutes_tenths=130))
    assert control(world, DIABETES) == pytest.approx(0.6 + 0.13 * 0.4, abs=1e-4)


def channel(kind: int, task: int, informal: int = 0, start: date = date(2022, 1, 3)) -> int:
    world = made()
    world.start = start
    world.nurses["kind"][0], world.dyads["informal"][0] = kind, informal << task
    (e,) = after(world, request(target=TO_NURSE, provider=0, task=task, dyad=0, physician=OWN))
    return int(e["channel"])


@pytest.mark.parametrize(
    ("kind", "task", "informal", "expected"),
    [
        (LIBERAL, K12, 0, ev.ROUTINE), (LIBERAL, K10, 0, ev.ROUTINE), (LIBERAL, K09, 0, ev.ROUTINE),
        (ASALEE, K05, 0, ev.REFERRAL), (ASALEE, K09, 0, ev.REFERRAL), (PATHWAY, K16, 0, ev.REFERRAL),
        (ASALEE, K02, 0, ev.PROTOCOL), (LIBERAL, K19, 0, ev.PROTOCOL), (ASALEE, K02, 1, ev.INFORMAL),
        (ASALEE, K09, 1, ev.INFORMAL), (LIBERAL, K13, 0, ev.INFORMAL), (ASALEE, K01, 0, ev.INFORMAL),
        (ADVANCED_PRACTICE, K01, 0, ev.TRANSFER), (ADVANCED_PRACTICE, K12, 0, ev.ROUTINE),
    ],
)  # fmt: skip
def test_tasks_come_by_five_channels(kind: int, task: int, informal: int, expected: int) -> None:
    """D2: prescribed routine, new referral habit, derogatory protocol, constrained informal, formal transfer."""
    assert channel(kind, task, informal) == expected


@pytest.mark.parametrize(
    ("kind", "task", "day", "expected"),
    [
        (ASALEE, K09, date(2019, 1, 7), ev.ROUTINE), (ASALEE, K02, date(2010, 1, 4), ev.INFORMAL),
        (LIBERAL, K19, date(2018, 1, 1), ev.INFORMAL),
    ],
)  # fmt: skip
def test_channels_are_those_of_the_law_of_the_day(kind: int, task: int, day: date, expected: int) -> None:
    """Vaccines on prescription before 2022, no derogation before 2012, no protocol of simple complaints before 2020."""
    assert channel(kind, task, start=day) == expected

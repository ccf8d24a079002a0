"""What a contact does to its patient, and the claim line that it leaves (behaviour C4, C6)."""

import math
from datetime import date

import numpy as np
import pytest

from agents.declarations import Table, new_table
from agents.nurses import ADVANCED_PRACTICE, ASALEE, LIBERAL, PATHWAY
from agents.patients import (
    ALD,
    ALIVE,
    AME,
    CHRONIC,
    DIABETES,
    FLARE,
    HEART_FAILURE,
    HIGH,
    KEEPS_NO_GP,
    LOW,
    MEDIUM,
    NEVER,
    NEW_PATIENT,
    NO_PENDING,
    POST_DISCHARGE,
    PREVENTION,
    RENEWAL,
    SEEN_7_DAYS,
    SEEN_30_DAYS,
    SPEND_GP,
    STAY_FOLLOWED,
)
from agents.tasks import K01, K02, K09, K19
from sim import events as ev
from sim.tariffs import Tariffs
from sim.week.effects import EVENT_ROOM, apply
from sim.week.prices import prices
from sim.week.requests import (
    AGAIN,
    AT_HOME,
    BY_PHONE,
    COLUMNS,
    FORGO,
    NEW_REQUEST,
    REPLACES,
    TO_GP,
    TO_NURSE,
    TO_REGISTRY,
    TO_ROUNDS,
    TO_TELECONSULTATION,
)
from sim.week.scene import scene
from sim.world import World
from tests.sim.made_weeks import seasoned

DAY = date(2022, 3, 7)
PATIENT, OWN = 0, 1
ONE = 65535.0


def made() -> World:
    """A world whose first patient is a 60-year-old with diabetes and heart failure, on the list of physician 1."""
    world = seasoned()
    world.parameters["care_gp_effect"], world.parameters["care_nurse_effect"] = 0.13, 0.10
    world.parameters["care_full_effect_minutes"], world.parameters["care_close_contact"] = 17.0, 0.4
    world.parameters["service_technical_share"] = 0.0
    world.physicians["list_open"] = 1.0
    p = world.patients[PATIENT : PATIENT + 1]
    p["flags"], p["birth_week"], p["conditions"] = ALIVE | CHRONIC, world.week - 52 * 60 - 20, 0b101
    p["control"], p["control_week"] = int(0.6 * ONE), world.week
    p["registered_gp"], p["known_gp"], p["share_past"], p["trust_gp"] = OWN, OWN, 255, 128
    p["last_gp"], p["nurse_contact"], p["renewal_interval_months"], p["gp_contacts"] = NEVER, NEVER, 3, 0
    p["pending"]["need"], p["prevention_due"], p["spend"], p["forgone_need"] = NO_PENDING, 7, 0, 0
    p["discharge_day"] = p["followup_day"] = p["readmission_day"] = -1
    return world


def request(**columns: int | float) -> Table:
    """A request of the first patient, served by the first list's physician in 20 minutes on a Wednesday."""
    row = new_table(COLUMNS, 1)
    row["patient"], row["provider"], row["target"], row["need"], row["priority"] = PATIENT, OWN, TO_GP, RENEWAL, LOW
    row["served"], row["minutes_tenths"], row["day"], row["since"] = 1, 200, 2, 60
    for name, value in columns.items():
        row[name] = value
    return row


def after(world: World, *rows: Table) -> Table:
    """Claim lines of requests, applied in their order."""
    requests, lines = np.concatenate(rows), np.zeros(64, ev.DTYPE)
    written, upto = apply(scene(world), requests, 0, len(requests), lines, prices(Tariffs(), DAY))
    assert upto == len(requests)
    return lines[:written]


def control(world: World, condition: int) -> float:
    return float(world.patients["control"][PATIENT, condition]) / ONE


@pytest.mark.parametrize(("minutes", "share"), [(20, 1.0), (17, 1.0), (8, math.sqrt(8 / 17))])
@pytest.mark.parametrize(("last", "close"), [(NEVER, 1.0), (56, 1.0), (57, 0.4)])
def test_a_chronic_contact_regains_control(minutes: int, share: float, last: int, close: float) -> None:
    """C4: 0.13 (1 - control) sqrt(min(1, minutes / 17)), times 0.4 when the last contact was under 4 weeks ago."""
    world = made()
    world.patients["last_gp"][PATIENT] = last
    after(world, request(minutes_tenths=10 * minutes))
    for condition in (DIABETES, HEART_FAILURE):
        assert control(world, condition) == pytest.approx(0.6 + 0.13 * 0.4 * share * close, abs=1e-4)


def test_an_acute_contact_regains_none() -> None:
    world = made()
    after(world, request(need=0))
    assert control(world, DIABETES) == pytest.approx(0.6, abs=1e-4)
    assert world.patients["last_gp"][PATIENT] == 60


@pytest.mark.parametrize("task", [K01, K02])
def test_a_nurse_regains_control_of_what_the_task_serves(task: int) -> None:
    """C4: 0.10 (1 - control) skill."""
    world = made()
    world.nurses["skill"][0] = 0.8
    after(world, request(target=TO_NURSE, provider=0, task=task, dyad=0, marks=REPLACES))
    gained = 0.10 * 0.4 * 0.8
    assert control(world, DIABETES) == pytest.approx(0.6 + gained, abs=1e-4)
    assert control(world, HEART_FAILURE) == pytest.approx(0.6 + (gained if task == K01 else 0), abs=1e-4)
    assert world.patients["nurse_contact"][PATIENT] == 60


def followed(world: World, week: int, task: int = K02, dyad: int = 0) -> bool:
    """Whether a contact with the first nurse in a week begins a follow-up."""
    world.week = week
    (e,) = after(world, request(target=TO_NURSE, provider=0, task=task, dyad=dyad, since=week))
    return bool(e["marks"] & ev.INITIATED)


def test_a_follow_up_by_an_advanced_practice_nurse_begins_once() -> None:
    world = made()
    p = world.patients[PATIENT]
    p["ipa_since"] = p["ipa_contact"] = NEVER
    p["ipa_quarters"] = 0
    world.nurses["kind"][0] = ASALEE
    assert not followed(world, 66)
    assert p["ipa_since"] == NEVER
    world.nurses["kind"][0] = ADVANCED_PRACTICE
    assert not followed(world, 67, K09), "a vaccine is no follow-up"
    assert not followed(world, 67, K02, -1), "nor is what nobody entrusted"
    assert followed(world, 68)
    assert p["ipa_quarters"] == 1, "another nurse in the quarter hides nothing"
    assert [followed(world, week) for week in (70, 78, 77 + 13, 91)] == [False] * 4
    assert (p["ipa_since"], p["ipa_contact"], p["ipa_quarters"]) == (68, 91, 3)


@pytest.mark.parametrize(
    ("columns", "renewed"),
    [
        ({}, True),
        ({"need": FLARE}, False),
        ({"target": TO_TELECONSULTATION}, True),
        ({"target": TO_NURSE, "provider": 0, "task": K01, "marks": REPLACES}, True),
        ({"target": TO_NURSE, "provider": 0, "task": K01, "marks": 0}, False),
    ],
)
def test_a_renewal_sets_the_next_date(columns: dict[str, int], renewed: bool) -> None:
    world = made()
    world.patients["renewal_due_week"][PATIENT] = 58
    after(world, request(**columns))
    assert world.patients["renewal_due_week"][PATIENT] == (60 + 13 if renewed else 58)


def test_the_line_of_a_visit_says_who_where_when_and_how_much() -> None:
    world = made()
    lines = after(world, request(since=58))
    assert len(lines) == 1
    e, fee = lines[0], prices(Tariffs(), DAY).fees[2, ev.G]
    assert (e["kind"], e["code"], e["need"]) == (ev.GP, ev.G, RENEWAL)
    assert (e["payee_kind"], e["payee"], e["provider_team"]) == (ev.PHYSICIAN, OWN, world.physicians["team"][OWN])
    assert (e["week"], e["day"], e["waited_days"], e["age"]) == (60, 2, 14, 60)
    assert e["cents"] == fee > 2_000
    assert e["scope"] == ev.IN_LIST
    assert e["marks"] & ev.FIRST
    assert not e["marks"] & ev.LEAK
    p = world.patients[PATIENT]
    assert (p["gp_contacts"], p["known_gp"], p["last_gp"]) == (1, OWN, 60)
    # 70 % of the fee, less the flat charge of each contact with a physician.
    repaid, flat = Tariffs().value("REPAID_IN_PATHWAY", DAY), Tariffs().value("PATIENT_FLAT", DAY)
    assert p["spend"][SPEND_GP] == pytest.approx(fee / 100 * repaid - flat, abs=0.01)
    assert not after(world, request())[0]["marks"] & ev.FIRST


def test_insurance_repays_a_long_term_illness_in_full() -> None:
    world = made()
    world.patients["flags"][PATIENT] |= ALD
    (e,) = after(world, request())
    flat = Tariffs().value("PATIENT_FLAT", DAY)
    assert world.patients["spend"][PATIENT, SPEND_GP] == pytest.approx(e["cents"] / 100 - flat, abs=0.01)


@pytest.mark.parametrize(
    ("marks", "age", "code"), [(0, 60, ev.G), (AT_HOME, 60, ev.HOME), (BY_PHONE, 60, ev.NO_CODE), (0, 3, ev.G_CHILD)]
)
def test_codes_follow_the_contact(marks: int, age: int, code: int) -> None:
    world = made()
    world.patients["birth_week"][PATIENT] = 60 - 52 * age - 5
    (e,) = after(world, request(marks=marks, need=0))
    assert e["code"] == code
    assert (e["cents"] == 0) == (code == ev.NO_CODE), "a phone contact is not billed"


SHARES = ("complex_home_share", "long_share", "regulated_share", "registration_fee_share")


@pytest.mark.parametrize(
    ("age", "ald", "columns", "code"),
    [
        (80, False, {"marks": AT_HOME}, ev.VL),
        (60, True, {"marks": AT_HOME}, ev.VL),
        (79, False, {"marks": AT_HOME}, ev.HOME),
        (80, False, {"need": RENEWAL}, ev.LONG),
        (79, True, {"need": RENEWAL}, ev.G),
        (80, False, {"need": 0}, ev.G),
        (80, False, {"marks": BY_PHONE}, ev.NO_CODE),
    ],
)
def test_what_takes_long_has_its_own_code(age: int, ald: bool, columns: dict[str, int], code: int) -> None:
    """P-FEE-VL, P-FEE-LONG; without their share, and before their day, they are worth a visit like any other."""
    for share, expected in ((1.0, code), (0.0, {ev.VL: ev.HOME, ev.LONG: ev.G}.get(code, code))):
        world = made()
        for name in SHARES:
            world.parameters[f"service_{name}"] = share
        world.patients["birth_week"][PATIENT] = 60 - 52 * age - 5
        world.patients["flags"][PATIENT] |= ALD * ald
        (e,) = after(world, request(**columns))
        assert e["code"] == expected
        assert e["cents"] == prices(Tariffs(), DAY).fees[2, {ev.VL: ev.HOME, ev.LONG: ev.G}.get(code, code)]


@pytest.mark.parametrize(("ald", "columns", "code"), [
    (True, {"need": NEW_PATIENT}, ev.IMT), (False, {"need": NEW_PATIENT}, ev.G),
    (True, {"need": NEW_PATIENT, "marks": AT_HOME}, ev.HOME),
])  # fmt: skip
def test_the_registration_of_a_long_term_illness_has_its_own_code(
    ald: bool, columns: dict[str, int], code: int
) -> None:
    """P-FEE-IMT: once; the next consultation is like any other."""
    world = made()
    world.parameters["service_registration_fee_share"], world.parameters["service_complex_home_share"] = 1.0, 0.0
    world.patients["registered_gp"][PATIENT] = -1
    world.patients["flags"][PATIENT] |= ALD * ald
    (e,) = after(world, request(**columns))
    assert e["code"] == code
    assert e["marks"] & ev.REGISTRATION
    (e,) = after(world, request(need=0))
    assert e["code"] == ev.G


def test_a_regulated_visit_is_an_acute_one_at_once_of_a_patient_of_others() -> None:
    """P-FEE-SNP, 15 EUR on top of a visit since April 2022."""
    world = made()
    world.parameters["service_regulated_share"] = 1.0
    stranger = stranger_in(world)
    codes = [
        int(after(world, request(provider=provider, need=need, since=since))[0]["code"])
        for provider, need, since in ((stranger, 0, 60), (stranger, 0, 59), (stranger, RENEWAL, 60), (OWN, 0, 60))
    ]
    assert codes == [ev.SNP, ev.G, ev.G, ev.G]
    fees = prices(Tariffs(), date(2022, 4, 4)).fees[2]
    assert fees[ev.SNP] == fees[ev.G] + 15_00


def other_team(world: World) -> int:
    return int(np.flatnonzero(world.physicians["team"] != world.physicians["team"][OWN])[0])


def stranger_in(world: World) -> int:
    """A physician of another team than the patient's own, which is made where there is none."""
    if (world.physicians["team"] == world.physicians["team"][OWN]).all():
        world.physicians["team"][0] = len(world.teams) - 1 if world.physicians["team"][OWN] == 0 else 0
        world.physicians["team"][OWN] += world.physicians["team"][OWN] == world.physicians["team"][0]
    return other_team(world)


def test_a_leak_is_a_visit_to_another_team_by_who_is_on_a_list() -> None:
    world = made()
    stranger = stranger_in(world)
    (e,) = after(world, request(provider=stranger, need=0))
    assert e["marks"] & ev.LEAK
    assert e["scope"] == ev.OTHER
    assert world.patients["share_past"][PATIENT] == pytest.approx(255 * 0.9, abs=1)
    (e,) = after(world, request(target=TO_TELECONSULTATION, need=0))
    assert e["marks"] & ev.LEAK
    assert (e["payee_kind"], e["payee"]) == (ev.OUTSIDE, -1)
    world.patients["registered_gp"][PATIENT] = -1
    world.physicians["list_open"] = 0.0
    for columns in ({"provider": stranger, "need": 0}, {"target": TO_TELECONSULTATION, "need": 0}):
        (e,) = after(world, request(**columns))
        assert not e["marks"] & ev.LEAK, "who is on no list leaks from none"


@pytest.mark.parametrize(
    ("flags", "open_share", "registers"),
    [(0, 1.0, True), (0, 0.0, False), (AME, 1.0, False), (KEEPS_NO_GP, 1.0, False)],
)
def test_a_new_patient_is_registered_where_the_list_is_open(flags: int, open_share: float, registers: bool) -> None:
    world = made()
    world.patients["registered_gp"][PATIENT] = -1
    world.patients["flags"][PATIENT] |= flags
    world.physicians["list_open"] = open_share
    (e,) = after(world, request(need=NEW_PATIENT))
    assert bool(e["marks"] & ev.REGISTRATION) == registers
    assert world.patients["registered_gp"][PATIENT] == (OWN if registers else -1)
    assert e["registered_gp"] == -1, "as it was when the patient came"


def test_the_contact_that_registers_is_one_of_the_pathway() -> None:
    """Repaid at 70 %, one that does not register at 30 % (systems 2.1, P-REIMB)."""
    world = made()
    tariffs = Tariffs()
    for open_share, rate in ((1.0, "REPAID_IN_PATHWAY"), (0.0, "REPAID_OUTSIDE")):
        world.patients["registered_gp"][PATIENT], world.physicians["list_open"] = -1, open_share
        (e,) = after(world, request(need=NEW_PATIENT))
        repaid = e["insurer_cents"] + e["household_cents"]
        assert repaid == round(e["cents"] * tariffs.value(rate, DAY))


def test_what_is_not_served_waits_in_a_free_slot() -> None:
    world = made()
    lines = after(world, request(served=0, priority=MEDIUM, need=0, since=60), request(target=AGAIN, need=FLARE))
    assert lines["kind"].tolist() == [ev.DELAY, ev.DELAY]
    pending = world.patients["pending"][PATIENT]
    assert pending["need"].tolist() == [0, FLARE, NO_PENDING]
    assert (pending["since"][0], pending["priority"][0], pending["provider"][0]) == (60, MEDIUM, OWN)
    assert world.patients["wake"][PATIENT] == 61
    # Asked again and served, the slot is free; not served, it keeps its week.
    lines = after(world, request(slot=0, need=0, since=60), request(slot=1, need=FLARE, served=0, since=59))
    assert lines["kind"].tolist() == [ev.GP, ev.DELAY]
    assert world.patients["pending"]["need"][PATIENT].tolist() == [NO_PENDING, FLARE, NO_PENDING]
    assert world.patients["pending"]["since"][PATIENT, 1] == 59


def test_without_a_free_slot_a_need_is_forgone() -> None:
    world = made()
    world.patients["pending"]["need"][PATIENT] = [0, RENEWAL, FLARE]
    lines = after(world, request(served=0, need=PREVENTION))
    assert lines["kind"].tolist() == [ev.FORGONE]
    assert world.patients["pending"]["need"][PATIENT].tolist() == [0, RENEWAL, FLARE]


def test_a_need_forgone_is_counted_and_costs_trust() -> None:
    world = made()
    world.parameters["care_trust_forgone"] = 0.04
    world.patients["pending"]["need"][PATIENT, 1] = RENEWAL
    (e,) = after(world, request(target=FORGO, slot=1, served=0))
    p = world.patients[PATIENT]
    assert (e["kind"], e["cents"], e["payee_kind"]) == (ev.FORGONE, 0, ev.NOBODY)
    assert p["forgone_need"].tolist() == [0, 0, 0, 1]
    assert p["trust_gp"] == pytest.approx(128 - 0.04 * 255, abs=1)
    assert p["pending"]["need"][1] == NO_PENDING
    assert p["renewal_due_week"] == 64, "a renewal is asked for again a month later"


def test_counters_and_trust_stop_at_their_bounds() -> None:
    world = made()
    p = world.patients[PATIENT : PATIENT + 1]
    p["forgone_need"], p["trust_gp"], p["gp_contacts"] = 255, 3, 255
    after(world, request(target=FORGO, served=0, priority=HIGH))
    assert (p["forgone_need"] == 255).all()
    assert p["trust_gp"][0] == 0
    after(world, request())
    assert p["gp_contacts"][0] == 255
    p["trust_gp"] = 255
    after(world, request())
    assert p["trust_gp"][0] == 255


def test_a_task_added_by_a_nurse_that_finds_no_time_leaves_nothing() -> None:
    world = made()
    left_alone = ("control", "pending", "forgone_need", "last_nurse", "renewal_due_week", "spend", "trust_nurse")
    before = [world.patients[column][PATIENT].tobytes() for column in left_alone]
    assert not len(after(world, request(target=TO_NURSE, provider=0, task=K02, dyad=0, served=0)))
    assert not len(after(world, request(target=TO_REGISTRY, served=0)))
    assert [world.patients[column][PATIENT].tobytes() for column in left_alone] == before
    (e,) = after(world, request(target=TO_NURSE, provider=0, task=K01, dyad=0, served=0, marks=REPLACES))
    assert e["kind"] == ev.DELAY, "what it replaces is still wanted"


@pytest.mark.parametrize(
    ("task", "kind", "salaried", "billed"),
    [
        (K19, LIBERAL, 0, True),
        (K09, LIBERAL, 0, True),
        (K09, LIBERAL, 1, True),
        (K09, ASALEE, 1, False),
        (K02, LIBERAL, 0, False),
    ],
)
def test_a_nurse_bills_own_acts_and_no_task_of_a_protocol(task: int, kind: int, salaried: int, billed: bool) -> None:
    world = made()
    world.nurses["kind"][0], world.nurses["salaried"][0] = kind, salaried
    (e,) = after(world, request(target=TO_NURSE, provider=0, task=task, marks=REPLACES))
    assert (e["code"] == ev.AMI) == billed
    assert (e["cents"] > 0) == billed
    assert e["marks"] & ev.REPLACES
    assert e["channel"] == ev.DOOR


@pytest.mark.parametrize(
    ("frailty", "until", "code"), [(100, 100, ev.BSA), (150, 100, ev.BSB), (220, 100, ev.BSC), (220, 70, ev.AMI)]
)
def test_rounds_are_billed_by_the_day_for_who_depends_on_them(frailty: int, until: int, code: int) -> None:
    world = made()
    world.patients["frailty"][PATIENT], world.patients["home_until"][PATIENT] = frailty, until
    (e,) = after(world, request(target=TO_ROUNDS, provider=0, count=10, minutes_tenths=1_200))
    price = prices(Tariffs(), DAY)
    assert (e["kind"], e["code"], e["minutes_tenths"]) == (ev.ROUNDS, code, 1_200)
    each = int(price.fees[2, code])
    days = 10 if code == ev.AMI else 7
    assert e["cents"] == days * each + 10 * price.travel
    assert (e["count"], e["stops"]) == (days, 10)


@pytest.mark.parametrize(
    ("kind", "salaried", "billed"), [(LIBERAL, 0, True), (LIBERAL, 1, True), (ASALEE, 1, False), (PATHWAY, 1, False)]
)
def test_rounds_are_billed_by_the_self_employed_and_by_centres(kind: int, salaried: int, billed: bool) -> None:
    """A centre bills the acts of its nurses; a nurse whose post is funded has none to bill (systems 2.1, 2.7)."""
    world = made()
    world.nurses["kind"][0], world.nurses["salaried"][0] = kind, salaried
    world.patients["home_until"][PATIENT] = 70
    (e,) = after(world, request(target=TO_ROUNDS, provider=0, count=10))
    assert (e["code"] == ev.AMI, e["cents"] > 0, e["count"], e["stops"]) == (billed, billed, 10, 10)


@pytest.mark.parametrize(
    ("home", "within_7", "within_30"), [(1, True, True), (8, False, True), (31, False, False), (-2, False, False)]
)
def test_contacts_after_a_discharge_are_marked_by_their_day(home: int, within_7: bool, within_30: bool) -> None:
    """``home`` days have passed since the discharge on the Wednesday of the contact; negative: not yet."""
    world = made()
    p = world.patients[PATIENT : PATIENT + 1]
    p["flags"] |= STAY_FOLLOWED
    p["discharge_day"], p["last_stay"], p["days_to_contact"] = 7 * 60 + 2 - home, 50, 255
    after(world, request(need=POST_DISCHARGE))
    assert bool(p["flags"][0] & SEEN_7_DAYS) == within_7
    assert bool(p["flags"][0] & SEEN_30_DAYS) == within_30
    assert p["days_to_contact"][0] == (home if home >= 0 else 255)
    later = p["days_to_contact"][0]
    after(world, request(need=0, day=6))
    if home >= 0:
        assert p["days_to_contact"][0] == later, "the first contact counts"


def test_lines_stop_before_the_room_ends_and_go_on_from_there() -> None:
    world = made()
    requests = np.concatenate([request(need=0, tie=n) for n in range(12)])
    lines = np.zeros(EVENT_ROOM + 3, ev.DTYPE)
    price = prices(Tariffs(), DAY)
    written, upto = apply(scene(world), requests, 0, 12, lines, price)
    assert written == upto == 4
    written, upto = apply(scene(world), requests, upto, 12, lines, price)
    assert (written, upto) == (4, 8)
    assert world.patients["gp_contacts"][PATIENT] == 8


def test_the_slot_of_a_new_request_is_no_slot() -> None:
    assert NEW_REQUEST >= 3

"""Footprints by hand."""

import numpy as np
import pytest

from agents.declarations import Table, new_table
from agents.mistakes import Mistake
from sim import events as ev
from sim.accounts import Accounts
from sim.footprints import ACTIONS, action, find_action, pooled_means
from tests.invented_lines import accounting_world, invented_lines

YEAR = 1


def visits(number: int, physician: int, team: int, **facts: int) -> Table:
    """Some visits of one physician's own registered patients."""
    lines = new_table(ev.COLUMNS, number)
    lines["week"] = 52
    lines["kind"], lines["payee_kind"], lines["code"] = ev.GP, ev.PHYSICIAN, ev.G
    lines["payee"] = lines["registered_gp"] = physician
    lines["provider_team"] = lines["registered_team"] = team
    lines["cents"] = 25_00
    lines["patient"] = np.arange(number)
    for name, value in facts.items():
        lines[name] = value
    return lines


def accounts_of(*lines: Table) -> Accounts:
    world = accounting_world()
    accounts = Accounts(world)
    accounts.add(np.concatenate(lines), world)
    accounts.close_year(world, YEAR)
    return accounts


def test_a_visit_by_hand() -> None:
    accounts = accounts_of(visits(30, 0, 0), visits(10, 0, 0, code=ev.HOME, cents=35_00))
    fees = accounts.footprint("visit", "fees", YEAR)
    assert fees[0] == pytest.approx((30 * 25 + 10 * 35) / 40)
    assert accounts.footprint("visit", "home_acts", YEAR)[0] == 0.25
    assert accounts.footprint("visit", "leaked_value", YEAR)[0] == 0
    assert accounts.footprint("visit", "active_file", YEAR)[0] == 30 / 40  # ten patients were met before


def test_few_events_are_read_from_the_team_then_from_the_territory() -> None:
    # Physicians 0 to 4 are team 0, 5 to 8 team 1.
    accounts = accounts_of(visits(40, 0, 0, cents=20_00), visits(10, 1, 0, cents=60_00), visits(10, 5, 1, cents=90_00))
    fees = accounts.footprint("visit", "fees", YEAR)
    assert fees[0] == 20
    assert fees[1] == fees[2] == pytest.approx((40 * 20 + 10 * 60) / 50)
    everywhere = (40 * 20 + 10 * 60 + 10 * 90) / 60
    assert fees[5] == fees[10] == pytest.approx(everywhere)


def test_a_leaked_visit_moves_the_list_that_loses_it() -> None:
    leak = visits(40, 5, 1, registered_gp=0, registered_team=0, marks=ev.LEAK, scope=ev.OTHER, cents=30_00)
    accounts = accounts_of(leak)
    assert accounts.footprint("leaked_visit", "leaked_value", YEAR)[0] == 30
    assert accounts.footprint("leaked_visit", "fees", YEAR, "physician")[0] == 0  # another doctor's fee
    assert accounts.footprint("leaked_visit", "fees", YEAR, "team")[0] == 0
    assert accounts.footprint("leaked_visit", "fees", YEAR, "territory")[0] == 30
    assert accounts.footprint("visit", "leaked_value", YEAR)[5] == 0  # the list that loses is not that of who acts
    assert accounts.footprint("visit", "fees", YEAR)[5] == 30


def test_a_colleague_s_patient_moves_the_team_but_not_one_s_own_list() -> None:
    accounts = accounts_of(visits(40, 1, 0, registered_gp=0))
    assert accounts.footprint("visit", "acts_of_list", YEAR, "physician")[1] == 0
    assert accounts.footprint("visit", "acts_of_list", YEAR, "team")[1] == 1


def test_a_handed_over_task_is_the_physician_s_decision() -> None:
    handed = visits(40, 0, 0, kind=ev.NURSE, payee_kind=ev.THE_NURSE, payee=3, task=1, channel=ev.PROTOCOL,
                    code=ev.SALARIED, cents=0)  # fmt: skip
    accounts = accounts_of(handed)
    assert accounts.footprint("handover_k01", "handed_over", YEAR)[0] == 1
    assert accounts.footprint("handover_k01", "acts_of_list", YEAR)[0] == 0


def test_stocks_move_as_the_events_that_stand_for_them() -> None:
    accounts = accounts_of(visits(40, 0, 0, marks=ev.REGISTRATION))
    assert accounts.footprint("registration", "registered_list", YEAR)[0] == 1
    assert accounts.footprint("visit", "spend_gp", YEAR)[0] == 25
    assert accounts.footprint("visit", "meetings", YEAR, "team")[0] == 0


def test_every_action_has_a_footprint_on_every_measure() -> None:
    world = accounting_world()
    accounts = Accounts(world)
    accounts.add(invented_lines(world, 4_000), world)
    accounts.close_year(world, YEAR)
    for name in ACTIONS:
        frame = accounts.footprints(name, YEAR)
        assert frame.shape == (len(world.physicians), len(accounts.measures))
        assert np.isfinite(frame.to_numpy()).all()


def test_pooling() -> None:
    lines, units = np.array([10, 3, 0, 0]), np.array([10, 1, 0, 0])
    means = pooled_means(lines, units, np.array([0, 0, 1, -1]), np.zeros(4, dtype=np.int64), 5)
    assert means.tolist() == pytest.approx([1.0, 13 / 11, 13 / 11, 13 / 11])
    nothing = np.zeros(2, dtype=np.int64)
    assert pooled_means(nothing, nothing, np.array([0, 0]), np.array([0, 0]), 5).tolist() == [0, 0]


def test_actions_are_declared_once_and_found_by_name() -> None:
    with pytest.raises(Mistake, match="declared twice"):
        action("visit", "x", "x", reference="test")
    with pytest.raises(Mistake, match="Known: provider, list"):
        action("odd_action", "x", "x", reference="test", side="nobody")
    with pytest.raises(Mistake, match='Did you mean "home_visit"'):
        find_action("home_visite")

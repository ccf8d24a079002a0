"""Who met whom: patients with more physicians than stand beside them are still counted once for each."""

import numpy as np
import pytest

from agents import patients as people
from sim import events as ev
from sim import meetings
from sim.accounts import Accounts
from sim.meetings import _empty
from tests.invented_lines import accounting_world, invented_lines


def test_what_is_remembered_is_as_wide_as_owners_and_periods_need() -> None:
    for owners, periods, held, bits in ((65_534, 16, "u2", "u2"), (65_535, 16, "i4", "u2"), (9, 17, "u2", "i8")):
        memory = _empty(2, 1, owners, periods)
        assert [part.dtype for part in memory[:2]] == [np.dtype(held), np.dtype(bits)]


@pytest.mark.parametrize("most", [9, 70_000])
def test_a_patient_of_many_physicians_counts_once_for_each(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meetings, "_empty", lambda slots, periodic, _, periods: _empty(slots, periodic, most, periods))
    world = accounting_world()
    lines = invented_lines(world, 600)
    physicians = np.arange(600) % len(world.physicians)
    lines["kind"], lines["payee_kind"], lines["payee"] = ev.GP, ev.PHYSICIAN, physicians
    lines["patient"] = len(world.patients) + np.arange(600) % 2  # beyond the table: born this week
    accounts = Accounts(world)
    for _ in range(3):
        accounts.add(lines, world)
    accounts.close_year(world, 1)
    pairs = np.unique(np.stack([physicians, lines["patient"]]), axis=1)
    expected = np.bincount(pairs[0], minlength=len(world.physicians))
    assert len(world.physicians) > len(people.AGE_BANDS)
    assert np.array_equal(accounts.array("active_file", 1), expected)
    assert accounts.total("gp_users", 1) == 2

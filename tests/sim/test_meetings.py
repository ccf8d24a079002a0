"""Who met whom: patients with more physicians than stand beside them are still counted once for each."""

import numpy as np

from agents import patients as people
from sim import events as ev
from sim.accounts import Accounts
from tests.invented_lines import accounting_world, invented_lines


def test_a_patient_of_many_physicians_counts_once_for_each() -> None:
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

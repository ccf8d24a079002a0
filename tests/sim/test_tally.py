"""The tally of a year: classes that measures of residents cannot tell apart share a group."""

import numpy as np

from sim import events as ev
from sim.accounts import Accounts
from sim.tally import Kinds
from tests.invented_lines import accounting_world, invented_lines


def test_classes_that_the_same_measures_count_are_one_kind() -> None:
    kinds = Kinds()
    kinds.know(np.array([[True, False], [False, True], [True, False]]))
    kinds.know(np.array([[False, False], [False, True]]))
    assert kinds.of_class.tolist() == [0, 1, 0, 2, 1]
    assert kinds.firsts == [0, 1, 3]


def test_residents_are_counted_alike_however_many_classes_there_are() -> None:
    """Acts of many codes are many classes, which differ for who is paid and not for where patients live."""
    world = accounting_world()
    lines = invented_lines(world, 900)
    lines["kind"], lines["code"] = ev.GP, np.arange(900) % 5
    lines["commune"] = np.arange(900) % len(world.communes)
    one, many = Accounts(world), Accounts(world)
    many.add(lines, world)
    lines["code"] = 0
    one.add(lines, world)
    for accounts in (one, many):
        accounts.close_year(world, 1)
        found = accounts.array("contacts_residents", 1, "commune")
        assert found.tolist() == np.bincount(lines["commune"], minlength=len(world.communes)).tolist()
    groups = [accounts._count.plan.classes.members.shape[0] for accounts in (one, many)]
    assert groups[1] > groups[0]

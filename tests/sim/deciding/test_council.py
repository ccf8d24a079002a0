"""Deciders are blind to the names of rules and follow what they pay; a world in which everybody decides stays exact."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from scenarios.patterns.judgement import t_interval
from sim.model import CareModel, prepared
from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.policy import Layer, Policy
from sim.payment.statement import Statement
from tests.sim.deciding.town import OWN, USUAL, deciding_town, handed, lived, under
from tests.sim.quotes.own_rule import NAME, SocialRightsParameters

PAIRS = 30
AMOUNTS = (0.0, 10.0, 40.0, -40.0)


@cache
def _warm(seed: int = 1, people: int = 900) -> CareModel:
    return prepared(deciding_town(seed, people))


def _paid(seed: int, amount: float) -> float:
    return handed(lived(under(_warm(seed), [*USUAL, OWN], {OWN: {"amount": amount}}), years=1))


def test_money_moves_who_has_never_heard_of_its_rule() -> None:
    """Power: the standard error over 30 pairs is a tenth of the effect of 10 EUR."""
    shares = np.array([[_paid(seed, amount) for amount in AMOUNTS] for seed in range(1, PAIRS + 1)])
    less, more, fined = (t_interval(shares[:, column] - shares[:, 0]) for column in (1, 2, 3))
    assert less[1] > 0
    assert more[1] > 0
    assert fined[2] < 0
    assert (np.diff(shares[:, [3, 0, 1, 2]], axis=1) >= 0).mean() > 0.9
    assert more[0] > less[0]


def _state(model: CareModel) -> dict[str, bytes]:
    """Every column of everybody, without the gaps between them."""
    tables = ("patients", "physicians", "nurses", "dyads", "support", "hospitals", "teams")
    return {
        f"{table}.{name}": np.ascontiguousarray(getattr(model.world, table)[name]).tobytes()
        for table in tables
        for name in getattr(model.world, table).dtype.names
        if (table, name) not in {("teams", "replaced"), ("teams", "perimeter")}
    }


def _differs(one: CareModel, other: CareModel) -> list[str]:
    first, second = _state(one), _state(other)
    return sorted(name for name in first if first[name] != second[name])


def test_a_rule_that_pays_nothing_changes_no_byte() -> None:
    assert not _differs(
        lived(under(_warm(), USUAL), 1), lived(under(_warm(), [*USUAL, OWN], {OWN: {"amount": 0.0}}), 1)
    )


class Lump(Policy[SocialRightsParameters]):
    """An amount a patient for the team to share."""

    name, title, pool = "lump", "An amount to share", "lump_sum"
    layer = Layer.ADD_ON
    parameters = SocialRightsParameters

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        """See :meth:`Policy.settle`."""
        sheet: Any = self.sheet(accounts, "team")
        sheet.let("due", "amount * registered_list", "The amount for each patient")
        sheet.pay("share", "due", to="team_account", cash=[(accounts.year, 4)])
        return sheet.statement()


@pytest.mark.parametrize("shared", ["fee_pooling", "equal", "individual"])
def test_a_lump_sum_of_nothing_changes_no_byte(shared: str) -> None:
    lump = f"{__name__}:Lump"
    warm = prepared(replace(deciding_town(people=900, sharing_rule=shared), mechanisms={"quarrel": "on"}))
    none, empty = under(warm, USUAL), under(warm, [*USUAL, lump], {lump: {"amount": 0.0}})
    assert not _differs(lived(none), lived(empty))


class _Half(Policy[SocialRightsParameters]):
    """Half of the amount of the own rule, under another name."""

    title = "Half of it"
    layer = Layer.ADD_ON
    parameters = SocialRightsParameters
    may_be_negative: ClassVar[tuple[str, ...]] = ("acts",)

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        """See :meth:`Policy.settle`."""
        sheet: Any = self.sheet(accounts, "physician")
        sheet.let("due", f"amount / 2 * {NAME}", "Half the amount an act")
        sheet.pay("acts", "due", to="person", cash=[(accounts.year, 4)])
        return sheet.statement()


class FirstHalf(_Half):
    """One half."""

    name = "first_half"


class OtherHalf(_Half):
    """The other half."""

    name = "zz_other_half"


HALVES = [f"{__name__}:FirstHalf", f"{__name__}:OtherHalf"]


def test_splitting_renaming_and_reordering_rules_changes_no_byte() -> None:
    amount = {"amount": 20.0}
    whole = lived(under(_warm(), [*USUAL, OWN], {OWN: amount}), 1)
    split = lived(under(_warm(), [*USUAL, *HALVES], dict.fromkeys(HALVES, amount)), 1)
    turned = lived(under(_warm(), [*reversed(HALVES), *reversed(USUAL)], dict.fromkeys(HALVES, amount)), 1)
    assert not _differs(whole, split)
    assert not _differs(whole, turned)


def test_nobody_decides_where_the_scenario_says_so() -> None:
    spec = deciding_town(people=900)
    still = lived(_warm().fork(replace(spec, decisions=False)), 1)
    before, after = _warm().world.physicians, still.world.physicians
    assert still.council is None
    for column in ("half_days", "slot_acute", "renewal_interval_months", "phone_share", "effort", "list_open"):
        held = after["vacant_until"] < 0
        np.testing.assert_array_equal(before[column][held], after[column][held], err_msg=column)
    assert not np.array_equal(lived(under(_warm(), USUAL), 1).world.dyads["share"], still.world.dyads["share"])


def test_a_saved_model_goes_on_as_if_nothing_had_happened(tmp_path: Path) -> None:
    going = lived(under(_warm(), [*USUAL, OWN], {OWN: {"amount": 10.0}}), 1)
    going.save(tmp_path / "world.npz")
    again = CareModel.load(tmp_path / "world.npz", going.specification)
    assert not _differs(lived(going, 1), lived(again, 1))


def test_arms_leave_the_warm_world_and_each_other_alone() -> None:
    before = _state(_warm())
    first = lived(under(_warm(), USUAL), 3)
    lived(under(_warm(), [*USUAL, OWN], {OWN: {"amount": 40.0}}), 1)
    assert _state(_warm()) == before
    assert not _differs(first, lived(under(_warm(), USUAL), 3))


def test_threads_change_nothing() -> None:
    spec = deciding_town(people=40_000)
    alone, together = (lived(prepared(spec, threads=threads), 1) for threads in (1, 2))
    assert len(together.passage.workers) > 1
    assert not _differs(alone, together)


def test_what_is_decided_stands_in_the_diary() -> None:
    model = lived(under(_warm(), [*USUAL, OWN], {OWN: {"amount": 40.0}}), 1)
    assert model.council is not None
    told = model.council.diary.frame()
    told = told[(told["kind"] == "delegation") & (told["task"] == 16)]
    assert len(told)
    assert (told["after"] > told["before"]).any()
    assert told["terms"].str.contains("money").all()

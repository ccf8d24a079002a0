"""Whom a contract funds to be organised: by what it pays, not by its name or its layer."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from scenarios.norms import norms_for
from scenarios.reading import load
from scenarios.study.forking import applied
from sim.deciding.organisation import organised
from sim.model import CareModel, prepared
from sim.payment.policy import Layer, Policy
from sim.payment.terms import term
from sim.world import WEEKS_PER_QUARTER, WEEKS_PER_YEAR

TABLES = ("patients", "physicians", "nurses", "dyads", "support", "hospitals", "teams")
QUARTERS = 9
FEES = ("fee_for_service", "list_lump_sums", "rosp")


@dataclass(frozen=True)
class OpeningParameters:
    """Terms of :class:`Opening`."""

    amount: float = term(1_000.0, "Amount", "EUR", source="test", low=0, high=1e6)


class Opening(Policy[OpeningParameters]):
    """Pays a team that reports its opening hours."""

    name, title, layer, pool = "test_opening", "Opening", Layer.ORGANISATION, "collective"
    parameters = OpeningParameters
    due = "amount * (opening_ok > 0)"

    def settle(self, accounts: Any, history: Any, norms: Any) -> Any:
        sheet = self.sheet(accounts, "team")
        sheet.let("due", self.due, "Due")
        sheet.pay("opening", "due", to="team_account", cash=[(accounts.year, 4)])
        return sheet.statement()


class Nothing(Opening):
    """The same, where an opening is worth nothing."""

    name, due = "test_nothing", "0 * amount * (opening_ok > 0)"


@cache
def town() -> tuple[Any, CareModel]:
    spec = load("agapanthes")
    return spec, prepared(spec, norms=norms_for(spec, progress=False))


def lived(*more: str, quarters: int = 0, offers: Sequence[str] = ()) -> CareModel:
    """The town under fees and some rules, a number of quarters on."""
    spec, warm = town()
    rules = ", ".join(f'"{name}"' for name in (*FEES, *more))
    arm = load("agapanthes", [f"team.agapanthes.contract=[{rules}]", *offers])
    model = warm.fork(arm, applied(warm.world.fork(), spec, arm), norms_for(spec, progress=False))
    model.run(WEEKS_PER_QUARTER * quarters)
    return model


class NoLumpSum(Nothing):
    """A lump sum in the place of fees, of nothing."""

    name, layer, pool = "test_no_lump_sum", Layer.SUBSTITUTION, "lump_sum"


OPENING, NOTHING, NO_LUMP_SUM = (f"{__name__}:{kind.__name__}" for kind in (Opening, Nothing, NoLumpSum))


@pytest.mark.parametrize(
    ("rule", "there"), [("", False), ("aci_msp", True), (OPENING, True), (NOTHING, False), ("ipep", False)]
)
def test_who_would_be_paid_for_criteria_is_asked_for_them(rule: str, there: bool) -> None:
    """Nobody reports anything as yet: what counts is what a report would bring."""
    model = lived(*filter(None, [rule]))
    accounts = deepcopy(model.accounts)  # those of the town are everybody's
    accounts.array("opening_ok", 0, "team")[:] = 0
    assert model.treasury is not None
    assert organised(model.treasury, model.world, accounts, 1)[0] == there


def test_a_centre_whose_employer_has_the_lump_sum_votes_on_nothing() -> None:
    spec = load("health_centre", ["peps.min_nurses=0", "peps.min_list=0"])
    name = next(iter(spec.teams))
    rules = '["fee_for_service", "list_lump_sums", "rosp", "health_centre_salary", "peps"]'
    own = load("health_centre", ["peps.min_nurses=0", "peps.min_list=0", f"team.{name}.contract={rules}"])
    model = prepared(own, norms=norms_for(own, progress=False))
    model.run(WEEKS_PER_YEAR * 2)
    assert model.treasury is not None
    assert model.council is not None
    assert model.treasury.paid_by(Layer.SUBSTITUTION, 1)[0]
    votes = [
        text
        for kind, text in zip(*model.council.diary.frame()[["kind", "text"]].T.to_numpy(), strict=True)
        if kind == "vote"
    ]
    assert not [text for text in votes if "peps" in text]


OFFERED = [f'offer.x.policies=["{NOTHING}"]', "offer.x.writing_months=0"]


@pytest.mark.parametrize(
    ("with_it", "offers"),
    [((NOTHING,), []), ((NO_LUMP_SUM,), []), (("ipep", NO_LUMP_SUM), []), ((), OFFERED), (("ipep",), OFFERED)],
    ids=["organisation", "lump sum", "lump sum beside collective money", "offer", "offer beside collective money"],
)
def test_a_rule_that_pays_nothing_leaves_no_byte(with_it: tuple[str, ...], offers: list[str]) -> None:
    """Two years and a quarter: what is decided as years end has acted."""
    without = [rule for rule in with_it if rule not in (NOTHING, NO_LUMP_SUM)]
    one, other = lived(*without, quarters=QUARTERS), lived(*with_it, quarters=QUARTERS, offers=offers)
    for name in TABLES:
        assert getattr(one.world, name).tobytes() == getattr(other.world, name).tobytes(), name

"""Quotes of stylised teams: the table of behaviour D9, conservation, invariance, thresholds."""

import gc
import tomllib
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agents.quotes import Quote
from sim.events import NURSE
from sim.measures import forget, measure
from sim.payment.policy import Layer, Policy
from sim.payment.terms import term
from tests.sim.quotes.stylised import FOOTPRINTS, PHYSICIANS, asked, contract, of_policies, quoted

EXAMPLES = tomllib.loads((Path(__file__).parent / "examples.toml").read_text(encoding="utf-8"))["example"]
TERMS: dict[str, dict[str, Any]] = {
    "peps": {"min_nurses": 0, "min_professionals": 0, "min_list": 0, "f_source": "norms", "salaried_nurse_cut": 0.0,
             "poverty_mode": "none", "ame_sum": 0.0, "floor": 0.0, "cap": 0.15},
    "ipep": {"phase": "1", "outlier": "none", "sick_pay_in_spend": True, "own_group_in_national": "excluded",
             "territory_adj": "none"},
}  # fmt: skip
"""Terms under which the real rules give the stylised numbers: no condition of size, no supplement of place."""


@dataclass(frozen=True)
class PaysParameters:
    """Terms of :class:`Pays`."""

    amount: float = term(10.0, "Amount a unit", "EUR", source="test", low=-1_000, high=1_000)
    threshold: float = term(0.0, "Units from which it is paid", "units", source="test", low=0, high=1e9)


class Pays(Policy[PaysParameters]):
    """Pays the physician or the team for a measure beyond a threshold."""

    name, layer, title = "pays", Layer.ADD_ON, "Pays"
    parameters = PaysParameters
    may_be_negative = ("pay",)
    counts, level, to, cash = "acts_G_in_list", "physician", "person", (0, 4)
    all_or_nothing = False

    def settle(self, accounts: Any, history: Any, norms: Any) -> Any:
        sheet = self.sheet(accounts, self.level)
        text = f"{self.counts} >= threshold" if self.all_or_nothing else f"max(0, {self.counts} - threshold)"
        sheet.let("due", f"amount * ({text})", "Due")
        late, quarter = self.cash
        sheet.pay("pay", "due", to=self.to, cash=[(accounts.year + late, quarter)])
        return sheet.statement()


def pays(name: str, **facts: Any) -> Any:
    """A policy of another name, with other facts."""
    from sim.payment.terms import Change

    terms = [Change(key, facts.pop(key)) for key in ("amount", "threshold") if key in facts]
    return type(name, (Pays,), {"name": name, **facts})(terms)


def bytes_of(quotes: dict[str, Quote]) -> dict[str, bytes]:
    return {name: b"".join(values.tobytes() for values in quote) for name, quote in quotes.items()}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: "+".join(one["contract"]) + ", " + one["rule"])
def test_the_worked_example_of_a_team_of_five(example: dict[str, Any]) -> None:
    names = example["contract"]
    stack = contract(*names, **{name: TERMS[name] for name in names if name in TERMS})
    found = quoted(asked(stack, example["rule"], a_patient=example.get("a_patient", 105.3)))
    for action in FOOTPRINTS:
        if action in example:
            own = found[action].direct + found[action].settled
            np.testing.assert_allclose(own, example[action], rtol=0.02, atol=0.06, err_msg=action)


def test_fees_are_direct_and_what_is_pooled_is_settled_without_delay() -> None:
    alone, pooled = (quoted(asked(contract("fee_for_service"), rule))["visit"] for rule in ("equal", "fee_pooling"))
    assert alone.direct == pytest.approx(30)
    assert not alone.settled.any()
    assert not pooled.direct.any()
    assert pooled.settled == pytest.approx(6)
    assert pooled.team == pytest.approx(30)
    assert not pooled.lag_years.any()


def test_a_lump_sum_that_is_corrected_a_year_later_comes_late() -> None:
    found = quoted(asked(contract("fee_for_service", "peps", peps=TERMS["peps"]), "equal"))
    assert found["registration"].lag_years == pytest.approx(1.375)


def test_the_team_is_the_sum_of_its_members() -> None:
    """Where all members are alike and share equally, each has the same part of what the team gets."""
    for names in (("fee_for_service", "peps"), ("fee_for_service", "ipep")):
        stack = contract(*names, **{name: TERMS[name] for name in names if name in TERMS})
        for quote in quoted(asked(stack, "equal")).values():
            np.testing.assert_allclose(quote.team, PHYSICIANS * quote.settled, atol=0.02)


def test_names_order_and_number_of_policies_change_no_byte() -> None:
    later = {"cash": (1, 2)}
    whole = [pays("one", amount=10.0, **later), pays("two", amount=4.0, level="team", to="team_account", **later)]
    split = [pays("x", amount=4.0, level="team", to="team_account", **later), pays("y", amount=5.0, **later),
             pays("z", amount=5.0, **later)]  # fmt: skip
    for rule in ("equal", "fee_proportional"):
        first, second = (bytes_of(quoted(asked(of_policies(stack), rule))) for stack in (whole, split))
        assert first == second


def test_a_policy_that_pays_nothing_changes_no_byte() -> None:
    base = contract("fee_for_service")
    more = of_policies([*base.policies, pays("nothing", amount=0.0)])
    assert bytes_of(quoted(asked(base, "equal"))) == bytes_of(quoted(asked(more, "equal")))


def test_linear_rules_add_up() -> None:
    def settled(*policies: Any) -> Any:
        return quoted(asked(of_policies(policies), "equal"))["visit"].settled

    one, other = pays("one", cash=(1, 2)), pays("other", amount=3.0, level="team", to="team_account")
    np.testing.assert_allclose(settled(one, other), settled(one) + settled(other), atol=1e-3)
    assert settled(one) == pytest.approx(10)
    assert settled(other) == pytest.approx(3 / PHYSICIANS, abs=1e-3)


def test_what_a_team_must_pay_back_is_felt_by_who_shares_what_it_gets() -> None:
    fine = pays("fine", amount=-3.0, level="team", to="team_account")
    found = quoted(asked(of_policies([fine]), "equal"))["visit"]
    np.testing.assert_allclose(found.settled, -3 / PHYSICIANS, atol=1e-3)
    np.testing.assert_allclose(found.team, -3, atol=5e-3)


def test_a_threshold_has_a_slope_before_it_is_met() -> None:
    acts = 3_000.0
    near = quoted(asked(of_policies([pays("cliff", amount=500.0, threshold=acts, all_or_nothing=True, cash=(1, 2))]),
                        "equal"))["visit"]  # fmt: skip
    far = quoted(asked(of_policies([pays("cliff", amount=500.0, threshold=9 * acts, all_or_nothing=True)]), "equal"))
    assert (near.settled > 0).all()
    assert (near.chance == 1).all()  # the own acts can be counted: what they pay is no lottery
    assert not far["visit"].direct.any()


def test_the_number_of_copies_at_once_changes_nothing() -> None:
    stack = contract("fee_for_service", "peps", peps=TERMS["peps"])
    whole, cut = asked(stack, "equal", teams=3), asked(stack, "equal", teams=3)
    cut.q = cut.q.copy()
    cut.q["quotes_copies_at_once"] = 24
    assert bytes_of(quoted(whole)) == bytes_of(quoted(cut))


def test_groups_are_let_go_when_their_quotes_are_known() -> None:
    """Accounts at every node take much memory, and each call of the week would add its own."""
    one = asked(contract("fee_for_service", "peps", peps=TERMS["peps"]), "equal")
    quoted(one)
    known = weakref.ref(one)
    gc.disable()
    try:
        del one
        assert known() is None
    finally:
        gc.enable()


def test_acts_that_a_lump_sum_now_replaces_are_no_longer_paid_directly() -> None:
    """Last year's acts were billed; the recast moves them before anything is settled."""
    found = quoted(asked(contract("fee_for_service", "peps", peps=TERMS["peps"]), "equal"))
    assert not found["visit"].direct.any()
    assert not found["visit"].settled.any()


def test_a_common_pot_is_not_moved_by_who_else_is_asked() -> None:
    """Each team weighs what it weighs in the group, however many copies of it there are."""

    class Pot(Pays):
        name = "pot"

        def settle(self, accounts: Any, history: Any, norms: Any) -> Any:
            sheet = self.sheet(accounts, "team")
            sheet.bring("pot", 100.0 * accounts.measure("registered_list").sum() / 5_000, "Pot")
            sheet.bring("all", accounts.measure("acts_G_in_list").sum(), "Acts of all")
            sheet.let("due", "pot * acts_G_in_list / all", "By acts")
            sheet.pay("pay", "due", to="team_account", cash=[(accounts.year, 4)])
            return sheet.statement()

    one = asked(of_policies([Pot()]), "equal", teams=2)
    assert one.coupled
    found = quoted(one)
    assert (found["visit"].settled > 0).all()
    assert not found["euro_saved"].settled.any()


def test_noise_is_declared_by_the_measure() -> None:
    from sim.measures import MEASURES
    from sim.quotes.noise import ACTIVITY, CERTAIN, QUALITY, SPENDING, source_of

    expected = {
        "acts_G_in_list": ACTIVITY, "fees_G_in_list": ACTIVITY, "leaked_value": ACTIVITY, "ed_visits": QUALITY,
        "discharges_seen_7": QUALITY, "hba1c_tests": ACTIVITY, "list_diabetic_three_tests": ACTIVITY,
        "list_prevention_due": ACTIVITY, "list_inappropriate_drug": ACTIVITY,
        "spend_all": SPENDING, "registered_list": CERTAIN, "list_75": CERTAIN, "fte_pathway": CERTAIN,
        "hours_collective_physicians": CERTAIN, "value_stay": SPENDING,
    }  # fmt: skip
    assert {name: source_of(MEASURES[name]) for name in expected} == expected
    own = measure("test_own_task", "one named task", "acts", reference="test", of="list",
                  where={"kind": NURSE, "task": 16})  # fmt: skip
    forget("test_own_task")
    assert source_of(own) == ACTIVITY

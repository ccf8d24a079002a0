"""Moves of the payer: every one changes terms that exist, to values that they may take."""

from datetime import date

import pytest

from agents.mistakes import Mistake
from agents.payer import MODES, TERRITORIAL_ADJUSTMENTS
from sim.payment.moves import Move, menu, moves_of, replayed, watched_rules
from sim.payment.rules import policy_class
from sim.payment.terms import Terms
from sim.specification import POLICIES

DAY = date(2022, 9, 5)


def terms_of(rule: str) -> Terms:
    terms: Terms = policy_class(rule)().terms
    return terms


@pytest.mark.parametrize("move", menu(), ids=lambda move: f"{move.rule}-{move.name}-{move.variant}")
def test_a_move_changes_terms_of_its_rule_within_their_range(move: Move) -> None:
    assert move.rule in POLICIES
    assert move.source
    terms = terms_of(move.rule)
    for year in range(2017, 2034):
        changes = move.changes_of(terms, date(year, 9, 5))
        policy_class(move.rule)(changes)  # refuses a term that is not, or a value that it cannot take


@pytest.mark.parametrize("move", menu(), ids=lambda move: f"{move.rule}-{move.name}-{move.variant}")
def test_a_move_made_twice_changes_no_more_than_a_sum(move: Move) -> None:
    terms = terms_of(move.rule)
    once = terms.changed(move.changes_of(terms, DAY))
    again = {change.term for change in move.changes_of(once, DAY)}
    sums = {said["term"] for said in move.changes if {"add", "times", "less_last"} & set(said)}
    assert again <= sums


def test_the_menu_is_that_of_the_payer() -> None:
    assert {move.name for move in menu()} == {
        "prolong_start_up", "repeat_last_payment", "territorial_adjustment", "quality_alone", "narrow_perimeter",
        "raise_floor", "drop_indicator", "individual_top_up",
    }  # fmt: skip


def test_start_up_money_is_prolonged_for_a_year() -> None:
    (move,) = (m for m in moves_of("peps", "none") if m.name == "prolong_start_up")
    changes = move.changes_of(terms_of("peps"), DAY)
    assert [(c.term, c.value, c.valid_from) for c in changes] == [
        ("seed_credit", 10_500.0, DAY), ("seed_credit", 0.0, date(2023, 1, 1)),
    ]  # fmt: skip
    (of_group,) = (m for m in moves_of("ipep", "none") if m.name == "prolong_start_up")
    assert {c.term: c.value for c in of_group.changes_of(terms_of("ipep"), DAY)} == {
        "seed_last_year": 2022, "phase3_from": 2023,
    }  # fmt: skip


@pytest.mark.parametrize("adjustment", TERRITORIAL_ADJUSTMENTS)
def test_the_territory_is_adjusted_for_in_one_way_or_not_at_all(adjustment: str) -> None:
    for rule in watched_rules():
        variants = {move.variant for move in moves_of(rule, adjustment) if move.name == "territorial_adjustment"}
        assert variants <= {adjustment}
        if adjustment == "none":
            assert not variants
    assert any(move.variant == adjustment for move in menu()) == (adjustment != "none")


def test_no_move_replaces_more_acts() -> None:
    """The veto of national unions: a scheme in the place of fees cannot be imposed."""
    for move in menu():
        terms = terms_of(move.rule)
        policy, changed = policy_class(move.rule)(), policy_class(move.rule)(move.changes_of(terms, DAY))
        for day in (DAY, date(2024, 1, 1)):
            before, after = ({claim for one in p.replaces(day) for claim in one.claims()} for p in (policy, changed))
            assert after <= before


def test_only_a_payer_who_replays_its_time_changes_terms_from_the_start() -> None:
    assert not replayed("static")
    assert not replayed("adaptive")
    changes = replayed(MODES[1])
    assert changes
    for rule, change in changes:
        assert change.valid_from
        policy_class(rule)([change])


def test_a_change_that_says_no_new_value_is_refused() -> None:
    with pytest.raises(Mistake, match="cap"):
        Move("peps", "odd", ({"term": "cap"},), "here").changes_of(terms_of("peps"), DAY)

"""Sharing rules and quarrels: the worked example of behaviour F3."""

import numpy as np
import pytest

from agents.deciding import sharing_choice as sharing
from tests.agents.deciding.people import weights

REFERENCES = np.array([120_000.0, 80_000.0])
POT = 205_000.0


def pot(nurses: int = 0) -> sharing.Pot:
    """The worked pair: references of 120 and 80 thousand, equal days; nurses who do acts in their place."""
    zero = np.zeros(nurses)
    return sharing.Pot(
        income=np.concatenate([REFERENCES, np.full(nurses, 40_000.0)]),
        reference=np.concatenate([REFERENCES, zero]),
        days=np.concatenate([[200.0, 200.0], zero]),
        listed=np.concatenate([[1000.0, 1000.0], zero]),
        acts=np.concatenate([[5000.0, 5000.0], np.full(nurses, 100.0)]),
        nurse=np.arange(2 + nurses) >= 2,
        in_place=np.arange(2 + nurses) >= 2,
    )


EQUAL = np.array([POT / 2, POT / 2])
HELD_HARMLESS = REFERENCES + (POT - REFERENCES.sum()) / 2
OFFERS = {"equal": EQUAL, "hold_harmless": HELD_HARMLESS}


def test_the_worked_quarrel() -> None:
    q = weights()
    assert sharing.quarrel(pot(), "equal", EQUAL, False, q) == pytest.approx([0.15, 0.0], abs=0.005)
    held = sharing.quarrel(pot(), "hold_harmless", HELD_HARMLESS, False, q)
    assert held == pytest.approx([0.0, 0.7 * 20 / 80], abs=0.005)


def test_only_authority_or_a_pooled_past_carries_it() -> None:
    q = weights()
    weak, strong = (sharing.choose_rule(pot(), OFFERS, False, power, q) for power in (0.5, 0.7))
    assert weak.rule == strong.rule == "equal"
    assert weak.withdrawn
    assert not strong.withdrawn
    pooled = sharing.choose_rule(pot(), {"equal": EQUAL}, True, 0.0, q)
    assert not pooled.withdrawn
    assert pooled.quarrel == pytest.approx([0.0, 0.0])


def test_history_limits_the_rules() -> None:
    assert sharing.allowed(True, True, True) == ("salaried",)
    assert sharing.allowed(False, True, True) == ("equal",)
    assert "same_act_same_pay" not in sharing.allowed(False, False, False)
    assert set(sharing.allowed(False, False, True)) == set(sharing.OF_LUMP_SUMS)


def test_nurses_whose_claim_is_refused_quarrel_and_others_are_silent() -> None:
    q, given = weights(), np.array([102_500.0, 102_500.0, 0.0])
    found = sharing.quarrel(pot(nurses=1), "equal", given, False, q)
    assert found[2] == pytest.approx(0.08)
    assert not sharing.quarrel(pot(nurses=1)._replace(reference=np.zeros(3)), "equal", 0 * given, False, q).any()
    silent = pot(nurses=1)._replace(in_place=np.zeros(3, dtype=bool))
    assert sharing.quarrel(silent, "equal", given, False, q)[2] == 0


def test_a_rule_changes_for_a_real_gain_only() -> None:
    q = weights()
    assert sharing.changes_rule(0.2, 0.1, q)
    assert not sharing.changes_rule(0.2, 0.19, q)
    assert not sharing.changes_rule(0.0, 0.0, q)


def test_conflict_fades_and_is_fed() -> None:
    q = weights()
    after = sharing.conflict_next(np.array([0.5, 0.5, 1.0]), np.array([0.0, 0.1, 2.0]), q)
    assert after == pytest.approx([0.35, 0.45, 1.0])


def test_the_majority_gets_one_rate_for_all() -> None:
    q = weights()
    u, objection = np.array([0.39, 0.39, 0.39, 0.41]), np.array([0.69, 0.71, 0.1, 0.9])
    rules = sharing.first_hourly_rule(u, objection, np.array([0.6, 0.6, 0.5, 0.6]), q)
    assert rules.tolist() == ["equal_hourly", "fee_hourly", "fee_hourly", "equal_hourly"]

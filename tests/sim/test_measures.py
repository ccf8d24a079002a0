"""Declaring measures and reading conditions."""

from typing import Any

import numpy as np
import pytest

import sim.standard_measures  # noqa: F401  declares them
from agents.mistakes import Mistake
from sim.measures import MEASURES, Between, Bits, forget, holds, measure
from sim.summation import Index, rows_held


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (3, [False, True, False, False]),
        ((3, 8), [False, True, False, True]),
        (Bits(all=2), [False, True, True, False]),
        (Bits(all=2, none=1), [False, False, True, False]),
        (Between(3, 6), [False, True, True, False]),
        (Between(4), [False, False, True, True]),
    ],
)
def test_conditions(condition: object, expected: list[bool]) -> None:
    column = np.array([0, 3, 6, 8], dtype=np.uint8)
    assert holds(column, condition).tolist() == expected  # type: ignore[arg-type]


def test_a_name_is_declared_once() -> None:
    with pytest.raises(Mistake, match="declared twice"):
        measure("leaks", "again", "acts", reference="test")


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"source": "eventz"}, "Known: events, patients"),
        ({"of": "lists"}, "Known: provider, list, home"),
        ({"per": ("commune",)}, "Known: physician, nurse, hospital, team, territory"),
    ],
)
def test_owners_must_be_known(facts: dict[str, Any], message: str) -> None:
    with pytest.raises(Mistake, match=message):
        measure("odd_one", "x", "x", reference="test", **facts)
    assert "odd_one" not in MEASURES


@pytest.mark.parametrize("facts", [{"where": {"cod": 3}}, {"distinct": "cod"}])
def test_a_column_of_claim_lines_must_be_known(facts: dict[str, Any]) -> None:
    with pytest.raises(Mistake, match=r'measure "odd_one": column "cod" is not known\. Did you mean "code"\?'):
        measure("odd_one", "x", "x", reference="test", **facts)
    assert "odd_one" not in MEASURES


def test_a_measure_can_be_taken_out_again() -> None:
    measure("for_a_moment", "x", "x", reference="test")
    forget("for_a_moment")
    assert "for_a_moment" not in MEASURES


def test_what_payment_rules_read_is_declared() -> None:
    wanted = (
        "acts_G_in_list", "shadow_acts_HOME_ame", "registered_list", "ame_seen", "leaked_value", "spend_sick_pay",
        "commune_apl", "commune_poverty", "commune_area_type", "n_prof", "meetings", "files_reviewed", "protocols",
        "opening_ok", "coordinator", "it_ok", "hours_visit_physicians", "days", "fte_asalee",
    )  # fmt: skip
    assert set(wanted) <= set(MEASURES)


def test_rows_of_a_mask() -> None:
    mask = np.random.default_rng(1).random(999) < 0.3
    assert np.array_equal(rows_held(mask), np.flatnonzero(mask))


def test_a_set_of_keys_grows_and_marks_first_meetings() -> None:
    rng = np.random.default_rng(2)
    seen, met = Index(), dict[int, int]()
    for _ in range(6):
        keys = rng.integers(0, 5_000, 2_000)
        found, firsts = seen.add(keys)
        expected = []
        for k, key in enumerate(keys.tolist()):
            if key not in met:
                met[key] = len(met)
                expected.append(k)
        assert firsts.tolist() == expected
        assert found.tolist() == [met[key] for key in keys.tolist()]
    assert seen.count == len(met)

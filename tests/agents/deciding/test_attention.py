"""What is seen and what wakes: small lines, chances to reconsider by hand, one lever at most."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.deciding import attention
from agents.declarations import Row, Table, new_table
from agents.physicians import COLUMNS
from agents.quotes import Quote
from agents.templates import EURO_SAVED, HANDOVER, N_TEMPLATES, VISIT, handover
from sim.parameters import behaviour_record


def parameters(**changes: Any) -> Row:
    return behaviour_record(changes)[0]


def physicians(rows: int = 1, **columns: Any) -> Table:
    table = new_table(COLUMNS, rows)
    for name, value in columns.items():
        table[name] = value
    return table


def settled(euros: float) -> Quote:
    nil = np.zeros(1)
    return Quote(nil, np.array([euros]), nil, nil, nil)


def test_small_lines_and_lines_on_few_patients_go_unnoticed() -> None:
    p = physicians(income=100_000)
    volumes, covered = np.full((1, N_TEMPLATES), 1_000.0), np.full((1, N_TEMPLATES), 1.0)
    quotes = {"visit": settled(-6), "euro_saved": settled(4), handover(1, 2): settled(20), handover(5, 1): settled(0)}
    seen = attention.noticed(quotes, p, volumes, covered, parameters())
    assert (seen[0, VISIT], seen[0, EURO_SAVED], seen[0, HANDOVER]) == (True, False, True)
    covered[0, VISIT] = 0.2
    assert not attention.noticed(quotes, p, volumes, covered, parameters())[0, VISIT]
    all_seen = parameters(**{"attention.income_share": 0.0, "attention.patients_share": 0.0})
    assert attention.noticed(quotes, p, volumes, covered, all_seen).all()


def test_chances_by_hand() -> None:
    p = physicians(2, overload=[0.5, 1.2])
    strength = np.zeros((2, N_TEMPLATES))
    strength[0, HANDOVER] = 0.5
    changed = np.zeros((2, attention.N_LEVERS), dtype=bool)
    changed[0, attention.LEVER_NAMES.index("slots")] = True
    chance = attention.chance_to_reconsider(p, strength, changed, parameters())
    assert chance[0] == pytest.approx([0.05 + 0.15, 0.05, 0.35, 0.05, 0.05, 0.05, 0.05])
    assert chance[1] == pytest.approx([0.25] * attention.N_LEVERS)


def test_a_change_of_pay_wakes_the_levers_it_is_about_for_a_year() -> None:
    p = physicians()
    p["pay_changed_week"][:, VISIT] = 10
    awake = attention.pay_changed(p, 61)[0]
    assert [name for name, is_awake in zip(attention.LEVER_NAMES, awake, strict=True) if is_awake] == [
        "renewal", "slots", "phone",
    ]  # fmt: skip
    assert not attention.pay_changed(p, 62).any()
    assert not attention.pay_changed(physicians(pay_changed_week=-1), 5).any()


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1, exclude_max=True)), min_size=7, max_size=7))
def test_one_lever_at_most_and_only_one_that_wakes(pairs: list[tuple[float, float]]) -> None:
    chance, u = (np.array([values]) for values in zip(*pairs, strict=True))
    chosen = int(attention.lever_chosen(chance, u).value[0])
    wakes = u[0] < chance[0]
    assert (chosen == attention.NO_LEVER) == (not wakes.any())
    if chosen >= 0:
        assert wakes[chosen]
        raised = chance.copy()
        raised[0, chosen] = min(1.0, chance[0, chosen] * 2)
        assert attention.lever_chosen(raised, u).value[0] == chosen, "a likelier lever stays chosen"


def test_every_lever_names_its_actions() -> None:
    assert all(attention.LEVERS.values())

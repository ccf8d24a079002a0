"""What the simple model would have said: arms, effects and the figure; the runs themselves are the study engine's."""

import numpy as np
import pandas as pd
import pytest

from results.figures.textbook import draw
from results.messages import set_language
from scenarios.overrides import overridden
from scenarios.reading import load
from scenarios.textbook import BONUS, CAPITATION, EFFORT, FULL, SIMPLE, TARGETS, VISITS, arms, effects
from sim.mechanisms import all_mechanisms, effective_parameters

SEEDS, YEARS = 6, 3


def _table() -> pd.DataFrame:
    """Runs in which capitation takes 10 % of the visits in the full model and 30 % in the simple one."""
    wanted = {FULL: (0.9, 0.01), SIMPLE: (0.7, 0.05)}
    rows = []
    for arm in arms():
        model, _dash, payment = arm.partition("-")
        for year in range(1, YEARS + 1):
            for seed in range(1, SEEDS + 1):
                luck = 1 + seed / 100
                visits = 4.0 * luck * (wanted[model][0] if payment == CAPITATION else 1)
                share = 0.3 + seed / 100 + (wanted[model][1] if payment == BONUS else 0)
                rows.append({"arm": arm, "year": year, "seed": seed, "stage": "", VISITS: visits, TARGETS: share,
                             EFFORT: 2 * share})  # fmt: skip
    return pd.DataFrame(rows)


def test_the_simple_model_differs_by_three_mechanisms_alone() -> None:
    base = load("baseline")
    full, simple = (overridden(base, arms()[f"{model}-{CAPITATION}"]) for model in (FULL, SIMPLE))
    assert full.default_contract == simple.default_contract
    assert full.reform == simple.reform
    before, after = effective_parameters(full), effective_parameters(simple)
    moved = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    known = all_mechanisms()
    assert moved == {name for mechanism, option in (("norm_gate", "off"), ("relay", "full"), ("overload", "off"))
                     for name in known[mechanism].options[option]}  # fmt: skip
    assert after["incentives.least_knowledge"] == 1.0


def test_effects_are_paired_within_a_model_and_a_failed_run_goes_with_its_pair() -> None:
    table = _table()
    found = effects(table).set_index(["outcome", "model", "year"])
    assert found.loc[(VISITS, FULL, 1), "mean"] == pytest.approx(-0.1)
    assert found.loc[(VISITS, SIMPLE, YEARS), "mean"] == pytest.approx(-0.3)
    assert found.loc[(TARGETS, SIMPLE, 2), "mean"] == pytest.approx(0.05)
    assert found.loc[(EFFORT, SIMPLE, 2), "mean"] == pytest.approx(0.1)
    assert (found["worlds"] == SEEDS).all()
    table.loc[(table["arm"] == f"{SIMPLE}-{CAPITATION}") & (table["seed"] == 1), "stage"] = "year 2"
    left = effects(table).set_index(["outcome", "model", "year"])["worlds"]
    assert left[VISITS, SIMPLE, 1] == SEEDS - 1
    assert left[VISITS, FULL, 1] == SEEDS


@pytest.mark.parametrize(("language", "word"), [("en", "simple model"), ("fr", "modèle simple")])
def test_the_figure_shows_both_models_and_says_so(language: str, word: str) -> None:
    set_language(language)
    described = draw(effects(_table()))
    assert len(described.figure.axes) == 3
    for axes, first in zip(described.figure.axes, (-0.1, 0.02, 0.01), strict=True):
        lines = [line for line in axes.get_lines() if len(np.asarray(line.get_xdata())) == YEARS]
        assert len(lines) == 2
        assert np.asarray(lines[0].get_ydata())[0] == pytest.approx(first)
    assert word in " ".join(text.get_text() for text in described.figure.legends[0].get_texts())
    set_language("en")

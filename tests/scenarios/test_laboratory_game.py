"""Pattern V-10: the decision rule, alone, plays the stylised laboratory (evidence D.1)."""

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scenarios.laboratory_game import (
    PAYMENTS,
    V10,
    Play,
    best_replies,
    by_altruism,
    design,
    drawn,
    means,
    play,
    population,
    v10,
)
from scenarios.patterns.judgement import INSIDE, MISS
from sim.parameters import all_parameters

SAID: dict[str, Any] = tomllib.loads(
    Path(__file__).with_suffix("").with_name("laboratory_game.toml").read_text("utf-8")
)


@pytest.fixture(scope="module")
def played() -> Play:
    return population()


def test_the_design_is_that_of_the_evidence() -> None:
    made = design()
    assert made.quantities.tolist() == list(range(11))
    assert made.needs.tolist() == [3, 5, 7]
    assert made.revenue["fees"].tolist() == [2.0 * q for q in range(11)]
    assert set(made.revenue["lump_sum"]) == {10.0}
    assert made.revenue["mixed"].tolist() == [5.0 + q for q in range(11)]
    assert all_parameters()["utility.work"].value == 0.1, "cost_coefficient of T-LABSPEC"


@pytest.mark.parametrize("payment", ["fees", "lump_sum"])
def test_best_replies_are_those_of_the_evidence(payment: str) -> None:
    table = best_replies(SAID["best_replies"]["altruism"])
    assert [" ".join(row) for row in table[payment].to_numpy()] == SAID["best_replies"][payment]


def test_of_two_that_tie_the_smaller_is_taken() -> None:
    replies = play(np.array([0.5, 0.7])).best
    assert replies[0].tolist() == [[7, 6], [7, 6], [7, 7]]
    assert replies[1].tolist() == [[2, 3], [2, 3], [2, 3]]


def test_means_and_distances_are_those_of_the_evidence(played: Play) -> None:
    table, said = means(played), SAID["means"]
    for payment in PAYMENTS:
        assert table.loc[payment, [3, 5, 7]].to_numpy(float) == pytest.approx(said[payment], abs=said["tolerance"])
        assert table.loc[payment, "distance"] == pytest.approx(said["distance"][payment], abs=said["tolerance"])
    for payment, mean in said["all_needs"].items():
        assert table.loc[payment, "mean"] == pytest.approx(mean, abs=said["tolerance"])


@pytest.mark.parametrize("case", SAID["change"], ids=lambda case: str(case["parameters"]))
def test_the_change_is_that_of_the_evidence(case: dict[str, Any]) -> None:
    assert population(case["parameters"]).change == pytest.approx(case["value"], abs=0.005)


def test_orderings_are_strict(played: Play) -> None:
    assert all(played.orderings(design().needs).values())
    cold = play(np.zeros(3))
    assert not all(cold.orderings(np.array([12.0, 5.0, -1.0])).values())


def test_v10_is_inside_its_band() -> None:
    judgement = v10()
    assert judgement.verdict == INSIDE
    assert (judgement.seeds, judgement.failed) == (V10.replicates, 0)
    assert judgement.mean == pytest.approx(-0.315, abs=0.005)


def test_v10_is_missed_by_players_who_do_not_care_about_money() -> None:
    assert v10({"incentives.eps": 20.0}).verdict == INSIDE, "revenue is in units of it"
    assert v10({"workforce.alpha_median": 1.5, "workforce.alpha_log_sd": 0.4, "utility.work": 0.2}).verdict == MISS


def test_drawn_players_are_paired_over_parameters_and_differ_over_seeds() -> None:
    one, other = drawn(1), drawn(1, {"utility.precision": 1.0})
    assert one.altruism.tolist() == other.altruism.tolist()
    assert one.altruism.tolist() != drawn(2).altruism.tolist()
    assert np.median(one.altruism) == pytest.approx(1.2, abs=0.1)


def test_players_are_listed_for_the_figure(played: Play) -> None:
    table = by_altruism(played)
    assert len(table) == played.mean.size
    one = table[(table["payment"] == "lump_sum") & (table["need"] == 7)]
    assert one["quantity"].tolist() == played.mean[1, 2].tolist()
    assert one["altruism"].tolist() == played.altruism.tolist()

"""What a calibration has learnt: contraction, the label, and what rests on it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from results.likelihoods import Target
from results.posterior import SHIPPED, Prior, contracted, fit_table, parameter_table, prior_driven, strongest

GRID = (np.arange(1000) + 0.5) / 1000


def prior(name: str) -> Prior:
    return Prior(name, name, name, "", "uniform", 0.0, 1.0, GRID, 0.5)


def sample() -> pd.DataFrame:
    return pd.DataFrame({"learnt": 0.5 + 0.1 * (GRID - 0.5), "vague": 0.5 + 0.95 * (GRID - 0.5), "not": GRID})


def table() -> pd.DataFrame:
    return parameter_table([prior("learnt"), prior("vague"), prior("not")], sample())


def test_contraction_is_the_share_of_the_prior_variance_that_is_gone() -> None:
    found = table().set_index("name")
    assert found["contraction"].tolist() == pytest.approx([0.99, 1 - 0.95**2, 0.0])
    assert found["prior_driven"].tolist() == [False, True, True]
    assert found.loc["learnt", "q97.5"] == pytest.approx(0.5 + 0.1 * 0.475, abs=1e-3)


def test_other_commands_ask_which_parameters_are_prior_driven(tmp_path: Path) -> None:
    file = tmp_path / "posterior.csv"
    table().to_csv(file, index=False)
    assert prior_driven(["not", "learnt", "never.asked", "not"], file) == ["not", "never.asked"]
    assert prior_driven(["learnt"], tmp_path / "none.csv") == ["learnt"]


def test_the_world_s_posterior_comes_with_careteams() -> None:
    learnt = contracted(SHIPPED)
    assert "needs.scale" in learnt
    assert "hospital.hf_hazard" not in prior_driven(["hospital.hf_hazard"])
    assert prior_driven(["choice.travel_minute"]) == ["choice.travel_minute"], "no calibration has looked at it"


def target(name: str, low: float, high: float, fitted: bool = True) -> Target:
    return Target(name, name, "", "normal", (low + high) / 2, (high - low) / 4, low, high, fitted=fitted)


def test_the_fit_is_told_from_runs_and_says_what_it_rests_on() -> None:
    drawn = sample().iloc[::20].reset_index(drop=True)
    drawn["learnt"], drawn["vague"] = drawn["learnt"].to_numpy()[np.arange(50) * 7 % 50], drawn["vague"].iloc[0]
    up = drawn["not"].to_numpy()[:, None] * np.array([1.0, 1.0, 1.0])
    values = {
        "met": pd.DataFrame(0.5 + 0.01 * up), "far": pd.DataFrame(9 + up),
        "holed": pd.DataFrame(np.where(up > 0.5, np.nan, 0.5)),
    }  # fmt: skip
    targets = [target("met", 0.4, 0.6), target("far", 0.0, 1.0, fitted=False), target("holed", 0.0, 1.0)]
    learnt = {"learnt": True, "vague": False, "not": False}
    found = fit_table(targets, values, {"met": pd.DataFrame([[0.0], [2.0]])}, drawn, learnt).set_index("target")
    assert found["verdict"].tolist() == ["inside", "miss", "inside"]
    assert found["group"].tolist() == ["calibration", "validation", "calibration"]
    assert found.loc["met", "prior_mean"] == 1.0
    assert found.loc["met", "rests_on"] == "not"
    assert found.loc["met", "prior_driven"]
    assert found.loc["holed", "rests_on"] == ""
    assert found.loc["holed", "failed"] == 75
    assert found.loc["holed", "draws"] == 25


def test_the_strongest_parameter_is_named_only_when_chance_would_not_do() -> None:
    luck = np.random.default_rng(1)
    points = pd.DataFrame(luck.random((30, 5)), columns=list("abcde"))
    assert strongest(points, 3 * points["c"].to_numpy() + 0.1 * luck.normal(size=30))[0] == "c"
    named = sum(bool(strongest(points, np.random.default_rng(draw).normal(size=30))[0]) for draw in range(200))
    assert named <= 20, "5 % of 200 are 10; 21 or more has a chance of 1 in 1,000"
    assert strongest(points, np.ones(30))[0] == ""

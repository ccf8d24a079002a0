"""Sensitivity by the study engine on a laboratory with known answers: designs, failures, resuming, what is refused."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

from agents.mistakes import Mistake
from results.comparison import ComparisonError
from results.sensitivity import ranked
from scenarios.reading import load
from scenarios.sensitivity import Asked, Found, answered, designed, sensitivity_asked
from sim.specification import ScenarioSpec
from tests.scenarios.known_laboratory import KNOWN, PARAMETERS, RUN_LOG, made

ARMS = ["off=toy.effect=0", "on=toy.effect=1"]


def ask(*arms: str, noise: float = 0.5, **facts: Any) -> Asked:
    village = ScenarioSpec(name="village", parameters={"toy.noise": noise, "toy.shared": 10.0})
    given: dict[str, Any] = {"outcomes": ["ishigami"], "parameters": ["ishigami"], "seeds": 3, "years": 1} | facts
    return sensitivity_asked(village, arms or ARMS, laboratory=KNOWN, **given)


def run(question: Asked, folder: Path | None = None) -> Found:
    return answered(question, workers=1, folder=folder)


def test_ishigami_is_found_by_the_engine_on_paired_differences() -> None:
    """The arms share luck twenty times that of a point: unpaired, nothing would be seen of a variance of 13.8."""
    found = run(ask(method="sobol", samples=64)).sensitivity
    rows = found.indices.set_index("factor")
    assert rows["total"].to_dict() == pytest.approx(
        {"ishigami.x1": 0.558, "ishigami.x2": 0.442, "ishigami.x3": 0.244}, abs=0.2
    )
    assert (rows["total_low"] > 0).all()
    facts = found.shares.iloc[0]
    assert facts["sd_parameters"] == pytest.approx(3.72, rel=0.2)
    assert (facts["blocks"], facts["dropped"], facts["seeds"]) == (64, 0, 3)


def test_a_line_has_the_effects_that_it_has_and_noise_has_none() -> None:
    found = run(ask(method="morris", trajectories=8, parameters=["line"], outcomes=["straight", "luck"])).sensitivity
    line = found.indices[found.indices["outcome"] == "straight"].set_index("factor")
    assert line["mu_star"].to_dict() == pytest.approx({"line.a": 20, "line.b": 10, "line.c": 0}, abs=0.8)
    assert line.loc["line.a", "slope"] == pytest.approx(20, abs=0.8)
    assert list(ranked(found, "on", "straight")["factor"])[:2] == ["line.a", "line.b"]
    shares = found.shares.set_index("outcome")["share"]
    assert shares["straight"] > 0.95
    assert shares["luck"] < 0.3
    luck = found.indices[found.indices["outcome"] == "luck"]
    assert (luck["mu_star_low"] < 0).all()


def test_failed_runs_cost_their_blocks_only(tmp_path: Path) -> None:
    found = run(ask("off=toy.effect=0", "on=toy.effect=1; toy.fails=0.02", method="sobol", samples=32), tmp_path)
    facts = found.sensitivity.shares.iloc[0]
    assert 0 < facts["dropped"] < 20
    assert facts["blocks"] + facts["dropped"] == 32
    assert found.provenance["failed"] > 0
    assert "planted failure" in found.provenance["first_failure"]
    with pytest.raises(ComparisonError, match=r"no block of points is whole.*planted failure"):
        run(ask("off=toy.effect=0", "on=toy.fails=1", trajectories=2))


def test_what_was_run_is_not_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "log"
    monkeypatch.setenv(RUN_LOG, str(log))
    question = ask(trajectories=3, seeds=2)
    first = run(question, tmp_path / "kept")
    lines = len(log.read_text().splitlines())
    assert lines == len(question.question.vectors) * 2 * 2, "points x arms x seeds"
    again = run(question, tmp_path / "kept")
    assert len(log.read_text().splitlines()) == lines
    assert_frame_equal(first.sensitivity.indices, again.sensitivity.indices)


def test_designs_are_salib_s_within_the_ranges_of_the_registry() -> None:
    question = ask(method="sobol", samples=8)
    design = question.design
    assert design.cube.shape == (8, 5, 3)
    assert design.factors == ("ishigami.x1", "ishigami.x2", "ishigami.x3")
    for place in range(3):
        a, mixed, b = design.cube[:, 0], design.cube[:, place + 1], design.cube[:, -1]
        assert (mixed[:, place] == b[:, place]).all()
        assert (np.delete(mixed, place, axis=1) == np.delete(a, place, axis=1)).all()
    for vector in question.question.vectors:
        assert all(PARAMETERS[name].low <= value <= PARAMETERS[name].high for name, value in vector.items())
    assert question.question.vectors == ask(method="sobol", samples=8).question.vectors


@pytest.mark.parametrize("method", ["morris", "sobol"])
def test_parameters_of_a_group_may_move_together(method: Any) -> None:
    varied = [made("b.one", 0, 1), made("a.one", 0, 1), made("b.two", 0, 1), made("c.one", 0, 1)]
    design = designed(method, varied, 4, together=True)
    assert design.factors == ("b", "a", "c")
    assert design.parameters == ("b.one", "b.two", "a.one", "c.one")
    start = 0 if method == "sobol" else None
    for block in design.cube:
        for place in range(1, 4):
            moved = set(np.flatnonzero(block[place] != block[0 if start == 0 else place - 1]).tolist())
            assert moved in ({0, 1}, {2}, {3})
            if method == "sobol":
                assert moved == ({0, 1}, {2}, {3})[place - 1]


def test_points_that_are_the_same_are_run_once() -> None:
    """Two counts from 1 to 3 have nine pairs of values; ten trajectories have thirty points."""
    question = ask(parameters=["count"], trajectories=10)
    vectors = [tuple(vector.values()) for vector in question.question.vectors]
    assert len(vectors) == len(set(vectors)) <= 9
    assert question.places.shape == (10, 3)
    assert run(question).sensitivity.shares["blocks"].iloc[0] == 10


def test_what_nobody_has_learnt_of_is_told(tmp_path: Path) -> None:
    file = tmp_path / "posterior.csv"
    file.write_text("parameter,contraction\nishigami.x1,0.9\nishigami.x2,0.1\n", encoding="utf-8")
    assert run(ask(trajectories=2, posterior=file)).unlearnt == ("ishigami.x2", "ishigami.x3")


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"trajectories": 4, "method": "sobol"}, "--trajectories is for --method morris"),
        ({"samples": 4}, "--samples is for --method sobol"),
        ({"samples": 12, "method": "sobol"}, "balanced at powers of two"),
        ({"trajectories": 1}, "needs 2 or more"),
        ({"seeds": 1}, "needs 2 or more"),
        ({"parameters": ["line.a"]}, "one parameter alone has nothing to be compared with"),
        ({"parameters": ["line.q"]}, '"line.q" is not known'),
        ({"together": True}, "all these parameters are of one group"),
        ({"outcomes": ["ishgami"]}, 'outcome "ishgami" is not known. Did you mean "ishigami"'),
        ({"posterior": Path("none.csv")}, "none.csv: no such file"),
        ({"read": [2]}, "year 2 is not simulated"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(facts: dict[str, Any], message: str) -> None:
    with pytest.raises(Mistake, match=message):
        ask(**facts)


def test_a_parameter_that_an_arm_sets_cannot_be_varied() -> None:
    with pytest.raises(Mistake, match="is set by the scenario or by an arm"):
        ask("now", "on=line.a=3", parameters=["line"])


@pytest.mark.slow
def test_the_model_answers_too() -> None:
    """A hamlet, two parameters of the week: six points, two worlds each."""
    baseline = load("baseline")
    hamlet = replace(baseline, name="hamlet", territory=replace(baseline.territory, people=900, town=400), teams={})
    question = sensitivity_asked(
        hamlet, ["now", "far=parameters.choice.travel_minute=-0.25"], outcomes=["ed_visits_per_1000"], warm_up=1,
        parameters=["choice.registered", "choice.emergency_department"], trajectories=2, seeds=2, years=1,
    )  # fmt: skip
    found = run(question)
    facts = found.sensitivity.shares.iloc[0]
    assert (facts["blocks"], facts["dropped"]) == (2, 0)
    assert found.provenance["failed"] == 0
    assert facts["sd_luck"] > 0
    assert np.isfinite(found.sensitivity.indices["mu_star"]).all()

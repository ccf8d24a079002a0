"""From the file to the scores, on a toy laboratory; who joins; files that are refused."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from agents.mistakes import Mistake
from results.evaluation import EvaluationError, of, scored
from results.evaluation_estimators import METHODS
from results.evaluation_shown import as_json, as_text, write
from results.figures.evaluation import draw
from results.figures.style import styled
from scenarios.cli import main
from scenarios.evaluation.asking import Answer, evaluate
from scenarios.evaluation.entry import DEAR_YEAR, LOTTERY, NEVER, OFFERED, STAGGERED, draws, joined, panel_of, worlds_of
from scenarios.evaluation.file import Evaluation, read_evaluation
from scenarios.study import CARETEAMS, Laboratory
from scenarios.study.laboratory import itself
from sim.draws import content_id, decision, normals
from sim.specification import ScenarioSpec
from tests.scenarios.toy_laboratory import ToyWorld, close, version

LUCK = decision("toy evaluation luck", "what a year of a toy team brings")
EFFECT = -6.0
"""What the toy's policy does to every team that is under it."""

FILE = """
scenario = "one_team"
policy = "peps"
outcomes = ["cost"]
seeds = 3
years = 5
waves = [3, 4]
[sizes]
"2,000" = []
"1,500" = ["team.home.registered_list=1500"]
[teams]
number = 12
[teams.vary]
"territory.poverty" = [0.08, 0.22]
[panels]
draws = 2
until = [4, 5]
planted = [-0.05]
"""


class Town:
    """A toy town: a level from its poverty, luck by the year, and the policy once its team is under it."""

    def __init__(self, spec: ScenarioSpec) -> None:
        self.world, self.spec, self.year = ToyWorld(0.0), spec, 0

    def run_year(self) -> None:
        self.year += 1

    def under(self) -> bool:
        calendar = self.spec.start.year + self.year - 1
        team = self.spec.teams["home"]
        if offer := self.spec.offers.get("evaluated"):
            return calendar > offer.since.year and self.spec.territory.poverty > 0.15
        return "peps" in team.contract and calendar >= team.terms["peps"]["from"].year

    def cost(self) -> float:
        luck = normals(self.spec.seed, LUCK, np.array([content_id(self.spec.name)], dtype=np.uint64), self.year)[0]
        return float(100 + 100 * self.spec.territory.poverty + luck + EFFECT * self.under())


@dataclass(frozen=True)
class Reading:
    name: str
    label: str = "cost of a toy patient"
    unit: str = "EUR/person/year"

    def function(self, model: Town, year: int) -> float:
        return model.cost() if self.name == "cost" else float(model.under())


def outcomes() -> Mapping[str, Reading]:
    return {name: Reading(name) for name in ("cost", "teams_under_peps")}


def fork(model: Any, base: ScenarioSpec, arm: ScenarioSpec) -> Town:
    if base.name.endswith("003") and base.parameters.get("choice.registered") == 1.5:
        raise ValueError("planted failure")
    return Town(arm)


def save(model: Any, path: Path) -> None:
    path.write_text(model.spec.name, encoding="utf-8")


def load(path: Path, spec: ScenarioSpec) -> Town:
    return Town(spec)


TOWNS: Laboratory = replace(
    CARETEAMS, prepare=Town, fork=fork, save=save, load=load, outcomes=outcomes, version=version, close=close,
    ready=lambda _specs, _workers, _progress: None, begin=itself,
)  # fmt: skip


def asked(folder: Path, text: str = FILE) -> Evaluation:
    file = folder / "towns.toml"
    file.write_text(text, encoding="utf-8")
    return read_evaluation(file, TOWNS)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    return evaluate(asked(tmp_path_factory.mktemp("towns")), workers=1, folder=None)


def test_the_truth_is_the_paired_difference(found: Answer) -> None:
    rows = found.scores.table
    assert of(rows, effect="policy")["truth"].to_numpy() == pytest.approx(EFFECT)
    assert of(rows, effect="0")["truth"].to_numpy() == pytest.approx(0.0)
    planted = of(rows, effect="-0.05")
    assert planted["truth"].to_numpy() == pytest.approx(-0.05 * planted["level"].to_numpy())


@pytest.mark.parametrize("design", [LOTTERY, STAGGERED])
@pytest.mark.parametrize("method", ["matched_did", "two_way", "staggered", "synthetic"])
def test_entry_by_lot_is_estimated_without_bias_and_a_large_effect_is_found(
    design: str, method: str, found: Answer
) -> None:
    rows = of(found.scores.table, design=design, method=method, effect="policy")
    assert (rows["bias"].abs() < 4 * rows["bias_mcse"] + 0.5).all()
    assert (rows["found"] > 0.9).all()


def test_the_table_has_a_row_for_everything_that_was_asked(found: Answer) -> None:
    table = found.scores.table
    keys = ["size", "design", "until", "effect", "method"]
    assert len(table) == 2 * 4 * 2 * 3 * len(METHODS) == len(table[keys].drop_duplicates())
    assert table["panels"].unique().tolist() == [2]
    assert set(table["size"]) == {"2,000", "1,500"}


def test_teams_join_by_their_own_vote_from_the_year_after_it(tmp_path: Path) -> None:
    evaluation = asked(tmp_path)
    runs = evaluation.study.run()
    worlds = worlds_of(runs, evaluation.teams, ["cost"], "peps")["2,000"]
    poor = worlds.traits["territory.poverty"].to_numpy() > 0.15
    facts: dict[str, Any] = {"joining": 0.25, "count": 3, "chosen_by": "cost"}
    for one in draws(worlds, OFFERED, [3, 4], offered=1.0, **facts):
        assert np.where(one.entry > 0, 3, 0).tolist() == np.where(poor, 3, 0).tolist()
    for one in draws(worlds, OFFERED, [3, 4], offered=0.5, **facts):
        assert sum(course == NEVER for course in one.course) == 6
        assert not one.entry[[course == NEVER for course in one.course]].any()
    for one in draws(worlds, STAGGERED, [3, 4], offered=1.0, **facts):
        assert sorted(one.entry[one.entry > 0].tolist()) == [3, 3, 4]
        assert {joined(3), joined(4), NEVER} == set(one.course)
    (first, *_others) = draws(worlds, DEAR_YEAR, [3, 4], offered=1.0, **facts)
    before = worlds.courses[NEVER]["cost"][np.arange(12), first.world, 1]
    assert before[first.entry > 0].min() > before[first.entry == 0].max()
    drawn = [one.entry.tolist() for one in draws(worlds, LOTTERY, [3], offered=1.0, **{**facts, "count": 20})]
    assert len({tuple(one) for one in drawn}) > 15
    shares = np.mean(np.array(drawn) > 0, axis=0)
    assert 0.05 < shares.min() < shares.max() < 0.6, "everybody has a chance"


def test_a_panel_shows_what_an_evaluator_sees_and_keeps_the_truth_apart(tmp_path: Path) -> None:
    evaluation = asked(tmp_path)
    worlds = worlds_of(evaluation.study.run(), evaluation.teams, ["cost"], "peps")["2,000"]
    (one,) = draws(worlds, LOTTERY, [3], joining=0.25, offered=1.0, count=1, chosen_by="cost")
    real, none = (panel_of(worlds, one, "cost", effect, 4) for effect in ("policy", 0.0))
    assert list(real.seen) == ["team", "year", "entry", "outcome", "territory.poverty"]
    gap = (real.seen["outcome"] - none.seen["outcome"]).to_numpy()
    under = ((real.seen["entry"] > 0) & (real.seen["year"] >= real.seen["entry"])).to_numpy()
    assert gap[under] == pytest.approx(EFFECT)
    assert gap[~under] == pytest.approx(0.0)
    assert [real.joined, real.truth, none.truth] == pytest.approx([3, EFFECT, 0.0])


def test_scores_by_hand() -> None:
    key = {"outcome": "cost", "size": "", "design": "lottery", "until": 4, "effect": "policy", "method": "two_way"}
    rows = [
        {**key, "estimate": estimate, "low": low, "high": high, "truth": -2.0, "level": 100.0, "joined": 5}
        for estimate, low, high in ((-3, -4, -2.5), (-1, -3, 1), (1, 0.5, 1.5), (np.nan, np.nan, np.nan))
    ]  # fmt: skip
    (row,) = scored(pd.DataFrame(rows), independent=2).to_dict("records")
    assert (row["panels"], row["answered"], row["truth"]) == (4, 3, -2.0)
    assert row["bias"] == pytest.approx((-1 + 1 + 3) / 3)
    assert row["rmse"] == pytest.approx(((1 + 1 + 9) / 3) ** 0.5)
    assert row["bias_mcse"] == pytest.approx(np.std([-1, 1, 3], ddof=1) / 2**0.5)
    assert (row["coverage"], row["found"], row["wrong_sign"]) == pytest.approx((1 / 3, 2 / 3, 1 / 3))


def test_what_was_run_is_not_run_again_and_workers_change_nothing(tmp_path: Path) -> None:
    evaluation = dataclasses.replace(asked(tmp_path), draws=1, until=(5,), methods=("before_after", "matched_did"))
    first = evaluate(evaluation, workers=1, folder=tmp_path / "kept")
    again = evaluate(evaluation, workers=1, folder=tmp_path / "kept")
    pd.testing.assert_frame_equal(first.scores.table, again.scores.table)


def test_teams_with_a_failed_run_are_left_out_and_none_left_is_said(tmp_path: Path) -> None:
    text = FILE.replace("[sizes]", 'set = ["choice.registered=1.5"]\n[sizes]')
    evaluation = dataclasses.replace(asked(tmp_path, text), draws=1, until=(5,), methods=("before_after",))
    found = evaluate(evaluation, workers=1, folder=None)
    assert found.scores.teams == 11
    assert found.provenance["failed"] == 2 * 3 * len(evaluation.study.arms)
    assert "planted failure" in found.provenance["first_failure"]
    broken = dataclasses.replace(evaluation, teams={k: v for k, v in evaluation.teams.items() if k.endswith("003")})
    with pytest.raises(EvaluationError, match="no team has all its courses"):
        evaluate(broken, workers=1, folder=None)


def test_files_and_figure_say_where_they_come_from(tmp_path: Path, found: Answer) -> None:
    files = write(found.scores, found.names, found.runs, found.provenance, tmp_path)
    table = pd.read_parquet(files[1])
    assert table["study"].unique().tolist() == [found.provenance["study"]]
    assert {"label", "unit", "bias", "coverage", "found"} <= set(table)
    told = json.loads(files[4].read_text())
    assert told["provenance"]["policy"] == "peps"
    assert len(told["scores"]) == len(table) == len(pd.read_csv(files[0]))
    assert as_json(found.scores, found.names, found.provenance)["teams"] == 12
    text = as_text(found.scores, found.names)
    assert "two-way fixed effects" in text
    assert "Drawn by lot, in waves" in text
    with styled():
        figure = draw(found.scores, found.names, found.provenance)
    assert found.provenance["code"] in figure.text
    assert "bias" in figure.text
    assert len(figure.figure.axes) == 5


BAD: Sequence[tuple[str, str, str]] = (
    ('policy = "peps"', 'policy = "pep"', 'the payment rule "pep" is not known. Did you mean "peps"'),
    ("waves = [3, 4]", "waves = [2]", "waves: year 2 is too early"),
    ("waves = [3, 4]", "waves = [3, 9]", "waves: year 9 is not simulated"),
    ("waves = [3, 4]", "waves = 3", "waves = 3: expected a list of years"),
    ("until = [4, 5]", "until = [2]", "until: year 2 is not between"),
    ('outcomes = ["cost"]', 'outcomes = ["coast"]', 'outcome "coast" is not known. Did you mean "cost"'),
    ("draws = 2", "draw = 2", 'the key "draw" is not known here. Did you mean "draws"'),
    ("draws = 2", 'methods = ["twfe"]', "methods = .*expected a list of some of before_after"),
    ("number = 12", "number = 3", "number = 3: expected a whole number of 8 or more"),
    ("[0.08, 0.22]", "0.1", "expected two numbers"),
    ("[0.08, 0.22]", "[0.5, 7.0]", "poverty"),
    ('scenario = "one_team"', 'scenario = "baseline"', '"baseline" has 9 teams: an evaluation takes a scenario of one'),
    ('scenario = "one_team"', "", "scenario is missing"),
    ('"1,500" = [', '"1,500" = [3, ', "expected a list of changes"),
)


@pytest.mark.parametrize(("good", "bad", "message"), BAD)
def test_a_bad_file_gives_one_clear_line(tmp_path: Path, good: str, bad: str, message: str) -> None:
    assert good in FILE
    with pytest.raises(Mistake, match=message) as caught:
        asked(tmp_path, FILE.replace(good, bad))
    assert "\n" not in str(caught.value)


def test_the_command_refuses_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", str(tmp_path / "none.toml")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("name", ["evaluate_ipep", "evaluate_peps"])
def test_the_example_studies_are_read(name: str) -> None:
    study = Path(__file__).parents[3] / "scenarios/studies" / f"{name}.toml"
    found = read_evaluation(study)
    assert found.study.size == 2 * 16 * 3
    assert set(found.study.arms) == {NEVER, "joined_3", "joined_5", OFFERED}

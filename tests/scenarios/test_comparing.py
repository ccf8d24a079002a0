"""Comparing arms on a toy laboratory: from the question to the answer, resumed, stopped when enough is known."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest
from pandas.testing import assert_frame_equal

from agents.mistakes import Mistake
from results.comparison import ComparisonError
from scenarios.comparing import FIRST_LOOK, Answer, Question, answer, asked, enough, read_outcomes
from scenarios.study import CARETEAMS, Laboratory
from sim.specification import ScenarioSpec
from tests.scenarios.toy_laboratory import TOY, ToyModel

VILLAGE = ScenarioSpec(name="village")
MORE = "more=toy.drift=3"


class LuckyModel(ToyModel):
    """A toy whose years also bring luck that arms with another drift do not share."""

    def run_year(self) -> None:
        super().run_year()
        text = f"{self.spec.seed} {self.spec.parameters.get('toy.drift', 1.0)} {self.year}"
        luck = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") / 2.0**64 - 0.5
        self.world.state += 4 * luck


def fork(model: Any, base: ScenarioSpec, arm: ScenarioSpec) -> LuckyModel:
    return LuckyModel(replace(model.world), arm)


LUCKY: Laboratory = replace(TOY, fork=fork)


def ask(*arms: str, laboratory: Laboratory = LUCKY, **facts: Any) -> Question:
    given: dict[str, Any] = {"outcomes": ["state"], "seeds": 8, "years": 2} | facts
    return asked(VILLAGE, arms or (MORE,), laboratory=laboratory, **given)


def run(question: Question, folder: Path | None = None) -> Answer:
    return answer(question, workers=1, folder=folder)


def test_a_planted_difference_is_found_to_the_last_digit_where_luck_is_shared() -> None:
    """Two more a year, in a mean over two years: 2 and 4, 3 on average."""
    row = run(ask(laboratory=TOY)).comparison.differences.iloc[0]
    assert (row["difference"], row["low"], row["high"]) == pytest.approx((3.0, 3.0, 3.0))
    assert row["p_holm"] < 0.001
    assert row["needed"] == 0
    assert row["pairing_removed"] == pytest.approx(1.0)
    assert run(ask(laboratory=TOY, read=[2])).comparison.differences["difference"].iloc[0] == pytest.approx(4.0)


def test_arms_without_a_difference_are_the_same_to_the_last_bit() -> None:
    found = run(ask("same=toy.drift=1")).comparison
    row = found.differences.iloc[0]
    assert (row["difference"], row["p"]) == (0.0, 1.0)
    assert found.levels["highest"].tolist() == [0.5, 0.5]


def test_a_planted_effect_is_found_in_luck() -> None:
    row = run(ask("now", MORE, seeds=30)).comparison.differences.iloc[0]
    assert row["low"] <= 3.0 <= row["high"]
    assert row["low"] > 0


def test_the_baseline_may_be_any_arm() -> None:
    here, there = (run(ask("now", MORE, baseline=name)).comparison.differences.iloc[0] for name in ("now", "more"))
    assert here["difference"] == -there["difference"]


def test_what_was_run_is_not_run_again_and_the_answer_is_the_same(tmp_path: Path) -> None:
    first, again = (run(ask(), tmp_path) for _ in range(2))
    assert_frame_equal(first.comparison.differences, again.comparison.differences)
    assert_frame_equal(first.comparison.differences, run(ask()).comparison.differences)
    assert len(list(tmp_path.iterdir())) == 1, "one study, known by its content"


def test_looking_stops_once_the_sign_is_known_and_keeps_what_it_ran(tmp_path: Path) -> None:
    found = run(ask(stop="sign", seeds=100), tmp_path)
    row = found.comparison.differences.iloc[0]
    assert row["replicates"] == FIRST_LOOK
    assert row["interval"] == "always valid"
    assert row["low"] > 0
    assert len(found.provenance["seeds"]) == FIRST_LOOK
    narrow = run(ask(stop="precision", precision="0.8", seeds=100), tmp_path).comparison.differences.iloc[0]
    assert FIRST_LOOK < narrow["replicates"] < 100
    assert (narrow["high"] - narrow["low"]) / 2 <= 0.8


def test_looking_ends_at_the_most_seeds() -> None:
    found = run(ask("far=toy.drift=1.0001", stop="sign", precision="0.0001", seeds=17)).comparison
    assert found.differences["replicates"].iloc[0] == 17
    assert not enough(found, "sign")


def test_an_ensemble_has_the_same_parameters_in_every_arm() -> None:
    question = replace(ask(), vectors=tuple({"toy.level": 0.5 + 0.1 * number} for number in range(5)))
    found = run(question)
    row = found.comparison.differences.iloc[0]
    assert (row["vectors"], row["replicates"], row["interval"]) == (5, 8, "random effects")
    assert row["sd_between"] == pytest.approx(0.0, abs=1e-6), "the level moves both arms alike"
    assert found.comparison.levels["mean"].iloc[0] > 60
    assert len(found.provenance["vectors"]) == 5


def test_failed_runs_are_left_out_in_pairs_and_told() -> None:
    found = run(ask("now", "bad=toy.fails_in_year=2", MORE))
    rows = found.comparison.differences.set_index("arm")
    assert rows.loc["bad", "replicates"] == 0
    assert rows.loc["more", "replicates"] == 8
    assert found.provenance["failed"] == 8
    assert "planted failure" in found.provenance["first_failure"]


def test_an_answer_needs_one_whole_pair() -> None:
    with pytest.raises(ComparisonError, match=r"no pair of runs is whole.*planted failure"):
        run(ask("bad=toy.fails_in_year=1"))


def test_an_answer_says_where_it_comes_from() -> None:
    told = run(ask()).provenance
    assert told["arms"] == {"now": "", "more": "toy.drift=3"}
    assert (told["code"], told["baseline"], told["years"], told["seeds"]) == ("1", "now", 2, list(range(1, 9)))
    assert told["study"] != run(ask("more=toy.drift=4")).provenance["study"]
    assert told["parameters"]


def test_outcomes_by_group_follow_those_that_are_read() -> None:
    names = read_outcomes(["forgone_per_person"], ["c2s"], CARETEAMS)
    assert names == ["forgone_per_person", "forgone_per_person_c2s", "forgone_per_person_no_c2s"]
    usual = read_outcomes([], ["age", "ald"], CARETEAMS)
    assert {"spending_mean_85+", "contacts_per_person_0-17", "spending_mean_no_ald"} <= set(usual)
    with pytest.raises(Mistake, match="--by age tells none of these outcomes apart"):
        read_outcomes(["gps"], ["age"], CARETEAMS)
    assert "income_physician" in read_outcomes(["gps"], ["profession"], CARETEAMS)


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"outcomes": ["stat"]}, 'outcome "stat" is not known. Did you mean "state"'),
        ({"by": ["agee"]}, 'group "agee" is not known.*Did you mean "age"'),
        ({"baseline": "mor"}, 'no arm "mor" to compare with.*Did you mean "more"'),
        ({"seeds": 1}, "an interval needs 2 or more"),
        ({"ensemble": 1}, "needs 2 vectors or more"),
        ({"ensemble": 3, "stop": "sign"}, "with --ensemble their number is fixed"),
        ({"parameters": ["care"]}, "say how many times with --ensemble"),
        ({"read": [3]}, "year 3 is not simulated"),
        ({"precision": "much"}, "expected a number above 0"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(facts: Mapping[str, Any], message: str) -> None:
    with pytest.raises(Exception, match=message):
        ask(**facts)


def test_a_world_of_another_kind_is_refused_before_anything_runs() -> None:
    with pytest.raises(Mistake, match=r"territory\.people cannot differ between arms"):
        run(ask("big=territory.people=900"))

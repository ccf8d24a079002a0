"""Attribution of real runs of a small town: a response that is switched off earns nothing, a planted one its truth."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from agents.mistakes import Mistake
from results.attribution_shown import as_text, write
from results.figures.attribution import draw
from results.figures.style import styled
from scenarios.attribution import Answer, Question, answer, asked
from scenarios.norms.invented import invented_norms
from sim.payment.norms_file import norms_text
from sim.specification import OfferSpec, ScenarioSpec, TeamSpec
from tests.paid_run import LILAS, paid_town
from tests.scenarios.attribution.rules import SHARE
from tests.scenarios.attribution.toy import LINEAR

BASE = ["fee_for_service", "list_lump_sums", "rosp"]
SEEDS = 5


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("attribution")


@pytest.fixture(scope="module")
def town(folder: Path) -> ScenarioSpec:
    """A town in which nobody decides, compared with an invented nation."""
    file = folder / "nation.toml"
    file.write_text(norms_text(invented_norms()), encoding="utf-8")
    lilas, neighbours = replace(LILAS, contract=BASE), TeamSpec(contract=BASE, registered_list=900)
    terms = {"ipep": {"least_list": 0.0, "phase": "3b"}}
    return replace(paid_town(), teams={"lilas": lilas, "neighbours": neighbours}, norms=str(file), reform=terms)


def answered(question: Question, folder: Path) -> Answer:
    return answer(question, workers=1, folder=folder)


@pytest.fixture(scope="module")
def nobody_responds(town: ScenarioSpec, folder: Path) -> Answer:
    return answered(asked(town, "ipep", seeds=SEEDS), folder)


def test_a_response_that_is_switched_off_earns_nothing(nobody_responds: Answer) -> None:
    parts: Any = nobody_responds.attribution.parts.set_index("part")
    assert parts.loc["response", ["mean", "low", "high"]].tolist() == [0, 0, 0]
    assert parts.loc["payment", "mean"] > 0, "and yet it is paid"
    assert parts["mean"].iloc[:-1].sum() == pytest.approx(parts.loc["payment", "mean"], abs=1e-6)
    runs = nobody_responds.runs
    assert (runs["paid"] == runs["paid_without_response"]).all()
    assert runs["paid"].std() > 0, "draws of chance differ"


def test_all_that_is_paid_comes_from_the_rule(nobody_responds: Answer) -> None:
    runs = nobody_responds.runs
    extra = runs["all_rules"] - runs["all_rules_without_the_rule"]
    assert extra.to_numpy() == pytest.approx(runs["paid"].to_numpy(), abs=0.01)


def test_every_team_is_on_the_map(nobody_responds: Answer) -> None:
    places = nobody_responds.attribution.places.set_index("place")
    assert list(places.index) == ["lilas", "neighbours"]
    assert (places["mean"] >= 0).all()
    assert places.loc["lilas", "mean"] == pytest.approx(nobody_responds.runs["paid_without_response"].mean())


def test_what_was_run_is_not_run_again(nobody_responds: Answer, town: ScenarioSpec, folder: Path) -> None:
    shards = {file: file.stat().st_mtime_ns for file in folder.rglob("*.parquet")}
    again = answered(asked(town, "ipep", seeds=SEEDS), folder)
    pd.testing.assert_frame_equal(again.attribution.parts, nobody_responds.attribution.parts)
    assert shards == {file: file.stat().st_mtime_ns for file in folder.rglob("*.parquet")}


def test_a_planted_response_is_recovered(town: ScenarioSpec, folder: Path) -> None:
    """Care costs less in the arm with the rule: merit is the share of just what that saves."""
    plant = ["parameters.spending.scale=1.25"]
    question = asked(town, LINEAR, seeds=SEEDS, run_in=0, plant=plant)
    found = answered(question, folder)
    saved = float(found.runs["saved"].mean())
    row: Any = found.attribution.parts.set_index("part").loc["response"]
    assert saved > 0
    assert row["mean"] == pytest.approx(SHARE * saved, rel=1e-3)
    assert row["low"] < SHARE * saved < row["high"]
    assert row["low"] > 0


def test_files_and_figure_say_where_they_come_from(nobody_responds: Answer, tmp_path: Path) -> None:
    found = nobody_responds
    files = write(found.attribution, found.runs, found.provenance, tmp_path / "out")
    assert {"attribution.csv", "attribution.parquet", "attribution.json"} <= {file.name for file in files}
    table = pd.read_parquet(tmp_path / "out" / "attribution.parquet")
    assert set(table["study"]) == {found.provenance["study"]}
    assert "Paid for nothing" in as_text(found.attribution, found.provenance)
    with styled():
        picture = draw(found.attribution, found.provenance)
    assert found.provenance["study"] in picture.text
    assert len(picture.figure.axes) == 5


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"policy": "ipe"}, "Did you mean"),
        ({"policy": "ipep", "team": "lila"}, 'Did you mean "lilas"'),
        ({"policy": "ipep", "seeds": 2}, "5"),
        ({"policy": "ipep", "effects": [1.5]}, "share of spending"),
    ],
)
def test_what_cannot_be_answered_is_refused_before_anything_runs(
    town: ScenarioSpec, given: dict[str, object], words: str
) -> None:
    with pytest.raises(Mistake, match=words):
        asked(town, **given)  # type: ignore[arg-type]


def test_a_twin_that_might_join_the_rule_is_refused(town: ScenarioSpec) -> None:
    with pytest.raises(Mistake, match="Leave the offer out"):
        asked(replace(town, offers={"call": OfferSpec(policies=["ipep"])}), "ipep")


def test_worlds_are_founded_anew_and_areas_bring_their_own_people(town: ScenarioSpec) -> None:
    question = asked(town, "ipep", seeds=SEEDS, worlds=3, areas=True)
    worlds = question.study().territories
    assert [spec.seed for spec in worlds] == [town.seed, town.seed + 1, town.seed + 2]
    assert len({spec.name for spec in worlds}) == len(worlds)
    areas = question.study_of_areas()
    assert list(areas.arms) == ["twin"]
    assert [spec.territory.area_types for spec in areas.territories] == [{f"T{n}": 1.0} for n in range(1, 7)]
    assert all(spec.teams == town.teams for spec in areas.territories)

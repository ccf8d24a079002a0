"""Processes here, parts of a job array and a Dask cluster: one set of options, one table, whoever shares a world."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from agents.mistakes import Mistake
from results.messages import set_language
from scenarios import comparing
from scenarios.cli import main, parser
from scenarios.comparing import Question, asked
from scenarios.reading import load
from scenarios.rerunning import _here
from scenarios.study import Study
from scenarios.study.batches import Batch, Local, engine_of, run_batch
from scenarios.study.cluster import Cluster, connected
from scenarios.study.work import Part
from scenarios.study.workers import processors
from sim.outcomes import OUTCOMES
from tests.scenarios.study.test_cluster import a_cluster
from tests.scenarios.study.test_sweep import made, run, store, sweep
from tests.scenarios.study.test_worlds import ARMS, SEEDS, VECTORS, WORLDS, study
from tests.scenarios.test_comparing import LUCKY, VILLAGE
from tests.scenarios.toy_laboratory import PREPARED_LOG, TOY

STUDIES = ("attribute", "calibrate", "compare", "evaluate", "sensitivity", "sweep", "textbook", "validate")
"""Commands that run a study."""
NEEDED = {"attribute": ["x", "--policy", "y"], "textbook": [], "validate": []}
ENGINE = ("--workers", "--engine", "--address")
FACTS = ("option_strings", "dest", "choices", "default", "type", "metavar", "help")


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("prepared") / "log"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, log: Path) -> Iterator[str]:
    """Of a scheduler with two worker processes, which write down the worlds that they make."""
    with a_cluster(tmp_path_factory.mktemp("dask"), **{PREPARED_LOG: str(log)}) as (found, _workers):
        yield found


def on_dask(asked_for: Study, folder: Path, address: str) -> pd.DataFrame:
    with connected(address, 2) as client:
        for _ in asked_for.work(store(folder), Cluster(client)):
            pass
    return asked_for.runs(store(folder))


def in_parts(asked_for: Study, folder: Path, parts: int) -> pd.DataFrame:
    for number in range(1, parts + 1):
        run(asked_for, folder, part=Part(number, parts))
    return asked_for.runs(store(folder))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_points_that_share_a_world_are_the_same_on_every_engine(tmp_path: Path, address: str, log: Path) -> None:
    """Against each point in a world of its own, made in this process; failed runs and their messages included."""
    alone = run(study(laboratory=TOY), tmp_path / "alone")
    assert len(alone) == len(VECTORS) * len(SEEDS) * len(ARMS)
    assert set(alone["stage"]) == {"", "year 2"}
    dask = on_dask(study(), tmp_path / "dask", address)
    assert WORLDS <= made(log) <= 2 * WORLDS < len(VECTORS) * len(SEEDS), "each worker makes a world once at most"
    for table in (dask, in_parts(study(), tmp_path / "parts", 3), run(study(), tmp_path / "here", workers=2)):
        assert_frame_equal(table, alone, check_exact=True)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_model_itself_is_the_same_on_every_engine(tmp_path: Path, address: str) -> None:
    """Two worlds, each shared by two points that differ in what those who decide are like."""
    base = load("baseline")
    village = replace(base, name="village", territory=replace(base.territory, people=1200, town=600), teams={})
    asked_for = Study(
        [village], {"now": [], "far": ["parameters.choice.travel_minute=-0.25"]}, list(OUTCOMES), [1, 2],
        vectors=[{}, {"incentives.income_effect": 2.5, "attention.pay": 0.6}], warm_up=0, series=False,
    )  # fmt: skip
    assert len({unit.world for unit in asked_for.units()}) == 1
    here = run(asked_for, tmp_path / "here")
    assert (here["stage"] == "").all(), here["message"].unique()
    assert_frame_equal(on_dask(asked_for, tmp_path / "dask", address), here, check_exact=True)
    assert_frame_equal(in_parts(asked_for, tmp_path / "parts", 2), here, check_exact=True)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_comparison_on_a_cluster_is_that_of_this_machine(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """To the last byte of its JSON and of its tables; the cluster is told where the studies are kept."""
    set_language("en")

    def question(_scenario: str, arms: list[str], **facts: Any) -> Question:
        return asked(VILLAGE, arms, laboratory=LUCKY, **{**facts, "outcomes": ["state", "square"], "overrides": ()})

    monkeypatch.setattr(comparing, "asked", question)
    words = ["compare", "village", "--arm", "more=toy.drift=3", "--seeds", "6", "--years", "2", "--quiet", "--json"]
    said = []
    for name, engine in (("here", ["--workers", "1"]), ("dask", ["--engine", "dask", "--address", address])):
        place = tmp_path / name
        place.mkdir()
        monkeypatch.chdir(place)
        assert main([*words, "--out", "out", *engine]) == 0
        said.append(json.loads(capsys.readouterr().out))
        assert len(list((place / "results" / "runs" / "studies").iterdir())) == 1
    assert _but_for_the_command(said[0]) == _but_for_the_command(said[1])
    here, dask = (pd.read_parquet(tmp_path / name / "out" / "comparison.parquet") for name in ("here", "dask"))
    assert_frame_equal(dask, here, check_exact=True)


def _but_for_the_command(content: dict[str, Any]) -> dict[str, Any]:
    facts = {key: fact for key, fact in content["provenance"].items() if key != "command"}
    return {**content, "provenance": facts}


@pytest.mark.parametrize("command", STUDIES)
def test_all_that_run_a_study_declare_the_same_options(command: str) -> None:
    assert _engine_options(command) == _engine_options("sweep")
    options = parser().parse_args(
        [command, *NEEDED.get(command, ["x"]), "--engine", "dask", "--address", "tcp://a:1", "--workers", "3"]
    )
    assert (options.engine, options.address, options.workers) == ("dask", "tcp://a:1", 3)


def _engine_options(command: str) -> list[tuple[Any, ...]]:
    made_for = next(action.choices for action in parser()._actions if action.dest == "command")
    assert isinstance(made_for, dict)
    found = [action for action in made_for[command]._actions if set(action.option_strings) & set(ENGINE)]
    assert len(found) == len(ENGINE)
    return [tuple(getattr(action, fact) for fact in FACTS) for action in found]


@pytest.mark.parametrize("words", [["sweep", "{design}"], ["compare", "default", "--arm", "x=choice.wait_week=-0.5"],
                                   ["validate", "--seeds", "2"]])  # fmt: skip
def test_an_address_without_dask_is_a_mistake_everywhere(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    set_language("en")
    monkeypatch.chdir(tmp_path)
    design = tmp_path / "d.toml"
    design.write_text('scenario = "default"\noutcomes = ["spending_mean"]\nseeds = 2\nyears = 1\n[arms]\nnow = []\n')
    asked_for = [word.format(design=design) for word in words]
    assert main([*asked_for, "--address", "tcp://127.0.0.1:9", "--quiet"]) == 2
    assert "--address is for --engine dask" in capsys.readouterr().err
    assert not list(tmp_path.rglob("*.parquet"))


def test_a_worker_that_sees_no_store_says_so_and_writes_nothing(tmp_path: Path) -> None:
    asked_for, elsewhere = sweep(2), store(tmp_path / "elsewhere")
    batch = Batch(asked_for.recipe, tuple(asked_for.units()), elsewhere, False, asked_for.laboratory.version())
    with pytest.raises(Mistake, match=r"a worker on .* does not see .*elsewhere: work in a folder that all workers"):
        run_batch(batch)
    assert not (tmp_path / "elsewhere").exists()


def test_a_store_is_known_by_its_whole_path_to_workers_of_other_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert store(Path("kept")).from_anywhere().address == str(tmp_path / "kept")
    assert replace(store(Path("kept")), address="memory://kept").from_anywhere().address == "memory://kept"


def test_who_runs_a_study_is_an_engine_a_number_or_everybody_here() -> None:
    assert engine_of(3) == Local(3)
    assert engine_of(None) == Local(processors())
    assert engine_of(local := Local(2)) is local
    assert local.here == 2


def test_what_was_made_on_a_cluster_is_made_again_here() -> None:
    words = ["compare", "x", "--engine", "dask", "--address", "tcp://a:1", "--seeds", "3", "--workers=4"]
    assert _here(words) == ["compare", "x", "--seeds", "3"]


def test_what_is_no_batch_is_done_by_processes_of_this_machine() -> None:
    class Client:
        def nthreads(self) -> dict[str, int]:
            return dict.fromkeys(map(str, range(200)), 1)

    cluster = Cluster(Client())
    assert (cluster.workers, cluster.here) == (200, processors())

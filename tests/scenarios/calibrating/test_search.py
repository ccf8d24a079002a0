"""Calibration on a laboratory whose posterior can be worked out by hand: found, killed, gone on, told."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from agents.mistakes import Mistake
from results.posterior import Posterior
from scenarios.calibrating.file import read_calibration
from scenarios.calibrating.search import Search, calibrate, far_apart
from scenarios.study import Store
from tests.scenarios.known_laboratory import KNOWN, RUN_LOG, RUN_SECONDS

ROOT = Path(__file__).parents[3]
HEAD = 'scenario = "baseline"\nseeds = 2\n[search]\npoints = 14\neach = 4\nwaves = 2\ndraws = 30\nsteps = 600\n'
ONE = (
    HEAD
    + """
[parameters]
"line.a" = { prior = "normal", mean = 4.0, sd = 1.2 }
"line.c" = {}
[targets.first]
outcome = "first"
value = 6.0
sd = 1.0
"""
)
TWO = (
    HEAD
    + """
[parameters]
"line.a" = { prior = "normal", mean = 5.0, sd = 1.0 }
"line.b" = { prior = "normal", mean = 0.0, sd = 1.0 }
[targets.straight]
outcome = "straight"
value = 15.0
sd = 0.5
arms = { noisy = ["toy.noise=0.3", "toy.shared=0.2"] }
[validation]
targets = ["second"]
"""
)
PATTERNS = """
[second]
title = "Second"
number = 0.5
band = [-0.2, 1.2]
outcome = "second"
statistic = "level"
source = "own"
"""


def calibrated(text: str, folder: Path, keep: Path | None = None) -> Posterior:
    (folder / "patterns.toml").write_text(PATTERNS, encoding="utf-8")
    file = folder / "mine.toml"
    file.write_text('patterns = ["patterns.toml"]\n' + text, encoding="utf-8")
    return calibrate(read_calibration(file, KNOWN), workers=1, folder=keep)


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Posterior:
    return calibrated(ONE, tmp_path_factory.mktemp("one"))


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Posterior:
    return calibrated(TWO, tmp_path_factory.mktemp("two"))


def test_the_conjugate_posterior_of_a_normal_mean_is_found(one: Posterior) -> None:
    """Prior N(4, 1.2), one value 6 with sd 1: mean 5.18, sd 0.77; a fifteenth of the sd is the tolerance."""
    weight = 1 / 1.2**2
    mean, sd = (4 * weight + 6) / (weight + 1), 1 / np.sqrt(weight + 1)
    row: Any = one.parameters.set_index("name").loc["line.a"]
    assert row["mean"] == pytest.approx(mean, abs=0.08)
    assert row["sd"] == pytest.approx(sd, rel=0.08)
    assert row["q2.5"] == pytest.approx(mean - 1.96 * sd, abs=0.2)
    assert row["contraction"] == pytest.approx(1 - (sd / 1.2) ** 2, abs=0.08)


def test_a_parameter_that_no_target_sees_keeps_its_prior_and_is_called_prior_driven(one: Posterior) -> None:
    rows: Any = one.parameters.set_index("name")
    assert abs(rows.loc["line.c", "contraction"]) < 0.15
    assert rows["prior_driven"].to_dict() == {"line.a": False, "line.c": True}
    assert rows.loc["line.c", "mean"] == pytest.approx(0.5, abs=0.05)


def test_two_parameters_that_one_target_sees_are_tied(two: Posterior) -> None:
    """The posterior of a line is normal: its covariance by the formula, luck of two seeds included."""
    slopes, noise = np.array([2.0, 1.0]), 0.5**2 + (0.3**2 + 0.2**2) / 2
    covariance = np.linalg.inv(np.eye(2) + np.outer(slopes, slopes) / noise)
    mean = covariance @ (np.array([5.0, 0.0]) + slopes * (15 - 3) / noise)
    rows = two.parameters.set_index("name")
    assert rows["mean"].to_numpy() == pytest.approx(mean, abs=0.2)
    assert rows["sd"].to_numpy() == pytest.approx(np.sqrt(np.diag(covariance)), rel=0.2)
    tied = covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1])
    assert two.correlations.loc["line.a", "line.b"] == pytest.approx(tied, abs=0.12)


def test_the_fit_is_checked_by_the_model_and_validation_is_apart(two: Posterior) -> None:
    fit: Any = two.fit.set_index("target")
    assert fit["group"].to_dict() == {"straight": "calibration", "second": "validation"}
    assert fit.loc["straight", "mean"] == pytest.approx(14.8, abs=0.4)
    assert fit.loc["straight", "prior_high"] - fit.loc["straight", "prior_low"] > 5
    assert fit.loc["second", "verdict"] == "inside"
    assert fit.loc["second", "rests_on"] == "line.b"
    assert np.isnan(fit.loc["second", "prior_mean"]), "validation targets are read once, after the search"
    assert (two.emulators["error"] < 1).all()
    assert set(two.draws["target"]) == {"straight", "second"}


def test_validation_targets_move_nothing(two: Posterior, tmp_path: Path) -> None:
    without = calibrated(TWO.replace('targets = ["second"]', "targets = []"), tmp_path)
    assert_frame_equal(without.parameters, two.parameters)


def test_the_same_file_gives_the_same_table_and_another_draw_another(one: Posterior, tmp_path: Path) -> None:
    assert_frame_equal(calibrated(ONE, tmp_path).parameters, one.parameters)
    other = calibrated(ONE.replace("steps = 600", "steps = 600\ndraw = 2"), tmp_path)
    assert not other.parameters["mean"].equals(one.parameters["mean"])


def test_runs_that_fail_are_counted_and_the_rest_is_enough(tmp_path: Path) -> None:
    found = calibrated(ONE.replace("sd = 1.0\n", 'sd = 1.0\narms = { weak = ["toy.fails=0.15"] }\n'), tmp_path)
    assert 0 < found.budget["missing"] < found.budget["values"]
    assert found.parameters.set_index("name").loc["line.a", "mean"] == pytest.approx(5.18, abs=0.15)
    with pytest.raises(Mistake, match="target first: too many runs failed"):
        calibrated(ONE.replace("sd = 1.0\n", 'sd = 1.0\narms = { weak = ["toy.fails=1.0"] }\n'), tmp_path)


def test_new_points_are_far_from_each_other_and_from_what_was_run() -> None:
    sample = np.linspace(0, 1, 101)[:, None]
    assert far_apart(sample, np.array([[0.0]]), 3).ravel().tolist() == pytest.approx([1.0, 0.5, 0.25])


SCRIPT = """
import sys
from pathlib import Path
from scenarios.calibrating.file import read_calibration
from scenarios.calibrating.search import calibrate
from tests.scenarios.known_laboratory import KNOWN
found = calibrate(read_calibration("mine.toml", KNOWN), workers=1, folder=Path("kept"))
found.parameters.to_parquet("table.parquet")
"""


def _known_runs(folder: Path) -> int:
    stores = [one for one in (folder / "kept").glob("*") if (one / "manifest.json").exists()]
    with suppress(FileNotFoundError):  # shards that are just being merged
        return sum(len(set(Store(str(one)).known())) for one in stores)
    return 0


def _lines(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines()) if file.exists() else 0


def test_a_search_killed_twice_goes_on_and_runs_nothing_twice(tmp_path: Path) -> None:
    """SIGKILL in the first wave and in the second: each time, all that was kept is read, and the table is the same."""
    # luck leaves emulators in doubt, so that there is a second wave
    text = ONE.replace("sd = 1.0\n", 'sd = 1.0\narms = { noisy = ["toy.noise=2.0"] }\n')
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    log = tmp_path / "runs.log"
    environment = {**os.environ, RUN_LOG: str(log), RUN_SECONDS: "0.1", "PYTHONPATH": str(ROOT)}
    for enough in (3, 29):
        process = subprocess.Popen([sys.executable, "-c", SCRIPT], cwd=tmp_path, env=environment)
        while _known_runs(tmp_path) < enough and process.poll() is None:
            time.sleep(0.05)
        assert process.poll() is None, "it was still at work"
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert not (tmp_path / "table.parquet").exists()
    before, kept = _lines(log), _known_runs(tmp_path)
    assert kept > 28, "the whole first wave is kept"
    environment[RUN_SECONDS] = "0"
    subprocess.run([sys.executable, "-c", SCRIPT], cwd=tmp_path, env=environment, check=True)
    assert _lines(log) - before == _known_runs(tmp_path) - kept
    assert _known_runs(tmp_path) == 2 * (14 + 4 + 30)
    killed = pd.read_parquet(tmp_path / "table.parquet")
    whole = calibrated(text, tmp_path).parameters
    assert_frame_equal(killed, whole, check_exact=True)


def test_another_question_is_another_search(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    identities = []
    for text in (ONE, ONE.replace("value = 6.0", "value = 6.5"), ONE.replace("sd = 1.2", "sd = 1.3")):
        file.write_text(text, encoding="utf-8")
        identities.append(Search(read_calibration(file, KNOWN)).identity)
    assert len(set(identities)) == 3

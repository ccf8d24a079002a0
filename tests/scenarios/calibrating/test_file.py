"""Calibration files: what they may say, and the one line that each mistake gets."""

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agents.mistakes import Mistake
from scenarios.calibrating.file import Calibration, read_calibration
from scenarios.calibrating.priors import vectors_of
from scenarios.study.points import unit_cube
from sim.parameters import check_override
from tests.scenarios.known_laboratory import KNOWN

BAD = tomllib.loads((Path(__file__).parent / "bad_files.toml").read_text(encoding="utf-8"))["bad"]
PATTERNS = """
[fine]
title = "Fine"
number = 3
band = [2, 4]
outcome = "first"
statistic = "level"
source = "own"
[held]
group = "validation"
title = "Held"
number = 3
band = [2, 4]
outcome = "second"
statistic = "level"
source = "own"
[open]
title = "Open"
number = "more"
band = [1, inf]
outcome = "second"
statistic = "level"
source = "own"
"""
WORLD = Path(__file__).parents[3] / "scenarios" / "calibrations" / "world.toml"


def read(folder: Path, **put: str) -> Calibration:
    (folder / "patterns.toml").write_text(PATTERNS, encoding="utf-8")
    lines = {
        "scenario": 'scenario = "baseline"',
        "head": "",
        "parameters": '"line.a" = {}',
        "targets": "[targets.fine]",
    }
    lines |= put
    head = lines["head"] if "patterns" in lines["head"] else f'{lines["head"]}\npatterns = ["patterns.toml"]'
    parameters = f"[parameters]\n{lines['parameters']}" if lines["parameters"] else ""
    text = "\n".join([lines["scenario"], head, parameters, lines["targets"]])
    file = folder / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return read_calibration(file, KNOWN)


@pytest.mark.parametrize("case", BAD, ids=lambda case: case["why"])
def test_each_mistake_gets_one_line(case: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(Mistake) as caught:
        read(tmp_path, **case["put"])
    said = str(caught.value)
    assert case["said"] in said
    assert "\n" not in said
    assert "mine.toml" in said or "patterns.toml" in said or "none.toml" in said


def test_what_a_file_leaves_open_comes_from_the_parameter_file_and_the_pattern(tmp_path: Path) -> None:
    found = read(tmp_path)
    prior, target = found.priors[0].shown(), found.targets[0]
    assert (prior.law, prior.low, prior.high, prior.now) == ("uniform", 0.0, 10.0, 5.0)
    assert (target.kind, target.value, target.sd, target.low, target.high) == ("normal", 3.0, 0.5, 2.0, 4.0)
    assert (found.points, found.seeds, found.draws, found.validation_draws) == (10, 4, 40, 40)


def test_an_open_band_is_fitted_as_a_band(tmp_path: Path) -> None:
    target = read(tmp_path, targets='[targets.open]\nlikelihood = "band"').targets[0]
    assert (target.kind, target.low, target.high) == ("band", 1.0, float("inf"))
    own = read(tmp_path, targets='[targets.mine]\noutcome = "first"\nvalue = 1\nband = [0, 3]\nlikelihood = "student"')
    assert (own.targets[0].sd, own.targets[0].degrees, own.patterns[0].territories) == (0.75, 4.0, ("baseline",))


def test_priors_keep_their_laws_within_their_ranges(tmp_path: Path) -> None:
    said = '"line.a" = { prior = "normal", mean = 9, sd = 2 }\n"line.c" = { low = 0.001, scale = "log" }'
    normal, log = read(tmp_path, parameters=said).priors
    shares = np.linspace(0, 1, 2001)
    values = normal.at(shares)
    assert (values.min(), values.max()) == (0.0, 10.0)
    assert normal.at(np.array([0.5]))[0] == pytest.approx(8.206, abs=0.01), "a normal cut off at 10"
    assert log.at(np.array([0.5]))[0] == pytest.approx(0.0316, abs=0.001)
    assert log.shown().law == "log-uniform"


def test_the_world_s_file_is_right_and_every_point_of_it_is_allowed() -> None:
    found = read_calibration(WORLD)
    number = len(found.priors)
    assert number >= 12
    assert {target.fitted for target in found.targets} == {True, False}
    corners = np.vstack([np.zeros(number), np.ones(number), unit_cube("latin_hypercube", number, 20, 1)])
    for vector in vectors_of(corners, found.priors):
        for name, value in vector.items():
            check_override(name, value)


def test_the_world_s_file_fits_nothing_that_is_kept_for_validation() -> None:
    found = read_calibration(WORLD)
    groups = {pattern.id: pattern.group for pattern in found.patterns}
    assert {groups[target.id] for target in found.fitted} == {"calibration"}
    assert {groups[target.id] for target in found.targets if not target.fitted} == {"spending"}

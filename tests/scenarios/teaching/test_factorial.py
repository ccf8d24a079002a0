from pathlib import Path

import pytest

from scenarios.cli import main
from scenarios.overrides import overridden
from scenarios.reading import load
from scenarios.study.forking import changed_keys
from scenarios.teaching.factorial import as_payload, scenario
from scenarios.teaching.grid import Design, grid

DESIGNS = list(grid().factorial.designs())


def test_every_combination_that_makes_sense_is_there_once() -> None:
    own = grid().factorial
    paid = [rule for rule in own.rules if rule.rules]
    assert len(DESIGNS) == 1 + len(paid) * len(own.amounts) * len(own.sharings)
    assert len({design.id for design in DESIGNS}) == len(DESIGNS)


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.id)
def test_the_file_of_a_design_is_the_arm_that_was_run(design: Design, tmp_path: Path) -> None:
    place = grid().territories["village"]
    file = tmp_path / f"{design.id}.toml"
    file.write_text(scenario(grid(), design), encoding="utf-8")
    base = place.spec()
    differs = changed_keys(overridden(base, design.arm.overrides(place, base)), load(str(file)))
    assert {key.split(".")[0] for key in differs} <= {"name", "title", "description"}


def test_check_accepts_the_file_of_every_design(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for one in as_payload(grid())["designs"]:
        file = tmp_path / one["file"]
        file.write_text(one["toml"], encoding="utf-8")
        assert main(["--lang", "en", "check", str(file)]) == 0, capsys.readouterr().err


def test_levels_of_a_design_are_levels_of_the_factors() -> None:
    made = as_payload(grid())
    levels = {factor["id"]: {level["id"] for level in factor["levels"]} for factor in made["factors"]}
    for design in made["designs"]:
        assert all(level in levels[factor] for factor, level in design["levels"].items())

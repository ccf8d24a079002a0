"""Arms from the words of a command line."""

from dataclasses import replace
from pathlib import Path

import pytest

from agents.mistakes import Mistake
from scenarios.arms import Arms, arms_of, moved, said_of, split, with_rules
from scenarios.reading import load
from scenarios.study import CARETEAMS
from scenarios.study.combinations import NOW
from scenarios.study.forking import changed_keys
from sim.specification import ScenarioSpec


@pytest.fixture(scope="module")
def agapanthes() -> ScenarioSpec:
    return load("agapanthes")


def under(scenario: ScenarioSpec, *said: str) -> dict[str, ScenarioSpec]:
    """The scenario under every arm."""
    arms = arms_of(scenario, list(said))
    return {name: arms.resolved(name, CARETEAMS) for name in arms.parts}


def contracts(specs: dict[str, ScenarioSpec]) -> dict[str, list[str]]:
    return {name: spec.teams["agapanthes"].contract for name, spec in specs.items()}


def test_payment_rules_are_set_against_each_other(agapanthes: ScenarioSpec) -> None:
    found = contracts(under(agapanthes, "ffs", "peps", "both=peps+ipep"))
    base = ["fee_for_service", "list_lump_sums", "rosp", "asalee", "aci_msp"]
    assert found == {"ffs": base, "peps": [*base, "peps"], "both": [*base, "peps", "ipep"]}


def test_terms_of_a_rule_stay_as_long_as_the_rule_does(agapanthes: ScenarioSpec) -> None:
    found = under(agapanthes, "ffs", "peps")
    assert "peps" not in found["ffs"].teams["agapanthes"].terms
    assert found["peps"].teams["agapanthes"].terms["peps"] == {"perimeter": "all"}


def test_a_scenario_without_teams_puts_all_its_teams_under_the_rule() -> None:
    default = load("default")
    found = under(replace(default, teams={}), "ipep")["ipep"].default_contract
    assert found == ["fee_for_service", "list_lump_sums", "rosp", "ipep"]
    assert with_rules(["fee_for_service", "ipep"], ["peps"]) == ["fee_for_service", "peps"]


def test_one_arm_is_compared_with_the_scenario_as_it_is(agapanthes: ScenarioSpec) -> None:
    assert list(arms_of(agapanthes, ["peps"]).parts) == [NOW, "peps"]
    assert arms_of(agapanthes, ["peps", "now"]).parts["now"] == ()
    assert arms_of(agapanthes, ["agapanthes", "peps"]).parts["agapanthes"] == ()


def test_overrides_several_in_an_arm(agapanthes: ScenarioSpec) -> None:
    said = "cap=parameters.choice.travel_minute=-0.2; peps.cap=0.25 from 2024-01-01"
    found = under(agapanthes, said)["cap"]
    assert found.parameters == {"choice.travel_minute": -0.2}
    assert {key.split(".")[0] for key in changed_keys(agapanthes, found)} == {"parameters", "reform"}
    assert found.reform["peps"]["cap"]["value"] == 0.25
    assert said_of(arms_of(agapanthes, [said]))["cap"] == said.partition("=")[2]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a=1", ["a=1"]),
        ("a=1; b=[1, 2]", ["a=1", "b=[1, 2]"]),
        ("a='x;y';b={c=1;d=2}", ["a='x;y'", "b={c=1;d=2}"]),
        (" ; a=1;", ["a=1"]),
    ],
)
def test_parts_stand_between_semicolons(text: str, parts: list[str]) -> None:
    assert split(text) == parts


def test_a_reform_file_is_put_over_the_reform_of_the_scenario(agapanthes: ScenarioSpec, tmp_path: Path) -> None:
    file = tmp_path / "cap.toml"
    file.write_text('title = "A better cap"\n[peps]\ncap = "0.25 from 2024-01-01"\n', encoding="utf-8")
    base = replace(agapanthes, reform={"ipep": {"share_of_saving": 0.4}})
    arms = arms_of(base, [f"cap={file}"])
    found = arms.resolved("cap", CARETEAMS)
    assert found.reform["ipep"] == {"share_of_saving": 0.4}
    assert found.reform["peps"]["cap"]["value"] == 0.25
    assert replace(found, reform=base.reform) == base


def test_a_scenario_file_is_taken_as_what_it_changes_after_the_fork(agapanthes: ScenarioSpec, tmp_path: Path) -> None:
    file = tmp_path / "other.toml"
    file.write_text(
        'extends = "agapanthes"\nyears = 9\n[team.agapanthes]\nsharing_rule = "equal"\n[parameters]\n'
        '"choice.travel_minute" = -0.2\n', encoding="utf-8",
    )  # fmt: skip
    arms = arms_of(agapanthes, [f"equal={file}"])
    found = arms.resolved("equal", CARETEAMS)
    assert found.teams["agapanthes"].sharing_rule == "equal"
    assert (found.years, found.name) == (agapanthes.years, agapanthes.name)
    vector = replace(agapanthes, parameters={"care.gp_effect": 0.2})
    both = arms.laboratory(CARETEAMS).resolve(vector, arms.parts["equal"])
    assert both.parameters == {"care.gp_effect": 0.2, "choice.travel_minute": -0.2}, "a vector is kept"


def test_what_a_scenario_takes_away_is_taken_away() -> None:
    start, end = ScenarioSpec(parameters={"a": 1, "b": 2}), ScenarioSpec(parameters={"b": 3})
    given = ScenarioSpec(parameters={"a": 1, "b": 2, "c": 4})
    assert moved(given, start, end).parameters == {"b": 3, "c": 4}


def test_worlds_that_do_not_pair_are_refused_with_the_reason_and_what_to_do(agapanthes: ScenarioSpec) -> None:
    with pytest.raises(Mistake) as caught:
        arms_of(agapanthes, ["baseline"])
    said = str(caught.value)
    assert "baseline cannot be paired with agapanthes: it starts from another world" in said
    assert "teams.agapanthes" in said
    assert "22 keys differ" in said, "a team that one of both lacks counts as one"
    assert "careteams compare baseline" in said


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ([], "needs an arm beside the scenario"),
        (["now"], "needs an arm beside the scenario"),
        (["peps", "peps"], 'two arms are called "peps"'),
        (["pepps"], 'Did you mean "peps"'),
        (["x=nowhere.toml"], 'arm "x": "nowhere.toml" is no override'),
        (["x="], "expected NAME, or NAME=WHAT"),
        (["=peps"], "expected NAME, or NAME=WHAT"),
    ],
)
def test_what_is_no_arm_is_refused(agapanthes: ScenarioSpec, said: list[str], message: str) -> None:
    with pytest.raises(Mistake, match=message):
        arms_of(agapanthes, said)


def test_a_wrong_override_is_refused_when_the_arm_is_resolved(agapanthes: ScenarioSpec) -> None:
    arms: Arms = arms_of(agapanthes, ["x=parameters.choice.travel=1"])
    with pytest.raises(Mistake, match="is not known"):
        arms.resolved("x", CARETEAMS)

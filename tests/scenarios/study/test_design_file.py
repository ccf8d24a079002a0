"""Design files: read into a study, checked before anything runs, one line for each mistake."""

from pathlib import Path
from typing import Any

import pytest

from agents.mistakes import Mistake
from scenarios.reading import load
from scenarios.study import CARETEAMS
from scenarios.study.combinations import stacks
from scenarios.study.design_file import Sweep, read_design, seeds_of
from sim.specification import ScenarioSpec
from tests.scenarios.toy_laboratory import TOY

TOP = 'scenario = "default"\noutcomes = ["state"]\n'


def read(folder: Path, text: str, laboratory: Any = TOY) -> Sweep:
    file = folder / "design.toml"
    file.write_text(text, encoding="utf-8")
    return read_design(file, laboratory)


def test_the_shortest_design(tmp_path: Path) -> None:
    study = read(tmp_path, TOP).study
    assert dict(study.arms) == {"now": ()}
    assert list(study.seeds) == [1]
    assert list(study.vectors) == [{}]
    assert not study.series
    assert study.size == 1


def test_everything_that_a_design_may_say(tmp_path: Path) -> None:
    text = (
        TOP
        + """
        title = "All of it"
        set = ["territory.people=3000"]
        seeds = "1-3, 7"
        years = 4
        warm_up = 1
        summary = "last"
        from_year = 2
        series = true
        keep_worlds = true
        [variants]
        sparse = ["territory.town=100"]
        dense = []
        [arms]
        now = []
        more = { set = ["toy.drift=3"] }
        [factors]
        "toy.level" = [1, 2.5]
        [factors.pace]
        slow = []
        fast = ["toy.drift=9"]
        [points]
        kind = "latin_hypercube"
        number = 5
        draw = [1, 2]
        [points.vary]
        toy.drift = {}
        "toy.table[0][0]" = { low = 1, high = 2 }
    """
    )
    sweep = read(tmp_path, text)
    study = sweep.study
    assert sweep.keep_worlds
    assert [spec.name for spec in study.territories] == ["default sparse", "default dense"]
    assert study.territories[0].territory.town == 100
    assert len(study.vectors) == 10
    assert list(study.seeds) == [1, 2, 3, 7]
    assert len(study.arms) == 2 * 2 * 2
    assert study.arms["more, toy.level=2.5, pace=fast"] == ("toy.drift=3", "toy.level=2.5", "toy.drift=9")
    assert study.factors["more, toy.level=2.5, pace=fast"] == {"base": "more", "toy.level": 2.5, "pace": "fast"}
    assert study.recipe.columns == {
        "base": "text", "toy.level": "number", "pace": "text", "toy.drift": "number", "toy.table[0][0]": "number",
    }  # fmt: skip


def test_points_may_be_listed_here_or_in_a_file(tmp_path: Path) -> None:
    here = read(tmp_path, TOP + "[points]\nlist = [{ toy.drift = 2 }, { toy.level = 3.0 }]\n").study
    assert list(here.vectors) == [{"toy.drift": 2.0, "toy.level": 1.0}, {"toy.drift": 1.0, "toy.level": 3.0}]
    (tmp_path / "points.csv").write_text("toy.drift,toy.table[1][1]\n2,5\n", encoding="utf-8")
    beside = read(tmp_path, TOP + '[points]\nfile = "points.csv"\n').study
    assert list(beside.vectors) == [{"toy.drift": 2.0, "toy.table": [[1.0, 2.0], [3.0, 5.0]]}]
    assert beside.shown == [{"toy.drift": 2.0, "toy.table[1][1]": 5.0}]


def test_a_stack_is_every_combination_of_rules(tmp_path: Path) -> None:
    text = (
        'scenario = "agapanthes"\noutcomes = ["ed_visits_per_1000"]\n'
        + """
        [stacks]
        policies = ["peps", "ipep", "asalee"]
        exclude = [["peps", "ipep"]]
    """
    )
    study = read(tmp_path, text, CARETEAMS).study
    assert list(study.arms) == ["none", "peps", "ipep", "asalee", "peps+asalee", "ipep+asalee"]
    assert study.factors["peps+asalee"] == {"peps": True, "ipep": False, "asalee": True}
    (override,) = study.arms["none"]
    assert override == 'team.agapanthes.contract=["fee_for_service", "list_lump_sums", "rosp", "aci_msp"]'


def test_a_stack_leaves_a_team_what_it_is_paid_by_without_a_word() -> None:
    spec = load("agapanthes", ["team.agapanthes.contract=[]"])
    bare, peps = stacks({"policies": ["peps"]}, spec)
    assert bare.overrides == ('team.agapanthes.contract=["fee_for_service", "list_lump_sums", "rosp"]',)
    assert peps.overrides == ('team.agapanthes.contract=["fee_for_service", "list_lump_sums", "rosp", "peps"]',)


def test_a_stack_of_a_scenario_without_teams_is_put_on_those_that_fill_it() -> None:
    bare, peps = stacks({"policies": ["peps"]}, ScenarioSpec())
    assert bare.overrides == ('default_contract=["fee_for_service", "list_lump_sums", "rosp"]',)
    assert peps.overrides == ('default_contract=["fee_for_service", "list_lump_sums", "rosp", "peps"]',)


def test_terms_of_rules_are_levels_of_a_factor_or_come_from_reform_files(tmp_path: Path) -> None:
    (tmp_path / "cap.toml").write_text('[peps]\ncap = "0.25 from 2024-01-01"\n', encoding="utf-8")
    text = (
        'scenario = "agapanthes"\noutcomes = ["ed_visits_per_1000"]\n'
        + """
        [arms]
        low = { reforms = ["cap.toml"] }
        [factors]
        fees.G = [26.5, 30]
    """
    )
    study = read(tmp_path, text, CARETEAMS).study
    assert list(study.arms) == ["low, fees.G=26.5", "low, fees.G=30"]
    assert study.recipe.columns == {"base": "text", "fees.G": "number"}


def test_a_stack_names_known_teams() -> None:
    with pytest.raises(Mistake, match='no team "agapantes"'):
        stacks({"policies": ["peps"], "teams": ["agapantes"]}, load("agapanthes"))


@pytest.mark.parametrize(
    ("said", "seeds"), [(3, [1, 2, 3]), ([5, 1, 5], [5, 1]), ("1-3,2-4", [1, 2, 3, 4]), ("8", [8])]
)
def test_seeds_are_a_number_a_list_or_a_span(said: Any, seeds: list[int]) -> None:
    assert seeds_of(said) == seeds


WRONG = [
    ('scenario = "default"', "outcomes is missing"),
    ('outcomes = ["state"]', "scenario is missing"),
    (TOP + "sedes = 3", 'the key "sedes" is not known here. Did you mean "seeds"?'),
    (TOP + "people = 3", 'the key "people" is not known here. Known keys: arms,'),
    (TOP + "seeds = 0", "seeds = 0: expected a number of seeds"),
    (TOP + 'seeds = "a-b"', 'seeds = "a-b": expected'),
    (TOP + "years = true", "years = true: expected a whole number from 1 to 100"),
    (TOP + 'summary = "median"', "expected mean, last or sum"),
    (TOP + "years = 2\nfrom_year = 3", "from_year = 3 is outside its range, 1 to 2"),
    ('scenario = "defaut"\noutcomes = ["state"]', 'no such file or preset. Did you mean the preset "default"'),
    ('scenario = "default"\noutcomes = ["stat"]', 'outcome "stat" is not known. Did you mean "state"'),
    (TOP + "[arms]\nbig = 3", "big = 3: expected changes such as"),
    (TOP + "[arms]\nbig = { sett = [] }", 'the key "sett" is not known here. Did you mean "set"'),
    (TOP + '[arms]\nbig = ["territory.people=900"]', 'arm "big": territory.people cannot differ between arms'),
    (TOP + '[stacks]\npolicies = "peps"', "is not a list of names"),
    (TOP + '[stacks]\npolicies = ["pepps"]', 'Did you mean "peps"'),
    (TOP + "[factors]\npace = 3", "pace = 3: expected a list of values, or a table of levels"),
    (TOP + '[points]\nkind = "grind"', 'kind = "grind": expected one of grid, list'),
    (TOP + '[points]\nkind = "grid"', "vary is missing"),
    (TOP + '[points]\nkind = "sobol"\nvary = { toy.drift = {} }', "number is missing"),
    (TOP + "[points]\nvary = { toy.drift = 3 }", "toy.drift = 3: expected"),
    (TOP + "[points]\nvary = { toy.drift = { lo = 3 } }", 'the key "lo" is not known here. Did you mean "low"'),
    (TOP + "[points]\nvary = { toy.drfit = {} }", 'the parameter "toy.drfit" is not known. Did you mean "toy.drift"'),
    (TOP + '[points]\nfile = "none.csv"', "none.csv: cannot be read"),
    (TOP + '[points]\nkind = "list"', "list is missing"),
    ("scenario = ", "is not valid TOML"),
]


@pytest.mark.parametrize(("text", "message"), WRONG, ids=[text[-40:] for text, _ in WRONG])
def test_a_mistake_is_one_line_that_names_the_file(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(Mistake) as caught:
        read(tmp_path, text)
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(tmp_path / "design.toml"))
    assert "\n" not in str(caught.value)

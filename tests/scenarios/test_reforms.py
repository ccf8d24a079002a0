"""Reforms: from a file, a scenario or the command line to the terms in force and to the cents of claim lines."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agents.mistakes import Mistake
from results.messages import rendered
from scenarios.reading import load
from scenarios.reforms import over
from sim import events
from sim.founding import found
from sim.payment.contract import contract_of
from sim.payment.reform import fees_of, reform_of
from sim.payment.terms import BY_SCENARIO
from sim.specification import ScenarioSpec
from sim.week.passage import Passage
from tests.sim.made_weeks import town


def scenario(folder: Path, reform: str | None = None, own: str = "", overrides: tuple[str, ...] = ()) -> ScenarioSpec:
    """A scenario on two teams, with a reform file and more of its own."""
    if reform is not None:
        (folder / "reform.toml").write_text(reform, encoding="utf-8")
    named = 'reforms = ["reform.toml"]\n' if reform is not None else ""
    (folder / "scenario.toml").write_text(f'extends = "agapanthes"\n{named}{own}', encoding="utf-8")
    return load(folder / "scenario.toml", overrides)


def in_force(spec: ScenarioSpec, policy: str, term: str, day: date) -> Any:
    """A term of a policy on a day, under the reform of a scenario."""
    (rule,) = contract_of([policy], {}, spec.start, reform_of(spec)).policies
    return rule.terms.of[term].at(day)


# From words to terms in force.

BEFORE, ON, LATER = date(2023, 12, 31), date(2024, 1, 1), date(2026, 7, 1)


@pytest.mark.parametrize(
    "text",
    [
        '[peps]\ncap = "0.25 from 2024-01-01"',
        "[peps]\ncap = { value = 0.25, from = 2024-01-01 }",
        "[peps.cap]\nvalue = 0.25\nfrom = 2024-01-01",
        'title = "A better cap"\ndescription = "For readers"\n[peps]\ncap = ["0.25 from 2024-01-01"]',
    ],
    ids=["words", "table", "heading", "list, with a title"],
)
def test_a_file_changes_a_term_from_its_day_on(tmp_path: Path, text: str) -> None:
    spec = scenario(tmp_path, text)
    assert [in_force(spec, "peps", "cap", day).value for day in (BEFORE, ON, LATER)] == [0.2, 0.25, 0.25]
    assert in_force(spec, "peps", "cap", ON).label == BY_SCENARIO
    assert in_force(spec, "peps", "cap", BEFORE).label != BY_SCENARIO


def test_without_a_day_a_term_is_changed_for_good(tmp_path: Path) -> None:
    spec = scenario(tmp_path, "[peps]\ncap = 0.25")
    assert [in_force(spec, "peps", "cap", day).value for day in (date(2019, 7, 1), ON, LATER)] == [0.25] * 3


@pytest.mark.parametrize("turned", [False, True])
def test_several_days_make_a_list_in_any_order_and_keep_their_sources(tmp_path: Path, turned: bool) -> None:
    values = ["{ value = 0.25, from = 2024-01-01, source = 'first' }", "{ value = 0.3, from = 2026-01-01 }"]
    spec = scenario(tmp_path, f"[peps]\ncap = [{', '.join(values[::-1] if turned else values)}]")
    found = [in_force(spec, "peps", "cap", day) for day in (BEFORE, ON, LATER)]
    assert [one.value for one in found] == [0.2, 0.25, 0.3]
    assert [one.source for one in found[1:]] == ["first", "reform"]


def test_a_reform_gives_way_to_what_the_terms_of_a_team_say(tmp_path: Path) -> None:
    spec = scenario(tmp_path, "[peps]\ncap = 0.25\nfloor = 0.2", "[team.agapanthes.terms.peps]\ncap = 0.4")
    terms = spec.teams["agapanthes"].terms
    (peps,) = (p for p in contract_of(["peps"], terms, spec.start, reform_of(spec)).policies)
    assert (peps.at(ON).cap, peps.at(ON).floor) == (0.4, 0.2)


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("peps.cap=0.25", [0.25, 0.25]),
        ("peps.cap=0.25 from 2024-01-01", [0.2, 0.25]),
        ("peps.cap = '0.25 from 2024-01-01'", [0.2, 0.25]),
        ("peps.cap={value = 0.25, from = 2024-01-01}", [0.2, 0.25]),
        ('peps.cap=["0.22 from 2022-12-01", "0.25 from 2024-01-01"]', [0.22, 0.25]),
    ],
)
def test_the_command_line_changes_a_term_with_and_without_a_day(
    tmp_path: Path, override: str, expected: list[float]
) -> None:
    spec = scenario(tmp_path, overrides=(override,))
    assert [in_force(spec, "peps", "cap", day).value for day in (BEFORE, ON)] == expected


def test_the_scenario_goes_over_its_files_and_the_command_line_over_both(tmp_path: Path) -> None:
    file = "[peps]\ncap = 0.25\nfloor = 0.1\nk_pov = 0.5"
    own = '[reform.peps]\ncap = 0.3\nfloor = "0.12 from 2022-01-01"'
    spec = scenario(tmp_path, file, own, ("peps.cap=0.35", "rosp.point=8"))
    read = {term: in_force(spec, "peps", term, ON).value for term in ("cap", "floor", "k_pov")}
    assert read == {"cap": 0.35, "floor": 0.12, "k_pov": 0.5}
    assert in_force(spec, "rosp", "point", ON).value == 8


def test_a_scenario_that_extends_another_keeps_its_reform(tmp_path: Path) -> None:
    scenario(tmp_path, "[peps]\ncap = 0.25")
    (tmp_path / "top.toml").write_text('extends = "scenario.toml"\n[reform.rosp]\npoint = 8', encoding="utf-8")
    spec = load(tmp_path / "top.toml")
    assert spec.reform == {"peps": {"cap": 0.25}, "rosp": {"point": 8}}


def test_reforms_are_put_over_one_another_term_by_term() -> None:
    below = {"peps": {"cap": 1, "floor": 2}, "rosp": {"point": 3}}
    assert over(below, {"peps": {"cap": 9}, "fees": {"G": 4}}) == {
        "peps": {"cap": 9, "floor": 2}, "rosp": {"point": 3}, "fees": {"G": 4},
    }  # fmt: skip
    assert over({}, below) == over(below, {}) == below


# Fees.


def test_a_fee_that_changes_in_mid_run_changes_the_cents_of_claim_lines_on_its_day(tmp_path: Path) -> None:
    start = town().start
    day = start + timedelta(weeks=2, days=2)  # a Wednesday of the third week
    reform = scenario(tmp_path, f'[fees]\nG = "41.5 from {day}"').reform
    spec = town(2_000)
    passage = Passage(found(spec), fees_of(_with(spec, reform)))
    lines = np.concatenate([passage.week() for _ in range(5)])
    visits = lines[(lines["kind"] == events.GP) & (lines["code"] == events.CODES.index("G"))]
    days = 7 * visits["week"] + visits["day"]
    cents = visits["cents"] / visits["count"]
    assert set(cents[days < 16]) == {2_500}
    assert set(cents[days >= 16]) == {4_150}
    assert ((days >= 14) & (days < 16)).any(), "the week of the change has lines of both sides"


def test_fees_of_other_acts_are_left_alone(tmp_path: Path) -> None:
    spec = scenario(tmp_path, '[fees]\nG = "41.5 from 2022-03-02"\nHOME = 50')
    fees, usual = fees_of(spec), fees_of(load("agapanthes"))
    at_home = {"HOME", "VL"}  # a long visit is billed as a home visit before its own fee exists
    as_visit = {"G", "IMT", "LONG", "OOH", "SNP", "TLC"}  # and these as a visit, or with a supplement to one
    for day, changed in ((date(2022, 3, 1), at_home), (date(2022, 3, 2), at_home | as_visit)):
        differ = fees.fee_cents(day) != usual.fee_cents(day)
        assert {code for code, other in zip(events.CODES, differ, strict=True) if other} == changed


def _with(spec: ScenarioSpec, reform: dict[str, dict[str, Any]]) -> ScenarioSpec:
    return ScenarioSpec(start=spec.start, reform=reform)


# What is wrong is said in one line.

BAD_FILES = {
    "[pepps]\ncap = 0.25": ['"pepps" is not known here.', 'Did you mean "peps"?'],
    "[peps]\ncapp = 0.25": ['"peps" has no term "capp".', 'Did you mean "cap"?'],
    '[peps]\ncap = "a lot"': ['peps.cap = "a lot": expected a number.'],
    "[peps]\ncap = -3": ["peps.cap = -3 share is outside its range"],
    "[peps]\ncap = nan": ["peps.cap = nan share is outside its range"],
    "[peps]\ncap = [0.25, 0.3]": ["peps.cap = [0.25, 0.3]: expected a number."],
    "[peps]\ncap = []": ["peps.cap = []: expected a number."],
    "[peps]\nref_year = 2018.5": ["expected a whole number."],
    "[peps]\nsanction_after_collar = 1": ["expected true or false."],
    '[peps]\nsanction = "fixd"': ['peps.sanction = "fixd" is not known.', 'Did you mean "fixed"?'],
    '[peps]\ncap = "0.25 from 2024-13-01"': ['peps.cap: from "2024-13-01" is not a day'],
    '[peps]\ncap = "0.25 from 2024"': ['peps.cap: from "2024" is not a day'],
    '[peps]\ncap = { value = 0.25, from = "2024-01-01" }': ['from "2024-01-01" is not a day'],
    "[peps]\ncap = { value = 0.25, from = 2024-01-01T00:00:00 }": ["is not a day"],
    "[peps]\ncap = { value = 0.25, form = 2024-01-01 }": ['peps.cap: "form" is not known.', 'Did you mean "from"?'],
    "[peps]\ncap = { from = 2024-01-01 }": ["peps.cap = {from = 2024-01-01}: the value is missing"],
    "[peps]\ncap = [{ value = 0.25 }, { sorce = 'x', value = 1.0 }]": ['Did you mean "source"?'],
    "peps = 3": ["peps = 3 should be a table"],
    "cap = 0.25": ['"cap" is not known here.'],
    "[fees]\nGG = 31.5": ['tariff "GG" is not known.', 'Did you mean "G"?'],
    '[fees]\nG = "dear"': ['fees.G = "dear" is not a number.'],
    "[fees]\nG = true": ["fees.G = true is not a number."],
    "[fees.G]\n2022-01-01 = 30": ["fees.G = {2022-01-01 = 30} is not a number."],
    "[fees]\nG = -1.0": ["fees.G = -1.0 is outside its range, 0 to 100000.0 EUR."],
    "[fees]\nG = nan": ["fees.G = nan is outside its range"],
    "[fees]\nG = 1e12": ["fees.G = 1000000000000.0 is outside its range"],
    "[fees]\nG = [30, 31]": ["fees.G = [30, 31] is not a number."],
    "[peps\ncap = 1": ["line 1 is not valid TOML"],
    "['no.such:Rule']\nx = 1": ['module "no.such" cannot be imported'],
}


def refused(folder: Path, reform: str | None = None, own: str = "", overrides: tuple[str, ...] = ()) -> str:
    with pytest.raises(Mistake) as wrong:
        scenario(folder, reform, own, overrides)
    message = str(wrong.value)
    assert message == rendered(wrong.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize(("text", "says"), BAD_FILES.items(), ids=list(BAD_FILES))
def test_a_bad_reform_file_is_refused_by_its_own_name(tmp_path: Path, text: str, says: list[str]) -> None:
    message = refused(tmp_path, text)
    assert message.startswith(f"{tmp_path / 'reform.toml'}: ")
    for said in says:
        assert said in message


@pytest.mark.parametrize(
    ("own", "says"),
    [
        ("[reform.peps]\ncapp = 1", 'scenario.toml: "peps" has no term "capp". Did you mean "cap"?'),
        ("[reform.fees]\nGG = 1", 'scenario.toml: tariff "GG" is not known. Did you mean "G"?'),
        ('[reform.peps]\ncap = "1 from 2024-02-30"', 'scenario.toml: peps.cap: from "2024-02-30" is not a day'),
        ("[reform]\npeps = 3", "scenario.toml: [reform]: peps = 3 should be a table"),
        ("reform = 3", "scenario.toml: reform = 3 should be a table"),
        ('reforms = "one.toml"', 'scenario.toml: reforms = "one.toml" is not a list of names in square brackets.'),
        ("reforms = [3]", "scenario.toml: reforms = [3] is not a list of names in square brackets."),
        ('reforms = ["nowhere.toml"]', "nowhere.toml: there is no such file or preset."),
    ],
)
def test_a_bad_reform_in_a_scenario_is_refused(tmp_path: Path, own: str, says: str) -> None:
    assert says in refused(tmp_path, None, own)


@pytest.mark.parametrize(
    ("override", "says"),
    [
        ("peps.cpa=0.25", '"peps" has no term "cpa". Did you mean "cap"?'),
        ("peps.cap=high", 'peps.cap = "high": expected a number.'),
        ("peps.cap=0.25 from 2024-13-01", 'peps.cap: from "2024-13-01" is not a day'),
        ("peps.cap=", "the value is missing."),
        ("peps=0.25", "say what of it, such as peps.NAME=1."),
        ("fees=25", "say what of it, such as fees.NAME=1."),
        ("fees.GG=31.5 from 2026-01-01", 'tariff "GG" is not known. Did you mean "G"?'),
        ("fees.G=abc from 2026-01-01", 'fees.G = "abc" is not a number.'),
        ("no.such:Rule.x=3", 'module "no.such" cannot be imported'),
    ],
)
def test_a_bad_override_is_refused_by_its_own_words(tmp_path: Path, override: str, says: str) -> None:
    message = refused(tmp_path, overrides=(override,))
    assert message.startswith(f"--set {override}: ")
    assert says in message

"""Patterns: the verdict rule with hand-made numbers, every statistic by hand, bad files, a validation of a toy."""

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from agents.mistakes import Mistake
from scenarios.patterns import Pattern, judged, read_patterns, run_patterns, validate
from scenarios.patterns.judgement import INSIDE, MISS, OVERLAP, t_interval
from scenarios.patterns.statistics import seed_values
from scenarios.patterns.territories import contrasted, spread
from scenarios.patterns.validation import GROUPS, SHIPPED, as_markdown, grouped, parameters_in_use
from sim.outcomes import OUTCOMES
from sim.specification import ScenarioSpec
from tests.scenarios.toy_laboratory import TOY, outcomes

TOYS: dict[tuple[str, ...], list[ScenarioSpec]] = {("toys",): [ScenarioSpec(name="village"), ScenarioSpec(name="town")]}


def pattern(**changes: Any) -> Pattern:
    described: dict[str, Any] = {
        "id": "P", "title": "A toy", "number": 10.0, "band": (8.0, 12.0), "outcome": ("y",), "statistic": "level",
        "source": "here", "territories": ("toys",),
    }  # fmt: skip
    return Pattern(**(described | changes))


def around(mean: float, half: float, seeds: int = 30) -> pd.Series:
    """Values with this mean, and a t-interval of this half-width."""
    unit = np.tile([-1.0, 1.0], seeds // 2)
    deviation = half * math.sqrt(seeds) / stats.t.ppf(0.975, seeds - 1)
    return pd.Series(mean + unit * deviation / unit.std(ddof=1))


@pytest.mark.parametrize(
    ("mean", "half", "verdict"),
    [
        (10.0, 0.5, INSIDE),
        (8.1, 0.99, INSIDE),
        (11.9, 0.99, INSIDE),
        (10.0, 0.999, INSIDE),
        (10.0, 1.001, OVERLAP),  # half-width over a quarter of the band
        (10.0, 50.0, OVERLAP),  # so wide that it says nothing
        (7.9, 0.2, OVERLAP),
        (12.3, 0.31, OVERLAP),
        (12.3, 0.29, MISS),
        (7.0, 0.9, MISS),
        (20.0, 0.0, MISS),
    ],
)
def test_verdicts(mean: float, half: float, verdict: str) -> None:
    judgement = judged(pattern(), around(mean, half))
    assert judgement.verdict == verdict
    assert judgement.passed == (verdict == INSIDE)


@pytest.mark.parametrize(
    ("mean", "half", "sign", "verdict"),
    [
        (1.3, 0.1, "positive", INSIDE),
        (1.05, 0.1, "positive", OVERLAP),  # the interval reaches 1, no effect
        (0.8, 0.1, "positive", MISS),
        (0.8, 0.1, "negative", INSIDE),
        (1.3, 0.1, "negative", MISS),
        (1.3, 0.1, "", INSIDE),
    ],
)
def test_a_sign_must_hold_over_the_whole_interval(mean: float, half: float, sign: str, verdict: str) -> None:
    asked = pattern(statistic="paired_ratio", control="b", arms={"a": [], "b": ["x=1"]}, band=(0.0, 2.0), sign=sign)
    assert judged(asked, around(mean, half)).verdict == verdict


def test_seeds_without_a_value_are_counted_and_left_out() -> None:
    judgement = judged(pattern(), pd.Series([10.0, 10.1, math.nan, 9.9]))
    assert (judgement.seeds, judgement.failed) == (3, 1)
    nothing = judged(pattern(), pd.Series([math.nan, math.nan]))
    assert (nothing.verdict, nothing.seeds) == (MISS, 0)
    assert nothing.as_json()["mean"] is None


def test_one_seed_never_passes() -> None:
    assert judged(pattern(), pd.Series([10.0])).verdict == OVERLAP


def test_seeds_needed_are_enough_and_not_one_too_many() -> None:
    values = around(10.0, 2.0)
    needed = judged(pattern(), values).seeds_needed
    halves = [stats.t.ppf(0.975, n - 1) * values.std(ddof=1) / math.sqrt(n) for n in (needed - 1, needed)]
    assert halves[0] > 1.0 >= halves[1]
    assert judged(pattern(), around(10.0, 0.5)).seeds_needed == 0


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=50))
def test_the_interval_is_that_of_scipy(values: list[float]) -> None:
    mean, low, high = t_interval(values)
    spread_of_mean = stats.sem(values)
    if spread_of_mean < 1e-9:
        assert (low, high) == pytest.approx((mean, mean), abs=1e-6)
        return
    assert (low, high) == pytest.approx(stats.t.interval(0.95, len(values) - 1, np.mean(values), spread_of_mean))


def table(**columns: Any) -> pd.DataFrame:
    """One seed and year, arm "baseline", one row a territory."""
    size = len(next(iter(columns.values())))
    base = {"territory": [f"t{i}" for i in range(size)], "arm": "baseline", "vector": 0, "seed": 1, "year": 1}
    return pd.DataFrame(base | columns)


def value(asked: Pattern, rows: pd.DataFrame) -> float:
    return float(seed_values(asked, rows).iloc[0])


def test_level_is_a_weighted_mean_and_over_a_ratio_of_means() -> None:
    rows = table(y=[1.0, 3.0], people=[3.0, 1.0], n=[1.0, 2.0])
    assert value(pattern(), rows) == 2.0
    assert value(pattern(weight="people"), rows) == 1.5
    assert value(pattern(over="n"), rows) == pytest.approx(4 / 3)


def test_quantiles_and_tails() -> None:
    rows = table(y=np.arange(1.0, 11.0), z=np.arange(11.0, 21.0), people=np.ones(10))
    tail = pattern(statistic="quantile", quantile=0.2, tail="below")
    assert value(tail, rows) == pytest.approx(1.5)
    assert value(replace(tail, quantile=0.8, tail="above"), rows) == pytest.approx(9.5)
    assert value(replace(tail, quantile=0.25), rows) == pytest.approx((1 + 2 + 3 / 2) / 2.5)
    assert value(replace(tail, quantile=0.5, tail="at"), rows) == pytest.approx(5.5)
    assert value(replace(tail, outcome=("y", "z"), quantile=0.1), rows) == pytest.approx(1.5)
    heavy = table(y=[1.0, 2.0, 3.0], people=[1.0, 1.0, 8.0])
    assert value(replace(tail, weight="people", quantile=0.4), heavy) == pytest.approx((1 + 2 + 6) / 4)


def test_share_of_territories_and_of_pairs() -> None:
    rows = table(y=[1.0, 2.0, 3.0, 4.0], people=[1.0, 1.0, 1.0, 5.0])
    asked = pattern(statistic="share", threshold=2.5)
    assert value(asked, rows) == 0.5
    assert value(replace(asked, weight="people"), rows) == 0.75
    paired = replace(asked, arms={"a": [], "b": ["x=1"]}, control="b", threshold=0.0)
    both = pd.concat([rows.assign(arm="a"), rows.assign(arm="b", y=[2.0, 1.0, 1.0, 1.0])])
    assert value(paired, both) == 0.75


def test_gradient_sets_the_lowest_fifth_against_the_highest() -> None:
    rows = table(y=[10.0, 8.0, 6.0, 4.0, 2.0], apl=[1.0, 2.0, 3.0, 4.0, 5.0], gps=[1.0] * 5)
    asked = pattern(statistic="gradient", by="apl", weight="gps")
    assert value(asked, rows) == 5.0
    assert value(replace(asked, contrast="difference"), rows) == 8.0
    assert value(asked, rows.sample(frac=1, random_state=1)) == 5.0


def test_paired_statistics_compare_arms_seed_by_seed() -> None:
    rows = pd.concat([
        pd.DataFrame({"territory": "t", "arm": arm, "vector": 0, "seed": seed, "year": 1, "y": [seed * factor]})
        for arm, factor in (("paid", 1.2), ("now", 1.0)) for seed in (1, 2, 3)
    ])  # fmt: skip
    asked = pattern(statistic="paired_ratio", arms={"paid": ["x=1"], "now": []}, control="now")
    assert seed_values(asked, rows).to_list() == pytest.approx([1.2] * 3)
    difference = replace(asked, statistic="paired_difference")
    assert seed_values(difference, rows).to_list() == pytest.approx([0.2, 0.4, 0.6])
    lost = rows[~((rows["arm"] == "now") & (rows["seed"] == 2))]
    assert seed_values(asked, lost).isna().to_list() == [False, True, False]


def test_a_ratio_to_nothing_is_missing() -> None:
    rows = pd.concat([table(y=[0.0], x=[0.0]).assign(arm=arm) for arm in ("paid", "now")])
    paired = pattern(statistic="paired_ratio", arms={"paid": ["x=1"], "now": []}, control="now")
    for asked in (paired, pattern(over="x", arms={"paid": []})):
        assert seed_values(asked, rows).isna().all()


def test_with_a_control_a_gradient_and_a_correlation_are_those_of_the_effect() -> None:
    """Levels that grow with size, and an effect that falls with it."""
    effect = [8.0, 4.0, 2.0]
    rows = pd.concat([
        table(y=[10.0 + paid, 20.0 + paid_more, 30.0 + paid_most], size=[3.0, 5.0, 50.0]).assign(arm=arm)
        for arm, (paid, paid_more, paid_most) in (("paid", effect), ("now", [0.0] * 3))
    ])  # fmt: skip
    asked = pattern(statistic="gradient", by="size", end=0.3, arms={"paid": ["x=1"], "now": []}, control="now")
    assert value(asked, rows) == pytest.approx(8 / 2)
    assert value(replace(asked, contrast="difference"), rows) == pytest.approx(8 - 2)
    assert value(replace(asked, statistic="correlation"), rows) == pytest.approx(np.corrcoef(effect, [3, 5, 50])[0, 1])


def test_correlation_across_territories() -> None:
    rows = table(y=[1.0, 2.0, 4.0], x=[3.0, 2.0, 0.0])
    assert value(pattern(statistic="correlation", by="x"), rows) == pytest.approx(-1.0)


def test_a_missing_territory_or_outcome_makes_the_value_missing() -> None:
    rows = pd.concat([table(y=[1.0, 2.0]), table(y=[1.0, math.nan]).assign(seed=2), table(y=[5.0]).assign(seed=3)])
    assert seed_values(pattern(years=1), rows).isna().to_list()[:2] == [False, True]
    two_years = pattern(years=2, read=(1, 2))
    assert seed_values(two_years, table(y=[1.0, 2.0])).isna().all()


GOOD = """
[P-1]
title = "Toy state"
number = 101
band = [100, 103]
outcome = "state"
statistic = "level"
source = "here"
territories = "toys"
"""
BAD = {
    "no pattern": ("", "holds no pattern"),
    "not toml": ("[P-1", "line 1 is not valid TOML"),
    "unknown key": (GOOD + "bands = 1", r'P-1": the key "bands" is not known here. Did you mean "band"'),
    "unknown outcome": (GOOD.replace('"state"', '"stat"'), 'outcome = "stat" is not known. Did you mean "state"'),
    "unknown statistic": (GOOD.replace('"level"', '"mean"'), 'statistic = "mean" is not known.* Known values: .*level'),
    "band upside down": (GOOD.replace("[100, 103]", "[103, 100]"), "first number must be the lower"),
    "band of one number": (GOOD.replace("[100, 103]", "[100]"), r"band = \[100\]: expected two numbers"),
    "band of texts": (GOOD.replace("[100, 103]", '["a", "b"]'), "expected two numbers"),
    "band missing": (GOOD.replace("band = [100, 103]", ""), "band is missing"),
    "title is a number": (GOOD.replace('"Toy state"', "3"), "title = 3: expected text"),
    "years is a text": (GOOD + 'years = "2"', 'years = "2": expected whole number'),
    "years beyond range": (GOOD + "years = 0", "years = 0 is outside its range, 1 to 100"),
    "replicates too few": (GOOD + "replicates = 1", "replicates = 1 is outside its range"),
    "read after the end": (GOOD + "years = 2\nread = [1, 3]", "read = 3 is outside its range, 1 to 2"),
    "quantile beyond 1": (GOOD + "quantile = 1.5", "quantile = 1.5 is outside"),
    "sign unknown": (GOOD + 'sign = "up"', 'sign = "up" is not known'),
    "paired without control": (GOOD.replace('"level"', '"paired_ratio"'), "needs control"),
    "control without arm": (GOOD + 'control = "now"', 'control = "now" is not known'),
    "control that is the arm itself": (
        GOOD.replace('"level"', '"paired_ratio"') + 'control = "baseline"',
        'control = "baseline" is the arm that is read',
    ),
    "gradient without by": (GOOD.replace('"level"', '"gradient"'), "needs by"),
    "arms are not lists": (GOOD + "[P-1.arms]\nbaseline = 3", "expected table of lists"),
    "pattern is no table": ("P-1 = 3", r"expected a table, \[P-1\]"),
    "defaults is no table": ("defaults = 3\n" + GOOD, r"expected a table, \[defaults\]"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_files_are_refused_in_one_clear_line(case: str, tmp_path: Path) -> None:
    text, expected = BAD[case]
    file = tmp_path / "mine.toml"
    file.write_text(text)
    with pytest.raises(Mistake, match=expected) as caught:
        read_patterns(file, outcomes())
    assert str(caught.value).startswith(str(file))
    assert "\n" not in str(caught.value).removesuffix("\n")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="no such file"):
        read_patterns(tmp_path / "none.toml", {})


def test_defaults_are_shared_and_can_be_overridden(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    shared = '[defaults]\nyears = 3\ngroup = "mine"\n'
    file.write_text(shared + GOOD + "years = 2\n" + GOOD.replace("P-1", "P-2"))
    first, second = read_patterns(file, outcomes())
    assert (first.years, second.years) == (2, 3)
    assert first.group == second.group == "mine"
    assert first.years_read == (2,)


def test_patterns_with_the_same_needs_share_one_study_and_its_arms() -> None:
    base = pattern(outcome=("state",))
    cut = {"cut": ["toy.drift=2"], "now": []}
    paired = pattern(id="Q", outcome=("square",), statistic="paired_ratio", arms=cut, control="now")
    groups = grouped([base, paired, replace(base, id="R", years=2)], TOY, TOYS)
    assert [len(g.patterns) for g in groups] == [2, 1]
    assert len(groups[0].study.arms) == 2
    assert list(groups[0].study.outcomes) == ["square", "state"]


def test_a_pattern_of_one_place_is_read_off_the_study_of_several() -> None:
    """Only where that study runs its arms anyway; it reads its own place alone, whatever its pattern calls it."""
    village, town = TOYS[("toys",)]
    places = {("near",): [village], ("near", "far"): [village, town]}
    narrow = pattern(id="N", outcome=("state",), territories=("near",), replicates=3)
    wide = pattern(id="W", outcome=("square",), territories=("near", "far"), replicates=3)
    (group,) = grouped([narrow, wide], TOY, places)
    assert [p.id for p in group.patterns] == ["W", "N"]
    (alone,) = run_patterns([narrow], workers=1, laboratory=TOY, territories=places)
    together, _wide = run_patterns([narrow, wide], workers=1, laboratory=TOY, territories=places)
    assert together == alone
    other = replace(wide, arms={"more": ["toy.drift=3"]})
    assert len(grouped([narrow, other], TOY, places)) == 2


def test_a_comparison_of_places_needs_more_than_one() -> None:
    """With one, a gradient is 1 and a difference 0 whatever the model does."""
    alone = pattern(statistic="gradient", by="apl_mean", outcome=("gps",), territories=("baseline",))
    with pytest.raises(
        Mistake, match=r'\[P\]: statistic = "gradient" compares territories, and there is only one: baseline'
    ):
        grouped([alone])
    with pytest.raises(Mistake, match="only one: baseline"):
        grouped([replace(alone, statistic="correlation")])
    assert grouped([replace(alone, statistic="correlation", years=2, read=(1, 2))])
    assert grouped([replace(alone, territories=("many",))])


def test_patterns_are_judged_on_a_study() -> None:
    level = pattern(outcome=("state",), band=(102.0, 105.0), replicates=3)
    arms = {"more": ["toy.drift=3"], "now": []}
    paired = pattern(id="Q", outcome=("state",), statistic="paired_difference", arms=arms, control="now",
                     band=(1.9, 2.1), sign="positive", replicates=3)  # fmt: skip
    first, second = run_patterns([level, paired], workers=1, laboratory=TOY, territories=TOYS)
    assert first.seeds == second.seeds == 3
    assert second.mean == pytest.approx(2.0)
    assert second.verdict == INSIDE
    assert 102 < first.mean < 105


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two patterns, one met and one missed, with the toy's territories in place of the files'."""
    monkeypatch.setattr("scenarios.patterns.validation.territories_of", lambda names: TOYS[names])
    path = tmp_path / "mine.toml"
    met, missed = GOOD.replace("[100, 103]", "[94, 114]"), GOOD.replace("[100, 103]", "[1, 2]")
    path.write_text(met + missed.replace("P-1", "P-2"))
    return path


def test_validate_prints_a_table_and_leaves_with_zero_even_with_misses(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    code = validate([file], seeds=4, workers=1, progress=False, folder=tmp_path, markdown=page, laboratory=TOY)
    assert code == 0
    printed = capsys.readouterr().out
    assert "P-1 Toy state" in printed
    assert "1 of 2 patterns are inside their band." in printed
    assert parameters_in_use() in page.read_text()
    assert "| P-2 Toy state | 101 | 1.00 – 2.00 |" in page.read_text()


def test_validate_as_json(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert validate([file], seeds=4, workers=1, as_json=True, progress=False, folder=None, laboratory=TOY) == 0
    first, second = json.loads(capsys.readouterr().out)
    assert (first["id"], first["verdict"], first["passed"], first["seeds"]) == ("P-1", "inside", True, 4)
    assert (second["verdict"], second["passed"], second["band"]) == ("miss", False, [1.0, 2.0])
    assert first["low"] < first["mean"] < first["high"]


def test_validate_refuses_one_seed_and_twins(file: Path) -> None:
    with pytest.raises(Mistake, match="2 or more"):
        validate([file], seeds=1, laboratory=TOY)
    with pytest.raises(Mistake, match='two patterns have the id "P-1"'):
        validate([file, file], laboratory=TOY)


def test_a_table_shows_what_is_not_a_number() -> None:
    open_band = judged(pattern(band=(1.0, math.inf)), pd.Series([math.nan]))
    assert "1.00 – ∞ | – | – – –" in as_markdown([open_band])
    assert open_band.as_json()["band"] == [1.0, None]


def test_many_territories_have_contrasted_densities_in_french_proportions() -> None:
    specs = contrasted(ScenarioSpec(name="base"))
    densities = [spec.territory.gps_per_10000 for spec in specs]
    assert len(specs) >= 20
    assert len({spec.name for spec in specs}) == len(specs)
    assert {next(iter(spec.territory.area_types)) for spec in specs} == {"T1", "T2", "T3", "T4", "T5", "T6"}
    assert max(densities) > 2 * min(densities)
    assert all(spec.teams == {} for spec in specs)
    assert np.mean(spread(7, 0.35)) == pytest.approx(1.0)


def test_cities_stand_on_less_ground_than_the_countryside() -> None:
    base = ScenarioSpec(name="base").territory
    grounds = {next(iter(s.territory.area_types)): (s.territory.columns, s.territory.rows) for s in contrasted()}
    assert grounds["T1"] == grounds["T2"] == grounds["T3"] == grounds["T4"] == (base.columns, base.rows)
    assert grounds["T5"] == grounds["T6"]
    assert grounds["T5"][0] * grounds["T5"][1] < base.columns * base.rows / 2
    assert all(spec.territory.people == base.people for spec in contrasted())


def test_the_shipped_files_ask_for_declared_outcomes_and_give_both_languages() -> None:
    patterns = [p for name in GROUPS for p in read_patterns(SHIPPED / f"{name}.toml", OUTCOMES)]
    for number in ("V-01", "V-02", "V-03", "V-04", "V-05", "V-23", "V-28", "spending"):
        assert any(p.id.startswith(number) for p in patterns), number
    for shipped in patterns:
        assert isinstance(shipped.title, dict)
        assert set(shipped.title) == {"en", "fr"}
        if isinstance(shipped.number, float):
            assert shipped.band[0] <= shipped.number <= shipped.band[1], shipped.id
        assert shipped.replicates >= 30
    assert {p.id for p in patterns if "many" in p.territories} >= {"V-03-apl", "V-23-lists"}


def test_the_shipped_patterns_resolve_to_few_studies() -> None:
    patterns = [p for name in GROUPS for p in read_patterns(SHIPPED / f"{name}.toml", OUTCOMES)]
    studies = [group.study for group in grouped(patterns)]
    whole = [study for study in studies if len(study.territories) > 1]
    assert [len(study.territories) for study in whole] == [24, 5], "the contrasted ones, and groups by size, run once"
    assert not [study for study in studies if len(study.territories) == 1 and study.territories[0].name == "savings_3"]
    places = {(study.territories[0].name, study.years) for study in studies if study not in whole}
    assert len(places) == len(studies) - len(whole), "no territory is run twice over the same years"

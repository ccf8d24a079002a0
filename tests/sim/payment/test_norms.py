"""Norms: what grows and what does not, the file that holds them, and what is said of a table that is wrong."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.mistakes import Mistake
from sim.payment.accounts_of_year import LIST_CLASSES
from sim.payment.norms import Norms
from sim.payment.norms_file import CLASSES, known_norms, norms_from, norms_text, read_norms

MEANS = np.linspace(40.0, 320.0, len(LIST_CLASSES))
NORMS = Norms(
    digest="0123456789abcdef",
    base_year=2021,
    by_class={"gp_fees": MEANS, "share": np.full(len(LIST_CLASSES), 1 / len(LIST_CLASSES))},
    growth={"gp_fees": {2020: 0.99, 2021: 1.0, 2022: 1.02, 2023: 1.03}},
    trend={"gp_fees": 1.015, "spending": 1.01},
    by_area={"spending_factor": np.array([1.03, 1.01, 0.97, 1.0, 1.0, 0.99])},
    deciles={"readmissions": np.linspace(0.08, 0.16, 9)},
    numbers={"gp_fees": 101.5, "spending": 2540.25},
    standard_errors={"by_class": {"gp_fees": np.full(len(LIST_CLASSES), 0.5)}, "trend": {"gp_fees": 0.001},
                     "numbers": {"spending": 12.5}, "by_area": {}},
    about={"patient_years": 2_000_000, "parameters": 'with "quotes" and \\'},
)  # fmt: skip


def file_of(norms: Norms, folder: Path) -> Path:
    path = folder / "norms.toml"
    path.write_text(norms_text(norms), encoding="utf-8")
    return path


# Growth.


def test_simulated_years_are_as_they_were_and_the_trend_goes_on_from_the_last() -> None:
    assert NORMS.of_classes("gp_fees", 2021) == pytest.approx(MEANS)
    assert NORMS.of_classes("gp_fees", 2022) == pytest.approx(MEANS * 1.02)
    assert NORMS.of_classes("gp_fees", 2025) == pytest.approx(MEANS * 1.03 * 1.015**2)


def test_before_the_first_year_nothing_changes() -> None:
    assert NORMS.grown("gp_fees", 2015) == NORMS.grown("gp_fees", 2020) == 0.99


def test_a_table_with_a_trend_alone_has_it_in_both_directions() -> None:
    assert NORMS.grown("spending", 2024) == pytest.approx(1.01**3)
    assert NORMS.grown("spending", 2019) == pytest.approx(1.01**-2)
    assert NORMS.number("spending", 2022) == pytest.approx(2540.25 * 1.01)
    assert NORMS.number("spending") == 2540.25


def test_what_is_known_of_no_year_does_not_grow() -> None:
    assert NORMS.of_classes("share", 2030) == pytest.approx(NORMS.by_class["share"])


@given(st.integers(2000, 2060), st.floats(0.9, 1.1))
@settings(max_examples=50)
def test_growth_is_that_of_the_trend_from_year_to_year_beyond_what_is_known(year: int, trend: float) -> None:
    norms = replace(NORMS, trend={"gp_fees": trend})
    if year > 2023:
        assert norms.grown("gp_fees", year + 1) == pytest.approx(norms.grown("gp_fees", year) * trend)


def test_a_norm_that_is_not_held_is_named_with_the_nearest() -> None:
    with pytest.raises(Mistake, match='hold no "gp_fee"\\. Did you mean "gp_fees"'):
        NORMS.of_classes("gp_fee", 2021)
    with pytest.raises(Mistake, match="readmissions"):
        NORMS.decile("readmission", 3)


# The file.


def test_a_file_gives_back_what_was_written(tmp_path: Path) -> None:
    read = read_norms(file_of(NORMS, tmp_path))
    assert (read.digest, read.base_year) == (NORMS.digest, NORMS.base_year)
    assert read.growth == NORMS.growth
    assert read.trend == NORMS.trend
    assert read.numbers == NORMS.numbers
    assert read.about == NORMS.about
    for part in ("by_class", "by_area", "deciles"):
        ours, theirs = getattr(NORMS, part), getattr(read, part)
        assert set(ours) == set(theirs)
        for name in ours:
            np.testing.assert_allclose(theirs[name], ours[name], rtol=1e-5)
    assert read.standard_errors["by_class"]["gp_fees"] == pytest.approx(0.5)
    assert read.standard_errors["trend"] == {"gp_fees": 0.001}
    assert read.standard_errors["numbers"] == {"spending": 12.5}
    assert np.isnan(read.standard_errors["by_class"]["share"]).all()


@given(st.lists(st.floats(0, 1e9), min_size=len(CLASSES), max_size=len(CLASSES)))
@settings(max_examples=25)
def test_any_amount_survives_to_six_digits(amounts: list[float]) -> None:
    norms = Norms(by_class={"spending": np.array(amounts)})
    read = norms_from(tomllib.loads(norms_text(norms)), "norms.toml")
    np.testing.assert_allclose(read.by_class["spending"], amounts, rtol=1e-5, atol=1e-300)


def test_writing_what_was_read_changes_nothing(tmp_path: Path) -> None:
    path = file_of(NORMS, tmp_path)
    assert norms_text(read_norms(path)) == path.read_text(encoding="utf-8")


def test_a_file_is_read_again_when_it_has_changed(tmp_path: Path) -> None:
    import os

    path = file_of(NORMS, tmp_path)
    before = known_norms(path)
    assert known_norms(path) is before
    path.write_text(norms_text(replace(NORMS, base_year=2019)), encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert known_norms(path).base_year == 2019


# A user's own table.


def own(**tables: Any) -> dict[str, Any]:
    return {"about": {"base_year": 2021}, **tables}


def column(**changed: Any) -> dict[str, Any]:
    return {**dict.fromkeys(CLASSES, 100.0), **changed}


def test_a_table_may_hold_only_what_is_asked_for() -> None:
    read = norms_from(own(numbers={"poverty": 0.145}, by_class={"spending": column()}), "mine.toml")
    assert read.number("poverty") == 0.145
    assert read.of_classes("spending", 2030) == pytest.approx(100.0)
    assert read.digest == ""


def test_classes_may_have_the_name_of_their_measure() -> None:
    read = norms_from(own(by_class={"spending": {f"list_{name}": 7.0 for name in CLASSES}}), "mine.toml")
    assert read.of_classes("spending", 2021) == pytest.approx(7.0)


WITHOUT_ONE = dict.fromkeys(CLASSES[1:], 1.0)


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"by_clas": {}}, 'the table "by_clas" is not known. Did you mean "by_class"?'),
        ({"about": {}}, "about.base_year = None is not a calendar year"),
        ({"about": {"base_year": 21}}, "about.base_year = 21 is not a calendar year"),
        ({"numbers": 3}, "[numbers] is not a table."),
        ({"numbers": {"poverty": "14 %"}}, "numbers.poverty = 14 %: expected a number"),
        ({"numbers": {"poverty": True}}, "numbers.poverty = True: expected a number"),
        ({"numbers": {"poverty": float("nan")}}, "numbers.poverty = nan: expected a number"),
        ({"numbers": {"poverty": -0.1}}, "numbers.poverty = -0.1 is below what it can be."),
        ({"trend": {"spending": 0}}, "trend.spending = 0 is below what it can be."),
        ({"growth": {"spending": {"later": 1.0}}}, "growth.spending = later is not a calendar year"),
        ({"by_class": {"spending": WITHOUT_ONE}}, f'[by_class.spending] lacks "{CLASSES[0]}" (1 missing)'),
        ({"by_class": {"spending": {**column(), "85+_woman_ald_c2s": 1.0}}}, 'Did you mean "85+_women_ald_c2s"?'),
        ({"by_class": {"spending": column(**{CLASSES[3]: [1.0, 2.0, 3.0]})}}, "expected a number, or [value, standard"),
        ({"by_area": {"contacts": {"T1": 1.0}}}, '[by_area.contacts] lacks "T2" (5 missing)'),
        ({"by_area": {"contacts": {"T7": 1.0}}}, '[by_area.contacts] has no "T7". Did you mean "T1"?'),
        ({"deciles": {"readmissions": [0.1, 0.2]}}, "deciles.readmissions: expected 9 numbers"),
        ({"deciles": {"readmissions": [9, 8, 7, 6, 5, 4, 3, 2, 1]}}, "none below the one before"),
    ],
)
def test_a_wrong_table_is_told_in_one_line(tables: dict[str, Any], said: str) -> None:
    with pytest.raises(Mistake) as caught:
        norms_from(own(**tables), "mine.toml")
    assert str(caught.value).startswith("mine.toml: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_table_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="cannot be read"):
        read_norms(tmp_path / "nowhere.toml")
    (tmp_path / "bad.toml").write_text("a = = 1\n")
    with pytest.raises(Mistake, match="not a table of norms in TOML"):
        read_norms(tmp_path / "bad.toml")
    (tmp_path / "latin.toml").write_bytes(b"a = '\xe9'\n")
    with pytest.raises(Mistake, match="not a table of norms in TOML"):
        read_norms(tmp_path / "latin.toml")

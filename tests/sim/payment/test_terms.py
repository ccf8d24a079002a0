"""Dated terms: what holds when, what a scenario or a reform may change, what a file must say."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from agents.mistakes import Mistake
from sim.parameters import LABELS
from sim.payment.rules import policy_class
from sim.payment.terms import FOLDER, Change, Terms, read_terms, term
from sim.specification import POLICIES
from sim.tariffs import FEE_FILES

FILE = """
[cap]
title = "Cap"
unit = "share"
label = "press"
source = "P-PEPS-CAP"
range = [0.0, 1.0]
values = [{ valid_from = 2019-06-19, value = 0.15 }, { valid_from = 2022-11-10, value = 0.20, label = "official" }]
[mode]
title = "How"
unit = ""
label = "assumption"
source = "systems 2.4"
choices = ["one", "other"]
values = [{ valid_from = 2019-06-19, value = "one" }]
[grid]
title = "Grid"
unit = "EUR"
label = "press"
source = "systems 2.2"
range = [0, 100]
values = [{ valid_from = 2019-06-19, value = { a = 1, b = 2 } }]
"""


@dataclass(frozen=True)
class Kind:
    cap: float
    mode: str
    grid: dict[str, float]


@pytest.fixture
def terms(tmp_path: Path) -> Terms:
    (tmp_path / "made.toml").write_text(FILE, encoding="utf-8")
    return read_terms("made", Kind, tmp_path / "made.toml")


def test_a_value_holds_from_its_day_and_the_first_one_before(terms: Terms) -> None:
    for day, value, label in [(date(2018, 1, 1), 0.15, "press"), (date(2022, 11, 9), 0.15, "press"),
                              (date(2022, 11, 10), 0.20, "official")]:  # fmt: skip
        dated = terms.at(day)["cap"]
        assert (dated.value, dated.label, dated.source) == (value, label, "P-PEPS-CAP")


def test_a_scenario_changes_a_term_for_good_a_reform_from_its_day(terms: Terms) -> None:
    for_good = terms.changed([Change("cap", 0.3)])
    assert [for_good.at(date(year, 1, 1))["cap"].value for year in (2018, 2021, 2024)] == [0.3] * 3
    reform = terms.changed([Change("cap", 0.25, date(2024, 1, 1), "a proposal")])
    assert [reform.at(date(year, 1, 1))["cap"].value for year in (2021, 2023, 2024)] == [0.15, 0.2, 0.25]
    assert reform.at(date(2024, 1, 1))["cap"].source == "a proposal"
    assert terms.at(date(2024, 1, 1))["cap"].value == 0.2, "the terms themselves stay as they are"


def test_a_part_of_a_table_can_be_changed(terms: Terms) -> None:
    assert terms.changed([Change("grid", {"b": 5})]).at(date(2021, 1, 1))["grid"].value == {"a": 1, "b": 5}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("capp", 0.2, '"cap"'),
        ("cap", 1.5, "outside its range"),
        ("cap", "0.2", "a number"),
        ("cap", True, "a number"),
        ("mode", "othr", '"other"'),
        ("grid", {"c": 1}, "a, b"),
        ("grid", {"a": 500}, "outside its range"),
        ("grid", 3, "a table"),
    ],
)
def test_a_change_that_a_term_cannot_take_names_rule_term_and_what_was_expected(
    terms: Terms, name: str, value: object, said: str
) -> None:
    with pytest.raises(Mistake) as wrong:
        terms.changed([Change(name, value)])
    assert said in str(wrong.value)
    assert "made" in str(wrong.value)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('source = "P-PEPS-CAP"\n', ""),
        ('label = "press"\nsource = "P-PEPS-CAP"', 'label = "sure"\nsource = "P-PEPS-CAP"'),
        ('unit = "share"\n', ""),
        ("2022-11-10", "2018-01-01"),
        ("value = 0.15", "value = 7.0"),
        ("[mode]", "[moode]"),
        ('source = "P-PEPS-CAP"', 'source = ""'),
        ("values = [{ valid_from = 2019-06-19, value = 0.15 }, { valid_from", "values = []\nother = [{ valid_from"),
    ],
)
def test_a_file_without_day_unit_label_or_source_is_refused(tmp_path: Path, old: str, new: str) -> None:
    assert old in FILE
    (tmp_path / "made.toml").write_text(FILE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Mistake):
        read_terms("made", Kind, tmp_path / "made.toml")


def test_terms_may_be_declared_in_code(tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class InCode:
        amount: float = term(20.0, "Amount", "EUR", source="ours", low=0, high=50)
        plain: float = 1.0

    with pytest.raises(Mistake, match="plain"):
        read_terms("in_code", InCode, tmp_path / "none.toml")


def test_every_term_of_every_rule_has_a_day_a_unit_a_label_and_a_source() -> None:
    files = {file.stem for file in FOLDER.glob("*.toml")} - set(FEE_FILES)
    for name in POLICIES:
        terms = policy_class(name)().terms.of
        assert terms or name not in files
        for found in terms.values():
            assert found.title
            assert isinstance(found.unit, str)
            for entry in found.entries:
                assert entry.label in LABELS
                assert entry.source
                assert entry.valid_from > date(1945, 1, 1)
            numbers = [
                e.value for e in found.entries if isinstance(e.value, float | int) and not isinstance(e.value, bool)
            ]
            assert not numbers or found.low is not None, f"{name}.{found.name} has no range"

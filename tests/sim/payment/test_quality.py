"""Scoring of quality indicators: examples Q-1 to Q-5 of the specification, and what holds of any value."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.mistakes import Mistake
from sim.accounts import Accounts
from sim.measures import MEASURES
from sim.payment.accounts_of_year import AccountsOfYear, Numbers
from sim.payment.formula import formula
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.quality import (
    ACTIVE_SETS,
    HIGHER,
    INDICATORS,
    LOWER,
    QualityParameters,
    fraction,
    fractions_of,
    in_force,
    ipep_names,
    ratio,
    score,
    targets,
    values,
)
from tests.invented_lines import accounting_world, invented_lines

UNKNOWN = np.array([np.nan])
DECILES = np.arange(1, 10) / 10
ANY = st.floats(0, 1)


def year_of(columns: dict[str, float], around: dict[str, float] | None = None, year: int = 2022) -> AccountsOfYear:
    return AccountsOfYear.of_tables(year, {"team": {"registered_list": 1000, **columns}}, around)


def terms(**changes: object) -> QualityParameters:
    return replace(in_force(year_of({})), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("better", "half", "full", "before", "value", "expected"),
    [
        (HIGHER, 0.60, 0.80, np.nan, 0.70, 0.75),
        (LOWER, 0.30, 0.20, np.nan, 0.24, 0.80),
        (HIGHER, 0.60, 0.80, 0.50, 0.55, 0.25),
        (HIGHER, 0.60, 0.80, 0.50, 0.48, 0.0),
        (HIGHER, 0.60, 0.80, np.nan, 0.55, 0.0),  # no year before: no progress
        (HIGHER, 0.60, 0.80, 0.70, 0.55, 0.0),  # it was better than the intermediate objective: a fall
        (LOWER, 0.30, 0.20, 0.50, 0.40, 0.25),
        (HIGHER, 0.60, 0.80, np.nan, 0.60, 0.5),
        (HIGHER, 0.60, 0.80, np.nan, 0.80, 1.0),
        (LOWER, 0.0, 0.0, np.nan, 0.0, 1.0),  # everybody is perfect
        (HIGHER, 0.9, 0.8, np.nan, 0.85, 1.0),  # a mean above the eighth decile
    ],
)
def test_marks(better: str, half: float, full: float, before: float, value: float, expected: float) -> None:
    found = fraction(np.array([value]), half, full, np.array([before]), better)
    assert found == pytest.approx([expected])


def test_scores_over_what_is_known() -> None:
    seven = np.full((10, 1), np.nan)
    seven[:7] = 0.75
    assert score(seven) == pytest.approx([75])
    assert score(seven, "zero") == pytest.approx([52.5])
    assert score(seven, "half") == pytest.approx([67.5])
    for rule in ("drop", "zero", "half"):
        assert np.isnan(score(np.full((10, 1), np.nan), rule)).all()


@given(value=ANY, more=ANY, half=ANY, gap=ANY, before=ANY, turned=st.booleans())
@settings(max_examples=50)
def test_a_better_value_never_scores_less(
    value: float, more: float, half: float, gap: float, before: float, turned: bool
) -> None:
    sign, better = (-1, LOWER) if turned else (1, HIGHER)
    marks = fraction(sign * np.array([value, value + more]), sign * half, sign * (half + gap),
                     sign * np.full(2, before), better)  # fmt: skip
    assert 0 <= marks[0] <= marks[1] + 1e-12 <= 1 + 1e-12


def test_objectives_are_mirrored_where_lower_is_better() -> None:
    norms = Norms(deciles={"readmissions": DECILES, "direct_admissions": DECILES}, numbers={"direct_admissions": 0.45})
    assert targets(INDICATORS["direct_admissions"], norms, terms()) == (0.3, 0.8)
    assert targets(INDICATORS["readmissions"], norms, terms()) == (0.7, 0.2)
    assert targets(INDICATORS["direct_admissions"], norms, terms(target_def="mean_2019")) == (0.45, 0.8)
    assert targets(INDICATORS["shared_record"], norms, terms()) == (0.2, 0.5)
    with pytest.raises(Mistake, match="readmissions_physicians"):
        targets(INDICATORS["readmissions"], norms, terms(), "_physicians")


def test_values_come_from_declared_measures() -> None:
    year = year_of({"ed_not_admitted": 220, "readmissions": 8, "discharges": 80, "it_ok": 1, "listed_seen": 800,
                    "prevention_done": 30, "list_prevention_due": 70, "list_trust": 640},
                   {"residents_17": 5000, "residents_17_registered": 4500})  # fmt: skip
    expected = {"registered_residents": 0.9, "ed_without_admission": 22, "readmissions": 0.1, "shared_record": 0.4,
                "prevention": 30, "questionnaire": 0.64}  # fmt: skip
    for name, value in expected.items():
        assert values(INDICATORS[name], year) == pytest.approx([value]), name


def test_what_is_not_known_is_missing() -> None:
    year = year_of({"readmissions": 1, "discharges": 29})
    assert np.isnan(values(INDICATORS["readmissions"], year)).all()
    assert values(INDICATORS["readmissions"], year, least=10) == pytest.approx([1 / 29])
    assert np.isnan(values(INDICATORS["letters"], year)).all()
    assert np.isnan(fractions_of(["readmissions", "letters"], year, History(), Norms(), terms(min_den=1))).all()


def test_progress_is_told_by_the_year_before() -> None:
    norms = Norms(deciles={"direct_admissions": DECILES})
    now = year_of({"medical_admissions": 100, "medical_admissions_direct": 20})
    before = year_of({"medical_admissions": 100, "medical_admissions_direct": 10}, year=2021)
    marks = fractions_of(["direct_admissions"], now, History({2021: before}), norms, terms())
    assert marks == pytest.approx(np.array([[0.25]]))
    assert fractions_of(["direct_admissions"], now, History(), norms, terms()) == pytest.approx(np.zeros((1, 1)))


def test_a_physician_has_the_software_of_the_team() -> None:
    year = AccountsOfYear.of_tables(2022, {
        "team": {"registered_list": [900.0, 800.0], "it_ok": [0.0, 1.0]},
        "physician": {"registered_list": [900.0, 800.0], "listed_seen": [800.0, 800.0], "team": [0, 1]},
    })  # fmt: skip
    found = values(INDICATORS["shared_record"], year, "physician")
    assert found == pytest.approx([0, 0.5])


def test_active_sets() -> None:
    assert len(ipep_names("text10")) == 10
    assert "letters" not in ipep_names("paid9")
    known = [INDICATORS[name] for name in ipep_names("auto7")]
    assert len(known) == 7
    assert {one.data for one in known} == {"claims"}
    assert set(ACTIVE_SETS["auto7"]) < set(ACTIVE_SETS["paid9"]) < set(ACTIVE_SETS["text10"])


def test_indicators_rest_on_measures_and_terms() -> None:
    for one in INDICATORS.values():
        assert one.better in (HIGHER, LOWER)
        for text in (one.numerator, one.denominator, *one.days):
            for name in formula(text).names if text else ():
                assert name in MEASURES or hasattr(terms(), name), (one.name, name)


def test_claims_indicators_can_be_told_of_lists_and_territories() -> None:
    for one in INDICATORS.values():
        wanted = {"territory"} if one.level == "territory" else {"team", "physician", "territory"}
        for text in (one.numerator, one.denominator, *one.days):
            for name in formula(text).names if text and one.data == "claims" else ():
                assert wanted <= set(MEASURES[name].per), (one.name, name)


def test_indicators_of_a_counted_world() -> None:
    world = accounting_world()
    accounts, lines = Accounts(world), invented_lines(world, 4000, weeks=40)
    accounts.add(lines, world)
    accounts.close_year(world, 1)
    for level in ("team", "physician", "territory"):

        def read(name: str, level: str = level) -> Numbers:
            return np.asarray(accounts.array(name, 1, level), dtype=float)

        for one in INDICATORS.values():
            if one.data == "claims" and (one.level != "territory" or level == "territory"):
                found = ratio(one, read, terms(), least=1)
                assert (found[np.isfinite(found)] >= 0).all(), one.name
                if one.unit == "share":
                    assert (found[np.isfinite(found)] <= 1).all(), one.name

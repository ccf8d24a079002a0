"""Fees on their day (systems 2.1)."""

from datetime import date

import numpy as np
import pytest

from agents.mistakes import Mistake
from sim import events
from sim.payment.reform import fees_of
from sim.specification import EARLIEST_START, LATEST_START, ScenarioSpec
from sim.tariffs import Tariffs, all_tariffs, fee_cents, insurer_cents, patient_split

DAY_2025 = date(2025, 6, 2)


def test_ffs_1_a_year_of_acts_at_the_fees_of_2025() -> None:
    fees = fee_cents(DAY_2025)
    assert 4500 * fees[events.G] + 300 * fees[events.HOME] + 200 * fees[events.G_CHILD] == 154_000_00


def test_ffs_2_a_fee_that_changes_in_november() -> None:
    before, after = fee_cents(date(2023, 10, 31)), fee_cents(date(2023, 11, 1))
    assert 3334 * before[events.G] + 666 * after[events.G] == 100_999_00


def test_ffs_4_who_pays_a_consultation() -> None:
    insurer, complementary, flat = patient_split([events.G], [30_00], False, False, False, True, DAY_2025)
    assert (insurer[0], complementary[0], flat[0]) == (19_00, 9_00, 2_00)


def test_who_pays_sums_to_the_tariff_for_everybody() -> None:
    code = np.arange(len(events.CODES)).repeat(16)
    who = np.arange(16)
    ald, c2s, minor, in_pathway = (np.tile((who >> bit) & 1, len(events.CODES)).astype(bool) for bit in range(4))
    parts = patient_split(code, np.full(len(code), 2_355), ald, c2s, minor, in_pathway, DAY_2025)
    assert (np.sum(parts, axis=0) == 2_355).all()
    assert min(part.min() for part in parts) >= 0


def test_long_term_illness_cover_and_children() -> None:
    def insurer(ald: bool, c2s: bool, minor: bool, in_pathway: bool) -> int:
        return int(insurer_cents([events.G], [30_00], ald, c2s, minor, in_pathway, DAY_2025)[0])

    assert insurer(True, False, False, True) == 28_00  # the flat charge stays with the patient
    assert insurer(False, True, False, True) == 30_00  # means-tested cover pays no flat charge
    assert insurer(False, False, True, True) == 21_00  # nor does a child
    assert insurer(False, False, False, False) == 7_00  # outside the pathway


def test_codes_that_did_not_exist_yet_fall_back() -> None:
    fees = fee_cents(date(2021, 1, 4))
    assert fees[events.LONG] == fees[events.IMT] == fees[events.TLC] == fees[events.SNP] == fees[events.G] == 25_00
    assert fees[events.VL] == fees[events.HOME] == 35_00
    assert fee_cents(date(2026, 1, 1))[events.LONG] == 60_00
    assert fee_cents(date(2022, 4, 1))[events.SNP] == 40_00


def test_unpaid_codes_and_every_other_code_has_a_fee() -> None:
    fees = fee_cents(DAY_2025)
    assert fees[events.NO_CODE] == fees[events.SALARIED] == 0
    assert (np.delete(fees, [events.NO_CODE, events.SALARIED]) > 0).all()
    assert fees[events.ED_FEE] == 161_50


def test_a_day_before_the_first_entry_is_refused_unless_extrapolated() -> None:
    with pytest.raises(Mistake, match="G_CHILD"):
        fee_cents(date(2016, 1, 1))
    assert fee_cents(date(2016, 1, 1), extrapolate=True)[events.G_CHILD] == 30_00
    assert fee_cents(date(2016, 1, 1), extrapolate=True)[events.G] == 23_00


@pytest.mark.parametrize("day", [EARLIEST_START, date(2012, 1, 2), date(2016, 12, 31), LATEST_START])
def test_every_day_on_which_a_scenario_may_begin_has_its_fees(day: date) -> None:
    fees = fees_of(ScenarioSpec(start=day)).fee_cents(day)
    assert (np.delete(fees, [events.NO_CODE, events.SALARIED]) > 0).all()
    assert fees[events.G] == (23_00 if day.year < 2017 else 30_00)


def test_a_fee_changes_on_its_day_inside_a_week() -> None:
    week = Tariffs().week(date(2023, 10, 30))  # Monday; the change is on Wednesday
    assert week[:, events.G].tolist() == [25_00, 25_00, 26_50, 26_50, 26_50, 26_50, 26_50]
    assert week.shape == (7, len(events.CODES))


def test_weeks_without_a_change_share_one_array() -> None:
    tariffs = Tariffs()
    assert tariffs.week(date(2021, 1, 4)) is tariffs.week(date(2021, 6, 7))
    assert not tariffs.week(date(2021, 1, 4)).flags.writeable


def test_stays_by_cause() -> None:
    stays = Tariffs().stay_cents(DAY_2025)
    assert stays[events.CAUSE_HEART_FAILURE] == stays[events.CAUSE_COPD] == 4_500_00
    assert stays[events.CAUSE_OTHER] == 3_000_00


def test_variants_and_fee_cuts() -> None:
    assert Tariffs(variants={"ED": "full"}).fee_cents(DAY_2025)[events.ED_FEE] == 227_00
    assert Tariffs(scale={"G": 0.58}).fee_cents(DAY_2025)[events.G] == 17_40
    with pytest.raises(Mistake, match="Known variants: full, acts_only"):
        Tariffs(variants={"ED": "cheap"})
    with pytest.raises(Mistake, match='Did you mean "HOME"'):
        Tariffs(scale={"HOMME": 1})


def test_every_value_is_inside_its_range_and_dated_in_order() -> None:
    for tariff in all_tariffs().values():
        assert tariff.title
        assert tariff.unit
        for entry in tariff.entries:
            assert entry.source
            if tariff.low is not None and tariff.high is not None:
                assert tariff.low <= entry.value <= tariff.high

"""The budget of a run is its claims and payments, each once, by who pays it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from results.budget import PAYERS, Impact, as_text, budget, difference, line_title
from results.messages import set_language
from results.run import Run, RunError, open_run
from sim import events as ev
from sim.specification import ScenarioSpec
from tests.paid_run import LILAS, STACK, paid_run, paid_town

BILLED = {
    "physicians": ("gp", "teleconsultation"),
    "nurses": ("nurse", "rounds"),
    "emergencies": ("ed",),
    "stays": ("stay",),
}


def under(**facts: object) -> ScenarioSpec:
    spec = paid_town()
    return replace(spec, teams={**spec.teams, "lilas": replace(LILAS, **facts)})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """One year of the town: with the lump sum, without it, and with one for which the team is not eligible."""
    folder = tmp_path_factory.mktemp("runs")
    arms = {
        "lump_sum": None,
        "fees": under(contract=[name for name in STACK if name != "peps"]),
        "not_eligible": under(terms={"peps": {"min_physicians": 20}}),
    }
    return {name: open_run(paid_run(folder / name, 1, spec)[0]) for name, spec in arms.items()}


def cell(impact: Impact, line: str, payer: str) -> float:
    """EUR of one line and payer."""
    amount: Any = impact.lines.loc[line, payer]
    return float(amount)


def claims(run: Run) -> pd.DataFrame:
    """Lines that somebody billed."""
    events = run.events
    return events[(events["marks"] & ev.SUBSTITUTED) == 0]


@pytest.mark.parametrize("arm", ["lump_sum", "fees", "not_eligible"])
def test_lines_are_the_claims_by_who_pays_them(runs: dict[str, Run], arm: str) -> None:
    lines: Any = budget(runs[arm]).lines
    events = claims(runs[arm])
    for line, kinds in BILLED.items():
        mine = events[events["kind"].isin(kinds)]
        tariff, insurer, households = (mine[c].sum() / 100 for c in ("cents", "insurer_cents", "household_cents"))
        expected = {"insurer": insurer, "complementary": tariff - insurer - households, "households": households}
        assert lines.loc[line].to_dict() == pytest.approx(expected)
        assert lines.loc[line].sum() == pytest.approx(tariff)
        assert tariff > 0


@pytest.mark.parametrize("arm", ["lump_sum", "fees", "not_eligible"])
def test_the_sum_is_claims_and_other_care_and_what_contracts_pay_beside_acts(runs: dict[str, Run], arm: str) -> None:
    run = runs[arm]
    billed = claims(run)
    billed = billed[billed["kind"].isin([kind for kinds in BILLED.values() for kind in kinds])]
    home = run.accounts[(run.accounts["level"] == "territory") & (run.accounts["year"] == 1)]
    other = home[["budget_drugs_insurer", "budget_other_insurer"]].to_numpy().sum()
    beside = run.payments[~run.payments["system"].isin(["fee_for_service", "t2a", "health_centre_salary"])]
    returned = run.payments[run.payments["component"].str.startswith("returned_")]
    expected = billed["cents"].sum() / 100 + other + (beside["cents"].sum() + returned["cents"].sum()) / 100
    assert budget(run).total == pytest.approx(expected)
    assert (returned["cents"].sum() > 0) == (arm == "not_eligible")


def test_contracts_are_paid_by_insurance_alone(runs: dict[str, Run]) -> None:
    lines: Any = budget(runs["lump_sum"]).lines
    paid = runs["lump_sum"].payments.groupby("system")["cents"].sum() / 100
    for rule in ("peps", "aci_msp", "asalee", "list_lump_sums", "rosp"):
        assert lines.loc[rule].tolist() == [pytest.approx(paid[rule]), 0, 0]
    assert not {"fee_for_service", "t2a", "health_centre_salary"} & set(lines.index)


def test_a_lump_sum_moves_visits_from_those_who_shared_their_price_to_insurance(runs: dict[str, Run]) -> None:
    impact = difference(runs["lump_sum"], runs["fees"])
    with_it, without = budget(runs["lump_sum"]), budget(runs["fees"])
    assert impact.total == pytest.approx(with_it.total - without.total)
    changed: Any = impact.lines[(impact.lines.abs() > 0.005).any(axis=1)]
    assert set(changed.index) == {"physicians", "peps"}
    assert cell(impact, "peps", "insurer") == cell(with_it, "peps", "insurer") > 0
    assert (impact.lines.loc["physicians", list(PAYERS)] < 0).all()


def test_acts_returned_to_fees_are_a_line_of_their_own(runs: dict[str, Run]) -> None:
    lines: Any = difference(runs["not_eligible"], runs["fees"]).lines
    assert lines.loc["returned"].sum() == pytest.approx(-lines.loc["physicians"].sum())
    assert lines.drop(["returned", "physicians"]).abs().to_numpy().sum() == pytest.approx(0)


def test_a_difference_goes_both_ways(runs: dict[str, Run]) -> None:
    one, other = difference(runs["lump_sum"], runs["fees"]), difference(runs["fees"], runs["lump_sum"])
    assert one.total == pytest.approx(-other.total)
    assert difference(runs["fees"], runs["fees"]).total == 0


def test_the_table_has_titles_sums_and_a_person(runs: dict[str, Run]) -> None:
    impact = budget(runs["lump_sum"])
    lines = as_text(impact).splitlines()
    assert lines[0].split()[:3] == ["EUR,", "year", "1"]
    assert any(line.startswith("Lump sums for registered patients  ") for line in lines)
    assert any(line.startswith("Peps  ") for line in lines)
    assert f"{impact.total:,.0f}" in lines[-2]
    assert f"{impact.total / impact.people:,.2f}" in lines[-1]
    assert len({len(line) for line in lines}) == 1
    set_language("fr")
    try:
        assert "médicaments" in as_text(impact)
        assert line_title("stays", {}) == "séjours hospitaliers"
    finally:
        set_language("en")


def test_what_cannot_be_compared_is_refused(runs: dict[str, Run], tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"the run has no year 7\. Its years: "):
        budget(runs["fees"], 7)
    longer = open_run(paid_run(tmp_path / "longer", 2)[0])
    with pytest.raises(RunError, match=r"ends in year 2, .* in year 1; say which year to compare"):
        difference(longer, runs["fees"])
    assert difference(longer, runs["lump_sum"], 1).total == 0
    stranger = Run(longer.path, {**longer.manifest, "seed": 99})
    with pytest.raises(RunError, match="not runs of the same people: seed differs"):
        difference(stranger, runs["fees"], 1)

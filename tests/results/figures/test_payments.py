"""Payments: what acts and contracts cost by rule and year, and who pays."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from matplotlib.patches import Rectangle

from results.budget import budget
from results.figures import draw, payments
from results.figures.style import GREY
from results.run import Run, RunError, open_run
from tests.invented import invented_run
from tests.paid_run import paid_run, paid_town
from tests.results.figures.reading import legend_of


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(paid_run(tmp_path_factory.mktemp("runs") / "paid")[0])


def test_rules_and_payers_add_up_to_the_same_budget(run: Run) -> None:
    rules, payers = payments.by_rule(run), payments.by_payer(run)
    assert rules.index.tolist() == payers.index.tolist() == [1, 2]
    for year in (1, 2):
        impact: Any = budget(run, year)
        lines = impact.lines.drop(index=list(payments.BESIDE)).to_numpy().sum() / impact.people
        assert rules.loc[year].sum() == pytest.approx(lines)
        assert payers.loc[year].sum() == pytest.approx(lines)


def test_acts_come_first_then_the_largest_rules_and_the_rest_together(run: Run) -> None:
    rules = payments.by_rule(run)
    names = [str(name) for name in rules.columns]
    assert names[:3] == ["physicians", "nurses", "peps"]
    assert names[-1] == payments.REST
    assert len(names) == len(payments.COLOURS) + 1
    sums = rules[names[2:-1]].sum()
    assert sums.tolist() == sorted(sums, reverse=True)


def test_bars_reach_the_total_and_every_part_is_named(run: Run) -> None:
    left, right = draw(run, "payments").figure.axes
    for axes, table in ((left, payments.by_rule(run)), (right, payments.by_payer(run))):
        tops = [patch.get_y() + patch.get_height() for patch in axes.patches if isinstance(patch, Rectangle)]
        assert max(tops) == pytest.approx(table.sum(axis=1).max())
        assert len(legend_of(axes).get_texts()) == len(table.columns)
    assert len({patch.get_facecolor() for patch in left.patches}) == len(payments.COLOURS) + 1
    assert GREY not in payments.COLOURS


def test_words_carry_the_totals(run: Run) -> None:
    text = draw(run, "payments").text
    assert f"cost EUR {payments.by_rule(run).iloc[-1].sum():,.0f} a resident" in text
    assert "insurance " in text
    assert "Peps EUR " in text


def test_surcharges_of_sector_2_have_a_name_of_their_own(tmp_path: Path) -> None:
    spec = paid_town()
    lilas = replace(spec.teams["lilas"], contract=["fee_for_service"], terms={"fee_for_service": {"surcharge": 0.5}})
    run = open_run(paid_run(tmp_path / "paid", 1, replace(spec, teams=spec.teams | {"lilas": lilas}))[0])
    assert payments.by_rule(run)["surcharge"].gt(0).all()
    assert "surcharges EUR " in draw(run, "payments").text


def test_a_run_without_payments_has_no_such_figure(tmp_path: Any) -> None:
    bare = open_run(invented_run(tmp_path / "town", years=1, weeks_a_year=1))
    with pytest.raises(RunError, match="nothing was paid"):
        draw(bare, "payments")
    assert not any(file.stem == "payments" for file in bare.figures(tmp_path / "figures", dpi=40))

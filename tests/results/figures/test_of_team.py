"""Figures of one team: who does what, who hands what to whom, who gains by which rule, and the team's years."""

from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from results.cast import cast_of
from results.figures import OF_TEAM, delegation, sharing_gains, task_shares, timeline, write_of_team
from results.figures.style import styled
from results.messages import set_language
from results.run import Run, RunError, open_run
from tests.told_run import ADVANCED, ALL, ASALEE, K01, K09, LIBERAL, TEAM, YEARS, add_table, told_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return told_run(tmp_path_factory.mktemp("runs") / "told")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", OF_TEAM)
def test_nothing_leaves_the_page_and_nothing_is_too_small(run: Run, name: str, language: str) -> None:
    set_language(language)
    with styled():
        described = OF_TEAM[name](run, TEAM)
        figure = described.figure
        figure.canvas.draw()
    assert described.name == name
    assert TEAM in described.title
    assert "{" not in described.text
    assert "nan" not in described.text.split()
    page = figure.bbox
    for box in (axes.get_tightbbox() for axes in figure.axes if axes.get_visible()):
        assert box is not None
        assert page.x0 - 1 <= box.x0
        assert box.x1 <= page.x1 + 1
        assert page.y0 - 1 <= box.y0
        assert box.y1 <= page.y1 + 1
    texts = [text for text in figure.findobj(mpl.text.Text) if text.get_text() and text.get_visible()]
    assert min(float(text.get_fontsize()) for text in texts) >= 5.5


def test_shares_of_tasks_add_up_to_one(run: Run) -> None:
    shares = task_shares.by_kind(cast_of(run, TEAM))
    shown = task_shares.handed(shares)
    whole = task_shares.of_all(shares, shown)
    assert K01 in shown
    assert K09 in shown
    assert whole.sum(axis=1).tolist() == pytest.approx([1.0] * YEARS)
    assert whole["physicians"].is_monotonic_decreasing
    assert shares.groupby(["year", "task"])["share"].sum().max() <= 1 + 1e-12


def test_the_matrix_holds_the_shares_of_each_pair(run: Run) -> None:
    pairs = run.dyads[run.dyads["year"] == YEARS]
    nurses, places = delegation.shown(pairs)
    assert set(nurses) == {LIBERAL, ASALEE, ADVANCED}
    of_nurse = pairs[pairs["nurse"] == ASALEE]
    found = delegation.matrix(of_nurse, "share", ALL, places)
    assert found.shape == (len(ALL), len(places))
    row = of_nurse[of_nurse["physician"] == 1].iloc[0]
    assert found[1, places.index(K01)] == pytest.approx(row["share_k01"])
    assert np.isnan(delegation.matrix(of_nurse, "share", [99], places)).all()


def test_where_there_is_no_nurse_nothing_is_handed_over(tmp_path: Path) -> None:
    run = told_run(tmp_path / "alone")
    add_table(run.path, "dyads", run.dyads.iloc[:0])
    with pytest.raises(RunError, match="no task of the team"):
        delegation.draw(open_run(run.path), TEAM)


def test_gains_are_those_of_the_incomes(run: Run) -> None:
    cast = cast_of(run, TEAM)
    assert sharing_gains.in_force(cast) == "hold_harmless"
    described = sharing_gains.draw(run, TEAM)
    assert "In equal parts: 2 gain and 2 lose; most for Dr A (EUR 6,000)" in described.text
    equal = sharing_gains.by_person(sharing_gains.against_equal(cast, "hold_harmless"))
    assert equal["equal"].sum() == pytest.approx(equal["hold_harmless"].sum())
    assert equal["hold_harmless"].loc["physician", 1] == pytest.approx(95_000 + 23_000)


def test_one_rule_alone_has_nobody_to_compare_with(run: Run) -> None:
    cast = cast_of(run, TEAM)
    alone = run.incomes_by_rule[run.incomes_by_rule["rule"] == "equal"]
    with pytest.raises(RunError, match="shares no money"):
        sharing_gains.draw_rules(cast, alone, "equal")


def test_a_post_that_nobody_held_is_no_person(run: Run) -> None:
    cast, table = cast_of(run, TEAM), run.incomes_by_rule
    empty = table[(table["level"] == "physician") & (table["payee"] == 0)].assign(level="nurse", payee=999, euros=0.0)
    with styled():
        figure = sharing_gains.draw_rules(cast, pd.concat([table, empty]), "equal").figure
    assert len(figure.axes[0].get_yticks()) == len(sharing_gains.by_person(table))


def test_the_timeline_counts_what_happened(run: Run) -> None:
    text = timeline.draw(run, TEAM).text
    assert "votes (2), rules joined (1), left (0) and changed by the payer (1)" in text
    assert "posts opened (1) and closed (1)" in text


def test_figures_of_a_team_are_written_and_what_has_nothing_to_show_is_left_out(run: Run, tmp_path: Path) -> None:
    files = write_of_team(run, TEAM, tmp_path / "team", dpi=40)
    assert {file.stem for file in files} == set(OF_TEAM)
    others = write_of_team(run, "La Gare", tmp_path / "other", dpi=40)
    assert {file.stem for file in others} == {"timeline"}

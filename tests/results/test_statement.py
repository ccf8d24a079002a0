"""The statement of a year: what each rule paid to whom, and what each person got of it."""

from typing import Any

import pytest

from results.paid import paid
from results.run import Run, open_run
from results.statement import as_text, by_person, by_rule, on_accounts
from tests.paid_run import STACK, paid_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(paid_run(tmp_path_factory.mktemp("runs") / "paid", 1)[0])


def test_rules_add_up_to_what_was_paid(run: Run) -> None:
    found = paid(run, team="lilas")
    table: Any = by_rule(found)
    assert list(table.index) == [name for name in STACK if name in set(found.payments["system"])]
    assert table.to_numpy().sum() == pytest.approx(found.payments["cents"].sum() / 100)
    assert table.loc["peps", "team_account"] > 0
    assert table.loc["asalee", "association"] > 0
    assert by_rule(paid(run, policy="t2a")).columns.tolist() == ["hospital"]


def test_persons_get_what_is_theirs_and_their_share(run: Run) -> None:
    found = paid(run, team="lilas")
    table: Any = by_person(found)
    assert [level for level, _ in table.index] == sorted((level for level, _ in table.index), reverse=True)
    rules: Any = by_rule(found)
    assert table["lump_sum"].sum() == pytest.approx(rules.loc["peps", "team_account"])
    assert (table.loc["nurse", "lump_sum"] == 0).all()


def test_what_nobody_gets_is_left_on_the_account(run: Run) -> None:
    found = paid(run, team="lilas")
    table: Any = by_rule(found)
    persons = by_person(found).to_numpy().sum()
    assert persons + on_accounts(found) == pytest.approx(table[["person", "team_account"]].to_numpy().sum())
    assert on_accounts(found) > 0


def test_the_text_has_both_tables_or_rules_alone(run: Run) -> None:
    found = paid(run, team="lilas")
    text = as_text(run, found)
    assert "What persons get of it" in text
    assert "Pay for public-health objectives (ROSP)  " in text
    assert "What persons get of it" not in as_text(run, found, persons=False)
    whole = f"{found.payments['cents'].sum() / 100:,.2f}"
    assert whole in text.split("\n\n")[0].splitlines()[-1]

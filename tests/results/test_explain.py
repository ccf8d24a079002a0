"""Every payment of a recorded run is explained to the cent, from its tables alone, in both languages."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from agents.teams import SHARING_RULES
from results import arithmetic
from results.catalogue import french
from results.explain import KEYS, Explanation, _origin, as_text, component_title, explanations
from results.figures.sharing_gains import titles
from results.messages import HEAD, QUALIFIER, euros, label, set_language
from results.run import Run, RunError, open_run
from sim.payment.sharing.registry import sharing_rule
from sim.payment.sharing.year import SALARIED
from sim.payment.statement import to_cents
from sim.payment.terms import BY_SCENARIO
from sim.specification import POLICIES
from tests.invented import invented_run
from tests.paid_run import STACK, paid_run, paid_town

WHOLE_CENT = 1.0


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(paid_run(tmp_path_factory.mktemp("runs") / "paid")[0])


@pytest.fixture
def in_french() -> Iterator[None]:
    set_language("fr")
    yield
    set_language("en")


@pytest.fixture(scope="module")
def of_team(run: Run) -> list[Explanation]:
    return list(explanations(run, team="lilas"))


def worksheets(run: Run) -> Iterator[tuple[tuple[Any, ...], list[Any], dict[int, dict[str, Any]]]]:
    """Each worksheet as it was written: its key, its entries, and what every name was worth for each payee."""
    values: dict[Any, pd.DataFrame] = dict(iter(run.payment_values.groupby(["year", *KEYS])))
    key: Any
    for key, frame in run.payment_rules.groupby(["year", *KEYS]):
        entries = frame.to_dict("records")
        shared = {entry["name"]: arithmetic.plain(entry["text"]) for entry in entries if entry["text"]}
        payees: dict[int, dict[str, Any]] = {}
        for row in values[key].to_dict("records") if key in values else ():
            payees.setdefault(row["payee"], dict(shared))[row["name"]] = row["value"]
        yield tuple(key), entries, payees


def recomputed(entries: list[Any], worth: dict[str, Any]) -> dict[str, Any]:
    """The steps of a worksheet, computed anew from what is no step, by their written formulas."""
    formulas = {entry["name"]: entry["formula"] for entry in entries if entry["formula"]}
    known = {name: given for name, given in worth.items() if name not in formulas}

    def look(name: str) -> Any:
        if name not in known:
            known[name] = arithmetic.value(
                formulas[name], {part: look(part) for part in arithmetic.names(formulas[name])}
            )
        return known[name]

    return {name: look(name) for name in formulas}


def explained(run: Run) -> int:
    """How many payments follow from their written formulas to the cent: all of them."""
    paid = run.payments.groupby(["year", *KEYS, "payee", "step"])["cents"].sum()
    count = 0
    for key, entries, payees in worksheets(run):
        for payee, worth in payees.items():
            steps = recomputed(entries, worth)
            for step, given in steps.items():
                assert given == pytest.approx(worth[step], rel=1e-12, abs=1e-9), (key, payee, step)
            for step, given in {**worth, **steps}.items():  # what was dealt out in cents is written as it was dealt
                if (*key, payee, step) in paid.index:
                    assert paid[(*key, payee, step)] == to_cents(given), (key, payee, step)
                    count += 1
    assert count == len(paid)
    return count


def test_every_payment_follows_from_its_written_formulas_to_the_cent(run: Run) -> None:
    assert explained(run) > 150


def test_fees_are_told_with_the_number_of_acts_and_their_dated_tariff(run: Run) -> None:
    told = [one for one in explanations(run, year=1, policy="fee_for_service") if one.component == "fees G"]
    origins = [fact.origin for one in told for fact in one.facts if fact.name == "fees_G_in_list"]
    assert all(origin.endswith("at EUR 25.00: since 2017-05-01, press, P-FEE-G") for origin in origins)
    acts = sum(int(origin.split()[0].replace(",", "")) for origin in origins)
    lines = run.events[(run.events["code"] == "G") & (run.events["year"] == 1)]
    assert 0 < acts < lines["count"].sum()


OTHER_STACKS = {
    "capitation": [
        "fee_for_service",
        "list_lump_sums",
        "capitation_2026",
        "aco_one_sided",
        "qof_like",
        "rule_arbitral",
    ],
    "hours": ["fee_for_service", "ipso", "equilibre", "aco_two_sided", "installation_aids", "enmr"],
    "plans": ["fee_for_service", "rosp", "paerpa", "asalee"],
    "centre": ["fee_for_service", "health_centre_salary", "primordial"],
    "community": ["aci_cpts"],
}


@pytest.mark.parametrize("name", OTHER_STACKS)
def test_so_does_every_payment_under_the_other_rules(name: str, tmp_path: Path) -> None:
    spec, stack = paid_town(), OTHER_STACKS[name]
    team = {"centre": "centre", "community": "community"}.get(name, "lilas")
    teams = {**spec.teams, team: replace(spec.teams[team], contract=stack)}
    other = open_run(paid_run(tmp_path / name, 1, replace(spec, teams=teams))[0])
    assert explained(other) > 0
    assert set(stack) <= set(other.payments["system"])
    assert set(stack) <= {one.system for one in explanations(other, team=team)} | {"fee_for_service"}


def test_together_the_stacks_hold_every_rule() -> None:
    tried = {rule for stack in (STACK, *OTHER_STACKS.values()) for rule in stack}
    assert tried == set(POLICIES) - {"t2a"}  # which pays hospitals in every run


def test_every_share_follows_from_its_written_formulas_to_the_last_cent(run: Run) -> None:
    """A pool is dealt out in whole cents: nobody is more than one away from the exact share."""
    shares = run.shares[run.shares["rule"] != ""].assign(system=lambda frame: frame["rule"])
    got = shares.groupby(["year", *KEYS, "payee", "step"])["cents"].sum()
    explained = 0
    for key, entries, payees in worksheets(run):
        for payee, worth in payees.items():
            for step, given in recomputed(entries, worth).items():
                if (*key, payee, step) in got.index:
                    assert abs(got[(*key, payee, step)] - 100 * given) < WHOLE_CENT, (key, payee)
                    explained += 1
    assert explained == len(got) > 0


def test_explanations_add_up_to_what_was_paid(run: Run, of_team: list[Explanation]) -> None:
    year = run.payments["year"].max()
    row = run.sites.loc[(run.sites["kind"] == "team") & (run.sites["name"] == "lilas"), "site"].iloc[0]
    mine = run.payments[(run.payments["year"] == year) & (run.payments["team"] == row)]
    by_rule = mine.groupby("system")["cents"].sum() / 100
    for system in STACK:
        assert sum(e.amount for e in of_team if e.system == system) == pytest.approx(by_rule[system], abs=1e-6)
    shares = run.shares[(run.shares["year"] == year) & (run.shares["team"] == row) & (run.shares["rule"] != "")]
    assert sum(e.amount for e in of_team if e.system not in STACK) == pytest.approx(shares["cents"].sum() / 100)


def test_the_last_step_says_the_amount(of_team: list[Explanation]) -> None:
    said = [e for e in of_team if e.system in STACK]
    assert said
    for one in said:
        assert one.steps[-1].value == euros(one.amount, 2), one


def test_a_text_shows_rule_numbers_terms_and_sources(of_team: list[Explanation]) -> None:
    lists = next(e for e in of_team if e.system == "list_lump_sums" and e.amount)
    text = as_text(lists)
    assert text.startswith("Lump sums for registered patients · registered list · physician ")
    assert "patients_80 × rate_80" in text
    assert "since 2018-01-01, press, CSMF2016" in text
    assert "paid in 4 parts: EUR " in text
    assert "c2s_share = patients_c2s ÷ listed if listed > 0 else 0" in text
    numbers = next(step.numbers for step in lists.steps if step.name == "c2s_share")
    assert " if " not in numbers


def test_a_share_is_explained_from_the_team_account(of_team: list[Explanation]) -> None:
    shares = [e for e in of_team if e.system == "hold_harmless"]
    assert len(shares) == 3
    assert {one.paid for one in shares} == {"from the team account"}
    assert {one.component for one in shares} == {"lump sum"}
    lump_sum = sum(e.amount for e in of_team if e.system == "peps")
    assert sum(one.amount for one in shares) == pytest.approx(lump_sum, abs=1e-6)


def test_one_rule_one_year_and_one_team_can_be_asked_for(run: Run) -> None:
    found = list(explanations(run, team="lilas", year=1, policy="peps"))
    assert {(e.system, e.payee) for e in found} == {("peps", "lilas")}
    assert len(list(explanations(run, policy="t2a"))) == 2
    assert json.dumps([one.amount for one in found])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"team": "lila"}, 'the run has no team "lila". Did you mean "lilas"?'),
        ({"year": 9}, "the run has no year 9. Its years: 1, 2."),
        ({"policy": "pesp"}, 'the run has no payment rule "pesp". Did you mean "peps"?'),
        ({"team": "centre", "policy": "peps"}, 'the run has no payment rule "peps".'),
    ],
)
def test_what_the_run_does_not_hold_is_told_with_the_nearest(run: Run, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(RunError) as wrong:
        list(explanations(run, **asked))
    assert said in str(wrong.value)
    assert "\n" not in str(wrong.value)


@pytest.mark.usefixtures("in_french")
def test_what_a_run_lacks_agrees_in_french(run: Run) -> None:
    with pytest.raises(RunError, match="aucune équipe «\u00a0lila\u00a0» dans cette simulation"):
        list(explanations(run, team="lila"))


def test_a_run_without_payments_says_so(tmp_path: Path) -> None:
    bare = open_run(invented_run(tmp_path / "town", years=1, weeks_a_year=1))
    with pytest.raises(RunError, match="payments"):
        list(explanations(bare))


# In French.


def test_nothing_english_is_left_in_a_french_statement(run: Run, in_french: None) -> None:
    known = {str(entry.id) for entry in french() if entry.id}
    rules = run.payment_rules
    said = [*rules["label"], *rules["title"], *rules["unit"], *rules["status"]]
    for text in dict.fromkeys(said):
        head, _, rest = text.partition(HEAD)
        parts = [text] if text in known else [head, *([rest] if rest in known else rest.split(QUALIFIER))]
        for part in parts:
            assert part in known or not any(c.islower() for c in part), text


def test_a_value_of_the_scenario_says_so_once(in_french: None) -> None:
    entry = {"kind": "term", "valid_from": "2027-01-01", "status": BY_SCENARIO, "source": BY_SCENARIO}
    assert _origin(entry) == "depuis le 2027-01-01, scénario"


def test_a_french_statement_is_another_text_with_the_same_amounts(run: Run, of_team: list[Explanation]) -> None:
    set_language("fr")
    try:
        said = list(explanations(run, team="lilas"))
        assert [one.amount for one in said] == [one.amount for one in of_team]
        for english, other in zip(of_team, said, strict=True):
            assert as_text(english) != as_text(other)
            assert [step.name for step in english.steps] == [step.name for step in other.steps]
        assert component_title("fees_G") == "honoraires G"
        assert label("Registered patients by class") != "Registered patients by class"
    finally:
        set_language("en")


def test_amounts_and_parts_are_whole_cents(run: Run) -> None:
    for table in (run.payments, run.shares):
        assert table["cents"].to_numpy().dtype.kind == "i"


def test_every_sharing_rule_that_is_tried_is_called_by_its_title(run: Run, in_french: None) -> None:
    tried = run.incomes_by_rule
    assert set(tried["rule"]) == set(SHARING_RULES) - {SALARIED}
    names = titles(run, tried)
    for rule in set(tried["rule"]):
        english = sharing_rule(rule).title
        assert names[rule] == label(english).split(":")[0].rstrip()
        assert names[rule] != english

"""The payer's year in a small town: rules as written, replayed or adapted, and teams that are watched."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from agents.deciding import payer as deciding
from sim.deciding.diary import Diary
from sim.deciding.payer import paid_by_team, payer_year, perceived_risk, refused, tell_written, watched_teams
from sim.model import CareModel
from sim.parameters import behaviour_record
from sim.payment.ledger import ledger_of
from sim.specification import PayerSpec, ScenarioSpec
from sim.treasury import Treasury, treasury_of
from tests.paid_run import LILAS, paid_model, paid_town

SURE = {"payer_modes.press_slope": 20.0, "payer_modes.press_base": 0.0}
"""A payer who makes a move whenever something presses it."""
HASTY = {"payer_modes.effect_first": 26.0, "payer_modes.effect_last": 26.0}


@pytest.fixture(scope="module")
def one_year() -> CareModel:
    model = paid_model()
    model.run_year()
    return model


def treasury(model: CareModel) -> Treasury:
    assert model.treasury
    return model.treasury


def lilas(model: CareModel) -> int:
    return model.world.names.index("lilas")


def under(one_year: CareModel, spec: PayerSpec, parameters: Mapping[str, Any] | None = None) -> CareModel:
    """An arm with another payer."""
    model = one_year.fork(replace(paid_town(), payer=spec))
    model.world.behaviour = behaviour_record(parameters or {})
    model.world.teams["reported"][lilas(model)] = 0.8
    return model


def year_of(model: CareModel, risk: float | None = None, year: int = 1) -> pd.DataFrame:
    """What the payer does after a year; ``risk`` is made up, for the team under contract."""
    diary = Diary()
    diary.open(model.world.week, year)
    chances = None
    if risk is not None:
        chances = np.zeros(len(model.world.teams))
        chances[lilas(model)] = risk
    payer_year(model.world, treasury(model), model.accounts, year, diary, chances)
    return diary.frame()


def seeds(model: CareModel, year: int) -> int:
    """Seed credits of a year (cents)."""
    parts = (p for _, s in treasury(model).settled[year] if s.system == "peps" for p in s.components)
    return sum(int(part.cents.sum()) for part in parts if part.name == "seed_credit")


# Modes.


def test_a_static_payer_changes_no_term_whatever_the_risk(one_year: CareModel) -> None:
    model = under(one_year, PayerSpec(), SURE)
    told = year_of(model, risk=1.0)
    assert not (told["kind"] == "rule_change").any()
    assert not treasury(model).signatures.decided
    assert treasury(model).version == treasury(one_year.fork()).version


def test_an_adaptive_payer_prolongs_start_up_money_for_a_team_that_may_leave(one_year: CareModel) -> None:
    model = under(one_year, PayerSpec(mode="adaptive"), {**SURE, **HASTY})
    assert seeds(model, 1) == 0, "start-up money ended with 2020"
    told = year_of(model, risk=1.0)
    (change,) = told[told["kind"] == "rule_change"].to_dict("records")
    assert change["text"] == "peps.prolong_start_up"
    assert '"cost": 10500' in change["terms"]
    effect = treasury(model).day(model.world) + timedelta(weeks=26)
    assert {(one.change.term, one.change.valid_from) for one in treasury(model).signatures.decided} == {
        ("seed_credit", effect), ("seed_credit", date(effect.year + 1, 1, 1)),
    }  # fmt: skip
    model.run_year()
    assert seeds(model, 2) == 1_050_000
    again = year_of(model, risk=1.0, year=2)
    assert (again["text"] == "peps.prolong_start_up").any(), "for one year more, from its end on"


def test_nothing_presses_a_payer_whose_teams_are_content(one_year: CareModel) -> None:
    model = under(one_year, PayerSpec(mode="adaptive"), {"payer_modes.press_base": -10.0})
    told = year_of(model, risk=0.0)
    assert not (told["kind"] == "rule_change").any()


def test_a_budget_office_stops_what_costs_much(one_year: CareModel) -> None:
    spec = PayerSpec(mode="adaptive", budget=100_000.0, budget_office=True)
    model = under(one_year, spec, {**SURE, "payer_modes.office_veto": 1.0})
    told = year_of(model, risk=1.0)
    changes = told[told["kind"] == "rule_change"]
    assert len(changes)
    assert changes["terms"].str.contains('"vetoed": 1').all()
    assert not treasury(model).signatures.decided


def test_the_same_payer_in_the_same_year_does_the_same(one_year: CareModel) -> None:
    models = [under(one_year, PayerSpec(mode="adaptive"), SURE) for _ in range(2)]
    one, other = (year_of(model, risk=0.4) for model in models)
    pd.testing.assert_frame_equal(one, other)
    assert treasury(models[0]).signatures == treasury(models[1]).signatures


def test_a_move_moves_no_payment_of_the_past(one_year: CareModel) -> None:
    model = under(one_year, PayerSpec(mode="adaptive"), SURE)
    before = treasury(model).ledger()
    year_of(model, risk=1.0)
    pd.testing.assert_frame_equal(treasury(model).ledger(), before)
    assert len(ledger_of(treasury(model).settled[1])) == len(before)


def test_a_replay_drops_the_sub_lists_in_2021_and_the_rules_as_written_do_not(one_year: CareModel) -> None:
    def perimeter(spec: ScenarioSpec, day: date) -> str:
        signed = replace(spec, teams={**spec.teams, "lilas": replace(LILAS, terms={"peps": {"perimeter": "diabetic"}})})
        money = treasury_of(one_year.world, signed)
        group = next(group for group in money.groups if lilas(one_year) in group.teams)
        (policy,) = (policy for policy in group.contract.policies if policy.name == "peps")
        found: str = policy.at(day).perimeter
        return found

    replays = replace(paid_town(), payer=PayerSpec(mode="replay"))
    assert perimeter(paid_town(), date(2021, 6, 1)) == "diabetic"
    assert perimeter(replays, date(2020, 6, 1)) == "diabetic"
    assert perimeter(replays, date(2021, 6, 1)) == "all"


def test_what_a_replay_changes_is_told_to_the_teams_whose_terms_it_changes(one_year: CareModel) -> None:
    spec = paid_town()
    told = []
    for mode, perimeter in (("replay", "diabetic"), ("replay", "all"), ("static", "diabetic")):
        signed = {**spec.teams, "lilas": replace(LILAS, terms={"peps": {"perimeter": perimeter}})}
        money = treasury_of(one_year.world, replace(spec, teams=signed, payer=PayerSpec(mode=mode)))
        diary = Diary()
        for year in range(1, 4):
            money.first_year = 2019
            tell_written(one_year.world, money, year, diary)
        told.append(diary.frame())
    changed = told[0][told[0]["text"] == "peps.perimeter"]
    assert changed["team"].tolist() == [lilas(one_year)]
    assert "peps.perimeter" not in set(told[1]["text"])
    assert not len(told[2])


# Watching.


def test_those_are_watched_who_signed_a_rule_that_the_payer_handles(one_year: CareModel) -> None:
    assert watched_teams(treasury(one_year)).tolist() == [lilas(one_year)]
    told = year_of(under(one_year, PayerSpec()))
    assert told["team"].tolist() == [lilas(one_year)]
    assert told["text"].tolist() == ["left_alone"]
    assert '"unmet_need"' in told["terms"][0]


def test_the_payer_sees_what_is_reported_and_not_what_is_practised(one_year: CareModel) -> None:
    arms = [under(one_year, PayerSpec()) for _ in range(3)]
    arms[1].world.teams["practised"][:] = 0
    arms[2].world.teams["reported"][:] = 0
    told = [year_of(arm) for arm in arms]
    pd.testing.assert_frame_equal(told[0], told[1])
    assert told[2]["text"].tolist() == ["help"]
    row = lilas(one_year)
    learning = [float(arm.world.teams["learning_years"][row]) for arm in arms]
    assert learning[2] > learning[1] == learning[0]


def test_a_claw_back_takes_a_part_of_the_money_of_the_team(one_year: CareModel) -> None:
    model = under(one_year, PayerSpec(), {"payer_modes.help": 0.0, "payer_modes.reminder": 0.0})
    row = lilas(model)
    model.world.teams["reported"][row] = 0
    before, trust = model.world.teams["fund"].copy(), float(model.world.teams["payer_trust"][row])
    told = year_of(model)
    assert told["text"].tolist() == ["claw_back"]
    taken = before - model.world.teams["fund"]
    received = paid_by_team(treasury(model), 1, payee_kind="team_account")
    assert taken[row] == pytest.approx(0.1 * received[row])
    assert taken.sum() == taken[row] > 0
    assert float(model.world.teams["payer_trust"][row]) == pytest.approx(trust - 0.25)


def test_without_hours_nobody_is_looked_at_and_with_many_trust_falls(one_year: CareModel) -> None:
    idle = under(one_year, PayerSpec(monitoring_hours=0.0))
    assert not len(year_of(idle))
    heavy = under(one_year, PayerSpec(monitoring_hours=24.0))
    before = heavy.world.teams["payer_trust"].copy()
    year_of(heavy)
    lost = before - heavy.world.teams["payer_trust"]
    assert lost[lilas(heavy)] == pytest.approx(0.05)
    assert np.count_nonzero(lost) == 1


def test_what_was_paid_to_teams_adds_up(one_year: CareModel) -> None:
    money = treasury(one_year)
    assert paid_by_team(money, 1, "t2a").sum() == 0
    hospitals = sum(s.total for _, s in money.settled[1] if s.system == "t2a")
    everything = sum(s.total for _, s in money.settled[1])
    assert paid_by_team(money, 1).sum() == pytest.approx(everything - hospitals)


def test_complaints_of_a_team_are_heard(one_year: CareModel) -> None:
    model = under(one_year, PayerSpec())
    model.world.teams["conflict"][lilas(model)] = 1
    risk = perceived_risk(model.world)
    assert risk.argmax() == lilas(model)
    assert ((risk > 0) & (risk < 1)).all()


# Before a signature.


def test_a_target_and_goodwill_open_the_door(one_year: CareModel) -> None:
    rows = np.arange(len(one_year.world.teams))
    missing = np.full(len(rows), 0.5)
    strict, keen = under(one_year, PayerSpec()), under(one_year, PayerSpec(count_target=100))
    chances = [refused(arm.world, treasury(arm), rows, missing).terms["chance"] for arm in (strict, keen)]
    assert (chances[1] < chances[0]).all()
    keen.world.teams["goodwill"][:] = 1
    assert (refused(keen.world, treasury(keen), rows, missing).terms["chance"] < chances[1]).all()
    said = refused(strict.world, treasury(strict), rows, missing).value
    again = refused(strict.world, treasury(strict), rows[::-1], missing).value
    assert said.tolist() == again[::-1].tolist(), "a file is judged by whose it is, not by its place"
    assert said.dtype == bool
    assert deciding.shortfall(1, 100) == pytest.approx(0.99)

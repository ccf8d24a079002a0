"""Time travel: a scenario of an earlier year is paid at the fees and under the rules of its days."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from results.explain import explanations
from results.run import Run, open_run
from scenarios.norms.invented import invented_norms
from sim.model import prepared
from sim.recorder import Recorder
from tests.paid_run import LILAS, WEEKS_A_YEAR, paid_town
from tests.results.test_explain import explained

RISE, BEFORE, AFTER = date(2017, 5, 1), 23_00, 25_00
"""Day on which the consultation went up, and what it was in cents."""


def lived(start: date, contract: list[str], folder: Path) -> Run:
    """A year of the town from a day on, its team under a contract, claim lines included."""
    spec = replace(paid_town(), start=start, years=1)
    spec = replace(spec, teams={**spec.teams, "lilas": replace(LILAS, contract=contract)})
    model = prepared(spec, norms=invented_norms())
    with Recorder(model.world, spec, folder, events=True) as recorder:
        model.recorder = recorder
        model.run(WEEKS_A_YEAR)
        return open_run(recorder.finish())


def terms_of(run: Run) -> dict[str, str]:
    """Terms that payments rest on, as they stand in the tables of the run."""
    rules = run.payment_rules[run.payment_rules["kind"] == "term"]
    return dict(zip(rules["system"] + "." + rules["name"], rules["text"], strict=True))


def test_a_fee_that_changes_in_mid_run_changes_on_its_day(tmp_path: Path) -> None:
    start = date(2017, 1, 2)
    run = lived(start, ["fee_for_service", "list_lump_sums", "rosp", "aci_msp"], tmp_path / "run")
    lines = run.events[run.events["code"] == "G"]
    first = lines["week"].min()
    days = [start + timedelta(weeks=int(week - first), days=int(day)) for week, day in
            zip(lines["week"], lines["day"], strict=True)]  # fmt: skip
    due = np.where(np.array(days) < RISE, BEFORE, AFTER)
    assert set(due) == {BEFORE, AFTER}
    assert np.array_equal(lines["cents"].to_numpy(), due)
    told = run.payment_rules[run.payment_rules["name"] == "fees_G_in_list"]["source"].unique()
    assert told.tolist() == ["tariff 23.0 2011-01-01 press P-FEE-G; tariff 25.0 2017-05-01 press P-FEE-G"]
    fact = next(
        f for one in explanations(run, policy="fee_for_service") for f in one.facts if f.name == "fees_G_in_list"
    )
    assert "at EUR 23.00 (since 2011-01-01" in fact.origin
    assert "EUR 25.00 (since 2017-05-01" in fact.origin
    assert explained(run) > 0


@pytest.mark.parametrize(
    ("start", "contract", "known"),
    [
        (date(2010, 1, 4), ["enmr", "rosp"], {"enmr.education_sum": 250, "rosp.capi_amount": 7}),
        (date(2015, 3, 2), ["rule_arbitral", "rosp"],
         {"rule_arbitral.access_points": 1_200, "rosp.points_software": 350}),
    ],
)  # fmt: skip
def test_rules_that_have_ended_can_be_paid_in_their_days(
    start: date, contract: list[str], known: dict[str, float], tmp_path: Path
) -> None:
    run = lived(start, ["fee_for_service", "list_lump_sums", *contract], tmp_path / "run")
    paid = run.payments[run.payments["cents"] != 0]
    assert {"fee_for_service", "list_lump_sums", *contract} <= set(paid["system"])
    terms = terms_of(run)
    assert {name: float(terms[name]) for name in known} == known
    assert set(run.payments["accrual_year"]) == {start.year}
    consultations = run.events[run.events["code"] == "G"]["cents"]
    assert set(consultations) == {BEFORE}
    assert explained(run) > 0

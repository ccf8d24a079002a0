import json
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

import results.teaching.payload as module
from results.run import open_run
from results.teaching.packed import unpacked
from scenarios.commands.teach import PAGE_BYTES
from scenarios.teaching.recorded import jobs
from tests.taught import FOLLOWED, payload_in, small_grid, taught_payload, work_folder

SCHEMA = json.loads(Path(module.__file__).with_name("schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def payload() -> dict[str, Any]:
    return taught_payload()


def test_it_is_what_the_schema_says(payload: dict[str, Any]) -> None:
    text = json.dumps(payload, ensure_ascii=False, allow_nan=False)
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(text))
    assert len(text) < PAGE_BYTES


def test_the_same_runs_give_the_same_bytes(payload: dict[str, Any]) -> None:
    assert json.dumps(payload_in(work_folder())) == json.dumps(payload)


def test_what_it_refers_to_is_there(payload: dict[str, Any]) -> None:
    for study in payload["studies"].values():
        assert set(study["arms"]) <= set(payload["arms"])
        assert set(study["outcomes"]) <= set(payload["outcomes"])
        shape = [len(study["arms"]), len(study["seeds"]), len(study["outcomes"])]
        assert study["values"]["shape"] == shape
    for lesson in payload["lessons"]:
        assert set(lesson["sources"]) <= set(payload["sources"])
        assert all(row["outcome"] in payload["outcomes"] for row in lesson["numbers"])
    for design in payload["factorial"]["designs"]:
        assert design["arm"] in payload["studies"]["factorial"]["arms"]
    assert all(goal["outcome"] in payload["studies"]["factorial"]["outcomes"] for goal in payload["factorial"]["goals"])


def test_runs_of_a_territory_are_of_the_same_people_and_places(payload: dict[str, Any]) -> None:
    runs = [run for run in payload["runs"] if run["territory"] == "village"]
    place = payload["territories"]["village"]
    first, second = ([(one["name"], one["cell"], one["age"]) for one in run["followed"]] for run in runs)
    assert first == second
    assert len(first) == FOLLOWED
    for run in runs:
        assert len(run["staff"]) == len(place["staff"])
        assert run["cells"]["waiting"]["shape"] == [run["weeks"], place["cells"]["x"]["shape"][0]]
        assert unpacked(run["flows"]["site"]).max() < len(place["sites"])
        assert all(phrase < len(payload["phrases"]) for one in run["followed"] for phrase in one["events"]["phrase"])


def test_the_map_of_the_weeks_holds_every_contact_of_the_run(payload: dict[str, Any]) -> None:
    job = next(job for job in jobs(small_grid(), work_folder()) if job.id == "village/fees")
    territory = open_run(job.folder).territory
    run = next(run for run in payload["runs"] if run["id"] == "village/fees")
    seen = unpacked(run["cells"]["gp"])
    assert (seen.sum(axis=1) == territory["gp_contacts"].to_numpy()).all()
    assert (unpacked(run["cells"]["remote"]).sum(axis=1) == territory["teleconsultations"].to_numpy()).all()
    hospital = territory["ed_visits"] + territory["stays"]
    assert (unpacked(run["cells"]["hospital"]).sum(axis=1) == hospital.to_numpy()).all()
    assert unpacked(run["cells"]["waiting"]).sum() > 0
    flows = unpacked(run["flows"]["count"])[:, unpacked(run["flows"]["kind"]) == 0]
    assert flows.sum() == seen.sum()


def test_a_story_and_a_statement_are_there_for_every_run_in_both_languages(payload: dict[str, Any]) -> None:
    assert {one["run"] for one in payload["stories"]} == {run["id"] for run in payload["runs"]}
    for statement in payload["statements"]:
        assert statement["lines"]
        assert any(line["steps"] for line in statement["lines"])
    forfait = next(one for one in payload["statements"] if one["run"] == "village/forfait")
    assert "peps" in {line["system"] for line in forfait["lines"]}
    for phrase in payload["phrases"]:
        assert phrase["en"] != phrase["fr"]


def test_members_have_incomes_and_weeks(payload: dict[str, Any]) -> None:
    place = payload["territories"]["village"]
    run = next(run for run in payload["runs"] if run["id"] == "village/forfait")
    for member, row in zip(place["staff"], run["staff"], strict=True):
        if member["profession"] == "physician":
            assert row["income"][0] > 0
            assert sum(row["minutes"][0]) > 0
    incomes = [one["income"] for one in run["incomes_by_rule"]]
    for one in incomes:
        assert {"equal", "hold_harmless", "fee_proportional"} <= set(one)
    totals = [sum(one[rule] for one in incomes) for rule in ("equal", "hold_harmless", "fee_proportional")]
    assert np.ptp(totals) < 0.02 * max(totals)  # the same money, shared otherwise

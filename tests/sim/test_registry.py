"""Everything that is declared can be looked up, and says what it is."""

import re
import tomllib

import pytest

from agents.mistakes import Mistake
from sim.parameters import EVIDENCE
from sim.registry import KINDS, as_frame, everything, find

ID = re.compile(r"\b[PT]-[A-Z0-9][A-Z0-9/-]*")


def evidence_ids() -> set[str]:
    """Ids of the evidence records and their aliases."""
    groups = tomllib.loads(EVIDENCE.read_text(encoding="utf-8"))
    meta = groups.pop("meta")
    records = [record for group in groups.values() if isinstance(group, dict) for record in group.values()]
    return {record["id"] for record in records if isinstance(record, dict) and "id" in record} | set(meta["aliases"])


@pytest.mark.parametrize("kind", KINDS)
def test_every_declared_thing_says_what_it_is(kind: str) -> None:
    things = everything(kind)
    assert things
    for thing in things.values():
        assert thing.label, thing
        assert thing.source, thing
        if kind not in ("column", "draw", "parameter"):
            assert thing.unit, thing


@pytest.mark.parametrize("kind", KINDS)
def test_every_evidence_key_exists(kind: str) -> None:
    known = evidence_ids()
    cited = {(thing.name, key) for thing in everything(kind).values() for key in ID.findall(thing.source)}
    assert {(name, key) for name, key in cited if key not in known} == set()


def test_a_default_lies_in_its_range() -> None:
    for tariff in everything("tariff").values():
        if tariff.low is not None and tariff.high is not None:
            assert tariff.low <= tariff.default <= tariff.high


def test_a_wrong_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(Mistake, match='Did you mean "leaked_value"'):
        find("measure", "leaked_valeu")
    with pytest.raises(Mistake, match='Did you mean "measure"'):
        everything("measures")


def test_frames_have_one_row_a_thing() -> None:
    frame = as_frame("outcome")
    assert len(frame) == len(everything("outcome"))
    assert frame.loc["apl_mean", "unit"] == "consultations/person/year"
    assert find("column", "patients.control").source == "behaviour A1, C4"

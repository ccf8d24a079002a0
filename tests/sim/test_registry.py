"""Everything that is declared can be looked up, and says what it is."""

import math
import re
import tomllib
from dataclasses import fields

import pytest

from agents.mistakes import Mistake
from sim.parameters import EVIDENCE
from sim.payment.rules import policy_class
from sim.registry import KINDS, as_frame, everything, find
from sim.specification import POLICIES, SHARING

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


@pytest.mark.parametrize("kind", ["tariff", "term"])
def test_a_default_lies_in_its_range(kind: str) -> None:
    for thing in everything(kind).values():
        if thing.low is not None and thing.high is not None and isinstance(thing.default, int | float):
            assert thing.low <= thing.default <= thing.high, thing


def test_every_payment_rule_and_each_of_its_terms_is_there() -> None:
    assert list(everything("policy"))[: len(POLICIES)] == list(POLICIES)
    terms = everything("term")
    assert {name.split(".")[0] for name in terms} >= {*POLICIES, SHARING}
    for rule in POLICIES:
        own = {name for name in terms if name.startswith(f"{rule}.")}
        assert own == {f"{rule}.{name}" for name in (f.name for f in fields(policy_class(rule).parameters))}


def test_a_term_is_shown_as_it_holds_last() -> None:
    cap = find("term", "peps.cap")
    assert (cap.default, cap.unit, cap.status, cap.source) == (0.2, "share", "press", "P-PEPS-CAP")
    assert (cap.low, cap.high) == (0.0, math.inf)
    with pytest.raises(Mistake, match=r'Did you mean "peps\.cap"'):
        find("term", "peps.capp")


def test_numbers_among_the_terms_have_a_range() -> None:
    for term in everything("term").values():
        if isinstance(term.default, float) and term.unit != "rule":
            assert term.low is not None, term
            assert term.high is not None, term


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

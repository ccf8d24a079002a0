"""Everything that a worksheet of payments says is in French."""

import re
from collections.abc import Iterator

import pytest

from agents.teams import SHARING_RULES
from results.catalogue import CODE, french
from results.explain import OF_ACTS
from results.messages import HEAD, QUALIFIER
from sim.payment import peps_quality
from sim.payment.rules import policy_class
from sim.payment.sharing.registry import sharing_rule
from sim.payment.sheet import BROUGHT, MEASURE, Sheet
from tests.sim.payment.worked_examples import Example, all_marks, examples

KNOWN = {str(entry.id) for entry in french() if entry.id and entry.string}
CITED = re.compile(r"[A-Z][A-Za-z0-9-]+|systems .*")
"""Sources that are keys of evidence, or sections of the specification: the same in every language."""


def said(text: str) -> bool:
    """Whether a text is in French, as a whole or by its parts."""
    head, _colon, qualifiers = text.partition(HEAD)
    parts = [head, *qualifiers.split(QUALIFIER)] if qualifiers and text not in KNOWN else [text]
    return all(part in KNOWN or CODE.fullmatch(part) for part in parts)


def texts_of(sheet: Sheet) -> Iterator[str]:
    """Everything on a worksheet that people read, but identifiers."""
    yield sheet.title
    for entry in sheet:
        yield from (entry.label, entry.unit)
        if entry.kind == BROUGHT and not CITED.fullmatch(entry.source):
            yield entry.source
        assert entry.kind != MEASURE or entry.label


@pytest.mark.parametrize("example", list(examples()), ids=lambda example: example.id)
def test_every_worksheet_of_a_worked_example_is_in_french(example: Example, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = policy_class(example.policy)(
        example.changes(), since=example.facts.get("since"), until=example.facts.get("until")
    )
    if "score" in example.facts:
        monkeypatch.setattr(peps_quality, "peps_fractions", all_marks(example.facts["score"]))
    statement = policy.settle(example.accounts(), example.history(), example.norms())
    for component in statement.components:
        assert OF_ACTS.fullmatch(component.name) or said(component.name.replace("_", " ")), component.name
        assert not [text for text in texts_of(component.sheet) if text and not said(text)]


def test_every_sharing_rule_has_a_french_title() -> None:
    assert not [name for name in SHARING_RULES if not said(sharing_rule(name).title)]

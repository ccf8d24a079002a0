"""A user's mistake in one line: the nearest name is suggested where there is one."""

import pickle
from string import Formatter

import pytest

from agents.mistakes import Mistake, nearest
from results.catalogue import french
from results.messages import rendered, set_language

KNOWN = ("peps", "ipep")
UNKNOWN = '{what} "{rule}" is not known. Did you mean "{nearest}"? Known: {known}, or module:Class.'


def unknown(name: str) -> Mistake:
    return Mistake(
        UNKNOWN, what=Mistake("policy"), rule=name, nearest=nearest(name, KNOWN) or "", known=", ".join(KNOWN)
    )


@pytest.mark.parametrize("said", [str, rendered])
def test_the_nearest_name_is_suggested_where_one_is_near(said: type[str]) -> None:
    assert (
        said(unknown("pesp")) == 'policy "pesp" is not known. Did you mean "peps"? Known: peps, ipep, or module:Class.'
    )
    assert said(unknown("zebra")) == 'policy "zebra" is not known. Known: peps, ipep, or module:Class.'


def test_so_it_is_in_french() -> None:
    set_language("fr")
    try:
        assert "Vouliez-vous dire" in rendered(unknown("pesp"))
        assert "Vouliez-vous dire" not in rendered(unknown("zebra"))
        assert "zebra" in rendered(unknown("zebra"))
    finally:
        set_language("en")


def test_nothing_but_the_question_is_left_out_of_any_message() -> None:
    """In both languages: a message loses no other fact with the name that is not near."""
    asking = [entry for entry in french() if isinstance(entry.id, str) and "{nearest}" in entry.id]
    assert len(asking) > 10
    shorter = 0
    for template in (str(text) for entry in asking for text in (entry.id, entry.string)):
        facts: dict[str, object] = {name: f"<{name}>" for _, name, _, _ in Formatter().parse(template) if name}
        facts["nearest"] = ""
        short = Mistake(template).said(template, facts)
        assert all(str(given) in short for given in facts.values()), template
        shorter += len(short) < len(template.format(**facts))
    assert shorter > len(asking)


def test_a_mistake_crosses_processes_whole() -> None:
    again = pickle.loads(pickle.dumps(unknown("zebra")))
    assert str(again) == str(unknown("zebra"))
    assert again.facts["rule"] == "zebra"

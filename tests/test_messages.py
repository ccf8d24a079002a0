import re

import pytest

from agents.mistakes import Mistake
from results import messages
from results.catalogue import faults, french, pieces, placeholders, updated
from results.messages import (
    _,
    environment_language,
    euros,
    in_use,
    label,
    ngettext,
    number,
    percent,
    rendered,
    set_language,
    spaced,
)
from scenarios.translation import NOT_YET, SAID, declared, said
from sim.measures import MEASURES
from sim.registry import KINDS


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """English, and only what careteams declares: tests of the same process declare measures of their own."""
    set_language("en")
    for name in [name for name, one in MEASURES.items() if one.reference.endswith("test")]:
        monkeypatch.delitem(MEASURES, name)


def french_text(text: str) -> str:
    """With ordinary spaces, so that a test can be read."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_every_message_of_the_code_is_in_french_and_nothing_else_is() -> None:
    left = faults(french(), said())
    assert not left, "run `make messages`, then translate: " + "; ".join(left)


def test_french_messages_are_spaced_as_french_is_printed() -> None:
    for entry in french():
        if entry.id:
            assert spaced(str(entry.string)) == str(entry.string)


def test_french_is_spaced_as_it_is_printed() -> None:
    """Whoever wrote it, with whatever space: titles of scenarios too."""
    printed = "«\u00a0Un\u00a0»\u00a0: 1\u202f000\u202f000 pour 95\u00a0%\u202f; {n}\u00a0€\u202f? En 2023 100 voix"
    for space in " \u00a0\u202f":
        written = re.sub("[\u00a0\u202f]", space, printed)
        assert spaced(written) == printed
    assert spaced("http://a.fr 10:30 {n} %(prog)s") == "http://a.fr 10:30 {n}\u00a0%(prog)s"
    assert in_use({"en": "A: b", "fr": "A : b"}) == "A: b"
    set_language("fr")
    assert in_use({"en": "A: b", "fr": "A : b"}) == "A\u00a0: b"


def test_a_catalogue_with_faults_is_found_out() -> None:
    catalogue = updated(french(), {"kept {fact}": "a.py", "empty": "a.py"})
    catalogue["kept {fact}"].string = "gardé {autre}"
    assert faults(catalogue, ["kept {fact}", "empty", "new"]) == [
        "missing: new", "empty: empty", "other facts: kept {fact}",
    ]  # fmt: skip
    assert faults(catalogue, ["kept {fact}"])[0] == "unused: empty"


def test_updating_keeps_translations_and_drops_what_nobody_says() -> None:
    known = said()
    catalogue = updated(french(), {**known, "brand new": "z.py"})
    assert catalogue.get('Did you mean "{nearest}"?').string == french().get('Did you mean "{nearest}"?').string  # type: ignore[union-attr]
    assert not catalogue.get("brand new").string  # type: ignore[union-attr]
    assert len(list(updated(catalogue, {"total": "a.py"}))) == 2  # the header and one message


def test_what_is_declared_is_in_french_or_has_a_reason_not_to_be() -> None:
    assert set(SAID) | set(NOT_YET) == set(KINDS)
    assert not set(SAID) & set(NOT_YET)


def test_every_declared_label_is_said_in_french_word_for_word() -> None:
    """Nothing English is left inside a French label, however it is put together."""
    known = {str(entry.id): str(entry.string) for entry in french() if entry.id}
    set_language("fr")
    for text in declared():
        pieces_said = label(text)
        head, _colon, qualifiers = text.partition(": ")
        parts = [text] if text in known else [head, *qualifiers.split(", ")]
        for part in parts:
            assert known.get(part, part) in pieces_said, text
            assert part in known or not re.search("[a-z]{2}", part), text


def test_labels_of_a_family_are_translated_by_parts() -> None:
    family = ["hours: visit", "hours: phone", "hours: home, k09, 75+"]
    assert set(pieces([*family, "no family: of its own", "G_CHILD", "85+"])) == {
        "hours", "visit", "phone", "home", "no family: of its own",
    }  # fmt: skip
    set_language("fr")
    said_in_french = french_text(label("registered patients: 75-79, women, ALD, no C2S"))
    assert said_in_french == "patients médecin traitant : 75-79, femmes, ALD, sans C2S"
    assert label("never declared: nor this") == "never declared\u00a0: nor this"
    set_language("en")
    assert label("registered patients: 75-79, women, ALD, no C2S") == "registered patients: 75-79, women, ALD, no C2S"


def test_placeholders_are_seen() -> None:
    assert placeholders("{a} and {b:.1f}, {{not}} this") == {"a", "b"}


def test_a_mistake_is_translated_in_all_its_parts() -> None:
    problem = Mistake("{key} = {value} is not a number.", key="poverty", value='"18"')
    mistake = Mistake('{file}: team "{team}": {problem}', file="a.toml", team="lilas", problem=problem)
    assert rendered(mistake) == str(mistake) == 'a.toml: team "lilas": poverty = "18" is not a number.'
    set_language("fr")
    assert french_text(rendered(mistake)) == 'a.toml : équipe « lilas » : poverty = "18" n\'est pas un nombre.'


def test_a_unit_is_translated_and_other_facts_are_left_alone() -> None:
    facts = {"key": "years", "value": "0", "low": "1", "high": "100", "unit": "years"}
    set_language("fr")
    text = rendered(Mistake("{key} = {value} is outside its range, {low} to {high} {unit}.", **facts))
    assert french_text(text) == "years = 0 sort de sa plage, de 1 à 100 ans."


def test_an_unknown_message_and_another_exception_are_said_as_they_are() -> None:
    set_language("fr")
    assert _("never translated {n}", n=3) == "never translated 3"
    assert rendered(ValueError("plain")) == "plain"


def test_numbers_are_written_as_in_each_language() -> None:
    assert (number(12345.6, 1), percent(0.125, 1), euros(1250)) == ("12,345.6", "12.5%", "EUR 1,250")
    set_language("fr")
    written = [french_text(text) for text in (number(12345.6, 1), percent(0.125, 1), euros(1250))]
    assert written == ["12 345,6", "12,5 %", "1 250 €"]


def test_french_numbers_are_those_of_babel() -> None:
    from babel.numbers import format_decimal

    set_language("fr")
    for value in (0.0, 7.0, 1234.5, 9876543.2, -12345.6):
        assert number(value, 1) == format_decimal(value, "#,##0.0", locale="fr")


def test_zero_is_singular_in_french_only() -> None:
    assert [ngettext("{n} year", "{n} years", n) for n in (0, 1, 2)] == ["0 years", "1 year", "2 years"]
    set_language("fr")
    assert [ngettext("{n} year", "{n} years", n) for n in (0, 1, 2)] == ["0 an", "1 an", "2 ans"]


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "de:fr:en"}, "fr"),
        ({"LANG": "de_DE"}, "en"),
        ({"LC_MESSAGES": "fr_CA", "LANG": "en_GB"}, "fr"),
    ],
)
def test_the_language_is_that_of_the_environment(environment: dict[str, str], language: str) -> None:
    assert environment_language(environment) == language


def test_an_unknown_language_is_english() -> None:
    assert set_language("de") == messages.language() == "en"

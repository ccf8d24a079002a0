import re

import pytest

from agents.mistakes import Mistake
from results import messages
from results.catalogue import faults, french, placeholders, updated
from results.catalogue import messages as said_in_code
from results.messages import _, environment_language, euros, ngettext, number, percent, rendered, set_language


@pytest.fixture(autouse=True)
def english() -> None:
    set_language("en")


def french_text(text: str) -> str:
    """With ordinary spaces, so that a test can be read."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_every_message_of_the_code_is_in_french_and_nothing_else_is() -> None:
    left = faults(french(), said_in_code())
    assert not left, "run `python -m results.catalogue`, then translate: " + "; ".join(left)


def test_french_messages_are_spaced_as_french_is_printed() -> None:
    for entry in french():
        if entry.id:
            assert not re.search(r" [;!?»]| :(\s|$)|« ", str(entry.string)), entry.string


def test_a_catalogue_with_faults_is_found_out() -> None:
    catalogue = updated(french(), {"kept {fact}": "a.py", "empty": "a.py"})
    catalogue["kept {fact}"].string = "gardé {autre}"
    assert faults(catalogue, ["kept {fact}", "empty", "new"]) == [
        "missing: new", "empty: empty", "other facts: kept {fact}",
    ]  # fmt: skip
    assert faults(catalogue, ["kept {fact}"])[0] == "unused: empty"


def test_updating_keeps_translations_and_drops_what_nobody_says() -> None:
    said = said_in_code()
    catalogue = updated(french(), {**said, "brand new": "z.py"})
    assert catalogue.get('Did you mean "{nearest}"?').string == french().get('Did you mean "{nearest}"?').string  # type: ignore[union-attr]
    assert not catalogue.get("brand new").string  # type: ignore[union-attr]
    assert len(list(updated(catalogue, {"total": "a.py"}))) == 2  # the header and one message


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

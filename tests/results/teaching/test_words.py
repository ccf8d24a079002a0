import re
from pathlib import Path

from results.messages import language, set_language
from results.teaching.page import WEB
from results.teaching.words import both, words

ASKED = re.compile(r'\bt\(\s*"([\w.]+)"|\btn\(\s*"([\w.]+)",\s*"([\w.]+)"')
ANY = re.compile(r"\btn?\(\s*([^)\s,]+)")


def asked_in(script: str) -> set[str]:
    """Keys of the words that a module asks for."""
    return {key for found in ASKED.findall(script) for key in found if key}


def scripts() -> list[Path]:
    return sorted((WEB / "js").glob("*.js"))


def test_every_word_that_the_page_asks_for_exists_and_every_word_is_asked_for() -> None:
    asked = set().union(*(asked_in(path.read_text(encoding="utf-8")) for path in scripts()))
    assert asked - set(words()) == set()
    assert set(words()) - asked == set()


def test_words_are_asked_for_by_literal_keys_alone() -> None:
    """A key that is put together would hide from the test above."""
    for path in scripts():
        for first in ANY.findall(path.read_text(encoding="utf-8")):
            assert first.startswith('"') or path.name == "words.js", f"{path.name}: t({first}…"


def test_keys_are_found_however_the_call_is_written() -> None:
    script = 'f(t("a.one")); tn(\n  "b.one",\n  "b.many",\n n); t("c.d", { at("x") }); fit("no.key")'
    assert asked_in(script) == {"a.one", "b.one", "b.many", "c.d"}


def test_words_are_said_in_both_languages_and_the_language_in_use_stays() -> None:
    set_language("en")
    said = both()
    assert language() == "en"
    assert set(said) == {"en", "fr"}
    assert said["en"]["nav.map"] == "Map"
    assert said["fr"]["nav.map"] == "Carte"
    for one in said.values():
        assert set(one) == set(words())


def test_placeholders_are_filled_in_by_the_page_and_the_same_in_both_languages() -> None:
    said = both()
    for key, english in said["en"].items():
        assert sorted(re.findall(r"\{\w+\}", english)) == sorted(re.findall(r"\{\w+\}", said["fr"][key])), key

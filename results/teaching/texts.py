"""Texts of the payload, in every language of the catalogue."""

from collections.abc import Callable

from results.messages import LANGUAGES, label, speaking

type Text = dict[str, str]


def each[Made](make: Callable[[], Made]) -> dict[str, Made]:
    """What a function makes in each language."""
    found = {}
    for one in LANGUAGES:
        with speaking(one):
            found[one] = make()
    return found


def both(make: Callable[[], str]) -> Text:
    """One text in each language."""
    return each(make)


def same(text: str) -> Text:
    """A name that no language changes."""
    return dict.fromkeys(LANGUAGES, text)


def labelled(text: str) -> Text:
    """A declared label in each language."""
    return both(lambda: label(text))


def together(by_language: dict[str, list[str]]) -> list[Text]:
    """Lists of one length by language as one list of texts.

    Raises:
        ValueError: when a language has more of them than another.
    """
    return [dict(zip(by_language, texts, strict=True)) for texts in zip(*by_language.values(), strict=True)]

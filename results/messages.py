"""What people read, in their language: the catalogue of messages, and numbers as they are written there.

The English sentence is the key. French is in ``locale/fr.po``; ``make messages`` brings that file up to
date with the code.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

LANGUAGES: Final = ("en", "fr")
LOCALE: Final = Path(__file__).parent / "locale"
NARROW_SPACE: Final = "\u202f"  # between thousands in French, and before ; ! ?
SPACE: Final = "\u00a0"
HEAD: Final = ": "
QUALIFIER: Final = ", "
PRINTED: Final = (
    (r"[ \u00a0\u202f]:(?=\s|$)", f"{SPACE}:"),
    (r"[ \u00a0\u202f]([;!?])", rf"{NARROW_SPACE}\1"),
    (r"«[ \u202f]", f"«{SPACE}"),
    (r"[ \u202f]»", f"{SPACE}»"),
    (r"(?<=[\d}])[ \u202f](?=[%€])", SPACE),
    (r"(?<=\d)(?<!\d{4})[ \u00a0](?=\d{3}(?!\d))", NARROW_SPACE),
)
"""Which spaces of a French text do not break, and which of these are narrow."""

_current = {"language": "en"}


def set_language(language: str | None = None) -> str:
    """Choose the language of every message from here on, and return it.

    Args:
        language: ``en`` or ``fr``; None for that of the environment.
    """
    chosen = language or environment_language(os.environ)
    _current["language"] = chosen if chosen in LANGUAGES else "en"
    return _current["language"]


def language() -> str:
    """The language in use."""
    return _current["language"]


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """Another language for a while; the one in use comes back, whatever happens."""
    before = language()
    set_language(chosen)
    try:
        yield
    finally:
        set_language(before)


def in_use(texts: Mapping[str, str], otherwise: str = "") -> str:
    """The text of the language in use, or of the first language that there is one of, or another text."""
    text = texts.get(language()) or next(iter(texts.values()), otherwise)
    return spaced(text) if language() == "fr" else text


def spaced(text: str) -> str:
    """French as it is printed: spaces that do not break before : ; ! ? % €, inside guillemets, and inside numbers."""
    for found, printed in PRINTED:
        text = re.sub(found, printed, text)
    return text


def environment_language(environment: Mapping[str, str]) -> str:
    """The first known language that the environment asks for, else English."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        asked = [wish.split("_")[0].split(".")[0].lower() for wish in environment.get(name, "").split(":") if wish]
        known = [wish for wish in asked if wish in LANGUAGES]
        if known:
            return known[0]
        if asked:
            return "en"
    return "en"


def _(message: str, /, **facts: Any) -> str:
    """The message in the language in use, with its facts put in."""
    text = _catalogue(language()).get(message, message)
    return text.format(**facts) if facts else text


def ngettext(one: str, many: str, n: float, /, **facts: Any) -> str:
    """The message for ``n`` things; in French, 0 and 1 are singular."""
    single = abs(n) < 2 if language() == "fr" else n == 1  # noqa: PLR2004 - a rule of French grammar
    return _(one if single else many, n=number(n), **facts)


def label(text: str) -> str:
    """A declared label in the language in use: as a whole, else its head and its qualifiers one by one.

    Columns and measures that are declared in families have labels of one form, ``head: qualifier, qualifier``
    ("registered patients: 75-79, women, ALD, no C2S"), of which the catalogue holds the parts.
    """
    known = _catalogue(language())
    if text in known or HEAD not in text:
        return known.get(text, text)
    head, qualifiers = text.split(HEAD, 1)
    said = QUALIFIER.join(known.get(qualifier, qualifier) for qualifier in qualifiers.split(QUALIFIER))
    return f"{known.get(head, head)}{SPACE if language() == 'fr' else ''}{HEAD}{said}"


def rendered(problem: Any) -> str:
    """A mistake, or any exception, as one line in the language in use.

    A mistake is known by its ``message`` template and its ``facts``, and puts them in (``said``); a fact may be a
    mistake in its turn (where, what, hint), and is then translated on its own.
    """
    template = getattr(problem, "message", None)
    if template is None:
        return str(problem)
    facts = {name: _fact(name, fact) for name, fact in problem.facts.items()}
    return str(problem.said(_(template), facts))


def _fact(name: str, fact: Any) -> Any:
    if hasattr(fact, "message") and hasattr(fact, "facts"):
        return rendered(fact)
    return _(fact) if name == "unit" and isinstance(fact, str) and fact else fact


def number(value: float, decimals: int = 0) -> str:
    """A number as it is written in the language in use: ``12,345.6`` or ``12 345,6``."""
    text = f"{value:z,.{decimals}f}"  # z: what rounds to nothing has no sign
    if language() != "fr":
        return text
    return text.replace(",", NARROW_SPACE).replace(".", ",")


def percent(share: float, decimals: int = 0) -> str:
    """A share as a percentage: ``12.5%`` or ``12,5 %``."""
    return number(100 * share, decimals) + ("%" if language() == "en" else f"{SPACE}%")


def interval(low: str, high: str) -> str:
    """Two ends, already written, as an interval: ``[1.5; 2.5]``, or ``[1,5 ; 2,5]`` with a space that is narrow."""
    return _("[{low}; {high}]", low=low, high=high)


def euros(value: float, decimals: int = 0) -> str:
    """An amount in euros: ``EUR 1,250`` or ``1 250 €``."""
    return f"EUR {number(value, decimals)}" if language() == "en" else f"{number(value, decimals)}{SPACE}€"


@cache
def _catalogue(language: str) -> Mapping[str, str]:
    """Translations by English message."""
    path = LOCALE / f"{language}.po"
    if not path.exists():
        return {}
    from babel.messages.pofile import read_po  # here, so that English pays nothing for it

    with path.open("rb") as stream:
        return {str(entry.id): str(entry.string) for entry in read_po(stream) if entry.id and entry.string}

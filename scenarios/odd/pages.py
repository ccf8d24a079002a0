"""The pages of the ODD document, and what their regions are filled with."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from agents.mistakes import Mistake, nearest
from results.messages import speaking
from scenarios.odd import formulas, lists, tables
from scenarios.odd.code_read import ROOT, renewed, stale
from scenarios.odd.figures import drawn, missing, shown
from scenarios.odd.regions import by_hand, filled, regions
from scenarios.odd.schedule import schedule
from sim.parameters import all_parameters

DOCS: Final = ROOT / "docs"
PAGES: Final[Mapping[str, str]] = {
    "odd.md": "en", "odd.fr.md": "fr",
    "odd/measures.md": "en", "odd/measures.fr.md": "fr",
    "odd/mechanisms.md": "en", "odd/mechanisms.fr.md": "fr",
    "odd/payments.md": "en", "odd/payments.fr.md": "fr",
}  # fmt: skip
"""Every page, and its language."""
MAIN: Final = ("odd.md", "odd.fr.md")
"""The document itself, in both languages: its sections say which code they describe."""

MADE: Final[Mapping[str, Callable[..., str]]] = {
    "columns": tables.columns, "parameters": tables.parameters, "draws": tables.random_draws, "codes": tables.codes,
    "constants": tables.constants, "tariffs": tables.tariffs, "keys": tables.scenario_keys,
    "schedule": lambda *words: schedule(" ".join(words)), "figure": shown,
    "measures": lists.measures, "actions": lists.actions, "declared": lists.declared, "mechanisms": lists.mechanisms,
    "policies": lists.policies, "terms": lists.terms, "formulas": formulas.formulas, "sharing": formulas.sharing,
    "indicators": formulas.indicators, "moves": formulas.moves, "law": lists.law, "diary": lists.diary,
}  # fmt: skip
"""What a region may ask for, by its first word; the words that follow are handed on."""


def made(what: str) -> str:
    """The text of a region, in the language in use.

    Raises:
        Mistake: with the nearest thing that a region may ask for.
    """
    first, *words = what.split()
    if first not in MADE:
        raise Mistake(
            'the region "{what}" asks for what nobody makes. Did you mean "{nearest}"?',
            what=what, nearest=nearest(first, MADE) or "",
        )  # fmt: skip
    return MADE[first](*words)


def up_to_date(name: str, folder: Path = DOCS) -> str:
    """A page as it should be."""
    with speaking(PAGES[name]):
        return filled((folder / name).read_text(encoding="utf-8"), cache(made), name)


def write() -> None:
    """Make every region and every figure anew."""
    for name in PAGES:
        text = up_to_date(name)
        (DOCS / name).write_text(text, encoding="utf-8")
    for spoken in sorted(set(PAGES.values())):
        drawn(DOCS, spoken)


def review() -> None:
    """Say that the sections fit the code as it is now."""
    for name in MAIN:
        path = DOCS / name
        path.write_text(renewed(path.read_text(encoding="utf-8"), name), encoding="utf-8")


def faults(folder: Path = DOCS) -> list[str]:
    """Where pages and code disagree, one line each."""
    found = []
    for name in PAGES:
        text = (folder / name).read_text(encoding="utf-8")
        if up_to_date(name, folder) != text:
            found.append(f"{name}: its tables are not those of the code: python -m scenarios.odd")
        if name in MAIN:
            found += stale(text, name)
            found += [f"{name}: no sentence names the parameter {known}" for known in _unnamed(text)]
    for spoken in sorted(set(PAGES.values())):
        found += missing(folder, spoken)
    english, french = (list(regions((folder / name).read_text(encoding="utf-8"))) for name in MAIN)
    if english != french:
        found.append("odd.fr.md: its regions are not those of odd.md, in the same order")
    return found


def _unnamed(text: str) -> list[str]:
    """Parameters of which the text, tables apart, says nothing."""
    said = by_hand(text).replace("\\_", "_")  # as equations write them
    return [known for known in all_parameters() if known not in said]


__all__ = ["MAIN", "PAGES", "by_hand", "faults", "made", "review", "up_to_date", "write"]

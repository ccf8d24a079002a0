"""A team's years in plain sentences, built from the diary of a run: a teacher reads them aloud.

    print(as_text(story_of(open_run("results/runs/agapanthes"), "agapanthes")))

Each year tells first what has its day, in order, then what changed little by little; people bear letters, reasons are
the terms that weighed most, and a year in which nobody changes anything is said in one sentence.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from results.cast import Cast, cast_of, listed
from results.diary import Entry, entries_of, grouped
from results.messages import _, label, ngettext, number
from results.paid import rule_titles
from results.reasons import is_reason
from results.run import Run, RunError
from results.spoken import sentence
from results.story_events import TOLD, Teller, tell
from results.story_levers import LEVERS, Said, delegation, levers, messages, refusals, ties

LONGEST: Final = 8
"""Sentences on what changed little by little, a year at most: the rest is summed up."""
SENTENCES: Final = re.compile(r"(?<=\.) ")
SLOW: Final[dict[str, Callable[[Cast, list[Entry]], list[Said]]]] = {
    "delegation": delegation, "refusal": refusals, "message": messages, "tie": ties,
}  # fmt: skip
"""What is told of the year as a whole; the levers of physicians' own work are told alike."""


@dataclass(frozen=True)
class Chapter:
    """One year.

    Attributes:
        year: year of the run.
        dated: sentences on what had its day, in order.
        gradual: sentences on what changed over the year, what moved most first.
    """

    year: int
    dated: tuple[str, ...]
    gradual: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of them, or the one that says that nothing happened."""
        return (*self.dated, *self.gradual) or (_("A quiet year: everybody keeps to the habits they had."),)


@dataclass(frozen=True)
class Story:
    """A team's years.

    Attributes:
        team: name of the team.
        opening: who they are and how they are paid.
        chapters: the years, in order.
    """

    team: str
    opening: tuple[str, ...]
    chapters: tuple[Chapter, ...]


def story_of(run: Run, team: str = "", first: int = 1, last: int = 0) -> Story:
    """Tell the years of a team.

    Args:
        run: an open run.
        team: name of the team; the scenario's first when empty.
        first: first year.
        last: last year; that of the run when 0.

    Raises:
        RunError: when the run has no such team or year, or nobody decides in it.
    """
    cast = cast_of(run, team)
    entries = entries_of(cast)
    years = int(run.territory["year"].max())
    last = last or years
    if not 1 <= first <= last <= years:
        raise RunError(
            _("years {first} to {last}: the run has years 1 to {years}.", first=first, last=last, years=years)
        )
    contract = contract_of(cast)
    teller = Teller(cast, _titles(run), set(contract))
    chapters = [_chapter(teller, year, [one for one in entries if one.year == year]) for year in range(1, last + 1)]
    return Story(cast.name, opening(cast, contract), tuple(chapters[first - 1 :]))


def contract_of(cast: Cast) -> list[str]:
    """Rules that pay the team in the first year, as the scenario says, else as the payments show.

    A scenario calls a rule of the user's own ``module:Class``; by what name it goes, the payments know.
    """
    run = cast.run
    said = [str(name) for name in run.manifest["scenario"].get("teams", {}).get(cast.name, {}).get("contract") or ()]
    named = [name for name in said if ":" not in name]
    if said and len(named) == len(said):
        return named
    if not run.has("payments") or run.payments.empty:
        return named
    paid = run.payments[(run.payments["team"] == cast.team) & (run.payments["year"] == run.payments["year"].min())]
    return list(dict.fromkeys([*named, *(str(name) for name in paid["system"])]))


def opening(cast: Cast, contract: list[str]) -> tuple[str, ...]:
    """Who works in the team, and what pays it at the start."""
    letters = listed(cast.physicians.values())
    count = len(cast.physicians)
    many = ngettext("{n} physician (Dr {letters})", "{n} physicians (Drs {letters})", count, letters=letters)
    who = [*([many] if count else []), *cast.nurses_by_kind()]
    said = [sentence(_("The team {name}: {who}.", name=cast.name, who=listed(who)))] if who else []
    titles = _titles(cast.run)
    paid = [titles[name] for name in contract if name in titles]
    if paid:
        said.append(_("At the start it is paid by: {rules}.", rules=listed(paid)))
    return tuple(said)


def as_text(story: Story) -> str:
    """The story as it is read aloud: an opening, then a paragraph a year."""
    years = [(_("Year {year}.", year=number(chapter.year)), *chapter.sentences) for chapter in story.chapters]
    return "\n\n".join(" ".join(sentences) for sentences in (story.opening, *years) if sentences)


def _chapter(teller: Teller, year: int, entries: list[Entry]) -> Chapter:
    teller.month = ""
    dated = _dated(teller, entries)
    told = [text for text in _once([*dated, *_gradual(teller.cast, entries)]) if text]
    return Chapter(year, tuple(told[: len(dated)]), tuple(told[len(dated) :]))


def _dated(teller: Teller, entries: Iterable[Entry]) -> list[str]:
    """What has its day, week by week; two sentences that say the same in one week are said once."""
    said: list[str] = []
    for of_week in grouped((one for one in entries if one.kind in TOLD), "week").values():
        ordered = sorted(of_week, key=lambda entry: entry.kind != "rule_change")  # what the payer changes comes first
        told: dict[str, str] = {}
        for place, entry in enumerate(ordered):
            votes = (n for n, one in enumerate(ordered) if n > place and one.kind == "vote")
            teller.following = ordered[place + 1 : next(votes, len(ordered))]
            text = tell(teller, entry)
            # The month is named in the first sentence only, which makes no other sentence of it.
            told.setdefault(sentence(text.removeprefix(sentence(teller.month)).removeprefix(", ")), text)
        said += [text for text in told.values() if text]
    return said


def _once(texts: Iterable[str]) -> Iterator[str]:
    """Sentences of a year without the reasons that were given before."""
    heard: set[str] = set()
    for text in texts:
        parts = [one for one in SENTENCES.split(text) if one not in heard or not is_reason(one)]
        heard.update(parts)
        yield " ".join(parts)


def _gradual(cast: Cast, entries: list[Entry]) -> list[str]:
    """What changed over the year, what moved most first within a few sentences."""
    found: list[Said] = []
    for kind, tell_of in SLOW.items():
        of_kind = [one for one in entries if one.kind == kind]
        found += tell_of(cast, of_kind) if of_kind else []
    found += levers(cast, [one for one in entries if one.kind in LEVERS])
    ranked = [text for _weight, text in sorted(found, key=lambda said: -said[0])]
    rest = len(ranked) - LONGEST
    more = ngettext("{n} smaller change is left out.", "{n} smaller changes are left out.", rest) if rest > 0 else ""
    return [*ranked[:LONGEST], *([more] if more else [])]


def _titles(run: Run) -> dict[str, str]:
    """What rules are called, where the run paid by them."""
    return {name: label(title) for name, title in rule_titles(run).items()} if run.has("payment_rules") else {}

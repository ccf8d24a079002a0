"""The events behind a story, one a line with all their terms, for who wants to check it."""

from collections.abc import Iterator, Mapping
from math import isnan

from results.cast import Cast, cast_of
from results.diary import Entry, entries_of
from results.messages import _, number
from results.run import Run
from results.spoken import span, task


def lines_of(run: Run, team: str, labels: Mapping[str, str], first: int = 1, last: int = 0) -> list[str]:
    """Every event of a team as one line.

    Args:
        run: an open run.
        team: name of the team.
        labels: what each kind of event is called, in the language in use.
        first: first year.
        last: last year; that of the run when 0.

    Raises:
        RunError: when the run has no such team, or nobody decides in it.
    """
    cast = cast_of(run, team)
    kept = [one for one in entries_of(cast) if first <= one.year and (not last or one.year <= last)]
    return [" · ".join(_pieces(cast, entry, labels)) for entry in kept]


def _pieces(cast: Cast, entry: Entry, labels: Mapping[str, str]) -> Iterator[str]:
    yield _("year {year}, week {week}", year=entry.year, week=entry.week - int(cast.run.manifest["first_week"]) + 1)
    yield labels.get(entry.kind, entry.kind)
    if entry.physician >= 0:
        yield cast.physician(entry.physician)
    if entry.nurse >= 0:
        yield cast.nurse(entry.nurse)
    if entry.task >= 0:
        yield task(entry.task)
    if entry.text:
        yield entry.text
    if not isnan(entry.after):
        numbers = [number(value, 2) for value in (entry.before, entry.after) if not isnan(value)]
        yield span(*numbers) if len(numbers) > 1 else numbers[0]
    if entry.terms:
        yield ", ".join(f"{name} {number(value, 2)}" for name, value in entry.terms.items())

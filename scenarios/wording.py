"""How a value, a table or a list of names is shown in a message to the author of a scenario."""

from collections.abc import Iterable

from agents.mistakes import Mistake, nearest, printable, shown, written

__all__ = [
    "closest", "located", "printable", "sentences", "shown", "table_name", "with_nearest", "written",
]  # fmt: skip


def table_name(place: Iterable[str]) -> str:
    """The heading of a table as it stands in a file: ``[team.NAME]``."""
    return f"[{'.'.join(printable(name) for name in place)}]"


def sentences(*parts: Mistake) -> Mistake:
    """Several sentences as one message; each is translated on its own."""
    whole, *rest = parts
    for part in rest:
        whole = Mistake("{first} {second}", first=whole, second=part)
    return whole


def closest(name: str, known: Iterable[str]) -> str | None:
    """The nearest known name; case, spaces and dashes do not count."""
    known = list(known)
    plain = {k.casefold(): k for k in known}
    same = plain.get(name.strip().casefold().replace("-", "_").replace(" ", "_"))
    return same or nearest(name, known)


def with_nearest(problem: Mistake, name: str, known: Iterable[str]) -> Mistake:
    """The problem, followed by the nearest valid name where one is close."""
    found = closest(name, known)
    return sentences(problem, Mistake('Did you mean "{nearest}"?', nearest=found)) if found else problem


def located(file: str, place: tuple[str, ...], problem: Mistake) -> Mistake:
    """The problem, behind the file and the table where it stands."""
    if not place:
        return Mistake("{file}: {problem}", file=file, problem=problem)
    if place[0] == "team" and len(place) > 1:
        if not place[2:]:
            return Mistake('{file}: team "{team}": {problem}', file=file, team=place[1], problem=problem)
        table = table_name(place[2:])
        return Mistake(
            '{file}: team "{team}", {table}: {problem}', file=file, team=place[1], table=table, problem=problem
        )
    return Mistake("{file}: {table}: {problem}", file=file, table=table_name(place), problem=problem)

"""Counts of patients, checked together: they must add up, and no cell may be so small that somebody is recognised.

A table of counts is known by what it is counted by: ``("age", "ald")``. Of a trait that people have or have not, one
half may be given where the whole is: the other half follows, and is under the same secrecy.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from agents.mistakes import Mistake
from results.messages import _
from scenarios.own_team.rows import DIMENSIONS, OLDEST, Row, described

SMALLEST_CELL: Final = 11
"""People under whom a count is not published: the rule of the French health data system (SNDS)."""
HALVES: Final = {"sex": ("F", "M"), "ald": ("yes", "no"), "c2s": ("yes", "no")}
ALLOWED: Final = (
    (), ("age",), ("sex",), ("ald",), ("c2s",), ("commune",), ("age", "sex"), ("age", "ald"), ("age", "c2s"),
)  # fmt: skip
MOST_NAMED: Final = 6

type Cell = tuple[object, ...]
type Table = dict[Cell, int]


@dataclass(slots=True)
class Counts:
    """A whole list.

    Attributes:
        total: patients.
        ages: first and last age of each band of the file, in order.
        tables: whole tables, by what they are counted by.
    """

    total: int
    ages: list[tuple[int, int]] = field(default_factory=list)
    tables: dict[tuple[str, ...], Table] = field(default_factory=dict)


def counted(path: Path, rows: Sequence[Row]) -> Counts:
    """Tables of the patients of a file.

    Raises:
        Mistake: counts that do not add up, or that would let somebody be recognised.
    """
    if not rows:
        raise Mistake("{file}: no line is about patients.", file=path)
    tables: dict[tuple[str, ...], Table] = {}
    small = [(row.line, described(row.cell)) for row in rows if 0 < row.count < SMALLEST_CELL]
    if small:
        listed = [_("{cell} (line {line})", cell=cell, line=line) for line, cell in small]
        raise _recognised(path, listed)
    for row in rows:
        _add(path, tables, row)
    counts = Counts(0, _bands(path, tables))
    counts.tables = _whole(path, tables)
    totals = {by: sum(table.values()) for by, table in counts.tables.items()}
    first = next(iter(totals))
    for by, total in totals.items():
        if total != totals[first]:
            raise Mistake("{file}: the patients by {one} are {first}, those by {other} are {second}: they should be "
                          "the same people.", file=path, one=_by(first), first=totals[first], other=_by(by),
                          second=total)  # fmt: skip
    _agree(path, counts.tables)
    counts.total = totals[first]
    return counts


def _by(names: tuple[str, ...]) -> str:
    return " x ".join(names) or "all"


def _recognised(path: Path, cells: Sequence[str]) -> Mistake:
    shown = "; ".join(cells[:MOST_NAMED]) + ("; ..." if len(cells) > MOST_NAMED else "")
    return Mistake(
        "{file}: statistical secrecy: cells of 1 to {most} people could let somebody be recognised: {cells}. "
        "Merge them with others.", file=path, most=SMALLEST_CELL - 1, cells=shown,
    )  # fmt: skip


def _add(path: Path, tables: dict[tuple[str, ...], Table], row: Row) -> None:
    by = tuple(name for name in DIMENSIONS if name in row.cell)
    if by not in ALLOWED:
        raise Mistake("{file}: line {line}: patients are not taken by {by}. Known: {known}.", file=path, line=row.line,
                      by=_by(by), known=", ".join(_by(one) for one in ALLOWED))  # fmt: skip
    cell = tuple(row.cell[name] for name in by)
    if cell in tables.setdefault(by, {}):
        raise Mistake("{file}: line {line}: {cell} is counted twice.", file=path, line=row.line,
                      cell=described(row.cell))  # fmt: skip
    tables[by][cell] = int(row.count)


def _bands(path: Path, tables: Mapping[tuple[str, ...], Table]) -> list[tuple[int, int]]:
    """The age bands of the file: every age once, the same in every table.

    Raises:
        Mistake: bands that overlap, leave a gap, or differ.
    """
    found: list[tuple[int, int]] = []
    for by, table in tables.items():
        if "age" not in by:
            continue
        bands = sorted({cell[0] for cell in table})  # type: ignore[type-var] # ages are pairs
        if found and bands != found:
            raise Mistake("{file}: age bands are not the same in every table of counts.", file=path)
        found = bands  # type: ignore[assignment] # same
        expected = 0
        for first, last in found:
            if first != expected:
                raise Mistake("{file}: age bands do not follow each other: expected one that begins with {age}, found "
                              "{first}.", file=path, age=expected, first=first)  # fmt: skip
            expected = last + 1
        if found[-1][1] != OLDEST:
            raise Mistake("{file}: the last age band ends with {age}; it should have no end, such as 85+.",
                          file=path, age=found[-1][1])  # fmt: skip
    return found


def _whole(path: Path, tables: Mapping[tuple[str, ...], Table]) -> dict[tuple[str, ...], Table]:
    """Tables with both halves of every trait.

    Raises:
        Mistake: a half that cannot be found, or that would be too small or below 0.
    """
    halves = {by for by, table in tables.items() if _trait(by) and len({cell[-1] for cell in table}) == 1}
    whole = {by: table for by, table in tables.items() if by not in halves}
    for by in sorted(halves, key=len):
        reference = _margin(whole, by[:-1])
        if not reference:
            raise Mistake("{file}: {trait} is given for one half of the patients by {by} only: give the other half, or "
                          "the count of all.", file=path, trait=by[-1], by=_by(by))  # fmt: skip
        half = next(iter(tables[by]))[-1]
        other = next(one for one in HALVES[by[-1]] if one != half)
        rest = {(*cell, other): count - tables[by].get((*cell, half), 0) for cell, count in reference.items()}
        _check_rest(path, by, rest)
        whole[by] = tables[by] | rest
    return whole


def _trait(by: tuple[str, ...]) -> bool:
    """Whether the last thing counted by is a trait that people have or have not."""
    return bool(by) and by[-1] in HALVES


def _margin(tables: Mapping[tuple[str, ...], Table], by: tuple[str, ...]) -> Table:
    """A table, or what another one gives of it; empty where none does."""
    if by in tables:
        return tables[by]
    for names, table in tables.items():
        if set(by) < set(names):
            places = [names.index(name) for name in by]
            summed: Table = {}
            for cell, count in table.items():
                key = tuple(cell[place] for place in places)
                summed[key] = summed.get(key, 0) + count
            return summed
    return {}


def _check_rest(path: Path, by: tuple[str, ...], rest: Table) -> None:
    for cell, count in rest.items():
        if count < 0:
            raise Mistake("{file}: more patients than there are would leave {count} of {cell}.",
                          file=path, count=count, cell=described(dict(zip(by, cell, strict=True))))  # fmt: skip
    small = [cell for cell, count in rest.items() if 0 < count < SMALLEST_CELL]
    if small:
        said = [described(dict(zip(by, cell, strict=True))) for cell in small]
        raise _recognised(path, [_("{cell} (all less the others)", cell=cell) for cell in said])


def _agree(path: Path, tables: Mapping[tuple[str, ...], Table]) -> None:
    """Refuse tables of two traits whose sums are not the counts that are given of one of them."""
    for by, table in tables.items():
        for place, name in enumerate(by) if len(by) > 1 else ():
            for cell, count in tables.get((name,), {}).items():
                summed = sum(n for own, n in table.items() if own[place] == cell[0])
                if summed != count:
                    raise Mistake("{file}: {cell} is {count} in one place, {summed} by {by}.", file=path, by=_by(by),
                                  cell=described({name: cell[0]}), count=count, summed=summed)  # fmt: skip


def margin(counts: Counts, *by: str) -> Table:
    """Patients counted by something; empty where the file says nothing of it."""
    return _margin(counts.tables, by)

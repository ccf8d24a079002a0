"""How fast quotes are asked: the same town many times side by side, with the work that was done."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

PHYSICIANS: Final = 10_000
STACKS: Final[Mapping[str, tuple[str, ...]]] = {
    "usual": ("fee_for_service", "list_lump_sums", "rosp"),
    "lump_sum": ("fee_for_service", "list_lump_sums", "rosp", "peps", "aci_msp"),
}
"""Contracts that are asked, by the name under which their time is told."""
ACTIONS: Final = 12
"""Actions of which the time is told: all templates but hand-overs."""
YEAR: Final = 2
TOWN: Final = 6_000
"""People of the town; it has teams of every size."""


def quote_seconds(stack: str = "usual", physicians: int = PHYSICIANS) -> tuple[float, dict[str, Any]]:
    """Seconds to ask the quotes of a quarter for many physicians, and the work done.

    Raises:
        RuntimeError: when the work was not done.
    """
    from sim.quotes.quoting import quotes_of

    treasury, world, accounts = asked_towns(STACKS[stack], physicians)
    begin = time.perf_counter()
    quotes = quotes_of(treasury, world, accounts, YEAR, handovers=False)
    seconds = time.perf_counter() - begin
    work = {
        "physicians": len(world.physicians), "actions": len(quotes.physicians),
        "euros_a_visit": float(quotes.physicians["visit"].direct.mean()),
        "settled": float(np.abs(quotes.physicians["registration"].settled).mean()),
    }  # fmt: skip
    check_quotes(work, physicians)
    return seconds, work


def check_quotes(work: Mapping[str, Any], physicians: int) -> None:
    """Refuse to report the speed of quotes that say nothing.

    Raises:
        RuntimeError: when there are too few, or they are nothing.
    """
    if work["physicians"] < physicians or work["actions"] < ACTIONS or not work["settled"] > 0:
        raise RuntimeError(f"quotes did not do their work: {dict(work)}")


def asked_towns(contract: tuple[str, ...], physicians: int) -> tuple[Any, Any, Any]:
    """Treasury, world and accounts of a town that has lived a year, many times side by side."""
    from scenarios.bench import tiled
    from scenarios.norms.invented import invented_norms
    from scenarios.reading import load
    from sim.model import prepared
    from sim.treasury import treasury_of

    whole = load("baseline")
    ground = replace(whole.territory, people=TOWN, town=min(whole.territory.town, TOWN // 3))
    spec = replace(whole, territory=ground, teams={}, fill_with_default_teams=True, warm_up_years=1,
                   default_contract=list(contract))  # fmt: skip
    model = prepared(spec, norms=invented_norms())
    model.run_year()
    town, accounts = model.world, model.accounts
    copies = -(-physicians // len(town.physicians))
    accounts.years = {number: year_side_by_side(year, accounts.measures, copies) for number, year in
                      accounts.years.items() if number >= 0}  # fmt: skip
    world = replace(tiled(replace(town, patients=town.patients[:1]), copies), patients=town.patients)
    return treasury_of(world, spec, invented_norms()), world, accounts


def year_side_by_side(year: Any, measures: Mapping[str, Any], copies: int) -> Any:
    """A closed year of a town, many times side by side; what belongs to nobody stays that of one town."""
    sizes = {level: size * copies for level, size in year.sizes.items()}

    def many(sums: NDArray[Any], levels: tuple[str, ...]) -> NDArray[Any]:
        parts, start = [], 0
        for level in levels:
            size = year.sizes[level]
            parts += [np.tile(sums[start : start + size], copies), sums[start + size : start + size + 1]]
            start += size + 1
        return np.concatenate(parts)

    totals = {name: many(sums, measures[name].per if name in measures else ("physician",))
              for name, sums in year.totals.items()}  # fmt: skip
    footprints = replace_sums(year.footprints, copies)
    teams, territories = (
        np.concatenate([np.where(rows >= 0, rows + copy * year.sizes[level], rows) for copy in range(copies)])
        for rows, level in ((year.teams, "team"), (year.territories, "territory"))
    )
    return replace(year, totals=totals, sizes=sizes, footprints=footprints, teams=teams, territories=territories)


def replace_sums(footprints: Any, copies: int) -> Any:
    """Sums of footprints, many times side by side."""
    import copy

    def many(sums: NDArray[Any]) -> NDArray[Any]:
        return np.concatenate([np.tile(sums[..., :-1], copies), sums[..., -1:]], axis=-1)

    other = copy.copy(footprints)
    other.physicians = footprints.physicians * copies
    other.units = many(footprints.units)
    other.sums = {name: many(sums) for name, sums in footprints.sums.items()}
    return other

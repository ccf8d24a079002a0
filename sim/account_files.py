"""Closed years of accounts in one file, so that arms that start from a saved world know the year before."""

from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from sim.accounts import Accounts
from sim.counting import Year
from sim.footprints import FootprintSums

SEPARATOR = "|"


def save_years(accounts: Accounts, file: BinaryIO | Path) -> None:
    """Write the closed years of accounts to one ``.npz`` file."""
    arrays: dict[str, Any] = {"actions": np.array(list(accounts.actions))}
    for number, year in accounts.years.items():
        parts: dict[str, Any] = {
            "sizes": np.array(list(year.sizes.values())), "levels": np.array(list(year.sizes)),
            "units": year.footprints.units, "teams": year.teams, "territories": year.territories, "enough": year.enough,
            "facts": np.array(list(year.facts.values())), "fact_names": np.array(list(year.facts)),
        }  # fmt: skip
        parts |= {f"total{SEPARATOR}{name}": sums for name, sums in year.totals.items()}
        parts |= {f"footprint{SEPARATOR}{name}": sums for name, sums in year.footprints.sums.items()}
        arrays |= {f"{number}{SEPARATOR}{name}": part for name, part in parts.items()}
    np.savez_compressed(file, **arrays)


def load_years(accounts: Accounts, file: BinaryIO | Path) -> None:
    """Give accounts the closed years that :func:`save_years` wrote.

    Raises:
        ValueError: when other actions were declared then; footprints are kept by action.
    """
    with np.load(file) as saved:
        arrays = {name: saved[name] for name in saved.files}
    if list(arrays.pop("actions")) != list(accounts.actions):
        raise ValueError(f"{file}: written with other actions than those declared now")
    years: dict[int, dict[str, NDArray[Any]]] = {}
    for key, part in arrays.items():
        number, name = key.split(SEPARATOR, 1)
        years.setdefault(int(number), {})[name] = part
    accounts.years |= {number: _year(accounts, parts) for number, parts in years.items()}


def _year(accounts: Accounts, parts: dict[str, NDArray[Any]]) -> Year:
    """One year from its arrays."""

    def named(kind: str) -> dict[str, NDArray[Any]]:
        start = kind + SEPARATOR
        return {name.removeprefix(start): part for name, part in parts.items() if name.startswith(start)}

    footprints = FootprintSums(accounts.actions, len(parts["teams"]))
    footprints.units, footprints.sums = parts["units"], named("footprint")
    return Year(
        totals=named("total"),
        sizes=dict(zip(parts["levels"].tolist(), parts["sizes"].tolist(), strict=True)),
        footprints=footprints,
        teams=parts["teams"],
        territories=parts["territories"],
        enough=float(parts["enough"]),
        facts=dict(zip(parts["fact_names"].tolist(), parts["facts"].tolist(), strict=True)),
    )

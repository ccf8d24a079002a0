"""The ledger: what was paid in earlier years, by payee, so that arms and saved worlds know their past.

Rules look back on amounts, never on the arithmetic behind them: worksheets stay in the tables of the run that made
them.
"""

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.payment.accounts_of_year import Owners, Rows
from sim.payment.stacking import stacked
from sim.payment.statement import LINE_COLUMNS, Component, Statement

CONTRACT: Final = "contract"
COLUMNS: Final = [CONTRACT, *LINE_COLUMNS]
PART: Final = ["component", "step", "payee_kind", "level"]
QUARTER: Final = ["cash_year", "cash_quarter"]
NO_PLACE: Final = -1


def ledger_of(statements: Iterable[tuple[int, Statement]]) -> pd.DataFrame:
    """All payments of statements, each with the number of its contract; one a row, columns :data:`COLUMNS`."""
    blocks = ((rows, {**columns, CONTRACT: number}) for number, paid in statements for rows, columns in paid.blocks())
    return stacked(blocks, COLUMNS)


def statements_in(ledger: pd.DataFrame, owners: Mapping[str, Owners]) -> dict[tuple[int, str], Statement]:
    """The statements of a ledger as far as they are about some owners, without their worksheets.

    Args:
        ledger: what :func:`ledger_of` gave; its contracts do not matter.
        owners: owners by level, those of one contract of today.

    Returns:
        Statements by calendar year and policy. Owners who were paid nothing then stand in them with 0.
    """
    place = {level: _places(known.rows) for level, known in owners.items()}
    kept = np.zeros(len(ledger), dtype=bool)
    for level, places in place.items():
        kept |= (ledger["level"] == level).to_numpy() & _known(places, ledger["payee"].to_numpy(dtype=np.int64))
    found: dict[tuple[int, str], Statement] = {}
    parts: Any = ledger[kept].groupby(["accrual_year", "system", *PART], sort=False)
    for (year, system, name, step, payee_kind, level), lines in parts:
        part = _component(lines, owners[level], place[level], (name, step, payee_kind, level))
        known = found.get((year, system), Statement(system, int(year)))
        found[int(year), system] = known + Statement(system, int(year), (part,))
    return found


def to_bytes(ledger: pd.DataFrame) -> NDArray[np.uint8]:
    """A ledger as one array, to be kept beside a world."""
    file = BytesIO()
    ledger.to_parquet(file, index=False, compression="zstd")
    return np.frombuffer(file.getvalue(), dtype=np.uint8)


def from_bytes(saved: NDArray[np.uint8]) -> pd.DataFrame:
    """The ledger that :func:`to_bytes` kept."""
    return pd.read_parquet(BytesIO(saved.tobytes()))


def _component(lines: pd.DataFrame, owners: Owners, place: Rows, part: tuple[str, str, str, str]) -> Component:
    """One component with its instalments, for all owners of a level."""
    quarters = [tuple(map(int, quarter)) for quarter in lines[QUARTER].drop_duplicates().to_numpy()]
    column = {quarter: number for number, quarter in enumerate(quarters)}
    paid = np.zeros((len(owners), len(quarters)), dtype=np.int64)
    columns = [column[int(year), int(quarter)] for year, quarter in lines[QUARTER].to_numpy()]
    np.add.at(paid, (place[lines["payee"].to_numpy(dtype=np.int64)], columns), lines["cents"].to_numpy(dtype=np.int64))
    name, step, payee_kind, level = part
    # What was taken back was taken back in parts too: instalments of one amount have one sign.
    return Component(name, step, payee_kind, level, owners.rows, owners.team, paid.sum(axis=1),
                     [(year, quarter) for year, quarter in quarters], np.abs(paid).astype(np.float64))  # fmt: skip


def _places(rows: Rows) -> Rows:
    """Place of each row of a table among some owners."""
    places = np.full(int(rows.max(initial=NO_PLACE)) + 1, NO_PLACE, dtype=np.int64)
    places[rows] = np.arange(len(rows))
    return places


def _known(places: Rows, rows: Rows) -> NDArray[np.bool_]:
    """Which rows have a place."""
    known = rows < len(places)
    known[known] = places[rows[known]] != NO_PLACE
    return known

"""A world: all the tables of one or many territories that share no provider, and the week it has reached."""

import copy
import math
from dataclasses import dataclass, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table, one_dtype

WEEKS_PER_YEAR = 52
WEEKS_PER_QUARTER = 13
TEXTS = ("start", "names", "notes")
RECORDS = ("parameters", "behaviour")
LONGEST_HEADER = 1_000_000  # bytes; NumPy's own limit is too short for a record of all parameters


@dataclass(slots=True)
class World:
    """Everything that changes while weeks pass, and the geography and parameters that do not.

    Attributes:
        seed: seed of every draw.
        start: first day of week 0 (the warm-up comes first).
        week: number of weeks already simulated.
        warm_up_weeks: weeks before year 1.
        parameters: one record of the parameters of the week, shape ``(1,)``.
        behaviour: one record of the parameters of those who decide, shape ``(1,)``.
        territories, communes, cells: geography (``sim/territory``).
        near_physicians, near_nurses, near_hospitals: the nearest ones of each cell (rows; liberal nurses only), nearest
            first, -1 for none, shape ``(cells, k)``.
        patients, physicians, nurses, dyads, support, hospitals, teams, payer: tables of the agents.
        names: team names, in row order (``teams`` holds numbers only).
        notes: what is real about the ground and what was laid out by us, for people.
    """

    seed: int
    start: date
    week: int
    warm_up_weeks: int
    parameters: Table
    behaviour: Table
    territories: Table
    communes: Table
    cells: Table
    near_physicians: NDArray[np.int32]
    near_nurses: NDArray[np.int32]
    near_hospitals: NDArray[np.int32]
    patients: Table
    physicians: Table
    nurses: Table
    dyads: Table
    support: Table
    hospitals: Table
    teams: Table
    payer: Table
    names: list[str]
    notes: list[str]

    def __post_init__(self) -> None:
        """Let tables share the types of those before them, by which compiled code knows them at once."""
        for f in fields(self):
            table = getattr(self, f.name)
            if isinstance(table, np.ndarray) and table.dtype.names:
                setattr(self, f.name, table.view(one_dtype(table.dtype)))

    def fork(self) -> "World":
        """A copy that shares nothing with this one, for another arm of the same world."""
        return copy.deepcopy(self)

    def day(self, week: int | None = None) -> date:
        """Calendar day on which a week starts (the coming one by default)."""
        return self.start + timedelta(weeks=self.week if week is None else week)

    @property
    def year(self) -> int:
        """Year of the run, 1 for the first after the warm-up; 0 and below during it."""
        return self.year_of(self.week)

    def year_of(self, week: int) -> int:
        """Year of the run that a week belongs to."""
        return (week - self.warm_up_weeks) // WEEKS_PER_YEAR + 1

    def save(self, path: Path, **beside: NDArray[np.generic]) -> None:
        """Write the whole world to one ``.npz`` file, with other arrays beside it where given.

        Equal worlds give equal files, byte by byte.
        """
        arrays = {
            f.name: _without_traces(np.asarray(getattr(self, f.name))) for f in fields(self) if f.name not in TEXTS
        }
        for name in ("names", "notes"):
            arrays[name] = np.array(getattr(self, name), dtype=str)
        saved: dict[str, Any] = arrays | beside | {"start": np.array(self.start.isoformat())}
        np.savez(path, **saved)

    @classmethod
    def load(cls, path: Path) -> "World":
        """Read a world that :meth:`save` wrote."""
        with np.load(path, max_header_size=LONGEST_HEADER) as saved:
            known = {f.name for f in fields(cls)}
            values: dict[str, Any] = {name: _as_declared(name, saved[name]) for name in saved.files if name in known}
        for name in ("seed", "week", "warm_up_weeks"):
            values[name] = int(values[name])
        for name in ("names", "notes"):
            values[name] = [str(text) for text in values[name]]
        values["start"] = date.fromisoformat(str(values["start"]))
        return cls(**values)


def _without_traces(table: NDArray[Any]) -> NDArray[Any]:
    """A table whose gaps between fields are zero, cleared in place where its rows lie together.

    What stands in the gaps is whatever the memory held before; nobody reads it, but it would be written.
    """
    gaps = _gaps(table.dtype)
    if not gaps.any():
        return table
    table = np.ascontiguousarray(table)
    table.view(np.uint8).reshape(-1, table.dtype.itemsize)[:, gaps] = 0
    return table


def _gaps(dtype: np.dtype[Any]) -> NDArray[np.bool_]:
    """Which bytes of a row belong to no field, shape ``(bytes of a row,)``."""
    if dtype.subdtype is not None:
        base, shape = dtype.subdtype
        return np.tile(_gaps(base), math.prod(shape))
    gaps = np.full(dtype.itemsize, dtype.fields is not None)
    for part in (dtype.fields or {}).values():
        gaps[part[1] : part[1] + part[0].itemsize] = _gaps(part[0])
    return gaps


def _as_declared(name: str, array: NDArray[np.generic]) -> NDArray[np.generic]:
    """An array as read from a file, with the alignment of its table: kernels are compiled for aligned rows."""
    return array if array.dtype.names is None or name in RECORDS else array.view(_aligned(array.dtype))


def _aligned(dtype: np.dtype[np.generic]) -> np.dtype[np.generic]:
    """The same fields at the same places, marked as aligned: NumPy's files forget the mark."""
    if dtype.subdtype is not None:
        base, shape = dtype.subdtype
        return np.dtype((_aligned(base), shape))
    if dtype.names is None or dtype.fields is None:
        return dtype
    parts = [dtype.fields[name] for name in dtype.names]
    return np.dtype(
        {
            "names": list(dtype.names),
            "formats": [_aligned(part[0]) for part in parts],
            "offsets": [part[1] for part in parts],
            "itemsize": dtype.itemsize,
        },
        align=True,
    )

"""Reading the CSV files that a user brings, in portions, with one clear sentence for whatever is wrong with them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from agents.mistakes import Mistake

PORTION = 100_000  # rows in memory at once


def portions(path: Path, wanted: Callable[[str], bool], separator: str, encoding: str) -> Iterator[pd.DataFrame]:
    """The wanted columns of a CSV file as text, in portions; the index is the row's place in the file, from 0.

    Args:
        path: the file.
        wanted: whether a column, given by its stripped name, is read.
        separator: between fields.
        encoding: of the text.

    Raises:
        Mistake: when the file is missing, empty, or no table.
        UnicodeDecodeError: when the text is of another encoding.
    """
    try:
        with pd.read_csv(
            path, sep=separator, dtype=str, keep_default_na=False, encoding=encoding, chunksize=PORTION,
            usecols=lambda name: wanted(str(name).strip()),
        ) as reader:  # fmt: skip
            yield from reader
    except (FileNotFoundError, IsADirectoryError):
        raise Mistake('file "{file}" was not found.', file=path) from None
    except pd.errors.EmptyDataError:
        raise Mistake('file "{file}" is empty: expected a header and rows.', file=path) from None
    except pd.errors.ParserError as error:
        raise Mistake('file "{file}" cannot be read as a table: {reason}.', file=path, reason=error) from None


def header(path: Path, separator: str, encoding: str) -> list[str]:
    """Column names of a CSV file, stripped.

    Raises:
        Mistake: when the file is missing or empty.
        UnicodeDecodeError: when the text is of another encoding.
    """
    try:
        with path.open(encoding=encoding) as file:
            line = file.readline()
    except (FileNotFoundError, IsADirectoryError):
        raise Mistake('file "{file}" was not found.', file=path) from None
    if not line.strip():
        raise Mistake('file "{file}" is empty: expected a header and rows.', file=path)
    return [name.strip().strip('"') for name in line.rstrip("\r\n").split(separator)]


def need_columns(path: Path, missing: list[str], present: list[str]) -> None:
    """Refuse a file without some columns, naming them."""
    if missing:
        raise Mistake(
            'file "{file}" lacks the columns {missing}. It has: {present}.',
            file=path, missing=", ".join(missing), present=", ".join(present[:40]),
        )  # fmt: skip


def wrong(path: Path, row: int, column: str, value: object, mistake: Mistake) -> NoReturn:
    """Refuse a value, saying on which line of the file it stands (the header is line 1).

    ``mistake`` is completed with the facts ``file``, ``line``, ``column`` and ``value``.
    """
    mistake.facts.update(file=path, line=row + 2, column=column, value=value)
    raise mistake


def refuse_first(path: Path, table: pd.DataFrame, bad: NDArray[np.bool_], column: str, mistake: Mistake) -> None:
    """Refuse the first row of a portion where ``bad`` holds; ``mistake`` as in :func:`wrong`."""
    if bad.any():
        row = int(np.argmax(bad))
        wrong(path, int(table.index[row]), column, table[column].iloc[row], mistake)


def numbers(path: Path, table: pd.DataFrame, column: str) -> NDArray[np.float64]:
    """A column of numbers of 0 or more.

    Raises:
        Mistake: at the first value that is none.
    """
    values = pd.to_numeric(table[column].str.strip(), errors="coerce").to_numpy(dtype=float)
    bad = ~np.isfinite(values) | (values < 0)
    mistake = Mistake('file "{file}", line {line}: {column} = "{value}": expected a number of 0 or more.')
    refuse_first(path, table, bad, column, mistake)
    return values

"""The files of an answer: tables that carry where they come from, and all of it as JSON beside them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results.messages import _
from results.provenance import with_provenance
from results.run import RunError

if TYPE_CHECKING:
    import pandas as pd


def json_text(content: Any) -> str:
    """An answer as JSON that people can read too."""
    return json.dumps(content, ensure_ascii=False, indent=1, default=str)


def write_answer(
    folder: Path, tables: "Mapping[str, pd.DataFrame]", name: str, content: Any, provenance: Mapping[str, Any],
    refused: type[RunError],
) -> list[Path]:  # fmt: skip
    """Write the tables of an answer, then the whole of it.

    Args:
        folder: where; it is made if need be.
        tables: by the name of the file, which ends in ``.csv`` or ``.parquet``.
        name: name of the JSON file.
        content: what it holds.
        provenance: what the numbers come from.
        refused: what is raised when a file cannot be written.

    Returns:
        The files, in the order of the tables, the JSON file last.

    Raises:
        RunError: when a file cannot be written.
    """
    text = json_text(content)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, table in tables.items():
            known = with_provenance(table, provenance)
            save = known.to_csv if file.endswith(".csv") else known.to_parquet
            save(folder / file, index=False)
        (folder / name).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise refused(_("{path}: cannot be written ({reason}).", path=folder, reason=error.strerror)) from None
    return [folder / file for file in (*tables, name)]

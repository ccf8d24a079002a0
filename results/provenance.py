"""Where a table, a figure or a page comes from: one record, carried inside every file and read back from it.

A record says which run or study the numbers are of, the code and the parameters that made them, and how they were asked
for: the scenario of a run, or the words of the command. ``careteams rerun FILE`` makes them again from it.

| file | where the record is |
|---|---|
| PNG, PDF | a text of its metadata |
| SVG | its ``metadata`` element |
| Parquet | the metadata of its schema |
| HTML | a script element of type ``application/json`` |
| CSV | columns ``study``, ``code``, ``parameters`` on every row; the record stands in the JSON file beside it |
| JSON | its key ``provenance`` |
| a run | ``manifest.json`` |
"""

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from results.messages import _

if TYPE_CHECKING:
    import pandas as pd

NAME: Final = "careteams"
"""What the record is called in the metadata of a file."""
ELEMENT: Final = "careteams-provenance"
SHORT: Final = {"study": "study", "code": "code", "parameters": "parameters"}
"""Columns that every table carries, and the entry of the provenance that each holds."""
ASKED: Final = (
    "run_id", "study", "code", "parameters", "seed", "weeks", "scenario", "scenario_digest", "arms", "seeds", "years",
    "command", "inputs",
)  # fmt: skip
"""Entries of a provenance that a record takes over."""
MOST_INPUT: Final = 50_000_000
"""Bytes of a file up to which it is known by a digest."""
PNG_START: Final = b"\x89PNG\r\n\x1a\n"

PLACES: Final = ("--out", "--figure", "--markdown")
"""Options that say where a command writes."""

type Record = dict[str, Any]

_command: list[str] = []
_again: dict[str, Any] = {}
"""Command and inputs of what is being made again; they stand for those of the command that does it."""


class ProvenanceError(Exception):
    """A file that does not say where it comes from; one line for people."""


def commanded(words: Sequence[str]) -> None:
    """Remember the words of the command that is being obeyed: what is written from now on carries them."""
    _command[:] = words


@contextmanager
def made_again(kept: Mapping[str, Any]) -> Iterator[None]:
    """What is written in the block carries the command of a record, so that it is the same to the last byte."""
    _again.update(command=list(kept.get("command", [])), inputs=dict(kept.get("inputs", {})))
    try:
        yield
    finally:
        _again.clear()


def said(facts: Mapping[str, Any]) -> str:
    """Where the numbers of a study come from, as a sentence."""
    return _("Study {study}, code {code}, parameters {parameters}.",
             study=facts["study"], code=facts["code"], parameters=facts["parameters"])  # fmt: skip


def recorded(facts: Mapping[str, Any]) -> Record:
    """The record of a study and all else that is known of it, as the JSON of an answer holds it."""
    return record(facts) | dict(facts)


def record(facts: Mapping[str, Any]) -> Record:
    """The record of what is about to be written.

    Args:
        facts: the provenance of a study (``study``, ``code``, ``parameters``), or the manifest of a run. A study that
            is shown again keeps the command that made it.
    """
    known = dict(facts)
    if "run_id" in known:
        known |= {"code": known["code_version"], "parameters": known["parameter_digest"]}
    else:
        asked = _again or {"command": _told(_command), "inputs": _inputs(_command)}
        known = asked | known
    return {"format": 1, **{key: known[key] for key in ASKED if key in known}}


def _told(words: Sequence[str]) -> list[str]:
    """The words of a command without the folders it wrote into, which are nobody else's affair."""
    return [option + (Path(value).name if is_place else value) for option, value, is_place in parts_of(words)]


def _inputs(words: Sequence[str]) -> dict[str, str]:
    """Digest of each file that a command names, unless it is where it writes."""
    found = {}
    for _option, word, is_place in parts_of(words):
        for name in () if is_place else {word, word.rpartition("=")[2]}:
            with suppress(OSError, ValueError):
                path = Path(name)
                if name and path.is_file() and path.stat().st_size <= MOST_INPUT:
                    found[name] = digest(path)
    return found


def parts_of(words: Sequence[str]) -> Iterator[tuple[str, str, bool]]:
    """Each word of a command, and whether it is a place that is written to; ``--out=`` stands before it, or nothing."""
    place_follows = False
    for word in words:
        option, sign, place = word.partition("=")
        if sign and option in PLACES and not place_follows:
            yield option + sign, place, True
        else:
            yield "", word, place_follows
        place_follows = word in PLACES and not place_follows


def digest(path: Path) -> str:
    """A short digest of the content of a file."""
    return blake2b(path.read_bytes(), digest_size=8).hexdigest()


def as_text(kept: Mapping[str, Any]) -> str:
    """A record in one line of JSON."""
    return json.dumps(dict(kept), ensure_ascii=False, default=str, separators=(",", ":"))


def with_provenance(table: "pd.DataFrame", facts: Mapping[str, Any]) -> "pd.DataFrame":
    """The table with the digests of study, code and parameters on every row, and the record for a Parquet file."""
    digests = {column: str(facts.get(entry, "")) for column, entry in SHORT.items()}
    found = table.assign(**{column: value for column, value in digests.items() if column not in table})
    found.attrs = {NAME: as_text(record(facts))}
    return found


def in_picture(kept: Mapping[str, Any], kind: str) -> dict[str, str]:
    """Metadata of a picture of a kind (``png``, ``pdf``); an SVG has an element instead (:func:`in_svg`)."""
    if not kept:
        return {}
    return {NAME: as_text(kept)} if kind == "png" else {"Keywords": as_text(kept)} if kind == "pdf" else {}


def in_svg(drawing: str, kept: Mapping[str, Any]) -> str:
    """The text of an SVG with the record before its end."""
    if not kept:
        return drawing
    body, end, rest = drawing.rpartition("</svg>")
    return f'{body}<metadata id="{ELEMENT}">{html.escape(as_text(kept), quote=False)}</metadata>\n{end}{rest}'


def in_page(kept: Mapping[str, Any]) -> str:
    """The record as an element of a page; nothing in it can end the element."""
    return f'<script type="application/json" id="{ELEMENT}">{as_text(kept).replace("<", chr(92) + "u003c")}</script>'


def carried(path: Path) -> Record:
    """The record that a file, or the folder of a run or a comparison, carries.

    Raises:
        ProvenanceError: when there is none, or the file cannot be read.
    """
    try:
        found = _read(Path(path))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise ProvenanceError(_("{path}: cannot be read ({reason}).", path=path, reason=reason)) from None
    if not found:
        raise ProvenanceError(_("{path}: it does not say where it comes from.", path=path))
    return found


def _read(path: Path) -> Record:
    if path.is_dir():
        return _of_folder(path)
    kind = path.suffix.lower()
    if kind == ".png":
        return _of_png(path.read_bytes())
    if kind in (".svg", ".html", ".htm"):
        found = re.search(rf'id="{ELEMENT}">(.*?)</', path.read_text(encoding="utf-8"), re.DOTALL)
        return _loaded(html.unescape(found[1])) if found else {}
    if kind == ".parquet":
        return _of_parquet(path)
    if kind == ".json":
        return _of_json(path)
    if kind in (".csv", ".txt"):
        return _of_folder(path.parent, "" if kind == ".txt" else str(_first(path).get("study", "")))
    return {}


def _loaded(text: str) -> Record:
    found = json.loads(text)
    return found if isinstance(found, dict) and "format" in found else {}


def _of_json(path: Path) -> Record:
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        return {}
    if "run_id" in content:
        return record(content)
    found = content.get("provenance")
    return {"format": 1, **{key: found[key] for key in ASKED if key in found}} if isinstance(found, dict) else {}


def _of_folder(folder: Path, study: str = "") -> Record:
    """The record of the JSON file of a folder, of this study where one is named."""
    for file in sorted(folder.glob("*.json")):
        with suppress(ValueError):
            found = _of_json(file)
            if found and study in ("", found.get("study"), found.get("run_id")):
                return found
    return {}


def _first(path: Path) -> dict[str, Any]:
    import pandas as pd  # imported here: the command line imports this module, and must start at once

    rows = pd.read_csv(path, nrows=1, dtype=str).to_dict("records")
    return {str(key): value for key, value in rows[0].items()} if rows else {}


def _of_parquet(path: Path) -> Record:
    import pyarrow.parquet as pq

    found = pq.read_schema(path).metadata or {}
    if NAME.encode() in found:
        return _loaded(found[NAME.encode()].decode("utf-8"))
    if b"PANDAS_ATTRS" in found:
        text = json.loads(found[b"PANDAS_ATTRS"]).get(NAME)
        if text:
            return _loaded(text)
    return _of_folder(path.parent)


def _of_png(content: bytes) -> Record:
    """The record among the texts of a PNG."""
    place = len(PNG_START)
    while content.startswith(PNG_START) and place + 8 <= len(content):
        size, kind = int.from_bytes(content[place : place + 4]), content[place + 4 : place + 8]
        data = content[place + 8 : place + 8 + size]
        if kind == b"tEXt" and data.startswith(NAME.encode() + b"\0"):
            return _loaded(data.partition(b"\0")[2].decode("latin-1"))
        if kind == b"iTXt" and data.startswith(NAME.encode() + b"\0"):
            return _loaded(data.split(b"\0", 5)[-1].decode("utf-8"))
        place += size + 12
    return {}

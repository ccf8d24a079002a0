"""Making again what a file was made from: the scenario of a run, or the command of a study, in a place of its own."""

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, get_args, get_origin, get_type_hints

from agents.mistakes import Mistake
from results.provenance import Record, digest, made_again, parts_of
from sim.specification import ScenarioSpec

OUT: Final = "--out"
TABLES: Final = (".parquet", ".csv")
ELSEWHERE: Final = ("--engine", "--address", "--workers", "--shard")
"""Options that say who runs a command, or a part of it: results do not depend on them, and a cluster may be gone."""


def again(kept: Record, file: Path, out: Path, *, accept_changes: bool = False, progress: bool = True) -> Path:
    """Run again what a record says.

    Args:
        kept: the record of a file.
        file: the file, for messages.
        out: a folder that is not there yet.
        accept_changes: whether other code, parameters or files are accepted.
        progress: show progress bars.

    Returns:
        The folder.

    Raises:
        Mistake: when the record cannot be run again as it was, or the folder is there already.
    """
    if out.exists():
        raise Mistake("{folder}: there is such a folder already; a rerun goes to a new place. Choose another --out.",
                      folder=out)  # fmt: skip
    if "run_id" in kept:
        return _run(kept, file, out, accept_changes=accept_changes, progress=progress)
    return _command(kept, file, out, accept_changes=accept_changes)


def _refuse(file: Path, what: str, before: object, now: object, accept_changes: bool) -> None:
    if before != now and not accept_changes:
        raise Mistake("{file}: {what} was {before} and is {now}; say --accept-changes to run it all the same.",
                      file=file, what=what, before=before, now=now)  # fmt: skip


def _run(kept: Record, file: Path, out: Path, *, accept_changes: bool, progress: bool) -> Path:
    from scenarios.running import WEEKS_PER_YEAR, simulate
    from sim.recording.manifest import code_version, parameter_digest, parameters_ahead

    try:
        spec: ScenarioSpec = restored(kept["scenario"], ScenarioSpec)
    except (KeyError, TypeError, ValueError):
        raise Mistake("{file}: the scenario of its run cannot be read by this version.", file=file) from None
    _refuse(file, "code", kept.get("code"), code_version(), accept_changes)
    now = parameter_digest(parameters_ahead(spec))
    _refuse(file, "parameters", kept.get("parameters"), now, accept_changes)
    if kept.get("weeks", spec.years * WEEKS_PER_YEAR) != spec.years * WEEKS_PER_YEAR:
        raise Mistake("{file}: its run has {weeks} weeks, which no scenario asks for.", file=file, weeks=kept["weeks"])
    return simulate(spec, out=out, progress=progress)


def _command(kept: Record, file: Path, out: Path, *, accept_changes: bool) -> Path:
    from scenarios.cli import main
    from sim.recording.manifest import code_version

    words = _here(kept.get("command", []))
    if not words:
        raise Mistake("{file}: it was not made by a command, so that it cannot be run again from here alone. Its study "
                      "is {study}.", file=file, study=kept.get("study", "–"))  # fmt: skip
    _refuse(file, "code", kept.get("code"), code_version(), accept_changes)
    for name, known in dict(kept.get("inputs", {})).items():
        path = Path(name)
        if not path.is_file():
            raise Mistake("{file}: it was made from {input}, which is not here.", file=file, input=name)
        _refuse(file, name, known, digest(path), accept_changes)
    out.mkdir(parents=True)
    whole = out.resolve()
    words = _placed([_from_anywhere(word, kept.get("inputs", {})) for word in words], whole)
    # What studies keep goes there too, so that nothing known from before is taken over.
    with made_again(kept), _inside(whole):
        code = main(words)
    if code:
        with contextlib.suppress(OSError):
            out.rmdir()  # unless something is in it
        raise Mistake("{file}: its command has failed.", file=file)
    _check_parameters(kept, file, out, accept_changes)
    return out


def _check_parameters(kept: Record, file: Path, out: Path, accept_changes: bool) -> None:
    from results.provenance import ProvenanceError, carried

    with contextlib.suppress(ProvenanceError):
        _refuse(file, "parameters", kept.get("parameters"), carried(out).get("parameters"), accept_changes)


def _placed(words: Sequence[str], folder: Path) -> list[str]:
    """The words of a command, writing into a folder: a folder of its own becomes this one, a file goes into it."""

    def inside(place: str) -> str:
        return str(folder / Path(place).name) if Path(place).suffix else str(folder)

    parts = list(parts_of(words))
    placed = [option + (inside(value) if is_place else value) for option, value, is_place in parts]
    return placed if any(is_place for *_word, is_place in parts) else [*placed, OUT, str(folder)]


def _here(words: Sequence[str]) -> list[str]:
    """The words of a command, to be obeyed by this machine."""
    left = iter(words)
    kept = []
    for word in left:
        if word.partition("=")[0] not in ELSEWHERE:
            kept.append(word)
        elif "=" not in word:
            next(left, None)
    return kept


def _from_anywhere(word: str, inputs: Mapping[str, str]) -> str:
    """A word whose file is named by its whole path."""
    name, sign, last = word.rpartition("=")
    if word in inputs:
        return str(Path(word).resolve())
    return f"{name}{sign}{Path(last).resolve()}" if sign and last in inputs else word


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def same_files(before: Path, after: Path) -> tuple[list[str], list[str]]:
    """Names of the tables that both folders hold: those whose bytes are the same, and the others."""
    names = sorted(one.name for one in after.iterdir() if one.suffix in TABLES and (before / one.name).is_file())
    same = [name for name in names if (before / name).read_bytes() == (after / name).read_bytes()]
    return same, [name for name in names if name not in same]


def restored(plain: Any, hint: Any) -> Any:
    """A specification from what ``sim.recording.manifest.plain`` made of it.

    Raises:
        KeyError, TypeError, ValueError: when it is not of that kind.
    """
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        return hint(**{name: restored(value, hints[name]) for name, value in plain.items()})  # type: ignore[operator]
    if get_origin(hint) is dict:
        inner = get_args(hint)[1]
        return {key: restored(value, inner) for key, value in plain.items()}
    if get_origin(hint) is list:
        return [restored(value, get_args(hint)[0]) for value in plain]
    if hint is date:
        return date.fromisoformat(plain)
    return float(plain) if hint is float else plain

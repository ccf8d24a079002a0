"""Scenario files: from TOML to a checked, typed scenario, before anything runs.

A file is read in layers. The one named by ``extends`` comes first, then the file, then each ``--set``. Every layer is
checked on its own, so that a message names the file that is wrong; the whole is checked once more at the end.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from agents.mistakes import Mistake
from scenarios.checks import check_builder, check_whole
from scenarios.declared import FILE_KEYS, Raw, build, check, fitted, merged
from scenarios.files import find, parse, parse_text
from scenarios.overrides import overridden
from scenarios.reforms import FILES as REFORM_FILES
from scenarios.reforms import REFORM, check_reform, over, read_reforms, with_days
from scenarios.wording import located, printable, sentences, shown, with_nearest
from sim.specification import ScenarioSpec

OWN_KEYS = ("name", "title", "description")
"""Keys that a file does not take over from the one it extends."""
SHORTEST = Mistake('A scenario may be as short as: extends = "default".')
FILE_PATHS = ("filosofi", "bpe")
NORMS = "norms"


def load(name_or_path: str | Path, overrides: Sequence[str] = ()) -> ScenarioSpec:
    """Read a preset or a scenario file, with overrides.

    Args:
        name_or_path: name of a preset, or path of a TOML file.
        overrides: ``key=value`` each, as after ``--set``.

    Raises:
        Mistake: one line that says what is wrong, where, and what was expected.
    """
    path, shown_as = find(str(name_or_path))
    return _resolved(parse(path, shown_as, SHORTEST), shown_as, path, overrides)


def load_text(text: str, shown_as: str, overrides: Sequence[str] = ()) -> ScenarioSpec:
    """Read a scenario from text that is not in a file; ``shown_as`` names it in messages.

    Raises:
        Mistake: as :func:`load`.
    """
    return _resolved(parse_text(text, shown_as), shown_as, Path(f"{shown_as}.toml"), overrides)


def _resolved(raw: Raw, shown_as: str, path: Path, overrides: Sequence[str]) -> ScenarioSpec:
    table = _whole(raw, shown_as, path, seen=(path.resolve(),))
    spec = cast(ScenarioSpec, build({"name": path.stem, **table}, ScenarioSpec))
    check_builder({k: v for k, v in raw.items() if k not in FILE_KEYS}, spec, shown_as)
    check_whole(spec, shown_as)
    return overridden(spec, overrides)


def _whole(raw: Raw, shown_as: str, path: Path, seen: tuple[Path, ...]) -> Raw:
    """The tables of a file put over those of the file it extends, if any."""
    own = _with_reforms({k: v for k, v in raw.items() if k not in FILE_KEYS}, raw, shown_as, path)
    check(own, shown_as)
    own = _with_paths(own, path.parent)
    base = _base(raw, shown_as, path, seen)
    for team in _left_out(raw, shown_as, base):
        del base["team"][team]
    return fitted(merged(base, own), own)


def _with_reforms(own: Raw, raw: Raw, shown_as: str, path: Path) -> Raw:
    """The tables of a file with the reforms that it names, under its own ``[reform]``."""
    if isinstance(own.get(REFORM), dict):
        own = {**own, REFORM: with_days(own[REFORM], shown_as)}
        check_reform(own[REFORM], shown_as)
    if REFORM_FILES not in raw:
        return own
    return {**own, REFORM: over(read_reforms(raw[REFORM_FILES], shown_as, path.parent), own.get(REFORM, {}))}


def _base(raw: Raw, shown_as: str, path: Path, seen: tuple[Path, ...]) -> Raw:
    if "extends" not in raw:
        return {}
    named_file = raw["extends"]
    if not isinstance(named_file, str):
        raise located(shown_as, (), Mistake(
            "{key} = {value} is not a text in quotes.", key="extends", value=shown(named_file)))  # fmt: skip
    try:
        other, other_shown = find(named_file, beside=path.parent)
    except Mistake as problem:
        raise located(shown_as, (), Mistake("extends: {problem}", problem=problem)) from None
    if other.resolve() in seen:
        raise located(shown_as, (), Mistake(
            "extends = {value} goes round in a circle.", value=shown(named_file)))  # fmt: skip
    base = _whole(parse(other, other_shown, SHORTEST), other_shown, other, (*seen, other.resolve()))
    return {k: dict(v) if k == "team" else v for k, v in base.items() if k not in OWN_KEYS}


def _left_out(raw: Raw, shown_as: str, base: Raw) -> list[str]:
    """The teams of the extended file that this one goes without."""
    names: Any = raw.get("without", [])
    if not isinstance(names, list) or not all(isinstance(n, str) for n in names):
        raise located(shown_as, (), Mistake(
            "{key} = {value} is not a list of names in square brackets.",
            key="without", value=shown(names)))  # fmt: skip
    teams = list(base.get("team", {}))
    for name in names:
        if name not in teams:
            problem = with_nearest(
                Mistake('without: there is no team "{team}" to leave out.', team=printable(name)), name, teams
            )
            known = Mistake("Its teams: {known}.", known=", ".join(teams) or "-")
            raise located(shown_as, (), sentences(problem, known))
    return list(dict.fromkeys(names))


def _with_paths(table: Raw, folder: Path) -> Raw:
    """Paths of data files, as seen from the scenario file that names them."""
    territory = dict(table.get("territory", {}))
    for name in FILE_PATHS:
        if territory.get(name):
            territory[name] = str(folder / territory[name])
    if isinstance(table.get(NORMS), str) and table[NORMS]:
        table = {**table, NORMS: str(folder / table[NORMS])}
    return {**table, "territory": territory} if territory else table

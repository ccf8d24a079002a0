"""``careteams validate``: patterns run on the study engine, judged, and shown as a table."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from agents.mistakes import Mistake
from results.messages import _, number
from scenarios.patterns.declaration import ACROSS_PLACES, GRADIENT, Pattern, read_patterns
from scenarios.patterns.judgement import INSIDE, MISS, OVERLAP, Judgement, judged
from scenarios.patterns.statistics import seed_values
from scenarios.patterns.territories import territories_of
from scenarios.study import CARETEAMS, WORK, Laboratory, Study, Workers
from sim.parameters import parameter_record
from sim.recording.manifest import parameter_digest
from sim.specification import ScenarioSpec

SHIPPED: Final = Path(__file__).parent
GROUPS: Final = ("calibration", "validation", "decisions", "spending")
"""Files that are run when none is named, in this order."""
ON_DEMAND: Final = ("ablation",)
"""Files that are run only when they are named: what each mechanism of behaviour contributes."""

type Territories = Mapping[tuple[str, ...], Sequence[ScenarioSpec]]
"""Scenarios by the names that patterns give."""


@dataclass(frozen=True, slots=True)
class Group:
    """Patterns that one study answers: the same territories, years, burn-in and seeds."""

    patterns: tuple[Pattern, ...]
    study: Study
    arms: Mapping[tuple[str, str], str]
    """Name of the study's arm by pattern and arm of the pattern."""
    places: Mapping[tuple[str, ...], Sequence[str]]
    """Names of the study's territories by what a pattern calls them."""


def validate(
    files: Sequence[str | Path] | None = None,
    *,
    seeds: int | None = None,
    workers: Workers = None,
    as_json: bool = False,
    markdown: str | Path | None = None,
    folder: Path | None = WORK,
    progress: bool = True,
    laboratory: Laboratory = CARETEAMS,
) -> int:
    """Run patterns and print what they give; misses are results, not errors.

    Args:
        files: pattern files, or names of shipped ones (``calibration``, ``validation``, ``spending``); all shipped
            ones by default.
        seeds: number of seeds, instead of what each pattern says.
        workers: who runs it, all processors of this machine by default.
        as_json: print a list of objects instead of a table.
        markdown: file to which the table is also written, with the digest of the parameters.
        folder: where studies are kept, so that a stopped validation can go on; None keeps nothing.
        progress: show progress bars.
        laboratory: how models are made.

    Returns:
        Exit code, 0.

    Raises:
        Mistake: for a file that is wrong, before anything runs.
    """
    patterns = [p for file in files or GROUPS for p in read_patterns(shipped(file), laboratory.outcomes())]
    _refuse_twins(patterns)
    if seeds is not None:
        if seeds < 2:  # noqa: PLR2004 - an interval needs two values
            raise Mistake("seeds = {seeds}: an interval needs 2 or more.", seeds=seeds)
        patterns = [replace(p, replicates=seeds) for p in patterns]
    judgements = run_patterns(patterns, workers=workers, folder=folder, progress=progress, laboratory=laboratory)
    if markdown is not None:
        Path(markdown).write_text(as_markdown(judgements), encoding="utf-8")
    print(as_json_text(judgements) if as_json else as_text(judgements))
    return 0


def run_patterns(
    patterns: Sequence[Pattern],
    *,
    workers: Workers = None,
    folder: Path | None = None,
    progress: bool = False,
    laboratory: Laboratory = CARETEAMS,
    territories: Territories | None = None,
) -> list[Judgement]:
    """Judge patterns, in their order, by as few studies as they allow.

    Args:
        patterns: what is asked for.
        workers: who runs it, all processors of this machine by default.
        folder: where studies are kept; None keeps nothing.
        progress: show progress bars.
        laboratory: how models are made.
        territories: scenarios to use for the names that patterns give, instead of those on file.

    Raises:
        Mistake: when an arm or a territory is wrong.
    """
    values = pattern_values(patterns, workers=workers, folder=folder, progress=progress, laboratory=laboratory,
                            territories=territories)  # fmt: skip
    return [judged(pattern, values[pattern.id].iloc[0]) for pattern in patterns]


def pattern_values(
    patterns: Sequence[Pattern],
    vectors: Sequence[Mapping[str, Any]] = ({},),
    *,
    workers: Workers = None,
    folder: Path | None = None,
    progress: bool = False,
    laboratory: Laboratory = CARETEAMS,
    territories: Territories | None = None,
) -> dict[str, pd.DataFrame]:
    """Values of patterns under vectors of parameters, by as few studies as they allow.

    Arguments and errors are those of :func:`run_patterns`; ``vectors`` are parameters that differ from their files, by
    id.

    Returns:
        By id of the pattern, a table of one row a vector (by its place) and one column a seed; missing where a run that
        a value needs has failed.
    """
    found: dict[str, pd.DataFrame] = {}
    for group in grouped(patterns, laboratory, territories, vectors):
        where = group.study.kept_in(folder)
        several_arms = len(group.study.arms) > 1  # a world that serves one arm only is not worth its place on disk
        table = group.study.run(where, workers=workers, progress=progress, keep_worlds=several_arms)
        for pattern in group.patterns:
            by_vector = _own_rows(group, pattern, table).groupby("vector", sort=True)
            found[pattern.id] = pd.DataFrame({place: seed_values(pattern, rows) for place, rows in by_vector}).T
    return found


def grouped(
    patterns: Iterable[Pattern],
    laboratory: Laboratory = CARETEAMS,
    territories: Territories | None = None,
    vectors: Sequence[Mapping[str, Any]] = ({},),
) -> list[Group]:
    """Patterns put together by what they need; arms with the same overrides are run once."""
    alike: dict[tuple[Any, ...], list[Pattern]] = {}
    for pattern in patterns:
        needs = (pattern.territories, pattern.years, pattern.burn_in, pattern.replicates)
        alike.setdefault(needs, []).append(pattern)
    for needs in list(alike):
        wider = next((other for other in alike if _holds(other, alike[other], needs, alike[needs])), None)
        if wider:
            alike[wider] += alike.pop(needs)
    return [_group(tuple(members), laboratory, territories or {}, vectors) for members in alike.values()]


def _holds(
    wide: tuple[Any, ...], patterns: Iterable[Pattern], narrow: tuple[Any, ...], others: Iterable[Pattern]
) -> bool:  # fmt: skip
    """Whether patterns of more territories run all that others need: the same arms, years and seeds."""
    return wide[1:] == narrow[1:] and set(narrow[0]) < set(wide[0]) and _tried(others) <= _tried(patterns)


def _tried(patterns: Iterable[Pattern]) -> set[tuple[str, ...]]:
    """Overrides of every arm of some patterns."""
    return {tuple(overrides) for pattern in patterns for overrides in pattern.arms.values()}


def _refuse_one_place(pattern: Pattern, places: Sequence[ScenarioSpec]) -> None:
    """A gradient, or a correlation within a year, over a single territory would be the same whatever the model does."""
    within_a_year = pattern.statistic == GRADIENT or len(pattern.years_read) == 1
    if pattern.statistic in ACROSS_PLACES and len(places) == 1 and within_a_year:
        raise Mistake('[{id}]: statistic = "{statistic}" compares territories, and there is only one: {territory}.',
                      id=pattern.id, statistic=pattern.statistic, territory=places[0].name)  # fmt: skip


def _group(
    patterns: tuple[Pattern, ...],
    laboratory: Laboratory,
    known: Territories,
    vectors: Sequence[Mapping[str, Any]],
) -> Group:
    first = patterns[0]
    arms: dict[str, Sequence[str]] = {}
    names: dict[tuple[str, str], str] = {}
    places = {called: known.get(called) or territories_of(called) for called in {p.territories for p in patterns}}
    for pattern in patterns:
        _refuse_one_place(pattern, places[pattern.territories])
        for arm, overrides in pattern.arms.items():
            name = " ".join(overrides) or "as it is"
            arms[name] = overrides
            names[pattern.id, arm] = name
    study = Study(
        territories=places[first.territories],
        arms=arms,
        outcomes=sorted({name for pattern in patterns for name in pattern.outcomes}),
        seeds=range(1, first.replicates + 1),
        years=first.years,
        vectors=vectors,
        warm_up=first.burn_in,
        laboratory=laboratory,
    )
    return Group(patterns, study, names, {called: [spec.name for spec in specs] for called, specs in places.items()})


def _own_rows(group: Group, pattern: Pattern, table: pd.DataFrame) -> pd.DataFrame:
    """The rows of a pattern's arms, under the names that the pattern gives them, and of its own territories."""
    table = table[table["territory"].isin(group.places[pattern.territories])]
    parts = [table[table["arm"] == group.arms[pattern.id, arm]].assign(arm=arm) for arm in pattern.arms]
    return pd.concat(parts, ignore_index=True)


def shipped(file: str | Path) -> Path:
    """The file behind the name of a shipped one, or behind a path."""
    return SHIPPED / f"{file}.toml" if str(file) in (*GROUPS, *ON_DEMAND) else Path(file)


def _refuse_twins(patterns: Sequence[Pattern]) -> None:
    ids = [pattern.id for pattern in patterns]
    for name in ids:
        if ids.count(name) > 1:
            raise Mistake('two patterns have the id "{id}".', id=name)


def _group_name(group: str) -> str:
    names = {
        "calibration": _("Calibration"), "validation": _("Validation"), "spending": _("Spending"),
        "ablation": _("What mechanisms contribute"),
    }  # fmt: skip
    return names.get(group, group)


def _rule() -> str:
    return _(
        "One value a seed; mean and 95 % t-interval over seeds. Inside: the mean lies in the band and the half-width "
        "of the interval is at most a quarter of the width of the band. Overlap: only the interval touches the band. "
        "Miss: neither. Only inside counts as a pass. Written by `careteams validate --markdown`."
    )


def _verdict_words() -> dict[str, str]:
    return {INSIDE: _("inside"), OVERLAP: _("overlap"), MISS: _("miss")}


def _headings() -> list[str]:
    return [
        _("Pattern"), _("Number in evidence"), _("Band"), _("Simulated mean"), _("95 % interval"),
        _("Seeds"), _("Verdict"),
    ]  # fmt: skip


def rows(judgements: Iterable[Judgement]) -> list[list[str]]:
    """The cells of the table, one list a pattern, in the language in use."""
    words = _verdict_words()
    return [
        [
            f"{j.pattern.id} {j.pattern.said}", _shown(j.pattern.number), _span(*j.pattern.band), _shown(j.mean),
            _span(j.low, j.high), _seeds(j), words[j.verdict],
        ]
        for j in judgements
    ]  # fmt: skip


def as_json_text(judgements: Sequence[Judgement]) -> str:
    """A list of objects, one a pattern."""
    return json.dumps([j.as_json() for j in judgements], indent=1, ensure_ascii=False)


def as_text(judgements: Sequence[Judgement]) -> str:
    """The table for a terminal."""
    lines = [_headings(), *rows(judgements)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join([text[0], "-" * len(text[0]), *text[1:], "", _summary(judgements)])


def as_markdown(judgements: Sequence[Judgement]) -> str:
    """The page ``docs/validation.md``: the rule, the digest of the parameter files, one table a group."""
    parts = [
        f"# {_('Validation')}",
        "",
        _rule(),
        "",
        _("Parameters: digest {digest}.", digest=f"`{parameters_in_use()}`"),
        "",
    ]
    for group in dict.fromkeys(j.pattern.group for j in judgements):
        members = [j for j in judgements if j.pattern.group == group]
        head = [_headings(), ["---"] * len(_headings())]
        lines = ["| " + " | ".join(line) + " |" for line in head + rows(members)]
        parts += [f"## {_group_name(group)}", "", *lines, "", _summary(members), ""]
    return "\n".join(parts)


def parameters_in_use() -> str:
    """Digest of every parameter at its default: that of the manifests of runs."""
    return parameter_digest(parameter_record())


def _summary(judgements: Sequence[Judgement]) -> str:
    passed = sum(j.passed for j in judgements)
    return _("{passed} of {all} patterns are inside their band.", passed=passed, all=len(judgements))


def _seeds(judgement: Judgement) -> str:
    text = str(judgement.seeds)
    if judgement.failed:
        text += " " + _("({failed} failed)", failed=judgement.failed)
    if judgement.seeds_needed:
        text += " " + _("(needs {needed})", needed=judgement.seeds_needed)
    return text


def _span(low: float, high: float) -> str:
    return f"{_shown(low)} – {_shown(high)}"


def _shown(value: float | str) -> str:
    """A number with three or four digits that mean something."""
    if isinstance(value, str):
        return value
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    size = abs(value)
    return number(value, 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3)  # noqa: PLR2004 - digits

"""Calibration files: what is fitted to what, in TOML, typed and checked before anything runs.

scenario = "agapanthes"
seeds = 4
[parameters]
"needs.scale" = {}
"care.registration" = { times = [0.7, 1.1] }
"choice.registered" = { prior = "normal", mean = 4.0, sd = 0.5 }
[targets]
V-04-ed = {}
V-01-acts = { likelihood = "student", sd = 200 }
[targets.visits]
outcome = "contacts_per_person"
statistic = "level"
value = 5.2
sd = 0.3
[validation]
targets = ["V-28"]
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from agents.mistakes import Mistake
from results.likelihoods import BAND_IN_SD, DEGREES, KINDS, Target
from scenarios.calibrating.priors import PARAMETER, Declared, declared
from scenarios.files import find, parse, presets
from scenarios.patterns.declaration import Pattern, pattern_of, read_patterns
from scenarios.patterns.territories import territories_of
from scenarios.patterns.validation import GROUPS, ON_DEMAND, Territories, shipped
from scenarios.reading import load
from scenarios.study.design_file import TOP as DESIGN
from scenarios.study.file_keys import (
    Keys,
    are_texts,
    check_keys,
    flat,
    inside,
    is_number,
    is_pair,
    is_table,
    is_text,
    whole_number,
)
from scenarios.study.laboratory import CARETEAMS, Laboratory
from scenarios.wording import located, sentences, shown, with_nearest
from sim.specification import ScenarioSpec

SEEDS: Final = 4
POINTS_A_PARAMETER: Final = 10
"""Points of the first wave for each parameter unless a file says otherwise (Loeppky, Sacks and Welch 2009)."""
WAVES, EACH, DRAWS, STEPS = 3, 4, 40, 1000
"""Waves at most; points of a later wave for each parameter; predictive draws; steps of each walker."""
MANY: Final = 100_000
VALIDATION: Final = "validation"
NEVER_FITTED: Final = (VALIDATION, "decisions", "ablation")
"""Groups of patterns that nothing may be fitted to."""

TOP: Final[Keys] = {
    **{key: DESIGN[key] for key in ("title", "description", "set", "years", "warm_up")},
    "scenario": (is_text, Mistake("a scenario")),
    "seeds": (whole_number(2, MANY), Mistake("a whole number of 2 or more")),
    "patterns": (are_texts, Mistake("a list of pattern files")),
    "parameters": (is_table, Mistake("a table of parameters")),
    "targets": (is_table, Mistake("a table of targets")),
    "validation": (is_table, Mistake("a table")),
    "search": (is_table, Mistake("a table")),
}
SEARCH: Final[Keys] = {
    "points": (whole_number(4, MANY), Mistake("a whole number of 4 or more")),
    "waves": (whole_number(1, 20), Mistake("a whole number from 1 to 20")),
    "each": (whole_number(1, MANY), Mistake("a whole number of 1 or more")),
    "draws": (whole_number(4, MANY), Mistake("a whole number of 4 or more")),
    "steps": (whole_number(50, MANY), Mistake("a whole number of 50 or more")),
    "draw": (whole_number(0, 2**31), Mistake("a whole number")),
}
LIKELIHOOD: Final[Keys] = {
    "likelihood": (lambda value: value in KINDS, Mistake("one of {known}", known=", ".join(KINDS))),
    "sd": (lambda value: is_number(value) and 0 < value < math.inf, Mistake("a number above 0")),
    "degrees": (lambda value: is_number(value) and 1 <= value < math.inf, Mistake("a number of 1 or more")),
}
OWN: Final[Keys] = {
    **LIKELIHOOD,
    "value": (is_number, Mistake("a number")),
    "band": (is_pair, Mistake("two numbers")),
}
COMPARED: Final[Keys] = {
    "targets": (are_texts, Mistake("a list of patterns")),
    "draws": (whole_number(1, MANY), Mistake("a whole number of 1 or more")),
    "seeds": (whole_number(1, MANY), Mistake("a whole number of 1 or more")),
}


@dataclass(frozen=True, slots=True)
class Calibration:
    """A calibration file, read.

    Attributes:
        name: what it is called.
        priors: parameters with what is declared of them.
        targets: what is fitted, and what is only compared.
        patterns: how the model makes the number of each target, in the same order.
        territories: scenarios by the names that patterns give, where they are not on file.
        seeds: runs of each point.
        points, each, waves: points of the first wave and of the others, and their number at most.
        draws: predictive draws.
        validation_draws, validation_seeds: predictive draws, and runs of each, for what is only compared.
        steps: steps of each walker.
        draw: another number gives another search.
        laboratory: how models are made.
    """

    name: str
    priors: tuple[Declared, ...]
    targets: tuple[Target, ...]
    patterns: tuple[Pattern, ...]
    territories: Territories
    seeds: int
    points: int
    each: int
    waves: int
    draws: int
    validation_draws: int
    validation_seeds: int
    steps: int
    draw: int
    laboratory: Laboratory

    @property
    def fitted(self) -> tuple[Target, ...]:
        """What the search uses."""
        return tuple(target for target in self.targets if target.fitted)

    def patterns_of(self, targets: Iterable[Target], seeds: int) -> list[Pattern]:
        """How the model makes the numbers of some targets, with so many runs."""
        wanted = {target.id for target in targets}
        return [replace(pattern, replicates=seeds) for pattern in self.patterns if pattern.id in wanted]


def read_calibration(name: str | Path, laboratory: Laboratory = CARETEAMS) -> Calibration:
    """The calibration that a file describes.

    Raises:
        Mistake: one line that names the file, the table, the key, what was expected and the nearest valid name.
    """
    path, shown_as = Path(name), str(name)
    table = parse(path, shown_as)
    check_keys(table, TOP, shown_as, ())
    for key, keys in (("search", SEARCH), ("validation", COMPARED)):
        check_keys(table.get(key, {}), keys, shown_as, (key,))
    for key in ("parameters", "targets"):
        if not table.get(key):
            raise located(shown_as, (), Mistake("{missing} is missing.", missing=key))
    spec = _scenario(table, path, shown_as)
    priors = _priors(table["parameters"], spec, shown_as, laboratory)
    known = _patterns_on_file(table.get("patterns", []), path, shown_as, laboratory)
    targets, patterns = _targets(table, known, spec, shown_as, laboratory)
    search, compared = table.get("search", {}), table.get("validation", {})
    draws, seeds = search.get("draws", DRAWS), table.get("seeds", SEEDS)
    return Calibration(
        path.stem, tuple(priors), tuple(targets), tuple(patterns), _territories(patterns, spec), seeds,
        search.get("points", POINTS_A_PARAMETER * len(priors)), search.get("each", EACH * len(priors)),
        search.get("waves", WAVES), draws, min(draws, compared.get("draws", draws)), compared.get("seeds", seeds),
        search.get("steps", STEPS), search.get("draw", 1), laboratory,
    )  # fmt: skip


def _scenario(table: Mapping[str, Any], path: Path, file: str) -> ScenarioSpec | None:
    """The scenario of targets that name none; None where the file has none."""
    if "scenario" not in table:
        if "set" in table:
            raise located(file, (), Mistake("{missing} is missing.", missing="scenario"))
        return None
    name, overrides = table["scenario"], table.get("set", [])
    place = inside(file, (), lambda: find(name, beside=path.parent)[0])
    return inside(file, (), lambda: load(name if name in presets() else place, overrides))


def _priors(said: Mapping[str, Any], spec: ScenarioSpec | None, file: str, laboratory: Laboratory) -> list[Declared]:
    start = spec.parameters if spec else {}
    found = []
    for name, facts in flat(said, PARAMETER).items():
        if not is_table(facts):
            problem = Mistake("{key} = {value}: expected {kind}.", key=name, value=shown(facts),
                              kind="{ low = 0, high = 1 }")  # fmt: skip
            raise located(file, ("parameters",), problem)
        check_keys(facts, PARAMETER, file, ("parameters", name))
        found.append(inside(file, ("parameters",), lambda n=name, f=facts: declared(  # type: ignore[misc]
            n, f, laboratory.parameters(), start)))  # fmt: skip
    return found


def _patterns_on_file(more: Sequence[str], path: Path, file: str, laboratory: Laboratory) -> dict[str, Pattern]:
    """Patterns by id: those that come with careteams, and those of the files that are named."""
    files = [shipped(name) for name in (*GROUPS, *ON_DEMAND)] if laboratory is CARETEAMS else []
    files += [one if (one := path.parent / name).exists() else Path(name) for name in more]
    found = [p for one in files for p in inside(file, ("patterns",), lambda f=one: read_patterns(  # type: ignore[misc]
        f, laboratory.outcomes()))]  # fmt: skip
    return {pattern.id: pattern for pattern in found}


def _targets(
    table: Mapping[str, Any], known: Mapping[str, Pattern], spec: ScenarioSpec | None, file: str,
    laboratory: Laboratory,
) -> tuple[list[Target], list[Pattern]]:  # fmt: skip
    targets, patterns = [], []
    for name, facts in table["targets"].items():
        if not is_table(facts):
            raise located(file, ("targets",), Mistake(
                "{key} = {value}: expected {kind}.", key=name, value=shown(facts), kind="{ sd = 1 }"))  # fmt: skip
        if "outcome" in facts:
            pattern, target = _own(name, facts, table, spec, file, laboratory)
        else:
            pattern = _known(name, known, file, ("targets",))
            check_keys(facts, LIKELIHOOD, file, ("targets", name))
            target = inside(file, ("targets", name), lambda p=pattern, f=facts: target_of(p, f))  # type: ignore[misc]
        if pattern.group in NEVER_FITTED:
            raise located(file, ("targets",), Mistake(
                "{key} is a validation target: nothing is fitted to it. Put it into [validation].", key=name,
            ))  # fmt: skip
        targets.append(target)
        patterns.append(pattern)
    for name in table.get("validation", {}).get("targets", []):
        if name in table["targets"]:
            raise located(file, (VALIDATION,), Mistake(
                "{key} is fitted: it cannot be a validation target too.", key=name))  # fmt: skip
        pattern = _known(name, known, file, (VALIDATION,))
        targets.append(replace(target_of(pattern, {"likelihood": "band"}), fitted=False))
        patterns.append(pattern)
    return targets, patterns


def _known(name: str, known: Mapping[str, Pattern], file: str, place: tuple[str, ...]) -> Pattern:
    if name in known:
        return known[name]
    problem = with_nearest(Mistake('pattern "{id}" is not known.', id=name), name, known)
    own = Mistake("A target of your own has an outcome, a statistic, a value and an sd or a band.")
    raise located(file, place, sentences(problem, own) if place == ("targets",) else problem)


def _own(
    name: str, facts: Mapping[str, Any], table: Mapping[str, Any], spec: ScenarioSpec | None, file: str,
    laboratory: Laboratory,
) -> tuple[Pattern, Target]:  # fmt: skip
    """A target that the file describes itself."""
    place = ("targets", name)
    check_keys({key: value for key, value in facts.items() if key in OWN}, OWN, file, place)
    if "value" not in facts:
        raise located(file, place, Mistake("{missing} is missing.", missing="value"))
    if "sd" not in facts and "band" not in facts:
        raise located(file, place, Mistake("{missing} is missing.", missing="sd"))
    if "territories" not in facts and spec is None:
        raise located(file, (), Mistake("{missing} is missing.", missing="scenario"))
    value, half = float(facts["value"]), BAND_IN_SD / 2 * float(facts.get("sd", 0.0))
    rest = {key: fact for key, fact in facts.items() if key not in OWN}
    shared = {key: new for key, old in (("years", "years"), ("burn_in", "warm_up")) if (new := table.get(old))}
    whole = {
        "title": name, "statistic": "level", "source": "own", **shared, "number": value,
        "band": [value - half, value + half], **rest, **({"band": facts["band"]} if "band" in facts else {}),
    }  # fmt: skip
    if spec is not None:
        whole.setdefault("territories", spec.name)
    pattern = pattern_of(file, name, whole, {}, laboratory.outcomes())
    return pattern, inside(file, place, lambda: target_of(pattern, facts))


def target_of(pattern: Pattern, facts: Mapping[str, Any]) -> Target:
    """A pattern as something to fit: its number or the middle of its band, and a likelihood around it.

    Args:
        pattern: the pattern, whose band counts as two standard deviations on each side.
        facts: ``likelihood`` (``normal`` by default), ``sd``, ``degrees``.

    Raises:
        Mistake: a band without an end and no standard deviation.
    """
    low, high = pattern.band
    kind = facts.get("likelihood", "normal")
    finite = math.isfinite(low) and math.isfinite(high)
    if not finite and kind != "band" and "sd" not in facts:
        raise Mistake('{key} has a band without an end: give an sd, or likelihood = "band".', key=pattern.id)
    middle = (low + high) / 2 if finite else low if math.isfinite(low) else high
    value = middle if isinstance(pattern.number, str) else pattern.number
    sd = float(facts.get("sd", (high - low) / BAND_IN_SD if finite else math.inf))
    return Target(pattern.id, pattern.said, pattern.unit, kind, float(value), sd, low, high,
                  float(facts.get("degrees", DEGREES)))  # fmt: skip


def _territories(patterns: Sequence[Pattern], spec: ScenarioSpec | None) -> Territories:
    """Scenarios by the names that patterns give: the file's own, and those on file, which must exist."""
    found: dict[tuple[str, ...], Sequence[ScenarioSpec]] = {}
    for pattern in patterns:
        own = spec is not None and pattern.territories == (spec.name,)
        found[pattern.territories] = [spec] if own and spec is not None else territories_of(pattern.territories)
    return found

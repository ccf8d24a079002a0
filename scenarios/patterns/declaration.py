"""Pattern files: TOML, typed and checked before anything runs.

A file holds one table a pattern, ``[V-04-ed]``, and optionally a table ``[defaults]`` with keys that all its patterns
share. Every key is declared once, in :class:`Pattern`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from agents.mistakes import Mistake, nearest
from results.messages import in_use
from scenarios.files import parse
from scenarios.wording import sentences, shown, with_nearest

GRADIENT: Final = "gradient"
ACROSS_PLACES: Final = (GRADIENT, "correlation")
"""Statistics that set territories against each other."""
STATISTICS: Final = ("level", "paired_difference", "paired_ratio", "quantile", "share", *ACROSS_PLACES)
SIGNS: Final = ("", "positive", "negative", "none")
TAILS: Final = ("at", "below", "above")
CONTRASTS: Final = ("ratio", "difference")
DEFAULTS: Final = "defaults"
BAND_ENDS: Final = 2


def _key(label: str, kind: str, default: Any = ..., choices: tuple[str, ...] = ()) -> Any:
    """A declared key of a pattern: its label, the kind of value and the words allowed."""
    metadata = {"label": label, "kind": kind, "choices": choices}
    if default is ...:
        return field(metadata=metadata)
    if isinstance(default, dict):
        return field(default_factory=default.copy, metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One pattern: a number of the real world, how to make it in the model, and what counts as meeting it."""

    id: str = _key("id, the heading of the table", "text")
    title: str | dict[str, str] = _key("one line for people, or one by language", "text or texts by language")
    number: float | str = _key("number in the evidence", "number or text")
    band: tuple[float, float] = _key("acceptance band, [low, high]", "two numbers")
    outcome: tuple[str, ...] = _key("outcome, or outcomes pooled as points of equal weight", "text or list of texts")
    statistic: str = _key("how a seed's value is made", "text", choices=STATISTICS)
    source: str = _key("source of the number", "text")
    group: str = _key("group of patterns, such as calibration or validation", "text", "own")
    unit: str = _key("unit of the number", "text", "")
    note: str = _key("choice made here", "text", "")
    arms: dict[str, list[str]] = _key("overrides by arm; the first is read", "table of lists", {"baseline": []})
    control: str = _key("arm that the first one is compared with", "text", "")
    territories: tuple[str, ...] = _key(
        'scenario, list of scenarios, or "many": territories of contrasted density',
        "text or list of texts",
        ("baseline",),
    )
    years: int = _key("years simulated after the warm-up", "whole number", 1)
    read: tuple[int, ...] = _key("years that are read, the last one by default", "list of whole numbers", ())
    burn_in: int = _key("years of warm-up, 0 for the length given by the rule", "whole number", 0)
    replicates: int = _key("seeds", "whole number", 30)
    sign: str = _key(
        "side on which the whole interval must lie; none: it must hold the value of no effect", "text", "", SIGNS
    )
    independent: bool = _key(
        "compare each seed with the control of the next one: control territories of their own", "yes or no", False
    )
    weight: str = _key("outcome by which territories count, all the same by default", "text", "")
    over: str = _key("outcome that the first one is divided by", "text", "")
    by: str = _key(
        "outcome that orders territories (gradient) or is correlated with; of the effect, where there is a control",
        "text",
        "",
    )
    contrast: str = _key("how a gradient compares its two ends", "text", "ratio", CONTRASTS)
    end: float = _key("part of the territories at each end of a gradient", "number", 0.2)
    quantile: float = _key("order of a quantile, 0 to 1", "number", 0.5)
    tail: str = _key("the quantile itself, or the mean below or above it", "text", "at", TAILS)
    threshold: float = _key("value above which a share counts", "number", 0.0)

    @property
    def said(self) -> str:
        """Its title, in the language in use where there is one."""
        return self.title if isinstance(self.title, str) else in_use(self.title)

    @property
    def arm(self) -> str:
        """The arm that is read."""
        return next(iter(self.arms))

    @property
    def years_read(self) -> tuple[int, ...]:
        """Years after the warm-up over which values are averaged."""
        return self.read or (self.years,)

    @property
    def reference(self) -> float:
        """The value of no effect: 1 for a ratio, else 0."""
        is_ratio = self.statistic == "paired_ratio" or (self.statistic == GRADIENT and self.contrast == "ratio")
        return 1.0 if is_ratio else 0.0

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Every outcome that the pattern needs."""
        return tuple(dict.fromkeys(n for n in (*self.outcome, self.over, self.by, self.weight) if n))


def read_patterns(path: Path, outcomes: Mapping[str, Any]) -> list[Pattern]:
    """Patterns of a file, in its order.

    Args:
        path: a TOML file.
        outcomes: declared outcomes by name.

    Raises:
        Mistake: naming the file, the pattern, the key, the value, what was expected and the nearest valid name.
    """
    tables = parse(path, str(path), Mistake("It holds no pattern."))
    shared = tables.pop(DEFAULTS, {})
    if not isinstance(shared, dict):
        raise _bad(path, DEFAULTS, Mistake("expected a table, [{name}].", name=DEFAULTS))
    if not tables:
        raise Mistake("{file}: no pattern in the file.", file=path)
    return [pattern_of(path, name, table, shared, outcomes) for name, table in tables.items()]


def _bad(path: Path | str, pattern: str, problem: Mistake) -> Mistake:
    return Mistake('{file}: pattern "{pattern}": {problem}', file=path, pattern=pattern, problem=problem)


def pattern_of(
    path: Path | str, name: str, table: Any, shared: Mapping[str, Any], outcomes: Mapping[str, Any]
) -> Pattern:
    """One pattern from its table.

    Args:
        path: file of the table, for messages.
        name: id of the pattern.
        table: its keys.
        shared: keys that the patterns of the file share.
        outcomes: declared outcomes by name.

    Raises:
        Mistake: as :func:`read_patterns`.
    """
    if not isinstance(table, dict):
        raise _bad(path, name, Mistake("expected a table, [{name}].", name=name))
    declared = {f.name: f for f in fields(Pattern) if f.name != "id"}
    values: dict[str, Any] = {}
    for key, value in {**shared, **table}.items():
        if key not in declared:
            raise _bad(path, name, _unknown_key(key, declared))
        facts = declared[key].metadata
        typed = _typed(value, facts["kind"])
        if typed is None:
            problem = Mistake("{key} = {value}: expected {kind}.", key=key, value=shown(value), kind=facts["kind"])
            raise _bad(path, name, problem)
        if facts["choices"] and typed not in facts["choices"]:
            raise _bad(path, name, _unknown_name(key, typed, facts["choices"]))
        values[key] = typed
    missing = [k for k in ("title", "number", "band", "outcome", "statistic", "source") if k not in values]
    if missing:
        raise _bad(path, name, Mistake("{missing} is missing.", missing=", ".join(missing)))
    pattern = Pattern(id=name, **values)
    for outcome in pattern.outcomes:
        if outcome not in outcomes:
            raise _bad(path, name, _unknown_name("outcome", outcome, outcomes))
    contradiction = _contradiction(pattern)
    if contradiction:
        raise _bad(path, name, contradiction)
    return pattern


def _unknown_key(key: str, declared: Mapping[str, Any]) -> Mistake:
    problem = Mistake('the key "{key}" is not known here.', key=key)
    known = Mistake("Known keys: {known}.", known=", ".join(sorted(declared)))
    return with_nearest(problem, key, declared) if nearest(key, declared) else sentences(problem, known)


def _unknown_name(key: str, value: str, known: Iterable[str]) -> Mistake:
    names = [name for name in known if name]
    problem = with_nearest(Mistake("{key} = {value} is not known.", key=key, value=shown(value)), value, names)
    return sentences(problem, Mistake("Known values: {known}.", known=", ".join(sorted(names))))


def _typed(value: Any, kind: str) -> Any:
    """The value in the form of its kind, or None when it is not of that kind."""
    number, whole = isinstance(value, int | float) and not isinstance(value, bool), _is_whole(value)
    items = value if isinstance(value, list) else []
    texts = bool(items) and all(isinstance(i, str) for i in items)
    if isinstance(value, str) and kind in ("text", "number or text", "text or texts by language"):
        return value
    if kind == "text or texts by language" and isinstance(value, dict):
        return value if "en" in value and all(isinstance(t, str) for t in value.values()) else None
    if number and kind in ("number", "number or text"):
        return float(value)
    if kind == "yes or no" and isinstance(value, bool):
        return value
    if kind == "whole number" and whole:
        return value
    if kind == "two numbers" and len(items) == BAND_ENDS and all(_typed(i, "number") is not None for i in items):
        return float(items[0]), float(items[1])
    if kind == "list of whole numbers" and items and all(map(_is_whole, items)):
        return tuple(items)
    if kind == "text or list of texts" and (isinstance(value, str) or texts):
        return tuple(items) if texts else (value,)
    if kind == "table of lists" and isinstance(value, dict) and value:
        lists = all(isinstance(v, list) and all(isinstance(i, str) for i in v) for v in value.values())
        return value if lists else None
    return None


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _contradiction(pattern: Pattern) -> Mistake | None:
    """The first part of a pattern that contradicts another, if any."""
    low, high = pattern.band
    if not low < high:
        return Mistake("band = [{low}, {high}]: the first number must be the lower.", low=low, high=high)
    if pattern.control and pattern.control not in pattern.arms:
        return _unknown_name("control", pattern.control, pattern.arms)
    if pattern.control == pattern.arm:
        return Mistake(
            'control = "{arm}" is the arm that is read: an arm is compared with another one.', arm=pattern.arm
        )
    needs = {
        "control": pattern.statistic.startswith("paired") and not pattern.control,
        "by": pattern.statistic in ACROSS_PLACES and not pattern.by,
    }
    for key, is_missing in needs.items():
        if is_missing:
            return Mistake('statistic = "{statistic}" needs {key}.', statistic=pattern.statistic, key=key)
    for key, (value, least, most) in _limits(pattern).items():
        if not least <= value <= most:
            return Mistake(
                "{key} = {value} is outside its range, {low} to {high}.", key=key, value=value, low=least, high=most
            )
    return None


def _limits(pattern: Pattern) -> dict[str, tuple[float, float, float]]:
    """Numbers that have a range: value, least and most by key."""
    outlying = max(pattern.years_read, key=lambda year: abs(year - (1 + pattern.years) / 2))
    return {
        "years": (pattern.years, 1, 100),
        "burn_in": (pattern.burn_in, 0, 50),
        "replicates": (pattern.replicates, 2, 100_000),
        "quantile": (pattern.quantile, 0, 1),
        "end": (pattern.end, 0.01, 0.5),
        "read": (outlying, 1, pattern.years),
    }

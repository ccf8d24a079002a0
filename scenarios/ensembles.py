"""Parameter ensembles: uncertain parameters drawn from their recorded ranges, the same in every arm of a study."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, Final

from agents.mistakes import Mistake
from scenarios.study.points import unit_cube
from scenarios.wording import printable, with_nearest
from sim.parameters import Parameter, all_parameters

CERTAIN: Final = ("official", "recalled_high")
"""Labels of parameters that are not drawn unless somebody names them."""
BOOKKEEPING: Final = "bookkeeping"
"""Source of parameters that change no result."""


def uncertain(
    names: Sequence[str] = (), known: Mapping[str, Parameter] | None = None, given: frozenset[str] = frozenset()
) -> list[Parameter]:
    """The parameters to draw: single numbers with a range.

    Args:
        names: ids, groups (``choice``) or patterns (``care.*``); all that is uncertain by default: no official number,
            none that patterns of evidence have fitted, none that a scenario or an arm sets.
        known: declared parameters, those of the model by default.
        given: ids that the scenario or an arm sets.

    Raises:
        Mistake: a name that is none, that stands for tables only, or a parameter that an arm sets.
    """
    known = all_parameters() if known is None else known
    if not names:
        return [p for p in known.values() if _open(p) and p.id not in given and not p.calibrated
                and p.label not in CERTAIN and p.source != BOOKKEEPING]  # fmt: skip
    found: dict[str, Parameter] = {}
    for name in names:
        named = [p for p in known.values() if name in (p.id, p.id.split(".")[0]) or fnmatchcase(p.id, name)]
        if not named:
            groups = dict.fromkeys(key.split(".")[0] for key in known)
            raise with_nearest(Mistake('the parameter "{key}" is not known.', key=printable(name)), name,
                               [*known, *groups])  # fmt: skip
        drawn = [p for p in named if _open(p)]
        if not drawn:
            raise Mistake("{key} cannot be drawn: it is a table of numbers, or its range is a point.", key=name)
        found |= {p.id: p for p in drawn}
    if both := sorted(found.keys() & given):
        raise Mistake(
            "{key} is set by the scenario or by an arm, so it cannot be drawn too: all arms get the same draws.",
            key=both[0],
        )  # fmt: skip
    return list(found.values())


def _open(parameter: Parameter) -> bool:
    """Whether a parameter is one number that can move."""
    return not isinstance(parameter.value, list) and parameter.low < parameter.high


def vectors(parameters: Sequence[Parameter], count: int, seed: int = 0) -> list[dict[str, Any]]:
    """Values of parameters, a Latin hypercube over their ranges: every range is covered evenly (McKay et al. 1979).

    Args:
        parameters: what is drawn, uniformly over each range.
        count: number of vectors.
        seed: another seed gives another hypercube.
    """
    cube = unit_cube("latin_hypercube", len(parameters), count, seed)
    return [{p.id: at(p, float(u)) for p, u in zip(parameters, row, strict=True)} for row in cube]


def at(parameter: Parameter, u: float) -> float:
    """The value at a share of a range, from 0 to 1; numbers that are counts stay whole."""
    low, high = parameter.low, parameter.high
    whole = all(isinstance(number, int) for number in (low, high, parameter.value)) and high - low > 1
    if whole:
        return float(min(high, int(low + u * (high - low + 1))))
    return low + u * (high - low)

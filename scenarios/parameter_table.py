"""``[parameters]`` of a scenario: numbers of the model that differ from their declared values."""

from typing import Any

from agents.mistakes import Mistake
from scenarios.wording import closest, located, printable, sentences, shown, with_nearest
from sim.parameters import all_parameters, check_override

PLACE = ("parameters",)
DEEPEST = 20
LARGEST = 1e300


def parameter_groups() -> set[str]:
    """First words of the parameters' ids: the names of their files."""
    return {name.split(".")[0] for name in all_parameters()}


def flat_parameters(table: dict[str, Any]) -> dict[str, Any]:
    """Ids and values, whether the file quotes the id or lets its dots make tables."""
    flat: dict[str, Any] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{rest}": inner for rest, inner in flat_parameters(value).items()}
        else:
            flat[name] = value
    return flat


def check_parameters(table: dict[str, Any], file: str) -> None:
    """Refuse an unknown id, a value of another shape, or one out of range.

    Raises:
        Mistake: naming the file, the id, the value, what was expected and the nearest valid id.
    """
    for name, value in flat_parameters(table).items():
        if problem := _problem(name, value):
            raise located(file, PLACE, problem)


def _problem(name: str, value: Any) -> Mistake | None:
    known = all_parameters()
    if name not in known:
        return _unknown(name, known)
    if not _numeric(value):
        return Mistake(
            "{key} = {value} is not a number, or a list of numbers.", key=printable(name), value=shown(value)
        )
    try:
        check_override(name, value)
    except Mistake as problem:
        return problem
    return None


def _unknown(name: str, known: Any) -> Mistake:
    problem = Mistake('the parameter "{key}" is not known.', key=printable(name))
    ends = [other for other in known if other.split(".")[-1] == name]
    if ends:
        return sentences(problem, Mistake('Did you mean "{nearest}"?', nearest=ends[0]))
    if closest(name, known):
        return with_nearest(problem, name, known)
    return sentences(problem, Mistake("`careteams parameters` lists them all."))


def _numeric(value: Any, depth: int = 0) -> bool:
    if isinstance(value, list):
        return depth < DEEPEST and all(_numeric(v, depth + 1) for v in value)
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LARGEST

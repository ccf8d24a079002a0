"""Files that ask for studies: what each key may hold, checked before anything runs, and said in one line."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from agents.mistakes import Mistake
from scenarios.wording import closest, located, printable, sentences, shown, with_nearest

PAIR: Final = 2

type Check = Callable[[Any], bool]
type Keys = Mapping[str, tuple[Check, Mistake]]
"""What each key must be, and how that is said."""


def whole_number(low: int, high: int) -> Check:
    """Whether a value is a whole number from ``low`` to ``high``."""
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def is_text(value: Any) -> bool:
    """Whether a value is a text that says something."""
    return isinstance(value, str) and bool(value)


def are_texts(value: Any) -> bool:
    """Whether a value is a list of texts."""
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def is_number(value: Any) -> bool:
    """Whether a value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_pair(value: Any) -> bool:
    """Whether a value is two numbers."""
    return isinstance(value, list) and len(value) == PAIR and all(map(is_number, value))


def are_numbers(value: Any) -> bool:
    """Whether a value is a list of numbers, one at least."""
    return isinstance(value, list) and bool(value) and all(map(is_number, value))


def is_table(value: Any) -> bool:
    """Whether a value is a table."""
    return isinstance(value, dict)


def inside[Result](file: str, place: tuple[str, ...], action: Callable[[], Result]) -> Result:
    """A result, or what is wrong with it behind the file and the table."""
    try:
        return action()
    except Mistake as problem:
        raise located(file, place, problem) from None


def check_keys(table: Mapping[str, Any], keys: Keys, file: str, place: tuple[str, ...]) -> None:
    """Refuse a table with a key that is not known, or a value of another kind.

    Args:
        table: what the file says.
        keys: what may be said.
        file: how messages call the file.
        place: names of the tables around it.

    Raises:
        Mistake: with file, place, key, value, what was expected and the nearest valid name.
    """
    for key, value in table.items():
        if key not in keys:
            problem = Mistake('the key "{key}" is not known here.', key=printable(key))
            known = Mistake("Known keys: {known}.", known=", ".join(sorted(keys)))
            near = closest(key, keys)
            raise located(file, place, with_nearest(problem, key, keys) if near else sentences(problem, known))
        check, kind = keys[key]
        if not check(value):
            raise located(file, place, Mistake(
                "{key} = {value}: expected {kind}.", key=key, value=shown(value), kind=kind))  # fmt: skip


def flat(table: Mapping[str, Any], own: Sequence[str] | Keys) -> dict[str, Any]:
    """Ids and what is said of them, whether the file quotes the id or lets its dots make tables."""
    flat: dict[str, Any] = {}
    for name, value in table.items():
        inner = isinstance(value, dict) and "." not in name and value and not set(value) <= set(own)
        if inner and not (not own and all(isinstance(v, list) and are_texts(v) for v in value.values())):
            flat |= {f"{name}.{rest}": said for rest, said in value.items()}
        else:
            flat[name] = value
    return flat

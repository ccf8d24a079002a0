"""Arms of a sweep: those that are named, and all combinations of payment rules and of levels of other terms."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations, product
from pathlib import Path
from typing import Any, Final

from agents.mistakes import Mistake
from scenarios.reforms import read_reforms
from scenarios.wording import shown, with_nearest, written
from sim.payment.contract import signed_by, usual
from sim.specification import OWN_POLICY, POLICIES, ScenarioSpec

NOW: Final = "now"
"""The arm in which nothing is changed."""
NOTHING: Final = "none"
ARM_KEYS: Final = ("set", "reforms")
STACK_KEYS: Final = ("policies", "base", "teams", "exclude")


@dataclass(frozen=True, slots=True)
class Arm:
    """Overrides with a name, and columns that say what they are made of."""

    name: str
    overrides: tuple[str, ...] = ()
    made_of: Mapping[str, Any] = field(default_factory=dict)


def named_arms(table: Mapping[str, Any], folder: Path, file: str) -> list[Arm]:
    """The arms of ``[arms]``: lists of overrides, or tables with ``set`` and ``reforms`` (files).

    Raises:
        Mistake: for what is neither, or a file of reforms that is wrong.
    """
    return [Arm(name, tuple(_overrides(name, said, folder, file))) for name, said in table.items()]


def _overrides(name: str, said: Any, folder: Path, file: str) -> list[str]:
    texts: Any = said
    if isinstance(said, dict):
        for key in said:
            if key not in ARM_KEYS:
                raise with_nearest(Mistake('the key "{key}" is not known here.', key=key), key, ARM_KEYS)
        texts = list(said.get("set", []))
        for rule, terms in read_reforms(said.get("reforms", []), file, folder).items():
            texts += [f"{rule}.{term}={written(value)}" for term, value in terms.items()]
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise Mistake('{key} = {value}: expected changes such as ["peps.cap=0.25"].', key=name, value=shown(said))
    return texts


def stacks(table: Mapping[str, Any], spec: ScenarioSpec) -> list[Arm]:
    """Every combination of payment rules, put on a base.

    Args:
        table: ``policies`` that are in or out; ``base``, by default what each team is under without them;
            ``teams``, by default all, those that the scenario names or, if it names none, those that fill it;
            ``exclude``, lists of rules that do not go together.
        spec: the scenario.

    Raises:
        Mistake: for an unknown key, rule or team.
    """
    for key in table:
        if key not in STACK_KEYS:
            raise with_nearest(Mistake('the key "{key}" is not known here.', key=key), key, STACK_KEYS)
    policies = _names("policies", table.get("policies"))
    for name in (*policies, *table.get("base", [])):
        _check_policy(name)
    teams = _names("teams", table["teams"]) if "teams" in table else list(spec.teams)
    for team in teams:
        if team not in spec.teams:
            raise with_nearest(Mistake('the scenario has no team "{team}".', team=team), team, spec.teams)
    return [
        Arm(
            "+".join(chosen) or NOTHING,
            tuple(signed_anew(spec, teams, partial(_stacked, chosen, policies, table.get("base")))),
            {name: name in chosen for name in policies},
        )
        for chosen in _chosen(policies, [_names("exclude", one) for one in table.get("exclude", [])])
    ]


def _chosen(policies: Sequence[str], exclude: Sequence[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    for many in range(len(policies) + 1):
        for chosen in combinations(policies, many):
            if not any(set(together) <= set(chosen) for together in exclude):
                yield chosen


def _stacked(
    chosen: Sequence[str], policies: Sequence[str], base: Sequence[str] | None, signed: Sequence[str]
) -> list[str]:
    return [*([name for name in signed if name not in policies] if base is None else base), *chosen]


def signed_anew(spec: ScenarioSpec, teams: Sequence[str], anew: Callable[[Sequence[str]], Sequence[str]]) -> list[str]:
    """Overrides that put teams of a scenario under other contracts.

    Args:
        spec: the scenario; where it names no team, all its teams are put under the contract made of a group's.
        teams: names of those concerned.
        anew: the rules of a contract from those of the one that is in force.
    """
    if not spec.teams:
        return [f"default_contract={written(anew(usual(spec, 'group')))}"]
    return [f"team.{name}.contract={written(anew(signed_by(spec, spec.teams[name])))}" for name in teams]


def _names(key: str, value: Any) -> list[str]:
    if isinstance(value, list) and value and all(isinstance(name, str) for name in value):
        return value
    raise Mistake("{key} = {value} is not a list of names in square brackets.", key=key, value=shown(value))


def _check_policy(name: str) -> None:
    if name not in POLICIES and not re.fullmatch(OWN_POLICY, name):
        problem = Mistake("{key} = {value} is not known.", key="policies", value=shown(name))
        raise with_nearest(problem, name, POLICIES)


def factor(name: str, levels: Any) -> list[Arm]:
    """The levels of a factor: values of the term or parameter that it is called after, or named lists of overrides.

    Raises:
        Mistake: when it is neither.
    """
    if isinstance(levels, list) and levels:
        return [Arm(f"{name}={written(value)}", (f"{name}={written(value)}",), {name: _plain(value)})
                for value in levels]  # fmt: skip
    if isinstance(levels, dict) and levels:
        for level, texts in levels.items():
            if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
                raise Mistake('{key} = {value}: expected changes such as ["peps.cap=0.25"].',
                              key=level, value=shown(texts))  # fmt: skip
        return [Arm(f"{name}={level}", tuple(texts), {name: level}) for level, texts in levels.items()]
    raise Mistake('{key} = {value}: expected a list of values, or a table of levels such as equal = ["KEY=VALUE"].',
                  key=name, value=shown(levels))  # fmt: skip


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool | int | float | str) else written(value)


def crossed(dimensions: Sequence[Sequence[Arm]]) -> list[Arm]:
    """Every combination of one arm of each dimension; without any, the scenario as it is."""
    if not dimensions:
        return [Arm(NOW)]
    return [
        Arm(
            ", ".join(arm.name for arm in arms),
            tuple(text for arm in arms for text in arm.overrides),
            {name: value for arm in arms for name, value in arm.made_of.items()},
        )
        for arms in product(*dimensions)
    ]

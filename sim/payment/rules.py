"""Every payment rule by name: those of this package, those of installed packages, and a user's own ``module:Class``."""

import importlib
import re
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, Final

from agents.mistakes import Mistake, nearest
from sim.payment.policy import Policy, check_class
from sim.specification import OWN_POLICY, POLICIES, ScenarioSpec

GROUP: Final = "careteams.policies"
"""Entry points of this group are policies of installed packages."""


@cache
def policy_class(name: str) -> type[Policy[Any]]:
    """The class of a policy.

    Args:
        name: its name, or ``module:Class``.

    Raises:
        Mistake: an unknown name, a module that cannot be imported, or a class that is no policy.
    """
    if re.fullmatch(OWN_POLICY, name):
        return _own(name)
    if name in POLICIES:
        module = importlib.import_module(f"sim.payment.{name}")
        return next(kind for kind in vars(module).values() if getattr(kind, "name", None) == name)
    if name in installed():
        return _checked(name, installed()[name].load())
    known = [*POLICIES, *installed()]
    raise Mistake('policy "{policy}" is not known. Did you mean "{nearest}"? Known: {known}, or module:Class.',
                  policy=name, nearest=nearest(name, known) or "", known=", ".join(known))  # fmt: skip


def load_rules(specification: ScenarioSpec | None = None) -> None:
    """Import every rule that a scenario may come to use, so that the measures that it declares are counted.

    Those of this package always: an arm may sign what its scenario did not.
    """
    own = [] if specification is None else [name for names in _contracts(specification) for name in names]
    for name in dict.fromkeys([*POLICIES, *own]):
        policy_class(name)


def _contracts(specification: ScenarioSpec) -> list[list[str]]:
    return [specification.default_contract, *(team.contract for team in specification.teams.values())]


@cache
def installed() -> Mapping[str, EntryPoint]:
    """Policies that installed packages bring, by name."""
    return {point.name: point for point in entry_points(group=GROUP)}


def _own(name: str) -> type[Policy[Any]]:
    module_name, _, class_name = name.partition(":")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)  # a module beside the scenario file is found as Python finds one beside a script
    try:
        module = importlib.import_module(module_name)
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
        raise Mistake('policy "{policy}": module "{module}" cannot be imported ({problem}).',
                      policy=name, module=module_name, problem=problem) from error  # fmt: skip
    if not hasattr(module, class_name):
        classes = [key for key, value in vars(module).items() if isinstance(value, type)]
        raise Mistake(
            'policy "{policy}": module "{module}" has no class "{name}". Did you mean "{nearest}"?',
            policy=name, module=module_name, name=class_name, nearest=nearest(class_name, classes) or "",
        )  # fmt: skip
    return _checked(name, getattr(module, class_name))


def _checked(name: str, kind: Any) -> type[Policy[Any]]:
    if not (isinstance(kind, type) and issubclass(kind, Policy)):
        raise Mistake('policy "{policy}" is no subclass of sim.payment.policy.Policy.', policy=name)
    for attribute, problem in check_class(kind).items():
        raise Mistake('policy "{policy}": its {attribute} is {problem}.',
                      policy=name, attribute=attribute, problem=problem)  # fmt: skip
    return kind

"""Every payment rule by name: those of this package, those of installed packages, and a user's own ``module:Class``."""

from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint
from typing import Any, Final

from agents.mistakes import Mistake
from sim.payment import plugins
from sim.payment.plugins import Family
from sim.payment.policy import Policy, check_class
from sim.specification import POLICIES, ScenarioSpec

FAMILY: Final = Family(Mistake("policy"), "sim.payment", POLICIES, "careteams.policies")
_OWN: Final[dict[str, type[Policy[Any]]]] = {}
"""Rules of a user's own by the name that their statements bear, once they are known as ``module:Class``."""


@cache
def policy_class(name: str) -> type[Policy[Any]]:
    """The class of a policy.

    Args:
        name: its name, or ``module:Class``.

    Raises:
        Mistake: an unknown name, a module that cannot be imported, or a class that is no policy.
    """
    if name in _OWN:
        return _OWN[name]
    kind, is_ours = FAMILY.find(name)
    if is_ours:
        return kind
    checked = _checked(name, kind)
    _OWN[checked.name] = checked
    return checked


def load_rules(specification: ScenarioSpec | None = None) -> None:
    """Import every rule that a scenario may come to use, so that the measures that it declares are counted.

    Those of this package always: an arm may sign what its scenario did not.
    """
    own = [] if specification is None else [name for names in _contracts(specification) for name in names]
    for name in dict.fromkeys([*POLICIES, *own]):
        policy_class(name)


def _contracts(specification: ScenarioSpec) -> list[list[str]]:
    teams = (team.contract for team in specification.teams.values())
    return [specification.default_contract, *teams, *(offer.policies for offer in specification.offers.values())]


def installed() -> Mapping[str, EntryPoint]:
    """Policies that installed packages bring, by name."""
    return plugins.installed(FAMILY.group)


def _checked(name: str, kind: Any) -> type[Policy[Any]]:
    if not (isinstance(kind, type) and issubclass(kind, Policy)):
        raise Mistake('policy "{policy}" is no subclass of sim.payment.policy.Policy.', policy=name)
    for attribute, problem in check_class(kind).items():
        raise Mistake('policy "{policy}": its {attribute} is {problem}.',
                      policy=name, attribute=attribute, problem=problem)  # fmt: skip
    if kind.name in POLICIES and FAMILY.find(kind.name)[0] is not kind:
        raise Mistake('policy "{policy}": its name "{name}" is that of a rule of careteams; choose another one.',
                      policy=name, name=kind.name)  # fmt: skip
    other = _OWN.get(kind.name)
    if other is not None and (other.__module__, other.__qualname__) != (kind.__module__, kind.__qualname__):
        raise Mistake('policy "{policy}": its name "{name}" is that of {other} too; choose another one.',
                      policy=name, name=kind.name, other=f"{other.__module__}:{other.__qualname__}")  # fmt: skip
    return kind

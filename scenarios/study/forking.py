"""What an arm may change: everything that acts after the fork, nothing that the warm-up has already used.

All arms of a unit start from one warmed-up world, patient for patient. A change of what that world was founded or
warmed up with would silently do nothing, or would break the pairing; it is refused, with the way out.
"""

from dataclasses import asdict
from fnmatch import fnmatch
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agents.mistakes import Mistake
from agents.nurses import KINDS as NURSE_KINDS
from agents.tasks import TASKS
from agents.teams import sharing_code
from sim.mechanisms import effective_parameters
from sim.parameters import behaviour_record, parameter_record
from sim.specification import Delegation, ScenarioSpec
from sim.world import World

AFTER_THE_FORK: Final = (
    "name",
    "title*",
    "description*",
    "record*",
    "parameters*",
    "reform*",
    "default_contract*",
    "norms",
    "offers*",
    "decisions",
    "payer*",
    "mechanisms*",
    "teams.*.contract*",
    "teams.*.terms*",
    "teams.*.sharing_rule",
    "teams.*.delegation*",
)
"""Keys of a scenario that arms may differ in."""
MAY_HIRE: Final = "parameters.team_life.posts_of_kinds"
"""Kinds of team that may hire: they are founded with a post to fill, so that an arm may only take kinds away."""


def changed_keys(base: ScenarioSpec, arm: ScenarioSpec) -> list[str]:
    """Dotted keys in which two scenarios differ, in alphabetical order."""
    before, after = _flat(asdict(base)), _flat(asdict(arm))
    return sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))


def check_arm(name: str, base: ScenarioSpec, arm: ScenarioSpec) -> None:
    """Refuse an arm that needs another warm-up.

    Raises:
        Mistake: with the arm, the key, why it cannot differ and what to do instead.
    """
    for key in changed_keys(base, arm):
        if key == MAY_HIRE and (_may_hire(arm) > _may_hire(base)).any():
            raise Mistake(
                'arm "{arm}": {key} cannot let more kinds of team hire than the world was founded for, because all '
                "arms start from the same warmed-up world. Let them hire in the base scenario, or make it another "
                "territory of the study.",
                arm=name, key=key,
            )  # fmt: skip
        if not any(fnmatch(key, pattern) for pattern in AFTER_THE_FORK):
            raise Mistake(
                'arm "{arm}": {key} cannot differ between arms, because all arms start from the same warmed-up world. '
                "Make it another territory of the study. Arms may differ in: {known}.",
                arm=name,
                key=key,
                known="parameters, reform, default_contract, norms, offers, decisions, payer, mechanisms, "
                "teams.NAME: contract, terms, sharing_rule, delegation",
            )


def _may_hire(spec: ScenarioSpec) -> NDArray[np.float64]:
    """1 for kinds of team that may open nurse posts, ``(kinds,)``."""
    return np.asarray(behaviour_record(effective_parameters(spec))["team_life_posts_of_kinds"][0])


def applied(world: World, base: ScenarioSpec, arm: ScenarioSpec) -> World:
    """The world under an arm: its seed, parameters, sharing rules and delegation; changed in place.

    Another seed than that of the world redraws what chance brings from here on; who is there, and what has happened to
    them, stays.
    """
    from sim.staffing.payer import instruct

    world.seed = arm.seed
    given = effective_parameters(arm)
    world.parameters = parameter_record(given)
    world.behaviour = behaviour_record(given)
    instruct(world.payer, world.parameters, arm.payer)
    for name, team in arm.teams.items():
        before = base.teams[name]
        if team.sharing_rule == before.sharing_rule and team.delegation == before.delegation:
            continue
        row = world.names.index(name)
        world.teams["sharing_rule"][row] = sharing_code(team.sharing_rule)
        for task in before.delegation.keys() | team.delegation.keys():
            _delegate(world, row, task, before.delegation.get(task), team.delegation.get(task))
    return world


def _delegate(world: World, team: int, task: str, before: Delegation | None, after: Delegation | None) -> None:
    """Set the share of a task that the physicians of a team hand to a kind of nurse."""
    held = world.nurses["in_post"][world.dyads["nurse"]] != 0
    in_team = held & (world.physicians["team"][world.dyads["physician"]] == team)
    kinds = world.nurses["kind"][world.dyads["nurse"]]
    column = world.dyads["share"][:, TASKS.index(task)]
    for delegation, share in ((before, 0.0), (after, after.share if after else 0.0)):
        if delegation is not None:
            column[np.logical_and(in_team, kinds == NURSE_KINDS.index(delegation.nurse))] = share


def _flat(tree: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in tree.items():
        if isinstance(value, dict) and value:
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value or None if isinstance(value, dict) else value
    return flat

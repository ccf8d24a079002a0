"""Every sharing rule by name: those of this package, those of installed packages, and a user's own ``module:Class``."""

import importlib
import re
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, Final

from agents.mistakes import Mistake, nearest
from agents.teams import SHARING_RULES
from sim.payment.sharing.rule import SHARED, SharingRule
from sim.specification import OWN_POLICY

GROUP: Final = "careteams.sharing_rules"
"""Entry points of this group are sharing rules of installed packages."""


@cache
def sharing_rule(name: str) -> type[SharingRule]:
    """The class of a sharing rule.

    Args:
        name: its name, or ``module:Class``.

    Raises:
        Mistake: an unknown name, a module that cannot be imported, or a class that is no sharing rule.
    """
    if re.fullmatch(OWN_POLICY, name):
        return _own(name)
    if name in SHARING_RULES:
        module = importlib.import_module(f"sim.payment.sharing.{name}")
        return next(kind for kind in vars(module).values() if getattr(kind, "name", None) == name)
    if name in installed():
        return _checked(name, installed()[name].load())
    known = [*sorted(SHARING_RULES), *installed()]
    raise Mistake('sharing rule "{rule}" is not known. Did you mean "{nearest}"? Known: {known}, or module:Class.',
                  rule=name, nearest=nearest(name, known) or "", known=", ".join(known))  # fmt: skip


@cache
def installed() -> Mapping[str, EntryPoint]:
    """Sharing rules that installed packages bring, by name."""
    return {point.name: point for point in entry_points(group=GROUP)}


def _own(name: str) -> type[SharingRule]:
    module_name, _, class_name = name.partition(":")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)  # a module beside the scenario file is found as Python finds one beside a script
    try:
        module = importlib.import_module(module_name)
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
        raise Mistake('sharing rule "{rule}": module "{module}" cannot be imported ({problem}).',
                      rule=name, module=module_name, problem=problem) from error  # fmt: skip
    if not hasattr(module, class_name):
        classes = [key for key, value in vars(module).items() if isinstance(value, type)]
        raise Mistake(
            'sharing rule "{rule}": module "{module}" has no class "{name}". Did you mean "{nearest}"?',
            rule=name, module=module_name, name=class_name, nearest=nearest(class_name, classes) or "",
        )  # fmt: skip
    return _checked(name, getattr(module, class_name))


def _checked(name: str, kind: Any) -> type[SharingRule]:
    if not (isinstance(kind, type) and issubclass(kind, SharingRule)):
        raise Mistake('sharing rule "{rule}" is no subclass of sim.payment.sharing.rule.SharingRule.', rule=name)
    lacks = [attribute for attribute in ("name", "title") if not hasattr(kind, attribute)]
    if kind.write is SharingRule.write:
        lacks.append("write")
    for attribute in lacks:
        raise Mistake('sharing rule "{rule}": its {attribute} is missing.', rule=name, attribute=attribute)
    for pool in kind.pools:
        if pool not in SHARED:
            raise Mistake('sharing rule "{rule}": pool "{pool}" is not known. Known: {known}.',
                          rule=name, pool=pool, known=", ".join(SHARED))  # fmt: skip
    return kind

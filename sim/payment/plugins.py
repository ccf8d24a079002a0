"""Rules that a user may bring beside those of a package: from an installed package, or as ``module:Class``."""

import importlib
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from agents.mistakes import Mistake, nearest
from sim.specification import OWN_POLICY


@dataclass(frozen=True, slots=True)
class Family:
    """A family of rules that scenarios call by name.

    Attributes:
        what: what messages call one of them.
        package: where those of ours are, one module each.
        names: names of those of ours.
        group: entry points of this group are rules of installed packages.
    """

    what: Mistake
    package: str
    names: Sequence[str]
    group: str

    def find(self, name: str) -> tuple[Any, bool]:
        """What a name stands for, and whether it is ours; what is not ours is yet to be checked.

        Raises:
            Mistake: an unknown name, or a module that cannot be imported or has no such class.
        """
        if re.fullmatch(OWN_POLICY, name):
            return self._own(name), False
        if name in self.names:
            module = importlib.import_module(f"{self.package}.{name}")
            return next(kind for kind in vars(module).values() if getattr(kind, "name", None) == name), True
        others = installed(self.group)
        if name in others:
            return others[name].load(), False
        known = [*self.names, *others]
        raise Mistake(
            '{what} "{rule}" is not known. Did you mean "{nearest}"? Known: {known}, or module:Class.',
            what=self.what, rule=name, nearest=nearest(name, known) or "", known=", ".join(known),
        )  # fmt: skip

    def _own(self, name: str) -> Any:
        module_name, _, class_name = name.partition(":")
        here = str(Path.cwd())
        if here not in sys.path:
            sys.path.append(here)  # a module beside the scenario file is found as Python finds one beside a script
        facts = {"what": self.what, "rule": name, "module": module_name}
        try:
            module = importlib.import_module(module_name)
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
            raise Mistake(
                '{what} "{rule}": module "{module}" cannot be imported ({problem}).', problem=problem, **facts
            ) from error
        if not hasattr(module, class_name):
            classes = [key for key, value in vars(module).items() if isinstance(value, type)]
            raise Mistake('{what} "{rule}": module "{module}" has no class "{name}". Did you mean "{nearest}"?',
                          name=class_name, nearest=nearest(class_name, classes) or "", **facts)  # fmt: skip
        return getattr(module, class_name)


@cache
def installed(group: str) -> Mapping[str, EntryPoint]:
    """Rules that installed packages bring, by name."""
    return {point.name: point for point in entry_points(group=group)}

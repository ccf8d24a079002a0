"""Every sharing rule by name: those of this package, those of installed packages, and a user's own ``module:Class``."""

from functools import cache
from typing import Any, Final

from agents.mistakes import Mistake
from agents.teams import SHARING_RULES
from sim.payment.plugins import Family
from sim.payment.sharing.rule import SHARED, SharingRule

FAMILY: Final = Family(Mistake("sharing rule"), "sim.payment.sharing", sorted(SHARING_RULES), "careteams.sharing_rules")


@cache
def sharing_rule(name: str) -> type[SharingRule]:
    """The class of a sharing rule.

    Args:
        name: its name, or ``module:Class``.

    Raises:
        Mistake: an unknown name, a module that cannot be imported, or a class that is no sharing rule.
    """
    kind, is_ours = FAMILY.find(name)
    return kind if is_ours else _checked(name, kind)


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

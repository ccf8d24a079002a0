"""Reforms: small differences over the terms of payment rules and over fees, from a day on.

    # better_cap.toml
    [peps]
    cap = "0.25 from 2024-01-01"
    [fees]
    G = [{ value = 31.5, from = 2026-01-01, source = "our proposal" }]

A scenario takes reforms from files (``reforms = ["better_cap.toml"]``), from its own ``[reform]``, and from the command
line (``--set "peps.cap=0.25 from 2024-01-01"``).
"""

import re
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from agents.mistakes import Mistake
from scenarios.declared import check
from scenarios.files import find, parse
from scenarios.wording import located, shown
from sim.specification import FEES, OWN_POLICY, POLICIES

type Raw = dict[str, Any]

FILES: Final = "reforms"
REFORM: Final = "reform"
TITLES: Final = ("title", "description")
"""Keys of a reform file that are for its readers."""
FROM_A_DAY: Final = re.compile(r"(?P<value>.*\S)\s+from\s+(?P<day>\d{4}-\d{2}-\d{2})")


def names_a_rule(word: str) -> bool:
    """Whether the first word of an override is a payment rule, or the fees."""
    return word in POLICIES or word == FEES or bool(re.fullmatch(OWN_POLICY, word))


def dated(value: Any) -> Any:
    """A change as a table: ``"0.25 from 2024-01-01"`` is ``{ value = 0.25, from = 2024-01-01 }``."""
    if isinstance(value, list):
        return [dated(one) for one in value]
    said = FROM_A_DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    if said is None:
        return value
    return {"value": _plain(said["value"]), "from": date.fromisoformat(said["day"])}


def with_days(reform: Raw) -> Raw:
    """The changes of a reform, every one as a table or a plain value."""
    return {
        rule: {term: dated(value) for term, value in terms.items()} if isinstance(terms, dict) else terms
        for rule, terms in reform.items()
    }


def read_reforms(names: Any, shown_as: str, folder: Path) -> Raw:
    """The reforms of a scenario's ``reforms``, one put over the other in the order given.

    Args:
        names: what the key holds.
        shown_as: how messages call the scenario file.
        folder: where the scenario file is.

    Raises:
        Mistake: when it is no list of files, or one of them cannot be read.
    """
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise located(shown_as, (), Mistake(
            "{key} = {value} is not a list of names in square brackets.", key=FILES, value=shown(names)))  # fmt: skip
    whole: Raw = {}
    for name in names:
        path, file = find(name, beside=folder)
        table = {rule: terms for rule, terms in parse(path, file).items() if rule not in TITLES}
        own = with_days(table)
        check({REFORM: own}, file)
        whole = over(whole, own)
    return whole


def over(base: Raw, reform: Raw) -> Raw:
    """One reform put over another, term by term."""
    return {
        rule: {**base.get(rule, {}), **reform[rule]} if rule in reform else base[rule]
        for rule in dict.fromkeys([*base, *reform])
    }


def layer_of(words: Sequence[str], value: Any) -> Raw:
    """An override ``peps.cap=...`` as a layer of a scenario file."""
    rule, term = words[0], ".".join(words[1:])
    return {REFORM: {rule: {term: dated(value)}}}


def _plain(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (tomllib.TOMLDecodeError, ValueError):
        return text

"""Reforms: small differences over the terms of payment rules and over fees, from a day on.

    # better_cap.toml
    [peps]
    cap = "0.25 from 2024-01-01"
    [fees]
    G = [{ value = 31.5, from = 2026-01-01, source = "our proposal" }]

A scenario takes reforms from files (``reforms = ["better_cap.toml"]``), from its own ``[reform]``, and from the command
line (``--set "peps.cap=0.25 from 2024-01-01"``). What is said last of a term is all that is said of it; several days
make a list: ``cap = ["0.25 from 2024-01-01", "0.3 from 2026-01-01"]``.
"""

import re
import tomllib
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from agents.mistakes import Mistake
from scenarios.declared import check
from scenarios.files import find, parse
from scenarios.wording import located, printable, shown, with_nearest
from sim.payment.contract import SINCE
from sim.payment.reform import SOURCE, VALUE, check_fees, check_terms
from sim.specification import FEES, OWN_POLICY, POLICIES, SHARING

type Raw = dict[str, Any]

FILES: Final = "reforms"
REFORM: Final = "reform"
TITLES: Final = ("title", "description")
"""Keys of a reform file that are for its readers."""
FROM_A_DAY: Final = re.compile(r"(?P<value>.*\S)\s+from\s+(?P<day>\d[\d-]*)")
PARTS: Final = (VALUE, SINCE, SOURCE)
"""Keys of a change that is written as a table."""


RULES: Final = (*POLICIES, FEES, SHARING)
"""First words of an override that changes a term or a fee, but for rules of a user's own."""


def names_a_rule(word: str) -> bool:
    """Whether the first word of an override is a payment rule, the sharing of money, or the fees."""
    return word in RULES or bool(re.fullmatch(OWN_POLICY, word))


def dated(key: str, value: Any) -> Any:
    """A change as a table: ``"0.25 from 2024-01-01"`` is ``{ value = 0.25, from = 2024-01-01 }``.

    Args:
        key: how messages call the term.
        value: what the file says of it.

    Raises:
        Mistake: a day that is none, or a table of other keys.
    """
    if isinstance(value, list):
        return [dated(key, one) for one in value]
    if isinstance(value, dict):
        _check_parts(key, value)
    said = FROM_A_DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    if said is None:
        return value
    try:
        return {VALUE: _plain(said["value"]), SINCE: date.fromisoformat(said["day"])}
    except ValueError:
        raise _no_day(key, said["day"]) from None


def _check_parts(key: str, change: Raw) -> None:
    """Refuse a change with a key that is no part of one; a table without any of them is the value of a term."""
    if not set(change) & set(PARTS):
        return
    for part in change:
        if part not in PARTS:
            unknown = Mistake('{key}: "{part}" is not known. A change is written as {example}.', key=printable(key),
                              part=printable(part), example="{ value = 0.25, from = 2024-01-01 }")  # fmt: skip
            raise with_nearest(unknown, part, PARTS)
    if VALUE not in change:
        raise Mistake("{key} = {value}: the value is missing, as in {example}.", key=printable(key),
                      value=shown(change), example="{ value = 0.25, from = 2024-01-01 }")  # fmt: skip
    day = change.get(SINCE, date.min)
    if not isinstance(day, date) or isinstance(day, datetime):
        raise _no_day(key, day)


def _no_day(key: str, day: Any) -> Mistake:
    return Mistake("{key}: from {value} is not a day, such as 2021-01-01.", key=printable(key), value=shown(day))


def with_days(reform: Raw, file: str) -> Raw:
    """The changes of a reform, every one as a table or a plain value.

    Raises:
        Mistake: naming the file, for what is no change.
    """
    try:
        return {
            rule: {term: dated(f"{rule}.{term}", value) for term, value in terms.items()}
            if isinstance(terms, dict)
            else terms
            for rule, terms in reform.items()
        }
    except Mistake as problem:
        raise located(file, (), problem) from None


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
        own = with_days(table, file)
        check_reform(own, file)
        whole = over(whole, own)
    return whole


def check_reform(reform: Raw, file: str) -> None:
    """Refuse a reform that changes what does not exist, or to what cannot be.

    Raises:
        Mistake: naming the file, the rule or the fee, and the nearest one.
    """
    check({REFORM: reform}, file)
    try:
        check_terms(reform)
        check_fees(reform)
    except Mistake as problem:
        raise located(file, (), problem) from None


def over(base: Raw, reform: Raw) -> Raw:
    """One reform put over another, term by term."""
    return {
        rule: {**base.get(rule, {}), **reform[rule]} if rule in reform else base[rule]
        for rule in dict.fromkeys([*base, *reform])
    }


def layer_of(words: Sequence[str], value: Any) -> Raw:
    """An override ``peps.cap=...`` as a layer of a scenario file."""
    rule, term = words[0], ".".join(words[1:])
    return {REFORM: {rule: {term: dated(f"{rule}.{term}", value)}}}


def _plain(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (tomllib.TOMLDecodeError, ValueError):
        return text

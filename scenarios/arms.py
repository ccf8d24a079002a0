"""Arms of a comparison, from the words of a command line: ``NAME`` or ``NAME=WHAT;WHAT``.

WHAT is one of

* an override, as after ``--set``: ``parameters.choice.travel_minute=-0.1``, ``peps.cap=0.25``;
* a reform file, whose terms are put over those of the scenario;
* a preset or scenario file, taken as what it changes in the scenario; it may change only what acts after the fork;
* payment rules, ``peps`` or ``peps+ipep`` (``ffs`` for fee-for-service): every team of the scenario is under these and
  no other experimental rule; what pays the base, the staff and the organisation stays;
* ``now``, or the name of the scenario: nothing is changed.

A name alone stands for the thing of that name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final

from agents.mistakes import Mistake
from scenarios.checks import check_whole
from scenarios.files import find, parse, presets
from scenarios.reading import load
from scenarios.reforms import TITLES, check_reform, names_a_rule, over, with_days
from scenarios.study.combinations import NOW, signed_anew
from scenarios.study.forking import AFTER_THE_FORK, changed_keys
from scenarios.study.laboratory import Laboratory
from scenarios.wording import closest, printable, sentences
from sim.payment.policy import Layer
from sim.payment.rules import policy_class
from sim.specification import POLICIES, ScenarioSpec

SHORT: Final = {"ffs": "fee_for_service"}
"""Payment rules that have a short name."""
EXPERIMENTAL: Final = (Layer.SUBSTITUTION, Layer.ADD_ON)
"""Layers of which an arm that names rules keeps no other rule."""
SET_BY_THE_STUDY: Final = ("name", "title*", "description*", "record*", "years", "seed", "warm_up_years")
"""Keys in which a scenario taken as an arm may differ: they say nothing of what is tried, or the study sets them."""
MOST_SHOWN: Final = 6
"""Keys that a refusal names."""
PAIRS: Final = {"[": "]", "{": "}", "(": ")"}

type Change = ScenarioSpec | Mapping[str, Any]
"""What a part of an arm stands for, where it is no override: a scenario that it leads to, or a reform."""


@dataclass(frozen=True, slots=True)
class Arms:
    """Arms of a scenario, as a study takes them.

    Attributes:
        scenario: what all arms start from.
        parts: the parts of each arm, by name; an override as it stands, a file or a preset by its name.
        changes: what parts that are no override stand for.
    """

    scenario: ScenarioSpec
    parts: Mapping[str, tuple[str, ...]]
    changes: Mapping[str, Change]

    def laboratory(self, laboratory: Laboratory) -> Laboratory:
        """The laboratory, which also understands the parts of these arms."""
        return replace(laboratory, resolve=Resolve(laboratory, self.scenario, self.changes))

    def resolved(self, name: str, laboratory: Laboratory) -> ScenarioSpec:
        """The scenario under an arm."""
        return self.laboratory(laboratory).resolve(self.scenario, self.parts[name])


@dataclass(frozen=True)
class Resolve:
    """A scenario under the parts of an arm, in order; worker processes can be sent it."""

    laboratory: Laboratory
    scenario: ScenarioSpec
    changes: Mapping[str, Change]

    def __call__(self, spec: ScenarioSpec, parts: Sequence[str]) -> ScenarioSpec:
        """The scenario with every part put over it."""
        for part in parts:
            change = self.changes.get(part)
            if change is None:
                spec = self.laboratory.resolve(spec, [part])
            elif isinstance(change, ScenarioSpec):
                spec = moved(spec, self.scenario, change)
            else:
                spec = replace(spec, reform=over(spec.reform, dict(change)))
                check_whole(spec, part)
        return spec


def arms_of(scenario: ScenarioSpec, said: Sequence[str], shown_as: str = "") -> Arms:
    """Arms from what was said of each.

    Args:
        scenario: what all arms start from.
        said: ``NAME`` or ``NAME=WHAT;WHAT`` each.
        shown_as: name by which the user called the scenario.

    Raises:
        Mistake: an arm named twice, or one that is nothing known, or that cannot start from the scenario's world.
    """
    found: dict[str, tuple[str, ...]] = {}
    changes: dict[str, Change] = {}
    for text in said:
        name, sign, what = text.partition("=")
        name = name.strip()
        if not name or (sign and not what.strip()):
            raise Mistake("--arm {text}: expected NAME, or NAME=WHAT, such as cap=peps.cap=0.25.", text=printable(text))
        if name in found:
            raise Mistake('two arms are called "{name}".', name=printable(name))
        words = split(what) if sign else [name]
        parts = [part for word in words for part in _parts(name, word, scenario, shown_as, changes)]
        found[name] = tuple(parts)
    if len(found) == 1 and NOW not in found:
        found = {NOW: (), **found}
    if len(found) < 2:  # noqa: PLR2004 - a comparison takes two
        raise Mistake("compare needs an arm beside the scenario as it is, such as --arm peps.")
    return Arms(scenario, found, changes)


def split(text: str) -> list[str]:
    """Parts between semicolons, of which those in quotes or brackets do not count."""
    parts, closing, quote = [""], [""], ""
    for letter in text:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in PAIRS:
            closing.append(PAIRS[letter])
        elif letter == closing[-1]:
            closing.pop()
        elif letter == ";" and len(closing) == 1:
            parts.append("")
            continue
        parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]


def _parts(arm: str, word: str, scenario: ScenarioSpec, shown_as: str, changes: dict[str, Change]) -> list[str]:
    """A part of an arm as a study takes it; what it stands for is put down in ``changes``."""
    if word == NOW or word in (shown_as, scenario.name):
        return []
    rules = [SHORT.get(rule.strip(), rule.strip()) for rule in word.split("+")]
    if all(rule in POLICIES for rule in rules):
        return under(scenario, rules)
    if "=" in word and not Path(word).exists():
        return [word]
    changes[word] = _read(arm, word, scenario)
    return [word]


def under(scenario: ScenarioSpec, rules: Sequence[str]) -> list[str]:
    """Overrides that put the scenario's own teams under payment rules, without other experimental ones.

    A scenario without teams of its own puts all its teams under them.
    """
    teams = [name for name, team in scenario.teams.items() if team.physicians]
    return signed_anew(scenario, teams, lambda signed: with_rules(signed, rules))


def with_rules(signed: Sequence[str], rules: Sequence[str]) -> list[str]:
    """The rules of a contract but the experimental ones, then the wanted ones."""
    kept = [rule for rule in signed if policy_class(rule).layer not in EXPERIMENTAL]
    return list(dict.fromkeys([*kept, *rules]))


def _read(arm: str, word: str, scenario: ScenarioSpec) -> Change:
    try:
        path, shown_as = find(word)
    except Mistake:
        raise _unknown(arm, word) from None
    table = parse(path, shown_as)
    tables = [key for key in table if key not in TITLES]
    if tables and all(names_a_rule(key) for key in tables):
        reform = with_days({key: table[key] for key in tables}, shown_as)
        check_reform(reform, shown_as)
        return reform
    other = load(word)
    _check_start(arm, word, scenario, other)
    return other


def _unknown(arm: str, word: str) -> Mistake:
    known = [NOW, *SHORT, *POLICIES, *presets()]
    problem = Mistake(
        'arm "{arm}": "{word}" is no override, reform file, preset, scenario file or payment rule.',
        arm=printable(arm), word=printable(word),
    )  # fmt: skip
    near = closest(word, known)
    return sentences(problem, Mistake('Did you mean "{nearest}"?', nearest=near)) if near else problem


def _check_start(arm: str, word: str, scenario: ScenarioSpec, other: ScenarioSpec) -> None:
    """Refuse a scenario whose world is another one: its patients could not be paired with those of this one."""
    allowed = (*AFTER_THE_FORK, *SET_BY_THE_STUDY)
    keys = [key for key in changed_keys(scenario, other) if not any(fnmatch(key, one) for one in allowed)]
    if not keys:
        return
    keys = list(dict.fromkeys(_in_short(key, scenario, other) for key in keys))
    listed = ", ".join(keys[:MOST_SHOWN])
    raise Mistake(
        'arm "{arm}": {word} cannot be paired with {scenario}: it starts from another world, since {count} keys differ '
        "that act before the fork ({keys}). Compare it from its own world (careteams compare {word} ...), or give the "
        "arm only what it changes afterwards.",
        arm=printable(arm), word=word, scenario=scenario.name, count=len(keys),
        keys=listed + (", ..." if len(keys) > MOST_SHOWN else ""),
    )  # fmt: skip


def _in_short(key: str, scenario: ScenarioSpec, other: ScenarioSpec) -> str:
    """A key as a refusal names it: a team that one of the scenarios lacks is named as a whole."""
    words = key.split(".")
    lacking = words[0] == "teams" and (words[1] in scenario.teams) != (words[1] in other.teams)
    return ".".join(words[:2]) if lacking else key


def moved(spec: ScenarioSpec, start: ScenarioSpec, end: ScenarioSpec) -> ScenarioSpec:
    """A scenario changed as one is changed into another, where that acts after the fork.

    Args:
        spec: the scenario, which may hold parameters that ``start`` does not (those of a vector).
        start: where the change starts.
        end: where it ends.
    """
    names = {field.name for field in fields(ScenarioSpec)}
    changed = {name for name in names if getattr(start, name) != getattr(end, name)}
    changed = {name for name in changed if name in AFTER_THE_FORK or f"{name}*" in AFTER_THE_FORK or name == "teams"}
    changed -= {key.rstrip("*") for key in SET_BY_THE_STUDY}
    values = {name: getattr(end, name) for name in changed}
    if "parameters" in changed:
        gone = start.parameters.keys() - end.parameters.keys()
        kept = {key: value for key, value in spec.parameters.items() if key not in gone}
        new = {key: value for key, value in end.parameters.items() if start.parameters.get(key) != value}
        values["parameters"] = {**kept, **new}
    return replace(spec, **values)


def said_of(arms: Arms) -> dict[str, str]:
    """Each arm as it was said, for those who read the results."""
    return {name: "; ".join(parts) for name, parts in arms.parts.items()}

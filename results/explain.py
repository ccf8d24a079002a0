"""Why a payment is what it is: each statement of a run line by line, with its terms, their sources and the arithmetic.

Read from the run's tables alone: ``payments`` and ``shares`` (what was paid, and what persons got of it),
``payment_rules`` (formulas and terms) and ``payment_values`` (what each name was worth for each payee).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from results import arithmetic
from results.messages import NARROW_SPACE, SPACE, _, euros, label, language, ngettext, number, percent
from results.paid import CENTS, Paid, paid, payee_name, pool_title
from results.run import Run

INDENT: Final = "    "
DECIMALS: Final = 6
"""Decimals of what is neither whole nor money."""
TARIFF: Final = "tariff"
"""First word of a source that is the tariff of an act, as ``sim.payment.record`` writes it."""
ALWAYS: Final = "0001-01-01"
"""Day of what holds for good."""
KEYS: Final = ["contract", "system", "level", "sheet"]
"""What a worksheet is known by within a year."""
OF_ACTS: Final = re.compile(r"(fees|returned|surcharge)_([A-Z_]+)")
"""Components of one act code each."""
SHARE, ANSWER, MONEY = "share", "yes/no", "EUR"
NO_UNIT: Final = ("", "count", "code", "rule")

type Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the arithmetic.

    Attributes:
        name, label: as formulas call it, and what it is.
        formula: the rule.
        numbers: the rule with this payee's numbers, as far as it applies.
        value: what it gives, with its unit.
    """

    name: str
    label: str
    formula: str
    numbers: str
    value: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a rule starts from: a term, a measure, or what was looked up.

    Attributes:
        name, label: as formulas call it, and what it is.
        value: with its unit.
        origin: day and status of a term, and the source.
    """

    name: str
    label: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """One component of what one payee got for one year.

    Attributes:
        system, title, component: the payment or sharing rule, and the part of it.
        payee: who got it.
        amount: EUR.
        paid: when, in words.
        steps: the arithmetic, in order; the last gives the amount.
        facts: what it rests on.
    """

    system: str
    title: str
    component: str
    payee: str
    amount: float
    paid: str
    steps: tuple[Step, ...]
    facts: tuple[Fact, ...]


def explanations(run: Run, *, team: str = "", year: int = 0, policy: str = "") -> Iterator[Explanation]:
    """Every component that somebody was paid, then every share that somebody got of a team's money.

    Args:
        run: an open run.
        team: name of a team; every payee when empty.
        year: year of the run; the last one when 0.
        policy: one payment or sharing rule; all when empty.

    Raises:
        RunError: when the run holds no such team, year or rule.
    """
    found = paid(run, team=team, year=year, policy=policy)
    sheets = _Sheets(run, found)
    key: Any
    for key, lines in found.payments.groupby([*KEYS, "payee", "component"], sort=False):
        *sheet, payee, component = tuple(key)
        if OF_ACTS.fullmatch(str(component)) and not lines["cents"].any():
            continue  # nobody asks why there is no fee for an act that was not done
        yield sheets.explained(tuple(sheet), payee, str(component), _records(lines))
    for key, lines in _of_rules(found).groupby([*KEYS, "payee", "pool"], sort=False):
        *sheet, payee, pool = tuple(key)
        yield sheets.explained(tuple(sheet), payee, str(pool), _records(lines), shared=True)


def as_text(explanation: Explanation) -> str:
    """An explanation as a person would want to read it."""
    head = f"{explanation.title} · {explanation.component} · {explanation.payee}"
    colon = f"{SPACE}:" if language() == "fr" else ":"
    lines = [f"{head}{colon} {euros(explanation.amount, 2)}", INDENT + explanation.paid]
    for step in explanation.steps:
        lines += [f"{INDENT}{step.label}", f"{INDENT * 2}{step.name} = {step.formula}"]
        numbers = f"{step.numbers} = " if " " in step.numbers else ""
        lines.append(f"{INDENT * 2}{' ' * len(step.name)} = {numbers}{step.value}")
    if explanation.facts:
        lines.append(INDENT + _("where"))
    lines += [f"{INDENT * 2}{f.name} = {f.value}{colon} {f.label} ({f.origin})" for f in explanation.facts]
    return "\n".join(lines)


def component_title(component: str) -> str:
    """A component as people read it."""
    if of_act := OF_ACTS.fullmatch(component):
        kinds = {"fees": _("fees"), "returned": _("acts returned to fees"), "surcharge": _("surcharges")}
        return f"{kinds[of_act[1]]} {of_act[2]}"
    return label(component.replace("_", " "))


class _Sheets:
    """The worksheets behind a part of what was paid."""

    def __init__(self, run: Run, found: Paid) -> None:
        self._run = run
        rules, values = (_at_year(table, found) for table in (run.payment_rules, run.payment_values))
        self._rules = {tuple(key): _records(frame) for key, frame in rules.groupby(KEYS, sort=False)}
        self._values = {
            tuple(key): dict(zip(frame["name"], frame["value"], strict=True))
            for key, frame in values.groupby([*KEYS, "payee"], sort=False)
        }

    def explained(
        self, sheet: tuple[Any, ...], payee: int, part: str, lines: list[Record], *, shared: bool = False
    ) -> Explanation:
        """Why one payee got one component, or one share."""
        rule = self._rules[sheet]
        worth = _worth(rule, self._values.get((*sheet, payee), {}))
        entries = {entry["name"]: entry for entry in rule}
        needed = list(_behind(lines[0]["step"], entries))
        return Explanation(
            system=str(sheet[1]),
            title=label(rule[0]["title"]),
            component=pool_title(part) if shared else component_title(part),
            payee=payee_name(self._run, str(sheet[2]), payee),
            amount=sum(line["cents"] for line in lines) / CENTS,
            paid=_("from the team account") if shared else _when(lines),
            steps=tuple(_step(entries[name], worth, entries) for name in needed if entries[name]["formula"]),
            facts=tuple(_fact(entries[name], worth) for name in needed if not entries[name]["formula"]),
        )


def _of_rules(found: Paid) -> pd.DataFrame:
    """Shares that a sharing rule gave, keyed as worksheets are."""
    return found.shares[found.shares["rule"] != ""].assign(system=lambda shares: shares["rule"])


def _at_year(table: pd.DataFrame, found: Paid) -> pd.DataFrame:
    """Rows of the worksheets behind what was paid."""
    wanted = pd.concat([found.payments[KEYS], _of_rules(found)[KEYS]]).drop_duplicates()
    return table[table["year"] == found.year].merge(wanted, on=KEYS)


def _records(frame: pd.DataFrame) -> list[Record]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _worth(rule: list[Record], own: Mapping[str, float]) -> dict[str, Any]:
    """The value of every name for one payee: its own, or the one that is the same for everybody."""
    return {entry["name"]: own.get(entry["name"], arithmetic.plain(entry["text"])) for entry in rule}


def _behind(step: str, entries: Mapping[str, Record], seen: set[str] | None = None) -> Iterator[str]:
    """A step and what it rests on, each before what is made of it."""
    seen = set() if seen is None else seen
    for name in arithmetic.names(entries[step]["formula"]) if entries[step]["formula"] else ():
        if name not in seen:
            yield from _behind(name, entries, seen)
    if step not in seen:
        seen.add(step)
        yield step


def _step(entry: Record, worth: Mapping[str, Any], entries: Mapping[str, Record]) -> Step:
    def written(name: str, answer: bool) -> str:
        return _written(worth[name], entries[name]["unit"]) if answer else _bare(worth[name], entries[name]["unit"])

    formula = entry["formula"]
    return Step(
        name=entry["name"],
        label=label(entry["label"]),
        formula=arithmetic.as_read(formula),
        numbers=arithmetic.with_numbers(formula, worth, written),
        value=_written(worth[entry["name"]], entry["unit"]),
    )


def _fact(entry: Record, worth: Mapping[str, Any]) -> Fact:
    value = _written(worth[entry["name"]], entry["unit"])
    origin = _tariffs(entry, worth[entry["name"]]) if entry["source"].startswith(f"{TARIFF} ") else _origin(entry)
    return Fact(entry["name"], label(entry["label"]), value, origin)


def _tariffs(entry: Record, amount: float) -> str:
    """The tariff of the acts that an amount was earned with; how many they were, where one tariff held all year."""
    held = []
    for one in entry["source"].split("; "):
        _word, value, day, status, source = one.split(" ", 4)
        held.append((float(value), _known_by(day if day > ALWAYS else "", status, source)))
    (fee, facts), several = held[0], len(held) > 1
    if several:
        told = ", ".join(f"{euros(value, 2)} ({facts})" for value, facts in held)
        return _("counted in the run, at {tariffs}", tariffs=told)
    acts = round(amount / fee, DECIMALS) if fee else 0.0
    if acts == round(acts):  # travel and the like may come on top of a tariff
        return ngettext("{n} act at {fee}: {facts}", "{n} acts at {fee}: {facts}", acts, fee=euros(fee, 2), facts=facts)
    return _("counted in the run, at {tariffs}", tariffs=f"{euros(fee, 2)} ({facts})")


def _origin(entry: Record) -> str:
    """Where a value comes from: of a term, its day, how sure it is, and the source."""
    if entry["kind"] == "measure":
        return _("counted in the run")
    return _known_by(entry["valid_from"], entry["status"], entry["source"]) or _("from the run")


def _known_by(day: str, status: str, source: str) -> str:
    """Since when a value holds, how sure it is and where it was read, each said once and where it is known."""
    said = [_("since {day}", day=day) if day else "", *(label(text) for text in (status, source) if text)]
    return ", ".join(dict.fromkeys(part for part in said if part))


def _written(value: Any, unit: str) -> str:
    """A value with its unit, as people write it."""
    if isinstance(value, str):
        return value
    if unit == ANSWER or isinstance(value, bool):
        return _("yes") if value else _("no")
    if unit == MONEY:
        return euros(value, _cents(value))
    if unit == SHARE:
        return percent(value, _decimals(100 * value, DECIMALS - 2))
    bare = _bare(value, unit)
    return bare if unit in NO_UNIT else f"{bare} {label(unit)}"


def _bare(value: Any, unit: str) -> str:
    """A value as it stands in arithmetic."""
    if isinstance(value, str):
        return value
    return number(float(value), _cents(value) if unit == MONEY else _decimals(float(value), DECIMALS))


def _cents(value: float) -> int:
    """Decimals of an amount: cents, or half a cent where it is what decides the last one."""
    return 3 if _decimals(float(value), DECIMALS) == 3 else 2  # noqa: PLR2004 - tenths of a cent


def _decimals(value: float, most: int) -> int:
    """Decimals that a number needs, up to some."""
    return next((count for count in range(most) if round(value, count) == round(value, most)), most)


def _when(lines: list[Record]) -> str:
    """When it is paid: one date, or parts over quarters."""
    lines = [line for line in lines if line["cents"]]
    dates = [_("{year}, quarter {quarter}", year=line["cash_year"], quarter=line["cash_quarter"]) for line in lines]
    if not dates:
        return _("nothing is paid")
    if len(dates) == 1:
        return _("paid in {when}", when=dates[0])
    amounts = [euros(line["cents"] / CENTS, 2) for line in lines]
    parts = [f"{amount} ({when})" for amount, when in zip(amounts, dates, strict=True)]
    between = f"{NARROW_SPACE}; " if language() == "fr" else "; "
    return _("paid in {count} parts: {parts}", count=len(dates), parts=between.join(parts))

"""Why a payment is what it is: each statement of a run line by line, with its terms, their sources and the arithmetic.

Read from the run's tables alone: ``payments`` (what was paid), ``payment_rules`` (formulas and terms) and
``payment_values`` (what each name was worth for each payee).
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from results.messages import _, euros, number
from results.run import Run, RunError

NAME: Final = re.compile(r"[A-Za-z_]\w*")
WORDS: Final = ("and", "or", "not", "if", "else", "min", "max", "clip", "floor")
"""Words of formulas that are no names."""
SIGNS: Final = {" * ": " × ", " - ": " \u2212 ", " / ": " ÷ ", ">=": "≥", "<=": "≤", "==": "="}
CENTS: Final = 100
INDENT: Final = "    "
KEYS: Final = ["contract", "system", "level", "sheet"]
"""What a worksheet is known by within a year."""

type Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the arithmetic.

    Attributes:
        name, label: as formulas call it, and what it is.
        formula: the rule.
        numbers: the rule with this payee's numbers.
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
        system, title, component: the payment rule and the part of it.
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
    """Every component that somebody was paid, with its arithmetic.

    Args:
        run: an open run.
        team: name of a team; every payee when empty.
        year: year of the run; the last one when 0.
        policy: one payment rule; all when empty.

    Raises:
        RunError: when the run holds no such team, year or rule.
    """
    payments = _chosen(run, team, year, policy)
    rules, values = _at_year(run.payment_rules, payments), _at_year(run.payment_values, payments)
    rules_of = {tuple(key): _records(frame) for key, frame in rules.groupby(KEYS, sort=False)}
    values_of = {
        tuple(key): dict(zip(frame["name"], frame["value"], strict=True))
        for key, frame in values.groupby([*KEYS, "payee"], sort=False)
    }
    parts = payments.groupby([*KEYS, "payee", "component"], sort=False)
    key: Any
    for key, lines in parts:
        contract, system, level, page, payee, component = tuple(key)
        sheet = (contract, system, level, page)
        rule = rules_of[sheet]
        worth = _worth(rule, values_of.get((*sheet, payee), {}))
        yield _explained(rule, worth, _records(lines), str(component), _payee(run, str(level), payee))


def as_text(explanation: Explanation) -> str:
    """An explanation as a person would want to read it."""
    head = f"{explanation.title} · {component_title(explanation.component)} · {explanation.payee}"
    lines = [f"{head}: {euros(explanation.amount, 2)}", INDENT + explanation.paid]
    for step in explanation.steps:
        lines += [f"{INDENT}{step.label}", f"{INDENT * 2}{step.name} = {step.formula}"]
        lines.append(f"{INDENT * 2}{' ' * len(step.name)} = {step.numbers} = {step.value}")
    if explanation.facts:
        lines.append(INDENT + _("where"))
    lines += [f"{INDENT * 2}{f.name} = {f.value}: {f.label} ({f.origin})" for f in explanation.facts]
    return "\n".join(lines)


def component_title(component: str) -> str:
    """A component as people read it."""
    return component.replace("_", " ")


def _chosen(run: Run, team: str, year: int, policy: str) -> pd.DataFrame:
    payments = run.payments
    if payments.empty:
        raise RunError(_("{path}: nothing was paid in this run.", path=run.path))
    years = sorted(payments["year"].unique())
    year = year or int(years[-1])
    if year not in years:
        raise RunError(_("{path}: the run has no year {year}. Its years: {known}.",
                         path=run.path, year=year, known=", ".join(map(str, years))))  # fmt: skip
    payments = payments[payments["year"] == year]
    if team:
        rows = run.sites.loc[(run.sites["kind"] == "team"), ["site", "name"]]
        found = dict(zip(rows["name"], rows["site"], strict=True))
        if team not in found:
            raise _unknown(_("team"), team, list(found))
        payments = payments[payments["team"] == found[team]]
    if policy:
        known = list(dict.fromkeys(payments["system"]))
        if policy not in known:
            raise _unknown(_("payment rule"), policy, known)
        payments = payments[payments["system"] == policy]
    return payments


def _unknown(what: str, name: str, known: list[str]) -> RunError:
    near = difflib.get_close_matches(name, known, n=1) or known[:1]
    return RunError(_('the run has no {what} "{name}". Did you mean "{nearest}"? Known: {known}.',
                      what=what, name=name, nearest=near[0] if near else "", known=", ".join(known)))  # fmt: skip


def _at_year(table: pd.DataFrame, payments: pd.DataFrame) -> pd.DataFrame:
    """Rows of the years, contracts and rules that were chosen."""
    wanted = payments[["year", *KEYS]].drop_duplicates()
    return table.merge(wanted, on=["year", *KEYS])


def _records(frame: pd.DataFrame) -> list[Record]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _worth(rule: list[Record], own: Mapping[str, float]) -> dict[str, Any]:
    """The value of every name for one payee: its own, or the one that is the same for everybody."""
    return {entry["name"]: own.get(entry["name"], _plain(entry["text"])) for entry in rule}


def _plain(text: str) -> Any:
    if text in ("True", "False"):
        return text == "True"
    try:
        return float(text)
    except ValueError:
        return text


def _explained(
    rule: list[Record], worth: Mapping[str, Any], lines: list[Record], component: str, payee: str
) -> Explanation:
    entries = {entry["name"]: entry for entry in rule}
    needed = list(_behind(lines[0]["step"], entries))
    steps = tuple(_step(entries[name], worth, entries) for name in needed if entries[name]["formula"])
    facts = tuple(_fact(entries[name], worth) for name in needed if not entries[name]["formula"])
    amount = sum(line["cents"] for line in lines) / CENTS
    return Explanation(lines[0]["system"], _(rule[0]["title"]), component, payee, amount, _paid(lines), steps, facts)


def _behind(step: str, entries: Mapping[str, Record], seen: set[str] | None = None) -> Iterator[str]:
    """A step and what it rests on, each before what is made of it."""
    seen = set() if seen is None else seen
    for name in NAME.findall(entries[step]["formula"]):
        if name in entries and name not in seen:
            yield from _behind(name, entries, seen)
    if step not in seen:
        seen.add(step)
        yield step


def _step(entry: Record, worth: Mapping[str, Any], entries: Mapping[str, Record]) -> Step:
    def with_number(found: re.Match[str]) -> str:
        name = found[0]
        return _written(worth[name], entries[name]["unit"], bare=True) if name in entries else name

    formula = entry["formula"]
    value = _written(worth[entry["name"]], entry["unit"])
    return Step(entry["name"], _(entry["label"]), _signs(formula), _signs(NAME.sub(with_number, formula)), value)


def _fact(entry: Record, worth: Mapping[str, Any]) -> Fact:
    since = _("since {day}", day=entry["valid_from"]) if entry["valid_from"] else ""
    status = _(entry["status"]) if entry["status"] else ""
    origin = ", ".join(part for part in (since, status, entry["source"]) if part)
    value = _written(worth[entry["name"]], entry["unit"])
    return Fact(entry["name"], _(entry["label"]), value, origin or _("from the run"))


def _signs(text: str) -> str:
    for plain, sign in SIGNS.items():
        text = text.replace(plain, sign)
    return text


def _written(value: Any, unit: str, *, bare: bool = False) -> str:
    """A value with its unit, as people write it."""
    if isinstance(value, str):
        return value
    if unit == "yes/no" or isinstance(value, bool):
        return (_("yes") if value else _("no")) if not bare else number(float(value))
    if unit == "EUR":
        return number(value, 2) if bare else euros(value, 2)
    text = number(value) if float(value).is_integer() else number(value, 4).rstrip("0")
    return text if bare or unit in ("", "share", "count", "code") else f"{text} {_(unit)}"


def _paid(lines: list[Record]) -> str:
    """When it is paid: one date, or parts over quarters."""
    lines = [line for line in lines if line["cents"]]
    dates = [_("{year}, quarter {quarter}", year=line["cash_year"], quarter=line["cash_quarter"]) for line in lines]
    if not dates:
        return _("nothing is paid")
    if len(dates) == 1:
        return _("paid in {when}", when=dates[0])
    amounts = [euros(line["cents"] / CENTS, 2) for line in lines]
    return _("paid in {count} parts: {parts}", count=len(dates),
             parts="; ".join(f"{amount} ({when})" for amount, when in zip(amounts, dates, strict=True)))  # fmt: skip


def _payee(run: Run, level: str, payee: int) -> str:
    """A payee by name or number."""
    if level in ("team", "hospital"):
        rows = run.sites[(run.sites["kind"] == level) & (run.sites["site"] == payee)]
        name = str(rows["name"].iloc[0]) if len(rows) else ""
        if name:
            return name
    names = {"team": _("team {n}", n=payee), "hospital": _("hospital {n}", n=payee),
             "physician": _("physician {n}", n=payee), "nurse": _("nurse {n}", n=payee)}  # fmt: skip
    return names[level]

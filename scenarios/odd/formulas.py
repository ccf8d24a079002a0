"""Formulas of payment and sharing rules, read off their worksheets: what is written here is what is computed.

Modules that declare measures of their own are imported by functions, so that measures stand in the order of the rules.

A rule is settled on invented accounts under its terms of different years, then with each switch of its terms put to
each of its words. Every step that appears on a worksheet is listed once, with what it first took to see it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np

from agents.mistakes import Mistake
from agents.teams import KINDS, SHARING_RULES, SOLO
from results.messages import _, label, ngettext
from scenarios.odd.markdown import code, folded, plain, table
from scenarios.settling import invented_accounts
from sim.payment.accounts_of_year import AccountsOfYear, Owners
from sim.payment.contract import contract_of
from sim.payment.history import History
from sim.payment.moves import menu, replayed
from sim.payment.rules import load_rules, policy_class
from sim.payment.sharing.members import Members
from sim.payment.sharing.registry import sharing_rule
from sim.payment.sharing.rule import SharingRule, terms_of_package
from sim.payment.sheet import BROUGHT, STEP, Entry, Sheet
from sim.payment.statement import Cash
from sim.payment.terms import Change, Term
from sim.specification import POLICIES, ScenarioSpec
from sim.standard_measures.acts import IN_SCOPE
from sim.tariffs import NURSE_CODES

YEARS: Final = (2026, 2024, 2023, 2022, 2021, 2020, 2019, 2018, 2016, 2012)
"""Calendar years whose terms are tried, the latest first."""
type Setting = Mapping[str, Any]
"""Values of terms that are tried."""

TOGETHER: Final[Mapping[tuple[str, Any], Setting]] = {
    ("rationing", "queue"): {"budget": 100_000.0}, ("rationing", "pro_rata"): {"budget": 100_000.0},
    ("phase", "covid"): {"covid_option": "mean_per_patient"}, ("option", "full"): {"full_zone": "under_served"},
    ("start_up", "yes"): {"from": date(YEARS[0], 1, 1)},
}  # fmt: skip
"""Words that show in a formula only beside another value."""
MORE_THAN: Final[Mapping[str, tuple[str, ...]]] = {
    "ipa_entrusted": ("ipa_followed",), "ipa_occasional_contacts": ("ipa_occasional",),
}  # fmt: skip
"""Measures that are never less than others."""
TEAMS, HOSPITALS = 12, 2
ACCOUNT_CENTS: Final = 1_000_000


class Line(NamedTuple):
    """One step of a rule, or one payment.

    Attributes:
        name: how formulas call it.
        formula: its text; what is paid, and to whom, for a payment; "" for what is brought from elsewhere.
        meaning: label and unit.
        when: what it took to see it, "" for the latest terms that pay anything.
    """

    name: str
    formula: str
    meaning: str
    when: str


def formulas() -> str:
    """The steps of every payment rule."""
    return "\n\n".join(_of_rule(name) for name in POLICIES)


def _of_rule(name: str) -> str:
    base, lines = _steps(name)
    title = _("{rule}: {title} (terms of {year})", rule=name, title=label(policy_class(name).title), year=base)
    return folded(title, _shown(lines))


def sharing() -> str:
    """The steps of every sharing rule."""
    kinds = [sharing_rule(name) for name in SHARING_RULES]
    return "\n\n".join(folded(f"{kind.name}: {label(kind.title)}", _shown(_sharing_steps(kind))) for kind in kinds)


def indicators() -> str:
    """The quality indicators: numerator and denominator as formulas over measures."""
    load_rules()
    from sim.payment.quality import INDICATORS

    rows = [
        (code(one.name), label(one.label), one.better, code(one.numerator or ", ".join(one.days)),
         code(one.denominator), plain(one.factor), one.level)
        for one in INDICATORS.values()
    ]  # fmt: skip
    head = [
        _("indicator"),
        _("meaning"),
        _("better where"),
        _("numerator"),
        _("denominator"),
        _("times"),
        _("belongs to"),
    ]
    return folded(ngettext("{n} indicator", "{n} indicators", len(rows)), table(head, rows))


def moves() -> str:
    """What a payer may change of its rules, and what it did change."""
    rows = [
        (code(move.rule), code(move.name), code(move.variant), _("one team") if move.one_team else _("all teams"),
         "; ".join(_change(one) for one in move.changes))
        for move in menu()
    ]  # fmt: skip
    rows += [
        (
            code(rule),
            code("replay"),
            "",
            _("all teams"),
            f"{code(f'{change.term} = {plain(change.value)}')} {change.valid_from}",
        )
        for rule, change in replayed("replay")
    ]
    return table([_("rule"), _("move"), _("variant"), _("for whom"), _("changes of terms")], rows)


def _change(said: Mapping[str, Any]) -> str:
    return code(", ".join(f"{key} = {plain(value)}" for key, value in said.items()))


def _shown(lines: Iterable[Line]) -> str:
    rows = [
        (code(one.name), code(one.formula) if one.formula else _("brought"), one.meaning, one.when) for one in lines
    ]
    return table([_("step"), _("formula"), _("meaning"), _("seen with")], rows)


def _steps(name: str) -> tuple[int, list[Line]]:
    """The latest year whose terms pay anything, and the steps and payments of a rule, each as it is first seen."""
    found: dict[tuple[str, str], Line] = {}
    base = next(year for year in YEARS if any(True for _entry in _settled(name, year, {})))
    for year, setting in _tried(policy_class(name)().terms.of.values(), base):
        when = "" if (year, setting) == (base, {}) else _said(year, setting)
        for entry, paid in _settled(name, year, setting):
            line = Line("", entry.name, paid, when) if paid else _step(entry, when)
            found.setdefault((entry.name, paid or entry.formula), line)
    return base, list(found.values())


def _step(entry: Entry, when: str) -> Line:
    return Line(entry.name, entry.formula, f"{label(entry.label)} ({label(entry.unit)})", when)


def _tried(terms: Iterable[Term], base: int) -> Iterator[tuple[int, Setting]]:
    """The terms of a year as they are; each word of each switch, with what else it takes; the terms of other years.

    Numbers that are nothing are made something, limits that bind nobody are made to bind, and contracts begin or end
    within the year.
    """
    yield base, {}
    switches = {term.name: _words(term, base) for term in terms}
    for name, words in switches.items():
        for word in words:
            yield base, {name: word}
            for other, more in TOGETHER.get((name, word), {}).items():
                yield base, {name: word, other: more}
    yield base, {"from": date(base, 4, 1)}
    yield base, {"from": date(base - 1, 4, 1), "until": date(base, 9, 30)}
    yield from ((year, {}) for year in YEARS if year != base)


def _words(term: Term, year: int) -> tuple[Any, ...]:
    """Values of a term that a formula may depend on: words, yes and no, something for nothing, a bound for none."""
    now = term.at(date(year, 12, 31)).value
    if term.choices or isinstance(now, bool):
        return term.choices or (False, True)
    if isinstance(now, float) and (now == 0 or not np.isfinite(now)) and term.high is not None:
        return (term.high if now == 0 else term.low,)
    return ()


def _said(year: int, setting: Setting) -> str:
    return code(", ".join(f"{name} = {plain(value)}" for name, value in setting.items())) if setting else str(year)


def _settled(name: str, year: int, setting: Setting) -> Iterator[tuple[Entry, str]]:
    """What stands on the worksheets of a rule, and what is paid of it; nothing where terms exclude each other."""
    from scenarios.norms.invented import invented_norms

    try:
        contract = contract_of([name], {name: setting}, ScenarioSpec().start)
    except Mistake:
        return  # such a contract cannot be signed
    history = History({one: _accounts(one) for one in (year - 2, year - 1)})
    statements = list(contract.settle(_accounts(year), history, invented_norms()))
    for statement in statements:
        for sheet in statement.sheets():
            yield from ((entry, "") for entry in _written(sheet))
        for part in statement.components:
            told = _("paid as {component} to {payee}, {quarters}", component=code(part.name),
                     payee=code(part.payee_kind), quarters=_quarters(part.cash, year))  # fmt: skip
            yield Entry(part.step, STEP, "", "", None), told


def _quarters(cash: Cash, year: int) -> str:
    """When something is paid, by how many years after the care."""
    by_year: dict[int, list[str]] = {}
    for at, quarter in cash:
        by_year.setdefault(at - year, []).append(str(quarter))
    return "; ".join(
        ngettext("quarters {quarters}, {n} year later", "quarters {quarters}, {n} years later", later,
                 quarters=", ".join(found))
        if later else _("quarters {quarters} of the year", quarters=", ".join(found))
        for later, found in by_year.items()
    )  # fmt: skip


def _written(sheet: Sheet) -> Iterator[Entry]:
    return (entry for entry in sheet if entry.kind in {STEP, BROUGHT})


@cache
def _accounts(year: int) -> AccountsOfYear:
    """Invented teams of every kind with their people, and hospitals; no lump sum is for those who work alone."""
    plain_ones = invented_accounts(year, TEAMS)
    kinds = np.arange(TEAMS) % len(KINDS)
    everybody = np.arange(HOSPITALS)

    def read(name: str, level: str) -> Any:
        if level == "hospital":
            return 10.0 + everybody
        if name in ("team_kind", "practice_area_type"):
            return kinds.astype(np.float64)[plain_ones.owners[level].team]
        values = sum(plain_ones.read(one, level) for one in (name, *MORE_THAN.get(name, ())))
        return np.where(kinds == SOLO, 1.0, values) if name == "n_prof" and level == "team" else values

    owners = {**plain_ones.owners, "hospital": Owners(everybody, np.zeros(HOSPITALS, dtype=np.int64))}
    found = replace(plain_ones.read_by(read), owners=owners)
    return found.with_returned(kinds == SOLO, (*IN_SCOPE, *NURSE_CODES))


def _sharing_steps(kind: type[SharingRule]) -> list[Line]:
    """Steps of a sharing rule, each as it is first seen."""
    found: dict[tuple[str, str], Line] = {}
    base = YEARS[0]
    now, before = _accounts(base), History({base - 1: _accounts(base - 1)})
    known = terms_of_package().of
    for year, setting in _tried(known.values(), base):
        if year != base or not set(setting) <= set(known):
            continue
        rule = kind([Change(name, value) for name, value in setting.items()])
        terms = rule.parameters(**{name: dated.value for name, dated in rule.terms.at(now.last_day).items()})
        members = Members.of_accounts(now, before, terms=terms)
        stands = (
            [(ACCOUNT_CENTS, _said(base, setting))] if setting else [(ACCOUNT_CENTS, ""), (-ACCOUNT_CENTS, _("a debt"))]
        )
        for cents, when in stands:
            for entry in _written(rule.shared(np.full(TEAMS, cents), members).sheet):
                found.setdefault((entry.name, entry.formula), _step(entry, when))
    return list(found.values())

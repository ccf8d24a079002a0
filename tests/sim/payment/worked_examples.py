"""Worked examples: situations and the amounts they must give, in files that a non-programmer can read and extend.

Each file of ``examples/`` belongs to the policy of its name. An example says:

    id, says        what it is called and what it shows
    policy          when it is not that of the file's name
    year            calendar year that is settled
    terms           terms of the policy that differ from its defaults
    since, until    first and last day of the contract, where they matter
    team, physician, nurse, hospital
                    accounts of the year: value (or one value an owner) by measure
    around          accounts of the territory of each team, by measure
    previous        the same tables for the year before: [example.previous.team] ...
    years           the same for other years: [example.years.2019.team] ...
    list, list_previous
                    registered patients by class of the list ("30-44_women_no_ald_no_c2s" = 680), of the first team
    lump_sums       { now = { list = 4250, sum = 352000 }, previous = { ... } }: lists whose patients' national means of
                    in-scope fees sum to that (norm ``gp_fees``)
    claims          acts of the first physician: { code, day, count, scope = "in_list", replaced = false, fee }
    norms           [example.norms.by_class], [.numbers], [.deciles], [.by_area], [.trend]: national values; a plain
                    number of by_class holds for every class
    paid            what was paid for earlier years: [[example.paid]] year, policy, component, level, amount (or one
                    amount an owner)
    score           Peps: quality score out of 100 (or one a team) in the place of indicators; nan where missing
    eligible        whether the team is found eligible, or one answer a team
    expected        EUR in all, or a table: total, amounts by component ([example.expected.components]), amounts by
                    owner of a level ([example.expected.owners] team = [..., ...]), and amounts by quarter of payment
                    ([example.expected.quarters] "2021-1" = ...); fte: staff that each team is due
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.payment.accounts_of_year import LEVELS, LIST_CLASSES, AccountsOfYear, Owners
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.statement import Component, Statement, to_cents
from sim.payment.terms import Change
from sim.tariffs import Tariffs

FOLDER = Path(__file__).parent / "examples"
CLASS_NOW, CLASS_BEFORE = LIST_CLASSES[0].name, LIST_CLASSES[1].name
"""Classes that stand for the lists of ``lump_sums``."""


@dataclass(frozen=True)
class Example:
    """One worked example."""

    policy: str
    facts: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.facts["id"])

    @property
    def year(self) -> int:
        return int(self.facts["year"])

    def changes(self) -> list[Change]:
        return [Change(term, value) for term, value in self.facts.get("terms", {}).items()]

    def accounts(self) -> AccountsOfYear:
        return _accounts(self.year, self._with_lists(self.facts, "list", "now"))

    def history(self) -> History:
        years = {int(year): tables for year, tables in self.facts.get("years", {}).items()}
        before = self._with_lists(self.facts.get("previous", {}), "list_previous", "previous")
        if before:
            years[self.year - 1] = {**years.get(self.year - 1, {}), **before}
        paid = {(p["year"], p["policy"]): _paid(p) for p in self.facts.get("paid", ())}
        return History({year: _accounts(year, tables) for year, tables in years.items()}, paid)

    def norms(self) -> Norms:
        given = self.facts.get("norms", {})
        by_class = {name: _by_class(value) for name, value in given.get("by_class", {}).items()}
        sums = self.facts.get("lump_sums", {})
        if sums:
            means = {CLASS_NOW: sums.get("now"), CLASS_BEFORE: sums.get("previous")}
            by_class["gp_fees"] = _by_class(
                {c: s["sum"] / s["list"] if s["list"] else 0 for c, s in means.items() if s}
            )
        arrays: dict[str, Any] = {
            k: {n: np.asarray(v, dtype=float) for n, v in given.get(k, {}).items()} for k in ("by_area", "deciles")
        }
        plain: dict[str, Any] = {key: given.get(key, {}) for key in ("numbers", "trend")}
        return Norms(base_year=self.year, by_class=by_class, **plain, **arrays)

    def _with_lists(self, tables: Mapping[str, Any], key: str, which: str) -> dict[str, Any]:
        """Tables of a year with its list by class put in."""
        found = {level: dict(tables[level]) for level in (*LEVELS, "around") if level in tables}
        classes = dict(self.facts.get(key, {}))
        if which in self.facts.get("lump_sums", {}):
            classes[CLASS_NOW if which == "now" else CLASS_BEFORE] = self.facts["lump_sums"][which]["list"]
        if which == "now" and "claims" in self.facts:
            found.setdefault("physician", {}).update(_claims(self.facts["claims"]))
            found.setdefault("team", {}).setdefault("registered_list", 0)
        if classes:
            team = found.setdefault("team", {})
            team.update({f"list_{name}": count for name, count in _named(classes).items()})
            team.setdefault("registered_list", sum(classes.values()))
        return found


def examples() -> Iterator[Example]:
    """Every worked example, file by file."""
    for file in sorted(FOLDER.glob("*.toml")):
        for facts in tomllib.loads(file.read_text(encoding="utf-8"))["example"]:
            yield Example(facts.get("policy", file.stem), facts)


def all_marks(score: Any) -> Any:
    """Marks of quality indicators that all give a score (one, or one a team) out of 100."""
    return lambda names, year, *_, **__: np.full((len(names), year.size("team")), score) / 100


def _named(classes: Mapping[str, float]) -> dict[str, float]:
    known = {one.name.removeprefix("list_") for one in LIST_CLASSES}
    short = {name.removeprefix("list_"): count for name, count in classes.items()}
    assert set(short) <= known, f"classes of the list that do not exist: {sorted(set(short) - known)}"
    return short


def _accounts(year: int, tables: Mapping[str, Any]) -> AccountsOfYear:
    levels = {level: tables[level] for level in LEVELS if level in tables}
    return AccountsOfYear.of_tables(year, {"team": {"registered_list": 0}} | levels, tables.get("around"))


def _by_class(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return np.full(len(LIST_CLASSES), float(value))
    named = _named(value)
    return np.array([named.get(one.name.removeprefix("list_"), 0.0) for one in LIST_CLASSES])


def _claims(claims: list[Mapping[str, Any]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for claim in claims:
        code, scope = claim["code"], claim.get("scope", "in_list")
        before = "shadow_" if claim.get("replaced") else ""
        fee = claim.get("fee", Tariffs().value(code, claim["day"]))
        for kind, value in (("acts", claim["count"]), ("fees", claim["count"] * fee)):
            name = f"{before}{kind}_{code}_{scope}"
            found[name] = found.get(name, 0) + value
    return found


def _paid(paid: Mapping[str, Any]) -> Statement:
    cents = to_cents(np.atleast_1d(paid["amount"]))
    owners = Owners(np.arange(len(cents)), np.arange(len(cents)))
    part = Component(paid["component"], "pay", "team_account", paid.get("level", "team"), owners.rows, owners.team,
                     cents, [(paid["year"], 4)])  # fmt: skip
    return Statement(paid["policy"], paid["year"], (part,))

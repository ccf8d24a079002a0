"""Statements as blocks of tables: what was paid, the rules behind it and the values that went in, for whoever asks why.

Three tables, so that nothing is written twice: ``payments`` (one row a payment), ``payment_rules`` (the formulas of
each policy, once a contract and year), ``payment_values`` (what each name was worth for each payee).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from sim.events import SCOPES
from sim.payment.accounts_of_year import AccountsOfYear, Rows
from sim.payment.sharing.reading import LEVELS
from sim.payment.sharing.registry import sharing_rule
from sim.payment.sharing.shares import Shares
from sim.payment.sheet import MEASURE, TERM, Entry, Sheet
from sim.payment.stacked import Block
from sim.payment.statement import Statement
from sim.standard_measures.acts import CODES
from sim.tariffs import Tariffs

type Settled = Sequence[tuple[int, Statement]]
"""Statements of a year, each with the number of its contract."""
type Shared = Sequence[tuple[int, Shares]]
"""What persons got, each with the number of the contract."""

CENTS: Final = 100
TARIFF: Final = "tariff"
"""First word of a source that is a tariff."""
OF_ACTS: Final = re.compile(rf"(?:shadow_)?fees_(?P<code>{'|'.join(CODES)})_(?:{'|'.join(SCOPES)})")
"""Names of the measures that say what the acts of a code have earned."""
PAYMENTS: Final = {
    "year": ("year", "year of the run"),
    "contract": ("", "number of the contract"),
    "accrual_year": ("year", "calendar year of the care"),
    "system": ("", "payment rule"),
    "sheet": ("", "number of the worksheet within the rule"),
    "component": ("", "part of the rule"),
    "step": ("", "name of the value that is paid"),
    "payee_kind": ("", "person, team account, association, employer or hospital"),
    "level": ("", "table of the payee"),
    "payee": ("", "row of the payee"),
    "team": ("", "row of the payee's team, -1 for none"),
    "cash_year": ("year", "calendar year of the payment"),
    "cash_quarter": ("quarter", "quarter of the payment"),
    "cents": ("cents", "amount"),
}
RULES: Final = {
    "year": ("year", "year of the run"),
    "contract": ("", "number of the contract"),
    "system": ("", "payment rule, or sharing rule"),
    "title": ("", "title of the payment rule"),
    "level": ("", "table of the payees"),
    "sheet": ("", "number of the worksheet within the rule"),
    "place": ("", "order on the worksheet"),
    "name": ("", "name, as formulas call it"),
    "kind": ("", "step, brought, term or measure"),
    "label": ("", "what it is"),
    "unit": ("", "its unit"),
    "formula": ("", "formula of a step"),
    "text": ("", "value of a term that is the same for everybody"),
    "valid_from": ("day", "day from which a term holds"),
    "status": ("", "how sure a term is"),
    "source": ("", "where it comes from"),
}
VALUES: Final = {
    "year": ("year", "year of the run"),
    "contract": ("", "number of the contract"),
    "system": ("", "payment rule"),
    "level": ("", "table of the payees"),
    "sheet": ("", "number of the worksheet within the rule"),
    "payee": ("", "row of the payee"),
    "name": ("", "name, as formulas call it"),
    "value": ("", "its value, in the unit of the rule"),
}

SHARES: Final = {
    "year": ("year", "year of the run"),
    "contract": ("", "number of the contract"),
    "level": ("", "table of the person"),
    "payee": ("", "row of the person"),
    "team": ("", "row of the team"),
    "pool": ("", "kind of money: lump sum, collective, fees, personal"),
    "rule": ("", "sharing rule, none for what is personal"),
    "sheet": ("", "number of the worksheet within the contract, -1 for what is personal"),
    "step": ("", "name of the value on the worksheet"),
    "system": ("", "payment rule, for what is personal"),
    "component": ("", "part of the rule, for what is personal"),
    "cents": ("cents", "what the person gets"),
}
BY_RULE: Final = {
    "year": ("year", "year of the run"),
    "team": ("", "row of the team"),
    "level": ("", "table of the person"),
    "payee": ("", "row of the person"),
    "rule": ("", "sharing rule that is tried on the year's money"),
    "title": ("", "title of the sharing rule"),
    "euros": ("EUR", "what the person would get under it"),
}
TABLES: Final = {
    "incomes_by_rule": BY_RULE,
    "shares": SHARES,
    "payments": PAYMENTS,
    "payment_rules": RULES,
    "payment_values": VALUES,
}
"""Unit and label of every column, by table."""

DESCRIBED: Final = ("name", "kind", "label", "unit", "formula", "text", "valid_from", "status", "source")
"""Columns of the rules that tell of one name."""


@dataclass(frozen=True)
class Page:
    """A worksheet as the tables know it.

    Attributes:
        key: contract, system, level and number of the worksheet.
        sheet: the worksheet.
        entries: the names that its payments rest on.
        payees: rows of those who are paid, in the table of the level.
        places: their rows on the worksheet.
    """

    key: Mapping[str, Any]
    sheet: Sheet
    entries: Sequence[Entry]
    payees: Rows
    places: Rows


def by_rule_blocks(tried: Iterable[tuple[str, Rows, Shares]], year: int) -> list[Block]:
    """What members of teams would get of a year's money under each sharing rule, one row a person and rule.

    Args:
        tried: each rule with the rows of the teams of a group, and what their members would get.
        year: year of the run.
    """
    return [
        (len(shares.members), {
            "year": year, "team": teams[shares.members.team], "level": np.array(LEVELS)[shares.members.level],
            "payee": shares.members.row, "rule": rule, "title": sharing_rule(rule).title,
            "euros": shares.incomes() / CENTS,
        })
        for rule, teams, shares in tried
    ]  # fmt: skip


def payment_blocks(settled: Settled, year: int, teams: Sequence[np.ndarray[Any, Any]]) -> list[Block]:
    """All payments of a year, one a row.

    Args:
        settled: statements with the number of their contract.
        year: year of the run.
        teams: rows of the teams of each contract.
    """
    blocks: list[Block] = []
    for number, statement in settled:
        rows = np.append(teams[number], -1)  # a payee of no team stands at place -1
        for n, block in statement.blocks():
            team = rows[block["team"]] if len(teams[number]) else -1
            blocks.append((n, {**block, "team": team, "year": year, "contract": number}))
    return blocks


def share_blocks(shares: Shared, year: int, teams: Sequence[np.ndarray[Any, Any]]) -> list[Block]:
    """What every person got of a year's money, one row a person and part.

    Args:
        shares: shares with the number of their contract.
        year: year of the run.
        teams: rows of the teams of each contract.
    """
    return [
        (n, {**block, "team": teams[number][block["team"]], "year": year, "contract": number})
        for number, one in shares for n, block in one.blocks()
    ]  # fmt: skip


def rule_blocks(pages: Iterable[Page], year: int, tariffs: Tariffs | None = None) -> list[Block]:
    """The worksheets of a year: every name once a contract, payment or sharing rule, and level.

    Args:
        pages: the worksheets.
        year: year of the run.
        tariffs: fees of the scenario, which are told as the source of what acts earned; left out by default.
    """
    blocks: list[Block] = []
    for page in pages:
        told = [_described(entry) | _fee_of(entry, page.sheet.accounts, tariffs) for entry in page.entries]
        columns = {name: np.array([one[name] for one in told], dtype=object) for name in DESCRIBED}
        of_page = {"year": year, **page.key, "title": page.sheet.title, "place": np.arange(len(told))}
        blocks.append((len(told), of_page | columns))
    return blocks


def _fee_of(entry: Entry, accounts: AccountsOfYear, tariffs: Tariffs | None) -> dict[str, str]:
    """Of fees of an act, its tariff in the year: ``tariff 25.0 2017-05-01 press P-FEE-G``, several with ``; ``."""
    of_act = OF_ACTS.fullmatch(entry.name) if entry.kind == MEASURE and tariffs is not None else None
    if of_act is None or tariffs is None:
        return {}
    known = tariffs.in_force(of_act["code"], accounts.first_day, accounts.last_day)
    return {"source": "; ".join(f"{TARIFF} {one.value} {one.valid_from} {one.label} {one.source}" for one in known)}


def value_blocks(pages: Iterable[Page], year: int) -> list[Block]:
    """What every name was worth for every payee; what is the same for everybody stands in the rules."""
    blocks: list[Block] = []
    for page in pages:
        own = [entry.name for entry in page.entries if np.ndim(entry.value)]
        if own:
            n = len(page.payees)
            names, payees = np.repeat(np.array(own, dtype=object), n), np.tile(page.payees, len(own))
            values = np.concatenate([page.sheet.rows(name)[page.places] for name in own])
            blocks.append((len(values), {"year": year, **page.key, "payee": payees, "name": names, "value": values}))
    return blocks


def pages_of(settled: Settled, shares: Shared) -> Iterator[Page]:
    """Every worksheet of a year: those of payment rules, then those of sharing rules, once a level."""
    for contract, statement in settled:
        for number, sheet in enumerate(statement.sheets()):
            if sheet is not None:
                steps = [part.step for part in statement.components if part.sheet is sheet]
                key = {"contract": contract, "system": statement.system, "level": sheet.level, "sheet": number}
                payees = sheet.accounts.owners[sheet.level].rows
                yield Page(key, sheet, _behind(sheet, steps), payees, np.arange(len(payees)))
    for contract, one in shares:
        for number, part in enumerate(one.parts):
            for code, level in enumerate(LEVELS):
                places = np.flatnonzero(one.members.level[part.members] == code)
                if len(places):
                    key = {"contract": contract, "system": part.rule, "level": level, "sheet": number}
                    payees = one.members.row[part.members[places]]
                    yield Page(key, part.sheet, _behind(part.sheet, [part.step]), payees, places)


def _behind(sheet: Sheet, steps: Sequence[str]) -> list[Entry]:
    """The names that some steps rest on, each once."""
    return list({entry.name: entry for step in steps for entry in sheet.behind(step)}.values())


def _described(entry: Entry) -> dict[str, Any]:
    shared = "" if np.ndim(entry.value) else str(np.asarray(entry.value).item())
    dated = entry.dated if entry.kind == TERM else None
    since = "" if dated is None or dated.valid_from == date.min else dated.valid_from.isoformat()
    return {
        "name": entry.name, "kind": entry.kind, "label": entry.label, "unit": entry.unit, "formula": entry.formula,
        "text": shared, "valid_from": since, "status": dated.label if dated else "", "source": entry.source,
    }  # fmt: skip

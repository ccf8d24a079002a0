"""Statements as tables: what was paid, the rules behind it and the values that went in, for whoever asks why.

Three tables, so that nothing is written twice: ``payments`` (one row a payment), ``payment_rules`` (the formulas of
each policy, once a contract and year), ``payment_values`` (what each name was worth for each payee).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from sim.payment.sharing.shares import Shares
from sim.payment.sheet import TERM, Entry, Sheet
from sim.payment.stacking import stacked
from sim.payment.statement import Statement

type Settled = Sequence[tuple[int, Statement]]
"""Statements of a year, each with the number of its contract."""

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
    "system": ("", "payment rule"),
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
    "system": ("", "payment rule, for what is personal"),
    "component": ("", "part of the rule, for what is personal"),
    "cents": ("cents", "what the person gets"),
}
TABLES: Final = {"shares": SHARES, "payments": PAYMENTS, "payment_rules": RULES, "payment_values": VALUES}
"""Unit and label of every column, by table."""


def payments_frame(settled: Settled, year: int, teams: Sequence[np.ndarray[Any, Any]]) -> pd.DataFrame:
    """All payments of a year, one a row.

    Args:
        settled: statements with the number of their contract.
        year: year of the run.
        teams: rows of the teams of each contract.
    """
    blocks = []
    for number, statement in settled:
        rows = np.append(teams[number], -1)  # a payee of no team stands at place -1
        for count, columns in statement.blocks():
            team = rows[columns["team"] if len(teams[number]) else np.full(count, -1)]
            blocks.append((count, {**columns, "team": team, "year": year, "contract": number}))
    return stacked(blocks, PAYMENTS)


def shares_frame(
    shares: Sequence[tuple[int, Shares]], year: int, teams: Sequence[np.ndarray[Any, Any]]
) -> pd.DataFrame:
    """What every person got of a year's money, one row a person and part.

    Args:
        shares: shares with the number of their contract.
        year: year of the run.
        teams: rows of the teams of each contract.
    """
    blocks = [
        (count, {**columns, "team": teams[number][columns["team"]], "year": year, "contract": number})
        for number, one in shares
        for count, columns in one.blocks()
    ]
    return stacked(blocks, SHARES)


def rules_frame(settled: Settled, year: int) -> pd.DataFrame:
    """The worksheets of a year: every name once a contract, policy and level."""
    rows = [
        {
            "year": year,
            "contract": number,
            "system": statement.system,
            "title": sheet.title,
            "level": sheet.level,
            "sheet": page,
            "place": place,
        }
        | _described(entry)
        for number, statement in settled
        for page, sheet, entries in _sheets(statement)
        for place, entry in enumerate(entries)
    ]
    return pd.DataFrame(rows, columns=list(RULES))


def values_frame(settled: Settled, year: int) -> pd.DataFrame:
    """What every name was worth for every payee; what is the same for everybody stands in the rules."""
    blocks = []
    for number, statement in settled:
        for page, sheet, entries in _sheets(statement):
            payees = sheet.accounts.owners[sheet.level].rows
            same = {"year": year, "contract": number, "system": statement.system, "level": sheet.level, "sheet": page}
            blocks += [
                (len(payees), {**same, "payee": payees, "name": entry.name, "value": sheet.rows(entry.name)})
                for entry in entries
                if np.ndim(entry.value)
            ]
    return stacked(blocks, VALUES)


def _sheets(statement: Statement) -> Iterator[tuple[int, Sheet, list[Entry]]]:
    """Each worksheet of a statement by its number, with the names that its payments rest on."""
    for page, sheet in enumerate(statement.sheets()):
        if sheet is None:
            continue
        parts = [part for part in statement.components if part.sheet is sheet]
        needed = {entry.name: entry for part in parts for entry in sheet.behind(part.step)}
        yield page, sheet, list(needed.values())


def _described(entry: Entry) -> dict[str, Any]:
    shared = "" if np.ndim(entry.value) else str(np.asarray(entry.value).item())
    dated = entry.dated if entry.kind == TERM else None
    since = "" if dated is None or dated.valid_from == date.min else dated.valid_from.isoformat()
    return {
        "name": entry.name, "kind": entry.kind, "label": entry.label, "unit": entry.unit, "formula": entry.formula,
        "text": shared, "valid_from": since, "status": dated.label if dated else "", "source": entry.source,
    }  # fmt: skip

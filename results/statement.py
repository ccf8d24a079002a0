"""The statement of a year on one screen: what each rule paid to whom, and what each person got of it."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from results.messages import _, euros, number
from results.paid import CENTS, PERSONS, Paid, kind_title, payee_name, pool_title, rule_titles
from results.run import Run

KINDS: Final = ("person", "team_account", "association", "employer", "hospital")
POOLS: Final = ("personal", "fees", "lump_sum", "collective")
CELL: Final = 16
"""Width of a column of amounts, at least."""


def by_rule(paid: Paid) -> pd.DataFrame:
    """EUR by payment rule and kind of payee, in the order of settlement."""
    return _table(paid.payments, "system", "payee_kind", KINDS)


def by_person(paid: Paid) -> pd.DataFrame:
    """EUR by person (level and row) and kind of money, after sharing."""
    shares = paid.shares[paid.shares["level"].isin(PERSONS)]
    table = _table(shares, ["level", "payee"], "pool", POOLS)
    return table.loc[sorted(table.index, key=lambda person: (PERSONS.index(person[0]), person[1]))]


def on_accounts(paid: Paid) -> float:
    """EUR that were paid to team accounts and that no person got: they pay staff and projects first."""
    to_teams = paid.payments.loc[paid.payments["payee_kind"] == "team_account", "cents"].sum()
    shared = paid.shares.loc[paid.shares["pool"].isin(("lump_sum", "collective")), "cents"].sum()
    return float(to_teams - shared) / CENTS


def as_text(run: Run, paid: Paid, *, persons: bool = True) -> str:
    """Both tables, as people read them.

    Args:
        run: the run.
        paid: a part of what it paid.
        persons: whether persons are listed one by one.
    """
    rules, titles = by_rule(paid), rule_titles(run)
    corner = _("EUR, year {year}", year=paid.year)
    parts = [_written(corner, rules, [titles.get(str(rule), str(rule)) for rule in rules.index],
                      [kind_title(str(kind)) for kind in rules.columns])]  # fmt: skip
    people = by_person(paid)
    if persons and len(people):
        names = [payee_name(run, *person) for person in people.index]
        heads = [pool_title(str(pool)) for pool in people.columns]
        left = euros(on_accounts(paid), 2)
        parts.append(_written(_("What persons get of it"), people, names, heads))
        parts.append(_("Left on team accounts, for staff, projects and later years: {amount}.", amount=left))
    return "\n\n".join(parts)


def _table(rows: pd.DataFrame, index: str | list[str], columns: str, order: Sequence[str]) -> pd.DataFrame:
    table = rows.pivot_table(
        values="cents", index=index, columns=columns, aggfunc="sum", fill_value=0, sort=False, observed=True
    )
    return table[[name for name in order if name in table.columns]] / CENTS


def _written(corner: str, table: pd.DataFrame, names: Sequence[str], heads: Sequence[str]) -> str:
    amounts = table.to_numpy(dtype=float)
    whole = np.vstack([amounts, amounts.sum(axis=0)])
    whole = np.column_stack([whole, whole.sum(axis=1)])
    names, heads = [*names, _("sum")], [*heads, _("sum")]
    width = max(map(len, [corner, *names])) + 2
    cells = [max(CELL, len(head) + 2) for head in heads]
    lines = [f"{corner:<{width}}" + "".join(f"{head:>{cell}}" for head, cell in zip(heads, cells, strict=True))]
    lines += [f"{name:<{width}}" + "".join(f"{number(v, 2):>{cell}}" for v, cell in zip(row, cells, strict=True))
              for name, row in zip(names, whole, strict=True)]  # fmt: skip
    return "\n".join(lines)

"""How fast contracts settle: invented teams under a full stack, with the work that was done."""

import time
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

TEAMS: Final = 10_000
PHYSICIANS, NURSES = 5, 3
"""Of each team."""
STACK: Final = ("fee_for_service", "list_lump_sums", "rosp", "peps", "ipep", "asalee", "aci_msp")
YEAR: Final = 2021
HISTORY: Final = (2019, 2020)
COLUMNS: Final = 7
"""Different columns that measures share in turn."""
MOST: Final = 100.0
"""Largest value of a measure that is not said below."""
SAMPLES: Final = 3


def settle_seconds(teams: int = TEAMS) -> tuple[float, dict[str, Any]]:
    """Seconds to settle a year of many teams under the whole stack (best of some samples), and the work done.

    Raises:
        RuntimeError: when the work was not done.
    """
    from scenarios.norms.invented import invented_norms
    from sim.payment.contract import contract_of
    from sim.payment.history import History
    from sim.specification import ScenarioSpec

    contract = contract_of(STACK, {}, ScenarioSpec().start)
    years = {year: invented_accounts(year, teams) for year in (*HISTORY, YEAR)}
    history, norms = History({year: years[year] for year in HISTORY}), invented_norms()
    best, statements = np.inf, []
    for _sample in range(SAMPLES):
        begin = time.perf_counter()
        statements = list(contract.settle(years[YEAR], history, norms))
        best = min(best, time.perf_counter() - begin)
    work = {
        "teams": teams,
        "payments": {s.system: sum(part.cents.size * len(part.cash) for part in s.components) for s in statements},
        "euros": {s.system: s.total for s in statements},
    }
    check_settled(work)
    return float(best), work


def check_settled(work: Mapping[str, Any]) -> None:
    """Refuse to report the speed of rules that did not pay.

    Raises:
        RuntimeError: when a rule of the stack has no line for each team, or nothing is paid.
    """
    missing = [rule for rule in STACK if work["payments"].get(rule, 0) < work["teams"]]
    if missing:
        raise RuntimeError(f"no payments under {', '.join(missing)}")
    if not sum(work["euros"].values()) > 0:
        raise RuntimeError("the contracts paid nothing")


def invented_accounts(year: int, teams: int) -> Any:
    """Accounts of a year with every measure that the rules know: health homes of five physicians and three nurses."""
    from agents.teams import MSP
    from sim.measures import MEASURES
    from sim.payment.accounts_of_year import LIST_CLASSES, AccountsOfYear
    from sim.payment.rules import load_rules

    load_rules()
    tables: dict[str, dict[str, Any]] = {}
    for level, each in (("team", 1), ("physician", PHYSICIANS), ("nurse", NURSES)):
        shapes = [MOST * ((np.arange(teams * each) * step) % 97 + 1) / 97 for step in range(1, COLUMNS + 1)]
        table: dict[str, Any] = {name: shapes[place % COLUMNS] for place, name in enumerate(MEASURES)}
        table["registered_list"] = np.sum([table[one.name] for one in LIST_CLASSES], axis=0)
        tables[level] = table | {"team": np.repeat(np.arange(teams), each)}
    tables["team"] |= {"team_kind": np.full(teams, float(MSP)), "physicians": np.full(teams, float(PHYSICIANS)),
                       "team_nurses": np.full(teams, float(NURSES))}  # fmt: skip
    return AccountsOfYear.of_tables(year, tables, {name: tables["team"][name] for name in MEASURES})

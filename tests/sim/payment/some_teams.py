"""Teams for property tests of lump sums: any numbers, one column a measure, one value a team."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from hypothesis import strategies as st

from agents.teams import MSP
from sim.payment.accounts_of_year import LIST_CLASSES, AccountsOfYear
from sim.payment.history import History
from sim.payment.norms import Norms

type Columns = dict[str, list[float]]

YOUNG, OLD = LIST_CLASSES[0].name, LIST_CLASSES[-1].name
NATION = Norms(
    base_year=2021,
    by_class={"gp_fees": np.linspace(40, 250, len(LIST_CLASSES)), "nurse_fees": np.full(len(LIST_CLASSES), 5.0),
              "share": np.full(len(LIST_CLASSES), 1 / len(LIST_CLASSES))},
    by_area={"gp_fees": np.array([80.0, 90, 105, 100, 110, 95])},
    numbers={"gp_fees": 100.0},
)  # fmt: skip

ACTS, EUROS, PATIENTS = st.integers(0, 30_000), st.integers(0, 600_000), st.integers(0, 5000)


@st.composite
def teams(draw: st.DrawFn, most: int = 6) -> dict[str, Columns]:
    """Columns of this year, of last year and of the reference year, of 1 to ``most`` teams."""
    n = draw(st.integers(1, most))

    def column(values: st.SearchStrategy[Any]) -> list[float]:
        return [float(value) for value in draw(st.lists(values, min_size=n, max_size=n))]

    always = {"team_kind": [float(MSP)] * n, "physicians": [5.0] * n, "team_nurses": [2.0] * n}
    now = always | {
        YOUNG: column(PATIENTS), OLD: column(PATIENTS), "shadow_acts_G_in_list": column(ACTS),
        "leaked_value": column(EUROS), "practice_poverty": column(st.floats(0, 0.6)), "ame_seen": column(PATIENTS),
        "practice_area_type": column(st.integers(0, 5)),
    }  # fmt: skip
    before = {YOUNG: column(PATIENTS), OLD: column(PATIENTS)}
    reference = {YOUNG: column(PATIENTS), OLD: column(PATIENTS), "acts_G_in_list": column(ACTS),
                 "fees_G_in_list": column(EUROS)}  # fmt: skip
    return {"now": now, "before": before, "reference": reference}


def accounts_of(columns: Columns, year: int = 2021) -> AccountsOfYear:
    """Accounts of teams, their registered list being that of the classes."""
    known = [columns[one.name] for one in LIST_CLASSES if one.name in columns]
    listed = {"registered_list": np.sum(known, axis=0)} if known else {}
    return AccountsOfYear.of_tables(year, {"team": {**columns, **listed}})


def history_of(given: Mapping[str, Columns], year: int = 2021) -> History:
    """The year before and the reference year 2019."""
    return History({year - 1: accounts_of(given["before"], year - 1), 2019: accounts_of(given["reference"], 2019)})


def chosen(given: Mapping[str, Columns], places: list[int]) -> dict[str, Columns]:
    """Some of the teams, in some order."""
    return {when: {name: [column[i] for i in places] for name, column in columns.items()}
            for when, columns in given.items()}  # fmt: skip


def changed(given: Mapping[str, Columns], name: str, add: float) -> dict[str, Columns]:
    """The same teams with more of a measure this year."""
    now = given["now"]
    return {**given, "now": {**now, name: [value + add for value in now[name]]}}

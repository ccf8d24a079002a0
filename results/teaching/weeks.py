"""The weeks of a run: who waits where, who is seen by whom, and what each site does."""

from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from results.run import Run
from results.teaching.packed import packed
from results.teaching.places import teams_of

PLANES: Final = {
    "waiting": ("waiting",), "gp": ("gp",), "nurse": ("nurse", "rounds"), "hospital": ("ed", "stay"),
    "remote": ("teleconsultation",), "forgone": ("forgone",),
}  # fmt: skip
"""What is shown of a cell, and the rows of the run's map that it sums."""
PHYSICIAN, NURSE, HOSPITAL, REMOTE, FORGONE, DELAYED, DISCHARGE = range(7)
KINDS: Final = {
    "gp": PHYSICIAN, "nurse": NURSE, "rounds": NURSE, "ed": HOSPITAL, "stay": HOSPITAL, "teleconsultation": REMOTE,
    "forgone": FORGONE, "delay": DELAYED, "discharge": DISCHARGE,
}  # fmt: skip
"""Kinds of the payload by the kinds of events."""
WEEKLY: Final = (
    "gp_contacts", "nurse_contacts", "teleconsultations", "ed_visits", "stays", "delays", "waited_days",
)  # fmt: skip
SPENDING: Final = ("spend_gp", "spend_nurse", "spend_ed", "spend_hospital")
MOST_FLOWS: Final = 4000
"""Pairs of cell and site that are kept, those with most contacts."""

type Weeks = NDArray[np.float64]


def frames(run: Run, weeks: int) -> dict[str, Any]:
    """The first weeks of a run."""
    first, cells = int(run.manifest["first_week"]), len(run.cells)
    table = run.map
    table = table[table["week"] < first + weeks].assign(week=lambda rows: rows["week"] - first)
    planes = {name: packed(_plane(table, kinds, weeks, cells), "u1") for name, kinds in PLANES.items()}
    return {"cells": planes, "flows": _flows(run, table, weeks), "weekly": weekly(run, weeks),
            "sites": sites(run, weeks)}  # fmt: skip


def site_of(run: Run, kinds: pd.Series, rows: pd.Series) -> NDArray[np.int64]:
    """Index of a site in the territory's list from a kind of event and the row of who served."""
    teams, sites = teams_of(run), len(run.sites)
    hospital = kinds.isin(("ed", "stay")).to_numpy()
    place = rows.to_numpy() + np.where(hospital, teams, 0)
    return np.where(rows.to_numpy() < 0, sites, place).astype(np.int64)


def _plane(table: pd.DataFrame, kinds: tuple[str, ...], weeks: int, cells: int) -> Weeks:
    rows = table[table["what"].isin(kinds)]
    plane = np.zeros((weeks, cells))
    np.add.at(plane, (rows["week"].to_numpy(), rows["cell"].to_numpy()), rows["count"].to_numpy())
    return plane


def _flows(run: Run, table: pd.DataFrame, weeks: int) -> dict[str, Any]:
    """Contacts from cells to sites, week by week."""
    served = table[table["what"].isin([kind for kind, code in KINDS.items() if code <= REMOTE])]
    keys = pd.DataFrame({
        "cell": served["cell"].to_numpy(), "site": site_of(run, served["what"], served["site"]),
        "kind": served["what"].astype(str).map(KINDS).to_numpy(), "week": served["week"].to_numpy(),
        "count": served["count"].to_numpy(),
    })  # fmt: skip
    pairs = keys.groupby(["cell", "site", "kind"])["count"].sum()
    kept = pairs.sort_values(ascending=False, kind="stable").index[:MOST_FLOWS].sort_values()
    places = pd.Series(np.arange(len(kept)), index=kept)
    keys = keys.join(places.rename("flow"), on=["cell", "site", "kind"], how="inner")
    counts = np.zeros((weeks, len(kept)))
    np.add.at(counts, (keys["week"].to_numpy(), keys["flow"].to_numpy()), keys["count"].to_numpy())
    columns = {name: kept.get_level_values(name).to_numpy() for name in ("cell", "site", "kind")}
    return {
        "cell": packed(columns["cell"], "u2"), "site": packed(columns["site"], "u2"),
        "kind": packed(columns["kind"], "u1"), "count": packed(counts, "u1"),
    }  # fmt: skip


def weekly(run: Run, weeks: int) -> dict[str, Any]:
    """Numbers of the whole territory."""
    table = run.territory.groupby("week").sum(numeric_only=True).iloc[:weeks]
    found = {name: packed(table[name], "f4") for name in WEEKLY}
    given_up = table[[name for name in table if str(name).startswith("forgone_")]].sum(axis=1)
    return found | {
        "forgone": packed(given_up, "f4"), "spending": packed(table[list(SPENDING)].sum(axis=1), "f4"),
    }  # fmt: skip


def sites(run: Run, weeks: int) -> dict[str, Any]:
    """Numbers of each site: posted wait, contacts, booked time and list."""
    count, first = len(run.sites) + 1, int(run.manifest["first_week"])
    shape = (weeks, count)
    physicians = run.physicians[run.physicians["present"].astype(bool)]
    wait, booked = (_mean(physicians, name, first, shape) for name in ("posted_wait_days", "booked_share"))
    contacts = _sum(run.physicians, "contacts", first, shape) + _sum(run.nurses, "contacts", first, shape)
    return {
        "wait_days": packed(wait, "u1", 0.25), "contacts": packed(contacts, "u2"),
        "booked": packed(100 * np.minimum(booked, 2), "u1"),
        "list": packed(_sum(run.physicians, "registered_list", first, shape), "u2"),
    }  # fmt: skip


def _sum(table: pd.DataFrame, name: str, first: int, shape: tuple[int, int]) -> Weeks:
    found = np.zeros(shape)
    rows = table[table["week"] < first + shape[0]]
    teams = np.where(rows["team"] < 0, shape[1] - 1, rows["team"])
    np.add.at(found, (rows["week"].to_numpy() - first, teams), rows[name].to_numpy(dtype=np.float64))
    return found


def _mean(table: pd.DataFrame, name: str, first: int, shape: tuple[int, int]) -> Weeks:
    ones = table.assign(one=1.0)
    return _sum(table, name, first, shape) / np.maximum(_sum(ones, "one", first, shape), 1)

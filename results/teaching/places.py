"""The ground of the page: cells, communes, sites and staff of a territory."""

from typing import Any, Final

import numpy as np

from results.messages import _, label
from results.run import Run
from results.teaching.packed import packed
from results.teaching.staff import Member, as_payload
from results.teaching.texts import Text, both, same

TEAM_KINDS: Final = ("msp", "cpts")
"""Kinds of team by which a team may be called: initials are written as such."""


def place(run: Run, title: Text, text: Text, people: list[Member]) -> dict[str, Any]:
    """A territory as the page has it.

    Args:
        run: any run of it.
        title: what it is called.
        text: what it is.
        people: who works there.
    """
    cells = run.cells
    areas = [str(area) for area in cells["area_type"].cat.categories if (cells["area_type"] == area).any()]
    found = {name: packed(cells[f"{name}_km"], "f4") for name in ("x", "y")}
    found |= {name: packed(cells[name], "f4") for name in ("poverty", "apl")}
    found |= {"people": packed(cells["people"], "u2"), "commune": packed(cells["commune"], "u2")}
    found["area"] = packed(np.array([areas.index(str(area)) for area in cells["area_type"]]), "u1")
    sites = site_list(run)
    return {
        "title": title, "text": text, "people": round(float(cells["people"].sum())),
        "columns": round(float(np.ptp(cells["x_km"]))) + 1, "rows": round(float(np.ptp(cells["y_km"]))) + 1,
        "cells": found, "areas": [{"id": area, "title": area_title(area)} for area in areas],
        "communes": [{"name": str(row["name"]), "people": int(row["people"])} for _n, row in run.communes.iterrows()],
        "sites": sites, "staff": as_payload(people, len(sites) - 1),
    }  # fmt: skip


def area_title(area: str) -> Text:
    """A living-area type in words."""
    return both(
        lambda: {
            "T1": _("T1: periurban, weak access"),
            "T2": _("T2: rural margins"),
            "T3": _("T3: retirement and tourism, well supplied"),
            "T4": _("T4: deprived, urban or rural"),
            "T5": _("T5: mixed city centres"),
            "T6": _("T6: favoured cities and suburbs"),
        }[area]
    )


def site_list(run: Run) -> list[dict[str, Any]]:
    """Teams, then hospitals, then what is outside."""
    found = []
    for row in run.sites.to_dict("records"):
        team = row["kind"] == "team"
        name = same(str(row["name"])) if team else both(lambda: _("the hospital"))
        kind = team_kind(str(row["team_kind"])) if team else both(lambda: _("hospital"))
        found.append({
            "id": f"{row['kind']} {row['site']}", "kind": str(row["kind"]), "name": _named(name), "team_kind": kind,
            "x": round(float(row["x_km"]), 2), "y": round(float(row["y_km"]), 2), "physicians": int(row["physicians"]),
            "nurses": int(row["nurses"]), "beds": int(row["beds"]),
        })  # fmt: skip
    nothing = {"physicians": 0, "nurses": 0, "beds": 0, "x": None, "y": None}
    outside = both(lambda: _("outside, or without a place of their own"))
    return [*found, {"id": "outside", "kind": "outside", "name": outside, "team_kind": same(""), **nothing}]


def team_kind(kind: str) -> Text:
    """A kind of team in words."""
    return both(
        lambda: {
            "solo": _("a practice of one physician"), "group": _("a group practice"),
            "msp": _("a multi-professional health home"), "health_centre": _("a health centre"),
            "cpts": _("a territorial community of professionals"),
        }[kind]
    )  # fmt: skip


def _named(name: Text) -> Text:
    """Names of practices that the ground made, in words of the language."""

    def made() -> str:
        text = name["en"]
        head, space, number = text.rpartition(" ")
        said = _("practice {n}", n=number) if space and head == "practice" else label(text.replace("_", " "))
        return said.upper() if text in TEAM_KINDS else said[:1].upper() + said[1:]

    return name if name["en"] != name["fr"] else both(made)


def teams_of(run: Run) -> int:
    """Number of teams: hospitals follow them in the list of sites."""
    return int((run.sites["kind"] == "team").sum())

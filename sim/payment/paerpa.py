"""Paerpa: a flat sum for each personal plan of a frail old patient, split among who wrote it (systems 2B)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.measures import Between, Measure, measure
from sim.payment.accounts_of_year import AccountsOfYear, Numbers
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.policy import Layer, Policy
from sim.payment.statement import Statement, quarters, shared_out, to_cents
from sim.payment.terms import read_terms

MEMBERS: Final = ("physician", "nurse", "other")
"""Who writes a plan, in the order in which odd cents fall; others, such as pharmacists, stand outside the model."""


@dataclass(frozen=True)
class PaerpaParameters:
    """Terms of Paerpa."""

    amount: float
    plans_per_frail_patient: float
    split: str
    equal_shares: Mapping[str, float]
    physician_heavy_shares: Mapping[str, float]
    frail_from: float
    frail_age: float
    coordination: float


def _declare() -> Measure:
    """Count the frail: declared before any year begins, so by the terms of the file, whatever the date."""
    terms = {name: term.entries[-1].value for name, term in read_terms("paerpa", PaerpaParameters).of.items()}
    frail = Between(round(terms["frail_from"] * np.iinfo(np.uint8).max))
    return measure("list_frail", "frail registered patients of great age", "patients", reference="systems 2B, paerpa",
                   source="patients", where={"age": Between(terms["frail_age"]), "frailty": frail})  # fmt: skip


FRAIL: Final = _declare()


class Paerpa(Policy[PaerpaParameters]):
    """Money for coordination, whatever comes of it."""

    name = "paerpa"
    layer = Layer.ADD_ON
    title = "Personal plans of frail old patients (Paerpa)"
    parameters = PaerpaParameters
    measures = (FRAIL,)

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        """See :meth:`Policy.settle`."""
        parts = plan_parts(self.at(accounts.last_day))
        teams = accounts.size("team")
        statement, plans = Statement(self.name, accounts.year), np.zeros(teams)
        held = accounts.measure("team_nurses", "nurse") > 0
        nurses = accounts.owners["nurse"].team[held] if accounts.size("nurse") else np.zeros(0, dtype=np.int64)
        if accounts.size("physician"):
            physicians = self.sheet(accounts, "physician")
            physicians.let("plans", "floor(plans_per_frail_patient * list_frail)", "Personal plans written", "plans")
            physicians.bring("part", parts["physician"], "Physician's part of each", source="split of the amount")
            physicians.let("plan_money", "plans * part", "For personal plans")
            physicians.pay("plans", "plan_money", to="person", cash=quarters(accounts.year))
            statement += physicians.statement()
            plans = np.bincount(accounts.owners["physician"].team, physicians.rows("plans"), teams)
        if len(nurses):
            sheet = self.sheet(accounts, "nurse")
            pools = to_cents(plans * parts["nurse"])
            part = np.zeros(len(held))
            part[held] = split_evenly(pools, nurses) / 100
            sheet.bring("plan_money", part, "Nurses' part of the team's personal plans")
            sheet.pay("plans", "plan_money", to="person", cash=quarters(accounts.year))
            statement += sheet.statement()
        return statement + self._of_team(accounts, plans, parts, np.bincount(nurses, minlength=teams) > 0)

    def _of_team(
        self, accounts: AccountsOfYear, plans: Numbers, parts: Mapping[str, float], has_nurse: NDArray[np.bool_]
    ) -> Statement:
        """The part of members outside the model, and of the nurse where the team has none; coordination staff."""
        sheet = self.sheet(accounts, "team")
        sheet.bring("plans", plans, "Personal plans written", "plans", "physicians of the team")
        sheet.bring("other_part", np.where(has_nurse, 0, parts["nurse"]) + parts["other"],
                    "Part of each of members who have no account", source="split of the amount")  # fmt: skip
        sheet.let("plan_money", "plans * other_part", "For members who have no account")
        sheet.pay("plans", "plan_money", to="team_account", cash=quarters(accounts.year))
        if sheet["coordination"]:
            sheet.let("staff", "coordination * (list_frail > 0)", "Coordination staff of the territory")
            sheet.pay("coordination", "staff", to="association", cash=quarters(accounts.year))
        return sheet.statement()


def plan_parts(p: PaerpaParameters) -> dict[str, float]:
    """What each member gets of the amount of one plan (EUR); together they get the amount."""
    shares = p.equal_shares if p.split == "equal" else p.physician_heavy_shares
    cents = shared_out(to_cents([p.amount]), np.array([[shares[member] for member in MEMBERS]]))[0]
    return {member: float(part) / 100 for member, part in zip(MEMBERS, cents, strict=True)}


def split_evenly(pools: NDArray[np.int64], team: NDArray[np.int64]) -> NDArray[np.int64]:
    """Whole cents of teams split evenly among their members, odd cents to the first: ``(teams,)`` to ``(members,)``."""
    members = np.bincount(team, minlength=len(pools))
    order = np.argsort(team, kind="stable")
    place = np.empty(len(team), dtype=np.int64)
    first = np.concatenate(([0], np.cumsum(members)))[:-1]
    place[order] = np.arange(len(team)) - first[team[order]]
    pool, count = pools[team], members[team]
    return np.asarray(pool // count + (place < pool % count))

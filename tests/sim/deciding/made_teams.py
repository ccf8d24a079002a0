"""A small territory of teams, its contracts, and offers made up for tests."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.accounts import Accounts
from sim.deciding.diary import Diary
from sim.deciding.motions import Offer, Quoted, TeamYear
from sim.deciding.quarrels import holds_pool
from sim.founding import found
from sim.payment.sharing.rule import LUMP_SUM
from sim.payment.statement import Component, Statement
from sim.signing import Signed
from sim.specification import ScenarioSpec, TeamSpec, TerritorySpec
from sim.treasury import Treasury, treasury_of
from sim.world import WEEKS_PER_YEAR, World

FEES = ["fee_for_service", "list_lump_sums", "rosp"]
INCOME = 100_000.0
TEAMS = {
    "home": TeamSpec(kind="msp", physicians=4, liberal_nurses=2, pathway_fte=0.5, contract=[*FEES, "aci_msp"],
                     coordinator_fte=0.3, meetings=8, network=0.8, knowhow=0.8, will=0.8),
    "group": TeamSpec(kind="group", physicians=3, contract=FEES),
    "centre": TeamSpec(kind="health_centre", physicians=2, salaried_nurses=1,
                       contract=["fee_for_service", "health_centre_salary"]),
    "alone": TeamSpec(kind="solo", physicians=1, contract=FEES),
}  # fmt: skip
HOME, GROUP_ROW, CENTRE, ALONE = range(len(TEAMS))
ASKED = np.arange(len(TEAMS)) == HOME
"""Teams of which a contract asks that they be organised: the health home, which has one."""


def made_spec(**changes: Any) -> ScenarioSpec:
    """A scenario of four teams in a small territory."""
    land = TerritorySpec(people=1_200, town=600, columns=4, rows=4, hospitals=1)
    usual: dict[str, Any] = {"territory": land, "teams": TEAMS, "fill_with_default_teams": False}
    return ScenarioSpec(**(usual | changes))


def made_world(spec: ScenarioSpec) -> World:
    """The world of a scenario as year 2 begins, without a week lived: members trust each other."""
    world = found(spec)
    world.week = WEEKS_PER_YEAR
    world.physicians["trust"] = 1.0
    world.physicians["kappa"] = 1.0
    return world


class MadeAccounts:
    """Accounts that say what a test wants: one number for every owner, by measure."""

    def __init__(self, world: World, **values: float) -> None:
        self._world, self._values = world, values

    def array(self, name: str, year: int, by: str) -> NDArray[np.float64]:
        return np.full(len(getattr(self._world, f"{by}s")), self._values.get(name, 0.0))


def offered(
    world: World, gains: Mapping[str, float] | float = 0.0, *, direct_lost: float = 0.0, sd: float = 0.0
) -> Quoted:
    """Offers that change everybody's income by a part of it, by sharing rule or for all; some direct income goes."""

    def ask(team: int, signed: Signed, rule: str) -> Offer:
        row = world.teams[team]
        physicians = np.arange(row["first_physician"], row["last_physician"])
        nurses = np.arange(row["first_nurse"], row["last_nurse"])
        size = len(physicians) + len(nurses)
        gain = gains if isinstance(gains, float | int) else gains.get(rule, 0.0)
        now, lump_sum = np.full(size, INCOME), holds_pool(signed.names, LUMP_SUM)
        return Offer(
            physicians, nurses, now, now, now * (1 + gain), now * (1 - direct_lost), np.full(size, sd * INCOME),
            np.zeros(1), np.full(1, float(lump_sum)),
        )  # fmt: skip

    return ask


def made_year(world: World, spec: ScenarioSpec, quoted: Quoted, treasury: Treasury | None = None) -> TeamYear:
    """Year 1 of these teams, settled."""
    accounts: Any = MadeAccounts(world, days=200.0, registered_list=1_000.0, acts=4_000.0)
    checked: Accounts = accounts
    return TeamYear(world, treasury or treasury_of(world, spec), checked, 1, Diary(), quoted)


def paid(system: str, teams: list[int], euros: list[float]) -> Statement:
    """A statement that pays collective money to the accounts of teams."""
    rows, cents = np.array(teams), (100 * np.array(euros)).astype(np.int64)
    return Statement(system, 2021, (Component("pay", "pay", "team_account", "team", rows, rows, cents, [(2021, 4)]),))

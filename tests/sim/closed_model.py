"""A model of which only the accounts are known, for tests of outcomes."""

from dataclasses import dataclass

from sim.accounts import Accounts
from sim.treasury import Treasury
from sim.world import World


@dataclass
class ClosedModel:
    """A world and the accounts of its first year."""

    world: World
    accounts: Accounts
    treasury: Treasury | None = None

"""Toy books of a team: accounts of which every cause is known, with luck from keyed draws."""

from dataclasses import dataclass

import numpy as np

from scenarios.attribution.books import AROUND, LIST, TEAM, Books
from scenarios.attribution.counterfactuals import TWIN, WITH_RULE, Game
from scenarios.attribution.settling import Settler
from sim.draws import decision, normals
from sim.payment.accounts_of_year import LIST_CLASSES
from sim.payment.contract import contract_of
from sim.payment.norms import Norms
from sim.specification import ScenarioSpec

BASE = 2021
MEAN = 3_000.0
CLASSES = [one.name for one in LIST_CLASSES]
LEVELS = np.linspace(0.3, 1.7, len(CLASSES))
TOY_LUCK = decision("test.attribution.luck", "luck of a toy team")
LINEAR = "tests.scenarios.attribution.rules:Linear"


@dataclass(frozen=True)
class Toy:
    """A toy team and its truth.

    Attributes:
        listed: registered patients.
        luck: standard deviation of the spending of the list, as a share of it.
        response, territory, start, trend: relative effects on its spending.
        older: whether its list is older than the nation.
        seed: of its luck.
    """

    listed: float = 6_000.0
    luck: float = 0.03
    response: float = 0.0
    territory: float = 0.0
    start: float = 0.0
    trend: float = 0.0
    older: bool = False
    seed: int = 1


def norms() -> Norms:
    """A nation whose classes cost more from one to the next, and without a trend of its own."""
    shares = np.full(len(CLASSES), 1 / len(CLASSES))
    usual = MEAN * LEVELS / float((LEVELS * shares).sum())
    return Norms(base_year=BASE, by_class={"share": shares, "spending": usual}, numbers={"spending": MEAN},
                 by_area={"spending_factor": np.ones(6)})  # fmt: skip


def books(toy: Toy, draws: int = 40) -> Books:
    """The books of a toy team: a year before the rule and a year under it, in both arms."""
    weights = LEVELS**2 if toy.older else np.ones(len(CLASSES))
    classes = toy.listed * weights / weights.sum()
    due = float((classes * norms().by_class["spending"]).sum())
    names = (LIST, "spend_all", *CLASSES)
    values = {level: np.zeros((2, draws, 2, 1, len(names))) for level in (TEAM, AROUND)}
    for place in range(2):
        z = normals(toy.seed, TOY_LUCK, np.arange(draws), place)
        spent = due * (1 + toy.territory) * (1 + toy.start) * (1 + toy.trend * place) * (1 + toy.luck * z)
        for arm, response in enumerate((0.0, toy.response * place)):
            own = spent * (1 + response)
            near = 4 * due * (1 + toy.territory)
            values[TEAM][arm, :, place, 0] = _row(np.full(draws, toy.listed), own, classes)
            values[AROUND][arm, :, place, 0] = _row(np.full(draws, 5 * toy.listed), own + near, 5 * classes)
    facts = np.ones((2, draws, 2))
    return Books((TWIN, WITH_RULE), tuple(range(1, draws + 1)), (BASE, BASE + 1), {TEAM: names, AROUND: names}, values,
                 facts, facts, facts, dict.fromkeys(names, "patients"))  # fmt: skip


def _row(listed: np.ndarray, spent: np.ndarray, classes: np.ndarray) -> np.ndarray:
    return np.column_stack([listed, spent, np.tile(classes, (len(listed), 1))])


def game(toy: Toy, draws: int = 40, rule: str = LINEAR, name: str = "linear") -> Game:
    """The game of a toy team under a rule."""
    kept = books(toy, draws)
    contract = contract_of([rule], {}, ScenarioSpec().start)
    return Game(kept, Settler(contract, name, kept.years, kept.names, BASE + 1), norms(), BASE)

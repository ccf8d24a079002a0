"""Outcomes of spending: what insurance paid, and how it is spread over people."""

from typing import Final

from sim.outcomes.declaration import Model, Read, outcome
from sim.outcomes.posts import in_post, mean_of

_FACTS: Final = {
    "spending_mean": ("EUR/person/year", "insurer spending a person", "P-COST-MEAN"),
    "spending_cv": ("ratio", "coefficient of variation of yearly spending", "P-COST-CV"),
    "spending_autocorrelation": ("correlation", "correlation of a patient's spending with last year's", "behaviour A1"),
    "spending_top_1": ("share", "part of spending of the top 1 % of people", "behaviour A1"),
    "spending_top_5": ("share", "part of spending of the top 5 % of people", "behaviour A1"),
    "spending_top_10": ("share", "part of spending of the top 10 % of people", "behaviour A1"),
}


def _fact(name: str) -> Read:
    return lambda model, year: model.accounts.year(year).facts[name]


for _name, (_unit, _label, _reference) in _FACTS.items():
    outcome(_name, _unit, _label, reference=_reference)(_fact(_name))


@outcome("fees_per_gp", "EUR/year", "fees billed by a GP in post", reference="P-GROSS")
def fees_per_gp(model: Model, year: int) -> float:
    """Fees at tariff, lump sums not included."""
    return mean_of(model.accounts.array("fees", year), in_post(model))

"""The study engine: territories x arms x parameter vectors x seeds -> one tidy table."""

from scenarios.study.batches import Engine, Workers, engine_of
from scenarios.study.design import WORK, Study, check_outcomes
from scenarios.study.laboratory import CARETEAMS, Laboratory
from scenarios.study.store import Store

__all__ = [
    "CARETEAMS", "WORK", "Engine", "Laboratory", "Store", "Study", "Workers", "check_outcomes", "engine_of",
]  # fmt: skip

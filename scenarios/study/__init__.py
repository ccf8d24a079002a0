"""The study engine: territories x arms x parameter vectors x seeds -> one tidy table."""

from scenarios.study.design import WORK, Study, check_outcomes
from scenarios.study.laboratory import CARETEAMS, Laboratory
from scenarios.study.store import Store

__all__ = ["CARETEAMS", "WORK", "Laboratory", "Store", "Study", "check_outcomes"]

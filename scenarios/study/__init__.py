"""The study engine: territories x arms x parameter vectors x seeds -> one tidy table."""

from scenarios.study.design import Study, check_outcomes
from scenarios.study.laboratory import CARETEAMS, Laboratory

__all__ = ["CARETEAMS", "Laboratory", "Study", "check_outcomes"]

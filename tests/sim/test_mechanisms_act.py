"""Every option of a mechanism moves something: a switch that is read and moves nothing is a mistake that nobody sees.

One town goes on under each option, quarter by quarter, until a byte of anybody differs from the same town without it.
What is only thought (trust in messengers, meaning of the job) does not count: somebody must act otherwise.
"""

import hashlib
from collections.abc import Iterator
from functools import cache
from typing import Final

import pytest

from scenarios.norms import norms_for
from scenarios.reading import load
from scenarios.study.forking import applied
from sim.mechanisms import all_mechanisms
from sim.model import CareModel, prepared
from sim.parameters import all_parameters
from sim.specification import ScenarioSpec
from sim.world import WEEKS_PER_QUARTER

THOUGHTS: Final = ("trust", "job_meaning", "kappa")
QUARTERS: Final = 5
"""Some decisions are made once a year, and act in the quarter after."""

ELSEWHERE: Final = {
    "add_ons_kept": "a team that votes on leaving a scheme that adds money",
    "confusion": "a team under a scheme that the payer watches, whose contacts fall",
    "dependence": "nurses who would complain: seen in the second year of this town",
    "equal_meeting_rate": "a team that is paid for hours together for the first time",
    "hospital_without_list": "a hospital that leads a bid: whether physicians agree is one draw a year",
    "identity": "a vote on a scheme in the place of fees",
    "liberal_nurses": "self-employed nurses who are asked to join: seen in the third year of this town",
    "matthew": "a call for teams, with fewer places than candidates",
    "meaning": "a physician who hands over relational tasks for years: openness falls with the meaning of the job",
    "misread": "a threshold of pay near what a physician does",
    "organisational_work": "earmarked money that is new: seen in the third year of this town",
    "payer_softens": "a payer that adapts its rules",
    "pooled_teams": "a vote on a scheme in the place of fees",
    "prior_projects": "a team with projects that may hire",
    "shock": "an avoidable stay after a nurse's follow-up: seen in the third year of this town",
    "stacked_posts": "a team that may hire",
    "tolerance": "a team that hands in a file",
}
"""Mechanisms for which nothing happens in a year of this town, and where something would; their rules have tests."""


def options() -> Iterator[tuple[str, str]]:
    """Options that differ from the defaults, of mechanisms that can act in the town."""
    for mechanism in all_mechanisms().values():
        for option, values in mechanism.options.items():
            usual = all(all_parameters()[name].value == value for name, value in values.items())
            if not usual and mechanism.id not in ELSEWHERE:
                yield mechanism.id, option


@cache
def town() -> tuple[ScenarioSpec, CareModel]:
    spec = load("agapanthes")
    return spec, prepared(spec, norms=norms_for(spec, progress=False))


def quarters(*overrides: str) -> Iterator[str]:
    """Digests of everybody in the town, quarter by quarter."""
    spec, warm = town()
    arm = load("agapanthes", overrides)
    model = warm.fork(arm, applied(warm.world.fork(), spec, arm), norms_for(spec, progress=False))
    for _quarter in range(QUARTERS):
        model.run(WEEKS_PER_QUARTER)
        world, digest = model.world, hashlib.blake2b()
        for name in ("patients", "physicians", "nurses", "dyads", "support", "hospitals", "teams"):
            table = getattr(world, name)
            for column in table.dtype.names:
                if column not in THOUGHTS:
                    digest.update(table[column].tobytes())
        yield digest.hexdigest()


@cache
def usual() -> list[str]:
    return list(quarters())


@pytest.mark.parametrize(("mechanism", "option"), list(options()))
def test_an_option_moves_something(mechanism: str, option: str) -> None:
    lived = quarters(f'mechanisms.{mechanism}="{option}"')
    assert any(now != before for now, before in zip(lived, usual(), strict=True))


def test_the_same_town_twice_is_the_same() -> None:
    """Else any option would seem to act."""
    assert next(quarters()) == usual()[0]


def test_mechanisms_that_act_elsewhere_exist() -> None:
    assert ELSEWHERE.keys() <= all_mechanisms().keys()

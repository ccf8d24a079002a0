"""How knowledge spreads in a team: it stays in its bounds, grows with ties, stops where messages are mocked or kept."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.deciding import relay
from agents.deciding.decision import Numbers
from agents.declarations import Row
from agents.templates import EURO_SAVED, HANDOVER, N_TEMPLATES, PREVENTION_ACT, VISIT, handover
from sim.parameters import behaviour_record

PART = st.floats(0, 1)
TEAM = np.array([0, 0, 0, 1])
INTERMEDIARY = np.array([True, False, False, False])


def parameters(**changes: Any) -> Row:
    return behaviour_record(changes)[0]


def talk(
    q: Row | None = None, *, quarters: int = 1, knows: float = 0.05, source: float = 0.8, attend: float = 1.0,
    tie: float = 1.0, trust: float = 1.0, withheld: bool = False, new: bool = False,
) -> relay.Relayed:  # fmt: skip
    """Three colleagues of whom the first is an intermediary, and one alone."""
    q = parameters() if q is None else q
    kappa = np.full((4, N_TEMPLATES), knows)
    kappa[0] = source
    result = relay.Relayed(kappa, np.full((4, 6), trust), np.zeros_like(kappa))
    for _ in range(quarters):
        result = relay.relayed(
            result.kappa, INTERMEDIARY, TEAM, np.full(4, attend), np.full(4, tie), result.trust,
            np.ones((4, N_TEMPLATES), dtype=bool), np.full(4, new), np.full(4, withheld), q,
        )  # fmt: skip
    return result


def test_a_quarter_of_talk_by_hand() -> None:
    kappa = talk(attend=0.5, tie=0.8).kappa
    assert kappa[1, VISIT] == pytest.approx(0.05 + 0.10 * 0.5 * 0.8 * 0.5 * 0.75 - 0.03 * 0.05)
    assert kappa[3, VISIT] == pytest.approx(0.05 * 0.97), "nobody tells who is alone"
    assert kappa[0, VISIT] == 0.8, "intermediaries hear from the payer"


@settings(max_examples=50)
@given(knows=PART, source=PART, attend=PART, tie=PART, trust=PART, quarters=st.integers(1, 12))
def test_knowledge_stays_between_nothing_and_all(
    knows: float, source: float, attend: float, tie: float, trust: float, quarters: int
) -> None:
    after = talk(knows=knows, source=source, attend=attend, tie=tie, trust=trust, quarters=quarters)
    assert ((after.kappa >= 0) & (after.kappa <= 1)).all()
    assert (after.kappa[1:] <= max(knows, source)).all()
    assert ((after.strength >= 0) & (after.strength <= 1)).all()


@settings(max_examples=50)
@given(tie=PART, more=PART, benefit=st.floats(-1.5, 1.5), better=st.floats(-1.5, 1.5))
def test_more_is_learnt_over_closer_ties_and_from_better_readable_messages(
    tie: float, more: float, benefit: float, better: float
) -> None:
    low, high = (talk(tie=t).kappa[1, VISIT] for t in sorted((tie, more)))
    assert low <= high
    worse, good = (
        talk(parameters(**{"incentives.benefit": [b] * N_TEMPLATES})).kappa[1, VISIT] for b in sorted((benefit, better))
    )
    assert worse <= good


def test_quality_passes_and_efficiency_stops() -> None:
    after = talk(quarters=12)
    assert after.kappa[1, PREVENTION_ACT] > after.kappa[1, VISIT] > after.kappa[1, EURO_SAVED]
    cutting = [0.0] * N_TEMPLATES
    cutting[EURO_SAVED] = -1.0
    q = parameters(**{"incentives.benefit": cutting})
    mocked = talk(q, quarters=12, new=True)
    assert mocked.kappa[1, EURO_SAVED] == pytest.approx(0.05 * 0.97**12)
    assert mocked.trust[1, relay.TEAM_PEER] == 0
    assert talk(q, new=True).trust[1] == pytest.approx([0.9, 1, 1, 1, 1, 1])
    assert (talk(q, quarters=3, new=False).trust == 1).all(), "an old joke costs nobody trust"
    assert (talk(q, new=True).trust[[0, 3]] == 1).all()


def test_a_withheld_team_learns_nothing() -> None:
    kept = talk(withheld=True, quarters=8)
    assert (kept.kappa[1:] < 0.05).all()
    assert not kept.strength.any()


def test_nobody_unlearns_from_who_knows_less() -> None:
    assert talk(knows=0.5, source=0.1).kappa[1, VISIT] == pytest.approx(0.5 * 0.97)


def test_the_switches_of_the_relay() -> None:
    assert talk(parameters(**{"relay.rate": 0.0, "relay.forgetting": 0.0}), quarters=4).kappa[1, VISIT] == 0.05


def test_intermediaries_learn_from_the_payer() -> None:
    """+0.3 a meeting and +0.1 a report, as the payer is trusted (behaviour 0)."""
    q = parameters()

    def taught(known: Numbers, meetings: float, trust: Numbers) -> Numbers:
        return relay.taught_by_payer(known, np.array([True, False]), np.full(2, meetings), np.ones(2), trust, q)

    kappa, usual = np.full((2, N_TEMPLATES), 0.05), relay.first_trust(2, q)
    after = taught(kappa, 1.0, usual)
    assert after[:, VISIT] == pytest.approx([0.45, 0.05])
    assert taught(after, 9.0, usual)[0, VISIT] == 1
    assert taught(kappa, 1.0, 0 * usual).tolist() == kappa.tolist()
    assert taught(kappa, 1.0, np.minimum(1.5 * usual, 1))[0, VISIT] == pytest.approx(0.05 + 1.5 * 0.4)


def test_what_pays_nothing_later_is_not_worth_telling() -> None:
    tells = relay.told({"visit": np.zeros(2), handover(1, 2): np.array([0.0, 3.0])}, 2)
    assert np.argwhere(tells).tolist() == [[1, HANDOVER]]


def test_trust_starts_by_messenger() -> None:
    assert relay.first_trust(2, parameters())[1] == pytest.approx([1.0, 0.8, 0.6, 0.6, 0.5, 0.2])

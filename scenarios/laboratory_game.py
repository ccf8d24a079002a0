"""The stylised laboratory of pattern V-10: the decision rule of physicians, alone, paid in three ways.

No territory and no payment rule: a stub settles each quantity, by the service, as a lump sum, or half and half. The
player knows what it pays, is not overloaded and has no habit. The design is record T-LABSPEC of the evidence; what the
published experiments found is the band of V-10.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from agents.deciding.utility import TIE, best_reply, choice_probabilities, quantity_parts, total
from scenarios.patterns import Judgement, Pattern, judged
from scenarios.patterns.judgement import MISS
from sim.draws import decision, normals
from sim.parameters import EVIDENCE, all_parameters, behaviour_record, parameter_record

type Numbers = NDArray[np.float64]

FEES, LUMP_SUM, MIXED = PAYMENTS = ("fees", "lump_sum", "mixed")
PLAYERS: Final = 1000
REPLICATES: Final = 30
ALTRUISM_OF_PLAYERS: Final = decision("laboratory_altruism", "altruism of a player in the laboratory")

V10: Final = Pattern(
    id="V-10",
    title={
        "en": "Laboratory: quantity under capitation against fees",
        "fr": "Laboratoire : quantité à la capitation, comparée au paiement à l'acte",
    },
    number=-0.33,
    band=(-0.45, -0.20),
    outcome=("quantity",),
    statistic="paired_difference",
    source="hss-2011, brosig-2015",
    group="calibration",
    replicates=REPLICATES,
)  # fmt: skip
"""Judged here, since it has no territory. Its orderings are required too."""


@dataclass(frozen=True, slots=True)
class Design:
    """What players choose among, for whom, and what they are paid.

    Attributes:
        quantities: services that a player may give, ``(quantities,)``.
        needs: quantity that is best for each kind of patient, ``(needs,)``.
        revenue: units of money for each quantity by way of payment, ``(quantities,)`` each.
    """

    quantities: Numbers
    needs: Numbers
    revenue: Mapping[str, Numbers]


@dataclass(frozen=True, slots=True)
class Play:
    """What players do, ``(payments, needs, players)``.

    Attributes:
        altruism: of each player.
        mean: mean quantity.
        distance: mean distance between the quantity and the need.
        best: the best reply, of two that tie the smaller.
        tied: the largest quantity that ties with it.
    """

    altruism: Numbers
    mean: Numbers
    distance: Numbers
    best: Numbers
    tied: Numbers

    @property
    def change(self) -> float:
        """Quantity under the lump sum against fees, all needs together: -0.3 for 30 % less."""
        return float(self.mean[1].mean() / self.mean[0].mean() - 1.0)

    def orderings(self, needs: Numbers) -> dict[str, bool]:
        """Whether each ordering of the experiments is met."""
        quantity, distance = self.mean.mean(axis=2), self.distance.mean(axis=(1, 2))
        return {
            "fees give too much where need is low": bool(quantity[0, 0] > needs[0]),
            "the lump sum gives too little where need is high": bool(quantity[1, -1] < needs[-1]),
            "mixed payment is closest to need": bool(distance[2] < min(distance[0], distance[1])),
        }


@cache
def design() -> Design:
    """The laboratory, as the evidence records it."""
    given = tomllib.loads(EVIDENCE.read_text(encoding="utf-8"))["theory"]["laboratory"]["value"]
    quantities = np.arange(given["q_min"], given["q_max"] + 1, dtype=np.float64)
    fees = given["ffs_per_unit"] * quantities
    lump_sum = np.full(len(quantities), given["cap_revenue"])
    revenue = {FEES: fees, LUMP_SUM: lump_sum, MIXED: (fees + lump_sum) / 2}
    return Design(quantities, np.array(given["optima"], dtype=np.float64), revenue)


def play(altruism: Numbers, parameters: Mapping[str, Any] | None = None) -> Play:
    """Let players choose.

    Args:
        altruism: of each player, ``(players,)``.
        parameters: parameters that differ from their files, by id.
    """
    q = behaviour_record(_of_behaviour(parameters))[0]
    made = design()
    payments, needs, players = len(PAYMENTS), len(made.needs), len(altruism)
    shape = (payments, needs, players)
    paid = np.stack([made.revenue[name] for name in PAYMENTS]) * q["incentives_eps"]
    revenue = np.broadcast_to(paid[:, None, None, :], (*shape, paid.shape[1])).reshape(-1, paid.shape[1])
    need = np.broadcast_to(made.needs[None, :, None], shape).ravel()
    alpha = np.broadcast_to(altruism, shape).ravel()
    quantities = np.broadcast_to(made.quantities, revenue.shape)
    utility = total(quantity_parts(quantities, revenue, need, alpha, np.zeros(len(need)), q))
    chosen = choice_probabilities(utility, q)
    as_good = utility >= utility.max(axis=1, keepdims=True) - TIE
    return Play(
        altruism,
        mean=(chosen @ made.quantities).reshape(shape),
        distance=(chosen * np.abs(quantities - need[:, None])).sum(axis=1).reshape(shape),
        best=made.quantities[best_reply(quantities, utility)].reshape(shape),
        tied=np.where(as_good, quantities, -np.inf).max(axis=1).reshape(shape),
    )


def population(parameters: Mapping[str, Any] | None = None) -> Play:
    """Players as altruistic as physicians are: its lognormal law, by the middles of a thousand equal parts."""
    return play(_lognormal(ndtri((np.arange(PLAYERS) + 0.5) / PLAYERS), parameters), parameters)


def drawn(seed: int, parameters: Mapping[str, Any] | None = None) -> Play:
    """A thousand players whose altruism is drawn."""
    return play(_lognormal(normals(seed, ALTRUISM_OF_PLAYERS, np.arange(PLAYERS)), parameters), parameters)


def v10(parameters: Mapping[str, Any] | None = None) -> Judgement:
    """Pattern V-10, one value a seed; an ordering that is not met is a miss, whatever the quantity."""
    plays = [drawn(seed, parameters) for seed in range(1, V10.replicates + 1)]
    judgement = judged(V10, pd.Series([one.change for one in plays]))
    met = all(all(one.orderings(design().needs).values()) for one in plays)
    return judgement if met else replace(judgement, verdict=MISS)


def best_replies(altruism: Sequence[float], parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """Best replies as the evidence prints them, ``7/8`` for a tie: a row an altruism, a column a payment and need."""
    played = play(np.asarray(altruism, dtype=np.float64), parameters)
    return pd.DataFrame(
        {
            (name, int(need)): [
                f"{low:.0f}" if low == high else f"{low:.0f}/{high:.0f}"
                for low, high in zip(played.best[row, column], played.tied[row, column], strict=True)
            ]
            for row, name in enumerate(PAYMENTS)
            for column, need in enumerate(design().needs)
        },
        index=pd.Index(altruism, name="altruism"),
    )


def means(played: Play) -> pd.DataFrame:
    """Mean quantity by need, of all needs, and mean distance to need: a row a payment."""
    table = pd.DataFrame(played.mean.mean(axis=2), index=list(PAYMENTS), columns=design().needs.astype(int))
    return table.assign(mean=table.mean(axis=1), distance=played.distance.mean(axis=(1, 2)))


def by_altruism(played: Play) -> pd.DataFrame:
    """What each player gives on average, one row a player, payment and need."""
    payment, need, player = (axis.ravel() for axis in np.indices(played.mean.shape))
    return pd.DataFrame({
        "payment": np.asarray(PAYMENTS)[payment], "need": design().needs[need],
        "altruism": played.altruism[player], "quantity": played.mean.ravel(),
    })  # fmt: skip


def _lognormal(standard: Numbers, parameters: Mapping[str, Any] | None) -> Numbers:
    """Altruism of physicians at standard normal points."""
    known = parameter_record({k: v for k, v in (parameters or {}).items() if k not in _of_behaviour(parameters)})[0]
    return np.asarray(known["workforce_alpha_median"] * np.exp(known["workforce_alpha_log_sd"] * standard))


def _of_behaviour(parameters: Mapping[str, Any] | None) -> dict[str, Any]:
    """The parameters that only who decides reads."""
    known = all_parameters()
    return {key: value for key, value in (parameters or {}).items() if key not in known or known[key].behaviour}

"""Life tables by single year of age, derived from the parameters: prevalence, incidence, frailty, deaths, moves.

The tables of parameters run over age bands, and people age one year at a time. A cohort is followed here from birth, by
poverty and by the vulnerability that conditions share: each year some die, the sick and the vulnerable more than
others, and as many fall ill as keeps the prevalence of the band's table. People at the start are drawn from the same
cohort, so that nothing drifts when they age. A condition is never lost.

The derived tables are fields of the parameter record (``life_incidence``, ...), so that a kernel reads them like any
other parameter.
"""

from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table, one_dtype
from agents.patients import AGE_BAND_STARTS, CONDITIONS, DIABETES

type Array = NDArray[np.float64]

AGES: Final = 106
"""Ages 0 to 105; who is older follows the last."""
LEVELS: Final = 16
"""Classes of vulnerability, equally many at birth."""
QUANTILES: Final = 256
N_CONDITIONS: Final = len(CONDITIONS)

_BIRTH_TO_DEATH: Final = (*AGE_BAND_STARTS, AGES)
_BISECTIONS: Final = 40
_FIT_ROUNDS: Final = 40
_MOST: Final = 0.95  # prevalence and yearly death rates stay below
_NODES: Final = 33  # quadrature nodes of what is personal in frailty

LIFE_FIELDS: Final = (
    ("life_death", "f4", (2, AGES)),  # deaths a year of men and women at the reference multiplier
    ("life_survival", "f4", (2, AGES)),  # survivors at each age, men and women
    ("life_prevalence", "f4", (2, AGES, LEVELS, N_CONDITIONS)),  # by poverty and vulnerability
    ("life_incidence", "f4", (2, AGES, LEVELS, N_CONDITIONS)),  # chance to fall ill on reaching an age
    ("life_levels", "f4", (2, AGES, LEVELS)),  # cumulative share of the survivors by vulnerability
    ("life_score", "f4", (2, AGES, LEVELS)),  # normal score of a vulnerability among survivors
    ("life_conditions", "f4", (AGES, LEVELS)),  # mean number of conditions
    ("life_conditions_sd", "f4", (AGES, LEVELS)),
    ("life_frailty", "f4", (AGES, QUANTILES)),
    ("life_frailty_mean", "f4", (AGES,)),
    ("life_ald_other", "f4", (AGES,)),  # long-term illness that no listed condition explains
    ("life_fertility", "f4", (AGES,)),
    ("life_leave", "f4", (AGES,)),
    ("life_normal", "f4", (QUANTILES,)),  # quantiles of the standard normal law
    ("life_literacy", "f4", (QUANTILES,)),  # quantiles of health literacy
)


def with_life_tables(record: Table) -> Table:
    """A copy of the parameter record, shape ``(1,)``, with the derived tables as further fields."""
    names = [n for n in record.dtype.names or () if not n.startswith("life_")]
    wider = np.zeros(1, dtype=one_dtype(np.dtype([(n, record.dtype[n]) for n in names] + list(LIFE_FIELDS))))
    for name in names:
        wider[name] = record[name]
    used = [n for n in names if n.startswith(("population_", "demography_"))]
    key = tuple((n, record.dtype[n].shape, record[0][n].tobytes()) for n in used)
    for name, table in _life_tables(key).items():
        wider[0][name] = table
    return wider


@lru_cache(maxsize=8)
def _life_tables(key: tuple[tuple[str, tuple[int, ...], bytes], ...]) -> dict[str, Array]:
    """All derived tables for one setting of the population and demography parameters."""
    from scipy.special import betaincinv, ndtri

    p = {name: np.frombuffer(raw, dtype="f8").reshape(shape) for name, shape, raw in key}
    middles = (np.arange(QUANTILES) + 0.5) / QUANTILES
    death = np.stack([by_age(p["demography_death_ages"], p[f"demography_death_{sex}"]) for sex in ("men", "women")])
    survival = np.cumprod(np.hstack([np.ones((2, 1)), 1.0 - death[:, :-1]]), axis=1)
    women = float(p["population_women_at_birth"])
    alive = (1.0 - women) * survival[0] + women * survival[1]
    mean_death = ((1.0 - women) * survival[0] * death[0] + women * survival[1] * death[1]) / alive
    mean_frailty = banded_curve(p["population_frailty_mean"], alive)
    first_shape = p["population_frailty_concentration"] * np.clip(mean_frailty, 1e-4, 1.0 - 1e-4)[:, None]
    frailty = betaincinv(first_shape, p["population_frailty_concentration"] - first_shape, middles)
    cohort = _Cohort(p, alive, frailty, mean_frailty)
    for age in range(AGES):
        cohort.reach(age, float(mean_death[age]))
    literacy = p["population_literacy"]
    return {
        "life_death": death / cohort.multiplier,
        "life_survival": survival,
        "life_prevalence": cohort.prevalence,
        "life_incidence": cohort.incidence,
        "life_levels": np.cumsum(cohort.levels, axis=2),
        "life_score": cohort.score,
        "life_conditions": cohort.conditions,
        "life_conditions_sd": np.sqrt(cohort.variance),
        "life_frailty": frailty,
        "life_frailty_mean": mean_frailty,
        "life_ald_other": _other_long_term_illness(p, cohort, alive),
        "life_fertility": by_age(p["demography_fertility_ages"], p["demography_fertility"], logarithm=False),
        "life_leave": by_age(p["demography_leave_ages"], p["demography_leave"], logarithm=False),
        "life_normal": ndtri(middles),
        "life_literacy": betaincinv(literacy[0], literacy[1], middles),
    }


def by_age(ages: Array, values: Array, *, logarithm: bool = True) -> Array:
    """Values at each year of age, linear (or linear in the logarithm) between the ages given."""
    years = np.arange(AGES) + 0.5
    if logarithm:
        return np.exp(np.interp(years, ages, np.log(values)))
    return np.interp(years, ages, values, left=0.0 if ages[0] > 0 else None)


def banded_curve(values: Array, weights: Array) -> Array:
    """A smooth curve over ages whose mean in each age band is the band's value.

    The curve is linear in the logarithm between the middles of the bands; a band whose value is 0 stays at 0.

    Args:
        values: one number an age band, shape ``(6,)``.
        weights: people at each age, shape ``(AGES,)``.

    Returns:
        Shape ``(AGES,)``.
    """
    bands = [slice(a, b) for a, b in pairwise(_BIRTH_TO_DEATH)]
    ages: Array = np.arange(AGES, dtype=np.float64) + 0.5
    middle: Array = np.array([np.average(ages[b], weights=weights[b]) for b in bands])
    positive = np.flatnonzero(values > 0)
    if positive.size == 0:
        return np.zeros(AGES)
    first = AGE_BAND_STARTS[positive[0]]
    height: Array = np.log(values[positive])
    for _ in range(_FIT_ROUNDS):
        curve = _through(ages, middle[positive], height)
        curve[:first] = 0.0
        means = np.array([np.average(curve[bands[b]], weights=weights[bands[b]]) for b in positive])
        height += np.log(values[positive] / means)
    return np.clip(curve, 0.0, _MOST)


def _through(ages: Array, knots: Array, height: Array) -> Array:
    """Exponential of the line through the knots; flat above the last, on the first slope below the first."""
    line = np.interp(ages, knots, height)
    if knots.size > 1 and knots[0] > AGE_BAND_STARTS[1]:
        slope = (height[1] - height[0]) / (knots[1] - knots[0])
        line = np.where(ages < knots[0], height[0] + slope * (ages - knots[0]), line)
    return np.exp(line)


class _Cohort:
    """A cohort followed from birth, by poverty (not poor, poor) and vulnerability."""

    def __init__(self, p: dict[str, Array], alive: Array, frailty: Array, mean_frailty: Array) -> None:
        from scipy.special import ndtri

        self.poor = float(p["population_poor_mean"])
        self.target = np.stack([banded_curve(row, alive) for row in p["population_prevalence"]], axis=1)
        self.ratio = _poor_ratios(p)
        self.loading = p["population_liability_loading"]
        self.death_ratio = p["demography_death_condition"]
        self.death_frailty = float(p["demography_death_frailty"])
        self.own = float(p["population_frailty_vulnerability"])
        self.frailty, self.mean_frailty = frailty, mean_frailty
        self.z = ndtri((np.arange(LEVELS) + 0.5) / LEVELS)
        self.personal = ndtri((np.arange(_NODES) + 0.5) / _NODES) * np.sqrt(1.0 - self.own**2)
        self.prevalence = np.zeros((2, AGES, LEVELS, N_CONDITIONS))
        self.incidence = np.zeros((2, AGES, LEVELS, N_CONDITIONS))
        self.levels = np.zeros((2, AGES, LEVELS))
        self.score = np.zeros((2, AGES, LEVELS))
        self.conditions = np.zeros((AGES, LEVELS))
        self.variance = np.zeros((AGES, LEVELS))
        self.multiplier = np.ones(AGES)
        self.now = np.zeros((2, LEVELS, N_CONDITIONS))
        self.people = np.full((2, LEVELS), 1.0 / LEVELS)

    def reach(self, age: int, death: float) -> None:
        """Fall ill on reaching an age, be counted there, and die in the year that follows."""
        self._fall_ill(age)
        self._count(age)
        self._die(age, death)

    def _fall_ill(self, age: int) -> None:
        """Bring prevalence to the table's: the poor first, then the others so that the mean of both is right."""
        mean, ratio = self.target[age], self.ratio[age]
        poor = np.clip(ratio * mean / (1.0 + self.poor * (ratio - 1.0)), 0.0, _MOST)
        for group in (1, 0):
            wanted = poor if group else np.clip((mean - self.poor * poor) / (1.0 - self.poor), 0.0, _MOST)
            new = np.maximum(self.now[group], self._at_mean(wanted, self.people[group]))
            self.incidence[group, age] = (new - self.now[group]) / (1.0 - self.now[group])
            self.now[group] = new
            if group:
                poor = self.people[1] @ new

    def _at_mean(self, mean: Array, people: Array) -> Array:
        """Prevalence by vulnerability under the liability law, for a given mean, shape ``(LEVELS, conditions)``."""
        from scipy.special import ndtr

        spread = np.sqrt(1.0 - self.loading**2)
        low, high = np.full(N_CONDITIONS, -8.0), np.full(N_CONDITIONS, 8.0)
        for _ in range(_BISECTIONS):
            threshold = (low + high) / 2.0
            got = people @ ndtr((self.loading * self.z[:, None] - threshold) / spread)
            low, high = np.where(got > mean, threshold, low), np.where(got > mean, high, threshold)
        result = ndtr((self.loading * self.z[:, None] - (low + high) / 2.0) / spread)
        return np.where(mean > 0.0, result, 0.0)

    def _count(self, age: int) -> None:
        """Write down the cohort as it is at an age."""
        from scipy.special import ndtri

        self.prevalence[:, age], self.levels[:, age] = self.now, self.people
        before = np.cumsum(self.people, axis=1) - self.people
        self.score[:, age] = ndtri(np.clip(before + self.people / 2.0, 1e-6, 1.0 - 1e-6))
        q = (1.0 - self.poor) * self.now[0] + self.poor * self.now[1]
        self.conditions[age] = q.sum(axis=1)
        self.variance[age] = (q * (1.0 - q)).sum(axis=1)

    def _die(self, age: int, death: float) -> None:
        """Let some die, by condition and frailty, so that the mean rate is that of the life table."""
        from scipy.special import ndtr

        u = ndtr(self.own * self.score[:, age, :, None] + self.personal)
        frailty = self.frailty[age][np.minimum((u * QUANTILES).astype(int), QUANTILES - 1)]
        frail = np.exp(self.death_frailty * (frailty - self.mean_frailty[age])).mean(axis=2)
        extra = 1.0 + self.now * (self.death_ratio - 1.0)
        multiplier = frail * extra.prod(axis=2)
        share = np.array([[1.0 - self.poor], [self.poor]])
        self.multiplier[age] = (share * self.people * multiplier).sum()
        rate = np.minimum(_MOST, death * multiplier / self.multiplier[age])
        with_it = np.minimum(_MOST, rate[:, :, None] * self.death_ratio / extra)
        self.now = np.clip(self.now * (1.0 - with_it) / (1.0 - rate[:, :, None]), 0.0, 1.0 - 1e-9)
        self.people = self.people * (1.0 - rate)
        self.people /= self.people.sum(axis=1, keepdims=True)


def _poor_ratios(p: dict[str, Array]) -> Array:
    """How much likelier the poor are to have each condition, by age, shape ``(AGES, conditions)``."""
    ages = np.arange(AGES)
    others = np.where(ages < p["population_poor_ratio_age"], p["population_poor_ratio"], 1.0)
    ratio = np.repeat(others[:, None], N_CONDITIONS, axis=1)
    young = ages < p["population_poor_ratio_young_diabetes_age"]
    ratio[young, DIABETES] = p["population_poor_ratio_young_diabetes"]
    return ratio


def _other_long_term_illness(p: dict[str, Array], cohort: _Cohort, alive: Array) -> Array:
    """Long-term illness for other reasons than the conditions, so that the table by age holds; it never falls."""
    wanted = banded_curve(p["population_ald"], alive)
    free = (1.0 - cohort.prevalence * p["population_ald_given_condition"]).prod(axis=3)
    free = (cohort.levels * free).sum(axis=2)
    without = (1.0 - cohort.poor) * free[0] + cohort.poor * free[1]
    return np.maximum.accumulate(np.clip(1.0 - (1.0 - wanted) / without, 0.0, _MOST))

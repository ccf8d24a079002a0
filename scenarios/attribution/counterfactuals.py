"""Accounts as they might have been: each cause of a payment, switched off (``docs/attributing.md`` says what it means).

Response is switched by runs: accounts of the paid arm, or of its twin without the rule under the same luck. Territory,
case mix, starting point and trend are ratios, taken from the mean accounts of the twin, by which measures are divided.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scenarios.attribution.books import AROUND, LIST, TEAM, Books
from scenarios.attribution.planting import resized
from scenarios.attribution.settling import Settler, Tables, frozen, placeless
from sim.payment.accounts_of_year import LIST_CLASSES, ListClass
from sim.payment.norms import Norms

type Numbers = NDArray[np.float64]

RESPONSE, TERRITORY, CASE_MIX, START, TREND = CAUSES = ("response", "territory", "case_mix", "start", "trend")
"""Causes of a payment, in the order of the bits of a coalition."""
TWIN, WITH_RULE = "twin", "paid"
"""Arms: the team without the rule, and with it."""
SPENDING: Final = "spending"
TIE: Final = 1e-9
"""Share by which an average team costs more than the nation: rules that ask for a gain find none, whatever rounding."""
LEAST_NEIGHBOURS: Final = 500.0
"""Registered patients of other teams below which a territory says nothing that the team itself does not say."""
OF_CLASSES: Final[Mapping[str, Callable[[ListClass], bool]]] = {
    "adult_list": lambda one: one.low_age >= 18,  # noqa: PLR2004 - adults
    "list_75": lambda one: one.low_age >= 75,  # noqa: PLR2004 - as the measure says
    "list_ald": lambda one: one.ald,
    "list_c2s": lambda one: one.c2s,
}
"""Parts of the list that its classes tell."""
PLACE: Final = {"practice_under_served": 0.0}
"""What an ordinary place is, for measures that describe a place."""


def bit(cause: str) -> int:
    """The bit of a cause."""
    return 1 << CAUSES.index(cause)


@dataclass(frozen=True)
class Ratios:
    """What measures are divided by when a cause is switched off, by level: ``(years, 1, measures)`` each.

    Attributes:
        of: ratios by cause and level.
        before: place of the year before the rule.
        shares: national share of each class of the list.
    """

    of: Mapping[str, Mapping[str, Numbers]]
    before: int
    shares: Numbers

    def scale(self, number: int, level: str) -> Numbers:
        """By what the measures of a level are divided under a coalition."""
        found: Numbers = np.ones(1)
        for cause in (TERRITORY, START, TREND, CASE_MIX):
            if not number & bit(cause):
                ratio = self.of[cause][level]
                # Without trend, the mix of patients is that of the year before too.
                still = cause == CASE_MIX and not number & bit(TREND)
                found = found * (ratio[self.before] if still else ratio)
        return found


def norm_of(measure: str, norms: Norms) -> str:
    """Name of the national mean by class that a measure is compared with, "" for none.

    Parts of spending that have no mean of their own move as spending does.
    """
    from scenarios.norms.content import class_means

    for name, declared in class_means().items():
        if declared.name == measure and name in norms.by_class:
            return name
    of_spending = measure.startswith(("spend_", "previous_s")) and not measure.startswith("spend_sick")
    return SPENDING if of_spending and SPENDING in norms.by_class else ""


def expected(books: Books, arm: str) -> dict[str, Numbers]:
    """Mean accounts of an arm over the redraws, by level: ``(years, owners, measures)``."""
    return {level: values.mean(axis=0) for level, values in books.of(arm).items()}


def ratios_of(books: Books, norms: Norms, base: int) -> Ratios:
    """Ratios of a team.

    Args:
        books: its accounts.
        norms: national means by class.
        base: calendar year before the rule.
    """
    means = expected(books, TWIN)
    before = books.years.index(base)
    shares = np.asarray(norms.by_class["share"]) if "share" in norms.by_class else np.zeros(len(LIST_CLASSES))
    found: dict[str, dict[str, Numbers]] = {cause: {} for cause in (TERRITORY, CASE_MIX, START, TREND)}
    by_name = _by_name(books, means, norms, shares, before)
    for level, names in books.names.items():
        sums = means[level].sum(axis=1)
        scalable = np.array([books.source.get(name) != "teams" for name in names])
        found[TREND][level] = np.where(scalable, _ratio(sums, sums[before]), 1.0)[:, None]
        for cause in (TERRITORY, CASE_MIX, START):
            known = by_name[AROUND if level == AROUND and cause == TERRITORY else cause]
            table = np.ones_like(sums)
            for place, name in enumerate(names):
                if name in known and (level != AROUND or cause == TERRITORY):
                    table[:, place] = known[name]
            found[cause][level] = table[:, None]
    return Ratios(found, before, shares)


def _by_name(
    books: Books, means: Mapping[str, Numbers], norms: Norms, shares: Numbers, before: int
) -> dict[str, dict[str, Numbers]]:
    """Ratios of territory, case mix and start by measure, ``(years,)`` each; under ``around`` the territory's own."""
    found: dict[str, dict[str, Numbers]] = {TERRITORY: {}, CASE_MIX: {}, START: {}, AROUND: {}}
    places = {level: {name: i for i, name in enumerate(names)} for level, names in books.names.items()}
    classes = [one.name for one in LIST_CLASSES]
    own, near = means[TEAM][:, 0], means[AROUND][:, 0]
    columns = [[places[level][name] for name in classes] for level in (TEAM, AROUND)]
    listed, around = own[:, columns[0]], near[:, columns[1]]
    others = np.maximum(around - listed, 0.0)
    for name in dict.fromkeys([*books.names[TEAM], *(n for level in books.names for n in books.names[level])]):
        norm = norm_of(name, norms)
        if not norm:
            continue
        usual = np.stack([norms.of_classes(norm, year) for year in books.years])
        due = (listed * usual).sum(axis=1)
        even = listed.sum(axis=1) * (shares * usual).sum(axis=1) / max(float(shares.sum()), 1e-12)
        found[CASE_MIX][name] = _ratio(due, even)
        place = np.ones(len(books.years))
        if name in places[AROUND] and name in places[TEAM]:
            spent = near[:, places[AROUND][name]] - own[:, places[TEAM][name]]
            enough = others.sum(axis=1) >= LEAST_NEIGHBOURS
            place = np.where(enough, _ratio(spent, (others * usual).sum(axis=1)), 1.0)
            found[AROUND][name] = _ratio(near[:, places[AROUND][name]], (around * usual).sum(axis=1))
        found[TERRITORY][name] = np.full(len(place), place[before])
        if name in places[TEAM]:
            start = _ratio(own[before, places[TEAM][name]], due[before] * place[before])
            found[START][name] = np.full(len(place), float(start) * (1 - TIE))
    return found


def _ratio(above: Numbers, below: Numbers) -> Numbers:
    """A ratio of sums; 1 where one of them is not above 0."""
    above, below = np.broadcast_arrays(np.asarray(above, dtype=float), np.asarray(below, dtype=float))
    return np.divide(above, below, out=np.ones(above.shape), where=(below > 0) & (above > 0))


@dataclass(frozen=True)
class Game:
    """What the rule pays a team under every coalition of causes.

    Attributes:
        books: accounts of the team, in both arms.
        settler: settles the contract with the rule.
        norms: what it compares with.
        base: calendar year before the rule.
    """

    books: Books
    settler: Settler
    norms: Norms
    base: int

    @cached_property
    def ratios(self) -> Ratios:
        """What measures are divided by when a cause is switched off."""
        return ratios_of(self.books, self.norms, self.base)

    def worth(self) -> Numbers:
        """Pay a settled year, mean over years, by coalition and redraw: ``(2**causes, redraws)`` (EUR)."""
        found = np.zeros((1 << len(CAUSES), len(self.books.seeds)))
        for number in range(len(found)):
            arm = WITH_RULE if number & bit(RESPONSE) else TWIN
            there = switched(self.books.of(arm), number, self.ratios, self.books)
            found[number] = (self.settler.pay(there, self.norms_under(number)) * self._held(arm)).mean(axis=1)
        return found

    def pay(self, tables: Tables, number: int) -> Numbers:
        """Pay a settled year for some accounts of the team, mean over years, under a coalition: ``(rows,)`` (EUR)."""
        there = switched(tables, number, self.ratios, self.books)
        return self.settler.pay(there, self.norms_under(number)).mean(axis=1)

    def guaranteed(self, size: float = 0.0) -> float:
        """What an average team is paid a year without response and without luck (EUR): its mean accounts are settled.

        Args:
            size: size of its list, that of the team where 0.
        """
        tables = resized(self.books.of(TWIN), self.books, size) if size else self.books.of(TWIN)
        mean = {level: values.mean(axis=0, keepdims=True) for level, values in tables.items()}
        return float(self.pay(mean, 0)[0])

    def _held(self, arm: str) -> Numbers:
        """Whether the team was under the rule, ``(redraws, settled years)``: a team that leaves is paid no more."""
        if arm == TWIN:
            return np.ones((len(self.books.seeds), len(self.settler.settled)))
        first = self.books.years.index(self.settler.settled[0])
        return self.books.held[self.books.arms.index(arm)][:, first:]

    def norms_under(self, number: int) -> Norms:
        """Norms under a coalition: with or without places and trend."""
        norms = self.norms if number & bit(TREND) else frozen(self.norms, self.base)
        return norms if number & bit(TERRITORY) else placeless(norms)

    @property
    def neutral(self) -> Norms:
        """Norms that know no places."""
        return placeless(self.norms)


def switched(tables: Tables, number: int, ratios: Ratios, books: Books) -> dict[str, Numbers]:
    """Accounts under a coalition: what is not in it is divided out.

    Args:
        tables: measures by level, ``(rows, years, owners, measures)``.
        number: the coalition.
        ratios: of the team.
        books: of the team.
    """
    found = {}
    for level, values in tables.items():
        found[level] = values / ratios.scale(number, level)
    if not number & bit(CASE_MIX):
        _national_mix(found, ratios.shares, books)
    if not number & bit(TERRITORY):
        for place, name in enumerate(books.names[TEAM]):
            if name in PLACE:
                found[TEAM][..., place] = PLACE[name]
    return found


def _national_mix(tables: dict[str, Numbers], shares: Numbers, books: Books) -> None:
    """Give every list of the team the national mix of classes; changed in place."""
    if not shares.sum() > 0:
        return
    known = {one.name: float(share) for one, share in zip(LIST_CLASSES, shares, strict=True)}
    known |= {name: sum(known[one.name] for one in LIST_CLASSES if inside(one)) for name, inside in OF_CLASSES.items()}
    classes = [one.name for one in LIST_CLASSES]
    for level, names in books.names.items():
        if level == AROUND or not set(names) & known.keys():
            continue
        there = [names.index(name) for name in classes if name in names]
        listed = tables[level][..., there].sum(axis=-1)
        if not there and LIST in names:
            listed = tables[level][..., names.index(LIST)]
        for place, name in enumerate(names):
            if name in known:
                tables[level][..., place] = listed * known[name] / float(shares.sum())

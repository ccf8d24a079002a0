"""Outcomes by group: what parts of the people get, and what each profession works and earns (`compare --by`).

An outcome of a group is called after the outcome that it is a part of and the member: ``forgone_per_person_c2s``. Each
is one measure over another, so that a new outcome by group is one line of :data:`PARTS`.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.nurses import KINDS as NURSES
from agents.patients import AGE_BANDS
from agents.uses import USES
from sim.area_types import AREA_TYPES
from sim.outcomes.declaration import OUTCOMES, Model, Read, outcome, per_measure, ratio
from sim.outcomes.posts import in_post
from sim.standard_measures.groups import ADULT_BANDS, FLAGS
from sim.working_time import QUARTERS
from sim.world import WEEKS_PER_YEAR


class Part(NamedTuple):
    """An outcome that parts of the people have too.

    Attributes:
        unit, label, reference: of the outcome.
        whole: measures of the numerator and of the people, over everybody.
        flagged: the same of the people whom a bit of their flags tells, with a place for its name.
        by_age: the same of an age band, with a place for its name.
        scale: what the ratio is multiplied by.
        adults: whether only adults count.
    """

    unit: str
    label: str
    reference: str
    whole: tuple[str, str]
    flagged: tuple[str, str]
    by_age: tuple[str, str]
    scale: float = 1.0
    adults: bool = False


PARTS: Final[Mapping[str, Part]] = {
    "contacts_per_person": Part(
        "contacts/person/year", "GP contacts a person", "P-VIS-MEAN", ("contacts_residents", "residents"),
        ("contacts_{}", "{}_residents"), ("contacts_age_{}", "residents_age_{}"),
    ),
    "spending_mean": Part(
        "EUR/person/year", "insurer spending a person", "P-COST-MEAN", ("spend_residents", "residents"),
        ("spend_residents_{}", "{}_residents"), ("spend_age_{}", "residents_age_{}"),
    ),
    "avoidable_stays_per_1000_adults": Part(
        "per 1,000 adults", "potentially avoidable stays", "P-HPE", ("avoidable_stays_residents", "adult_residents"),
        ("avoidable_stays_{}", "{}_adults"), ("avoidable_stays_age_{}", "residents_age_{}"), 1000.0, adults=True,
    ),
    "forgone_per_person": Part(
        "needs/person/year", "needs given up, a person", "behaviour C2", ("forgone", "residents"),
        ("forgone_{}", "{}_residents"), ("forgone_age_{}", "residents_age_{}"),
    ),
}  # fmt: skip
"""Outcomes of the people that are told by group."""

PROFESSIONS: Final = {
    "physician": "physicians", "nurse_liberal": "self-employed nurses", "nurse_asalee": "asalee nurses",
    "nurse_advanced_practice": "advanced-practice nurses", "nurse_pathway": "pathway nurses",
}  # fmt: skip
EARNERS: Final = ("physician", "nurse_liberal", "nurse_advanced_practice")
"""Professions whose income depends on what they do; the others are paid a salary that no rule here moves."""
WORK: Final = tuple(use for use in USES if use not in ("idle", "overrun", "personal"))
"""Uses of time that are work; the overrun is part of the others."""

GROUPED: Final[dict[str, dict[str, dict[str, str]]]] = {}
"""For every group, the outcomes that it tells apart, and for each the name of its outcome by member."""


def _put(group: str, name: str, member: str) -> str:
    """Note the outcome of a member; its name."""
    own = f"{name}_{member}"
    GROUPED.setdefault(group, {}).setdefault(name, {})[member] = own
    return own


def _without(whole: tuple[str, str], part: tuple[str, str], scale: float) -> Read:
    """An outcome of everybody but a part."""

    def read(model: Model, year: int) -> float:
        above, below = (
            model.accounts.total(all_, year) - model.accounts.total(some, year)
            for all_, some in zip(whole, part, strict=True)
        )
        return ratio(above, below, scale)

    return read


def _in_area(whole: tuple[str, str], area: int, scale: float) -> Read:
    """An outcome of the people who live in communes of one type."""

    def read(model: Model, year: int) -> float:
        inside = model.world.communes["area_type"] == area
        above, below = (float(model.accounts.array(name, year, "commune")[inside].sum()) for name in whole)
        return ratio(above, below, scale)

    return read


def _declare(group: str, name: str, member: str, part: Part, said: str, read: Read) -> None:
    own = _put(group, name, member)
    if own not in OUTCOMES:  # contacts by age are declared with access
        outcome(own, part.unit, f"{part.label}, by {said}", reference=part.reference)(read)


for _name, _part in PARTS.items():
    for _band in AGE_BANDS:
        if not _part.adults or _band in [band for _number, band in ADULT_BANDS]:
            _above, _below = (text.format(_band) for text in _part.by_age)
            _declare("age", _name, _band, _part, f"age: {_band}", per_measure(_above, _below, _part.scale))
    for _flag, (_bit, _what) in FLAGS.items():
        _own = (_part.flagged[0].format(_flag), _part.flagged[1].format(_flag))
        _declare(_flag, _name, _flag, _part, f"{_what}: with", per_measure(*_own, _part.scale))
        _declare(_flag, _name, f"no_{_flag}", _part, f"{_what}: without", _without(_part.whole, _own, _part.scale))
    for _number, _area in enumerate(AREA_TYPES):
        _declare("area", _name, _area, _part, f"living area: {_area}", _in_area(_part.whole, _number, _part.scale))


def _among(model: Model, profession: str) -> NDArray[np.bool_]:
    """Who is of a profession and in post at the end of the year."""
    if profession == "physician":
        return in_post(model)
    nurses = model.world.nurses
    kind = NURSES.index(profession.removeprefix("nurse_"))
    return np.asarray((nurses["kind"] == kind) & (nurses["in_post"] == 1))


def _level(profession: str) -> str:
    return "physician" if profession == "physician" else "nurse"


def _mean(values: NDArray[np.float64], among: NDArray[np.bool_]) -> float:
    return ratio(float(values[among[: len(values)]].sum()), float(among[: len(values)].sum()))


def _hours(profession: str) -> Read:
    def read(model: Model, year: int) -> float:
        level = _level(profession)
        hours = sum(model.accounts.array(f"hours_{use}_{level}s", year, level) for use in WORK)
        return _mean(np.asarray(hours, dtype=float) / WEEKS_PER_YEAR, _among(model, profession))

    return read


def _income(profession: str) -> Read:
    def read(model: Model, year: int) -> float:
        among = _among(model, profession)
        if model.treasury is None:
            return float("nan")
        level = _level(profession)
        paid = np.asarray(model.treasury.income_of(level, len(among), year))
        if level == "nurse":  # a nurse of no team is under no contract, and lives on fees
            fees = np.zeros(len(paid))
            for quarter in range(1, QUARTERS + 1):
                billed = model.accounts.array(f"fees_quarter_{quarter}_nurses", year, level)
                fees[: len(billed)] += billed
            paid = np.where(paid > 0, paid, fees)
        return _mean(paid, among)

    return read


for _profession, _who in PROFESSIONS.items():
    outcome(
        _put("profession", "hours_per_week", _profession), "hours/week",
        f"hours of work, mean over all weeks of the year: {_who}", reference="P-H-PAT",
    )(_hours(_profession))  # fmt: skip
    if _profession in EARNERS:
        outcome(
            _put("profession", "income", _profession), "EUR/year", f"gross income after sharing: {_who}",
            reference="P-GROSS",
        )(_income(_profession))  # fmt: skip


def of_group(group: str, names: tuple[str, ...] = ()) -> list[str]:
    """Outcomes of a group, of all that it tells apart or of some.

    Args:
        group: ``age``, ``ald``, ``c2s``, ``area`` or ``profession``.
        names: outcomes of which the members are wanted.
    """
    return [own for name, members in GROUPED[group].items() if not names or name in names for own in members.values()]

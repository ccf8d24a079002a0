"""Dated fees: what an act is worth on the day it is done, and who pays it.

Values live in ``sim/payment/tariffs/*.toml``, each from its day until the next entry, with its label and source. Money
is in whole cents. A fee that changes inside a week changes on its day: :meth:`Tariffs.week` gives one row a weekday.
"""

import tomllib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agents.mistakes import Mistake, nearest
from sim import events
from sim.parameters import LABELS

FOLDER: Final = Path(__file__).parent / "payment" / "tariffs"
FEE_FILES: Final = ("fees", "hospital", "insurance", "nurse")
"""Files of fees; the others of the folder hold the terms of one payment rule each (``sim/payment/terms.py``)."""
DAYS_PER_WEEK: Final = 7
NOTHING: Final = "nothing"
UNPAID: Final = ("none", "SALARIED")
PHYSICIAN_CODES: Final = ("G", "G_CHILD", "HOME", "VL", "IMT", "LONG", "TLC", "TECH", "OOH", "SNP")
NURSE_CODES: Final = ("AMI", "BSA", "BSB", "BSC")


@dataclass(frozen=True, slots=True)
class DatedValue:
    """One value and the day from which it holds."""

    valid_from: date
    value: float
    label: str
    source: str


@dataclass(frozen=True, slots=True)
class Tariff:
    """One dated amount.

    Attributes:
        name: act code, or a name of its own (``IFD``, ``PATIENT_FLAT``).
        entries: dated values, oldest first.
        before: code billed before the first entry, "nothing" for no fee, "" when such a day is refused.
        on_top_of: code whose fee is added (a supplement), "" for none.
        low, high: plausible range of the value, where one can be given.
        variants: other published values by name.
    """

    name: str
    title: str
    unit: str
    label: str
    source: str
    entries: tuple[DatedValue, ...]
    before: str = ""
    on_top_of: str = ""
    low: float | None = None
    high: float | None = None
    variants: Mapping[str, float] = field(default_factory=dict)

    def entry(self, day: date, *, extrapolate: bool = False) -> DatedValue | None:
        """The last entry not later than ``day``; None when the code does not exist yet.

        Raises:
            Mistake: on a day before the first entry of a code that has no ``before``, unless ``extrapolate``.
        """
        in_force = [entry for entry in self.entries if entry.valid_from <= day]
        if in_force:
            return in_force[-1]
        if self.before:
            return None
        if extrapolate:
            return self.entries[0]
        raise Mistake(
            'tariff "{name}" is not known on {day}: its first value holds from {first}.',
            name=self.name, day=day.isoformat(), first=self.entries[0].valid_from.isoformat(),
        )  # fmt: skip


def _tariff(file: Path, name: str, table: Mapping[str, Any]) -> Tariff:
    """One table of a tariff file, checked."""
    entries = tuple(
        DatedValue(e["valid_from"], float(e["value"]), e.get("label", table["label"]), e.get("source", table["source"]))
        for e in table["values"]
    )
    days = [entry.valid_from for entry in entries]
    if days != sorted(set(days)) or not {entry.label for entry in entries} <= set(LABELS):
        raise Mistake('{file}: tariff "{name}" has days out of order or an unknown label.', file=file.name, name=name)
    low, high = table.get("range", (None, None))
    return Tariff(
        name=name, title=table["title"], unit=table["unit"], label=table["label"], source=table["source"],
        entries=entries, before=table.get("before", ""), on_top_of=table.get("on_top_of", ""), low=low, high=high,
        variants=table.get("variants", {}),
    )  # fmt: skip


@cache
def all_tariffs() -> Mapping[str, Tariff]:
    """Every dated amount by name, in the order of the files."""
    found: dict[str, Tariff] = {}
    for file in (FOLDER / f"{name}.toml" for name in FEE_FILES):
        for name, table in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if name in found:
                raise Mistake('{file}: tariff "{name}" is declared twice.', file=file.name, name=name)
            found[name] = _tariff(file, name, table)
    return found


@dataclass(slots=True)
class Tariffs:
    """The fees of one run.

    Attributes:
        extrapolate: carry the first value back instead of refusing an earlier day.
        variants: other published values to use, by tariff: ``{"ED": "full"}``.
        scale: factors on fees, by code (a fee cut is ``{"G": 0.58}``).
        reform: other values, each from its day until the next entry, by tariff.
    """

    extrapolate: bool = False
    variants: Mapping[str, str] = field(default_factory=dict)
    scale: Mapping[str, float] = field(default_factory=dict)
    reform: Mapping[str, Sequence[DatedValue]] = field(default_factory=dict)
    _weeks: dict[tuple[date, date], NDArray[np.int64]] = field(default_factory=dict, repr=False)
    _reformed: Mapping[str, Tariff] = field(init=False, repr=False)
    _changes: Sequence[date] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse variants, factors and reforms of tariffs that do not exist."""
        self._reformed = {name: reformed(find_tariff(name), changes) for name, changes in self.reform.items()}
        known = [*all_tariffs().values(), *self._reformed.values()]
        self._changes = sorted({entry.valid_from for tariff in known for entry in tariff.entries})
        for name in (*self.variants, *self.scale):
            found = find_tariff(name)
            variant = self.variants.get(name)
            if variant is not None and variant not in found.variants:
                raise Mistake(
                    'tariff "{name}" has no variant "{variant}". Known variants: {known}.',
                    name=name, variant=variant, known=", ".join(found.variants) or "-",
                )  # fmt: skip

    def value(self, name: str, day: date) -> float:
        """Amount of a tariff on a day, in its own unit (supplements added to what they top up).

        Raises:
            Mistake: when the name is not known, or the day comes before its first entry.
        """
        found = self._billed(name, day)
        if found is None:
            return 0.0
        tariff, entry = found
        variant = self.variants.get(tariff.name)
        amount = entry.value if variant is None else tariff.variants[variant]
        if tariff.on_top_of:
            amount += self.value(tariff.on_top_of, day)
        return amount * self.scale.get(tariff.name, 1.0)

    def in_force(self, name: str, first: date, last: date) -> list[DatedValue]:
        """What a tariff is worth from one day to another, supplements added: each value with its day, label and source.

        A code that does not exist yet is worth what is billed in its place; nothing where nothing is.
        """
        found: list[DatedValue] = []
        for day in [first, *(change for change in self._changes if first < change <= last)]:
            billed, value = self._billed(name, day), self.value(name, day)
            if billed and (not found or found[-1].value != value):
                found.append(replace(billed[1], value=value))
        return found

    def _billed(self, name: str, day: date) -> tuple[Tariff, DatedValue] | None:
        """What is billed under a name on a day: itself, or what came before it, with the entry that holds."""
        tariff = self._reformed.get(name) or find_tariff(name)
        entry = tariff.entry(day, extrapolate=self.extrapolate)
        if entry is not None:
            return tariff, entry
        return None if tariff.before == NOTHING else self._billed(tariff.before, day)

    def fee_cents(self, day: date) -> NDArray[np.int64]:
        """Fee of every act code on a day: cents, shape ``(len(CODES),)``, in the order of ``sim.events.CODES``."""
        fees = [0 if code in UNPAID else _cents(self.value(code, day)) for code in events.CODES]
        return np.array(fees, dtype=np.int64)

    def stay_cents(self, day: date) -> NDArray[np.int64]:
        """Tariff of a stay by cause on a day: cents, shape ``(len(CAUSES),)``, in the order of ``CAUSES``."""
        stays = np.full(len(events.CAUSES), _cents(self.value("STAY", day)), dtype=np.int64)
        costly = [events.CAUSE_HEART_FAILURE, events.CAUSE_COPD]
        stays[costly] = _cents(self.value("STAY_HEART_FAILURE_OR_COPD", day))
        return stays

    def week(self, first_day: date) -> NDArray[np.int64]:
        """Fees of the seven days that start on ``first_day``: cents, shape ``(7, len(CODES))``; cached, read only.

        Weeks between two changes of any fee share one array.
        """
        last_day = first_day + timedelta(days=DAYS_PER_WEEK - 1)
        key = (self._last_change(first_day), self._last_change(last_day))
        changing = key[0] != key[1]
        if changing:
            key = (first_day, last_day)
        if key not in self._weeks:
            days = [first_day + timedelta(days=d) if changing else first_day for d in range(DAYS_PER_WEEK)]
            rows = np.stack([self.fee_cents(day) for day in days])
            rows.flags.writeable = False
            self._weeks[key] = rows
        return self._weeks[key]

    def _last_change(self, day: date) -> date:
        """The last day on which some amount changes, not later than ``day``."""
        place = bisect_right(self._changes, day)
        return self._changes[place - 1] if place else date.min


def reformed(tariff: Tariff, changes: Sequence[DatedValue]) -> Tariff:
    """A tariff with other values from their days on; what it had from later days on gives way.

    Raises:
        Mistake: a value that is negative.
    """
    entries = tariff.entries
    for change in changes:
        if change.value < 0:
            raise Mistake("fees.{name} = {value}: a fee is not negative.", name=tariff.name, value=change.value)
        entries = (*(entry for entry in entries if entry.valid_from < change.valid_from), change)
    return replace(tariff, entries=entries)


def find_tariff(name: str) -> Tariff:
    """A tariff by name.

    Raises:
        Mistake: with the nearest known name.
    """
    known = all_tariffs()
    if name not in known:
        raise Mistake(
            'tariff "{name}" is not known. Did you mean "{nearest}"?', name=name, nearest=nearest(name, known) or ""
        )
    return known[name]


def fee_cents(day: date, *, extrapolate: bool = False) -> NDArray[np.int64]:
    """Fee of every act code on a day: cents, shape ``(len(CODES),)``."""
    return Tariffs(extrapolate=extrapolate).fee_cents(day)


def insurer_cents(
    code: ArrayLike, cents: ArrayLike, ald: ArrayLike, c2s: ArrayLike, minor: ArrayLike, in_pathway: ArrayLike,
    day: date,
) -> NDArray[np.int64]:  # fmt: skip
    """What public insurance pays of each line (systems 2.1), in cents; the arguments are those of the next function."""
    return patient_split(code, cents, ald, c2s, minor, in_pathway, day)[0]


def patient_split(
    code: ArrayLike, cents: ArrayLike, ald: ArrayLike, c2s: ArrayLike, minor: ArrayLike, in_pathway: ArrayLike,
    day: date,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:  # fmt: skip
    """Insurer, complementary cover and patient's flat charge of each line: three arrays of cents that sum to it.

    Args:
        code: act codes (index of ``sim.events.CODES``).
        cents: tariff of each line.
        ald: whether the care is for a long-term illness.
        c2s: whether the patient has means-tested cover.
        minor: whether the patient is under 18.
        in_pathway: whether the physician is the registered one, or of the same team.
        day: day of the act.
    """
    tariffs = Tariffs()
    codes, money = np.asarray(code), np.asarray(cents, dtype=np.int64)
    physician = np.isin(codes, [events.CODES.index(name) for name in PHYSICIAN_CODES])
    nurse = np.isin(codes, [events.CODES.index(name) for name in NURSE_CODES])
    percent = {name: round(100 * tariffs.value(name, day)) for name in all_tariffs() if name.startswith("REPAID")}
    ordinary = np.where(in_pathway, percent["REPAID_IN_PATHWAY"], percent["REPAID_OUTSIDE"])
    other = np.where(nurse, percent["REPAID_NURSE"], percent["REPAID_HOSPITAL"])
    covered = np.asarray(ald, dtype=bool) | np.asarray(c2s, dtype=bool)
    rate = np.where(covered, percent["REPAID_LONG_TERM_ILLNESS"], np.where(physician, ordinary, other))
    repaid = (money * rate + 50) // 100
    spared = np.asarray(minor, dtype=bool) | np.asarray(c2s, dtype=bool)
    flat = np.where(physician & ~spared, _cents(tariffs.value("PATIENT_FLAT", day)), 0)
    flat = np.minimum(flat, repaid)
    return repaid - flat, money - repaid, flat


def _cents(euros: float) -> int:
    """Euros to whole cents, half a cent upwards."""
    return int(np.floor(round(euros * 100, 6) + 0.5))

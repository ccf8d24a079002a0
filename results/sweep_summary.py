"""A sweep by point: what each arm gave there, how it differs from the first arm, and which axis goes with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from results.comparison_shown import Named, Names
from results.intervals import apart, paired
from results.messages import _
from results.query import SweepTable
from results.run import RunError

KEYS: Final = ("point", "territory", "arm", "vector")
PLACE: Final = ["territory", "vector"]
FEWEST_POINTS: Final = 5
"""Points below which no rank correlation is shown."""


@dataclass(frozen=True)
class SweepSummary:
    """A sweep, summed up.

    Attributes:
        facts: where it comes from, with title and question for people, by language.
        names: what outcomes are called.
        arms: overrides by arm; the first is the baseline.
        axes: columns that say what a vector is made of; ``factors`` what an arm is made of.
        points: a row a territory, vector and arm, with those columns.
        runs: a row a run.
        planned: runs that the design asks for.
    """

    facts: dict[str, Any]
    names: Names
    arms: dict[str, list[str]]
    axes: tuple[str, ...]
    factors: tuple[str, ...]
    points: pd.DataFrame
    runs: pd.DataFrame
    planned: int
    _shown: dict[str, pd.DataFrame] = field(default_factory=dict, init=False, repr=False, compare=False)
    _ranks: dict[str, pd.DataFrame] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def baseline(self) -> str:
        """Arm that the others are compared with."""
        return next(iter(self.arms))

    @property
    def others(self) -> list[str]:
        """The other arms."""
        return list(self.arms)[1:]

    @property
    def failed(self) -> pd.DataFrame:
        """Runs that did not reach their end."""
        return self.runs[self.runs["stage"] != ""]

    def levels(self, outcome: str) -> pd.DataFrame:
        """Mean and interval of an outcome over the seeds of each point and arm.

        Returns:
            ``territory, vector, arm``, the axes, ``mean, low, high, worlds``.
        """
        rows = [
            {**dict(zip([*PLACE, "arm"], place, strict=True)), **_interval(own[outcome].dropna().to_numpy(float))}
            for place, own in self._whole().groupby([*PLACE, "arm"], sort=False)
        ]
        return self._placed(pd.DataFrame(rows, columns=[*PLACE, "arm", "mean", "low", "high", "worlds"]))

    def differences(self, outcome: str) -> pd.DataFrame:
        """Paired difference of each other arm from the first at each point, over the seeds that both have.

        Returns:
            As :meth:`levels`, with ``base``, the mean of the first arm on these seeds.
        """
        wide = self._whole().pivot_table(outcome, [*PLACE, "seed"], "arm", aggfunc="mean")
        rows: list[dict[str, Any]] = []
        for arm in (one for one in self.others if one in wide and self.baseline in wide):
            pairs = wide[[self.baseline, arm]].dropna()
            for place, own in pairs.groupby(level=PLACE, sort=False):
                change = apart(own[arm].to_numpy(float), own[self.baseline].to_numpy(float))
                where = dict(zip([*PLACE, "arm"], [*place, arm], strict=True))
                rows.append({**where, "base": float(own[self.baseline].mean()), **_interval(change)})
        return self._placed(pd.DataFrame(rows, columns=[*PLACE, "arm", "base", "mean", "low", "high", "worlds"]))

    def shown(self, outcome: str) -> pd.DataFrame:
        """What is told of an outcome everywhere: differences where arms are compared, levels else."""
        if outcome not in self._shown:
            self._shown[outcome] = self.differences(outcome) if self.others else self.levels(outcome)
        return self._shown[outcome]

    def ranks(self, outcome: str) -> pd.DataFrame:
        """Spearman's rank correlation over points of what is shown with each axis.

        Returns:
            ``arm, axis, rank, points``, the strongest first; none where points are few, or nothing varies.
        """
        if outcome not in self._ranks:
            self._ranks[outcome] = self._ranked(outcome)
        return self._ranks[outcome]

    def _ranked(self, outcome: str) -> pd.DataFrame:
        rows: list[dict[str, Any]] = []
        for arm, own in self.shown(outcome).groupby("arm", sort=False):
            known = own[own["mean"].notna()]
            for axis in self.axes if len(known) >= FEWEST_POINTS else ():
                if min(len(set(known[axis])), len(set(known["mean"]))) > 1:
                    rank = float(known[axis].corr(known["mean"], method="spearman"))
                    rows.append({"arm": arm, "axis": axis, "rank": rank, "points": len(known)})
        found = pd.DataFrame(rows, columns=["arm", "axis", "rank", "points"])
        return found.sort_values("rank", key=lambda ranks: -ranks.abs(), kind="stable")

    def _whole(self) -> pd.DataFrame:
        """Runs that reached their end; one whose outcome failed is missing there alone."""
        return self.runs[(self.runs["stage"] == "") | self.runs["stage"].str.startswith("outcome ")]

    def _placed(self, rows: pd.DataFrame) -> pd.DataFrame:
        places = self.points[[*PLACE, *self.axes]].drop_duplicates(PLACE)
        return rows.merge(places, on=PLACE, how="left")


def _interval(values: np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, float]:
    found = paired(values)
    return {"mean": found.mean, "low": found.low, "high": found.high, "worlds": len(values)}


def summed_up(store: Path | str) -> SweepSummary:
    """Read the store of a sweep.

    Raises:
        RunError: when there is none, or nothing of it is done yet.
    """
    table = SweepTable(store)
    manifest = table.manifest
    if not {"digest", "arms", "seeds", "outcomes"} <= manifest.keys():
        raise RunError(_("{path} holds no sweep.", path=store))
    about = dict(manifest.get("about") or {})
    points = table.query("SELECT * FROM points ORDER BY territory, vector, arm")
    try:
        runs = table.runs()
    except RunError:
        raise RunError(_("{path}: nothing of this sweep is done yet.", path=store)) from None
    own = [name for name in points.columns if name not in KEYS]
    axes = tuple(name for name in own if _same_within(points, PLACE, name) and points[name].dtype.kind in "fiu")
    labels = dict(about.get("outcomes") or {})
    facts = {
        "study": manifest["digest"], "code": manifest["code"], "parameters": about.get("parameters", "–"),
        "seeds": manifest["seeds"], "years": manifest["years"], "scenario": ", ".join(manifest["territories"]),
        "arms": manifest["arms"], "packages": manifest.get("packages", {}), "summary": manifest["summary"],
        "from_year": manifest["from_year"],
        **{key: about[key] for key in ("command", "inputs", "title", "question") if key in about},
    }  # fmt: skip
    return SweepSummary(
        facts, {name: Named(*labels.get(name, (name,))) for name in manifest["outcomes"]}, dict(manifest["arms"]), axes,
        tuple(name for name in own if name not in axes), points, runs, len(points) * len(manifest["seeds"]),
    )  # fmt: skip


def _same_within(points: pd.DataFrame, by: Sequence[str], name: str) -> bool:
    """Whether a column has one value at each place, and so belongs to its vector."""
    values = points.groupby(list(by))[name]
    return bool(points[name].notna().all() and (values.transform("first") == points[name]).all())

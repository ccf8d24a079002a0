"""``careteams calibrate``: the search, wave by wave, every run by the study engine.

The first wave is a Latin hypercube over the priors. Then, until the emulators are sharp where it matters or the waves
are over: a Gaussian process for each target, draws from the posterior that they give, and new runs at draws far from
what has been run. At last the model itself is run at draws from the posterior: that is the fit check, and the only time
that validation targets are looked at. Points of a wave are kept beside the studies, so that a search that was killed
goes on with the same ones; runs that are known are not run again.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from agents.mistakes import Mistake
from results.emulation import Emulator, TooFewError, emulated, one_thread, sampled
from results.messages import _
from results.posterior import Posterior, fit_table, parameter_table
from scenarios.calibrating.file import Calibration
from scenarios.calibrating.priors import vectors_of
from scenarios.patterns.validation import pattern_values
from scenarios.study import WORK, Workers
from scenarios.study.essence import digest_of, essence
from scenarios.study.files import replaced
from scenarios.study.points import unit_cube
from sim.parameters import all_parameters
from sim.recording.manifest import digest, packages

SHARP: Final = 0.25
"""Doubt of an emulator under the posterior, in standard deviations of its target, from which it is sharp enough."""
KEY_BYTES: Final = 4 * 624
"""Bytes that decide the draws of a posterior: the state of a Mersenne twister."""
KEPT: Final = 4000
"""Draws of the posterior that are kept, and looked at for new points."""
EARLY: Final = 3
"""Steps of the walkers between waves: so many times fewer than at the end."""

type Numbers = NDArray[np.float64]
type Values = Mapping[str, pd.DataFrame]


@dataclass(slots=True)
class Search:
    """A search under way.

    Attributes:
        calibration: what is asked.
        workers: who runs it, all processors of this machine by default.
        folder: where studies and points are kept; None keeps nothing.
        progress: show progress bars.
        say: takes one line for each wave.
        cube: points that were run, ``(points, parameters)``.
        known: what they gave, by target: one row a point, one column a seed.
        runs: runs of the search, failed ones included.
    """

    calibration: Calibration
    workers: Workers = None
    folder: Path | None = WORK
    progress: bool = False
    say: Callable[[str], None] = lambda _line: None
    cube: Numbers = field(default_factory=lambda: np.empty((0, 0)))
    known: dict[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def identity(self) -> str:
        """Digest of all that decides the search."""
        asked = self.calibration
        said = [
            [str(prior) for prior in asked.priors],
            [[t.id, t.kind, t.value, t.sd, t.low, t.high, t.degrees] for t in asked.fitted],
            [str(pattern) for pattern in asked.patterns_of(asked.fitted, asked.seeds)],
            [[essence(spec) for spec in asked.territories[p.territories]] for p in asked.patterns_of(asked.fitted, 2)],
            [asked.seeds, asked.points, asked.each, asked.waves, asked.steps, asked.draw], asked.laboratory.version(),
        ]  # fmt: skip
        return digest_of(said)

    def key(self, wave: int) -> bytes:
        """What decides the draws of a wave; derived from the search, as every draw of careteams is from its name."""
        return hashlib.shake_256(f"{self.identity} {wave}".encode()).digest(KEY_BYTES)

    def run(self, points: Numbers) -> None:
        """Run new points and add them to what is known."""
        asked = self.calibration
        fresh = self.simulated(asked.patterns_of(asked.fitted, asked.seeds), points)
        self.cube = np.vstack([self.cube, points]) if len(self.cube) else points
        for name, table in fresh.items():
            before = [self.known[name]] if name in self.known else []
            self.known[name] = pd.concat([*before, table], ignore_index=True)

    def simulated(self, patterns: Sequence[Any], points: Numbers) -> Values:
        """Values of patterns at points of the cube."""
        asked = self.calibration
        vectors = vectors_of(points, asked.priors)
        return pattern_values(
            patterns, vectors, workers=self.workers, folder=self.folder, progress=self.progress,
            laboratory=asked.laboratory, territories=asked.territories,
        )  # fmt: skip

    def shares(self, points: Numbers) -> Numbers:
        """Points of the cube as shares of the ranges of parameters, in which outcomes are smooth whatever the prior."""
        return np.column_stack([p.shares(points[:, place]) for place, p in enumerate(self.calibration.priors)])

    def emulators(self) -> dict[str, Emulator]:
        """One for each target.

        Raises:
            Mistake: when too many runs of a target have failed.
        """
        found = {}
        for target in self.calibration.fitted:
            try:
                found[target.id] = emulated(self.shares(self.cube), self.known[target.id].to_numpy(float))
            except TooFewError:
                raise Mistake("target {id}: too many runs failed for it to be fitted. The rows of the study under "
                              "{folder} say why.", id=target.id, folder=self.folder) from None  # fmt: skip
        return found

    def posterior(self, emulators: Mapping[str, Emulator], wave: int, steps: int) -> tuple[Numbers, float]:
        """Draws from the posterior that emulators give, and how many independent ones they equal."""

        def log_likelihood(points: Numbers) -> Numbers:
            shares = self.shares(points)
            parts = [t.log_likelihood(*emulators[t.id].predict(shares)) for t in self.calibration.fitted]
            return np.asarray(np.sum(parts, axis=0))

        return sampled(log_likelihood, len(self.calibration.priors), self.key(wave), steps=steps, keep=KEPT)

    def waves(self) -> dict[str, Emulator]:
        """Run wave after wave; the emulators after the last."""
        asked = self.calibration
        self.run(unit_cube("latin_hypercube", len(asked.priors), asked.points, asked.draw))
        for wave in range(2, asked.waves + 2):
            emulators = self.emulators()
            if wave > asked.waves:
                break
            points = self._kept_points(wave)
            if points is None:
                sample, _effective = self.posterior(emulators, wave, max(50, asked.steps // EARLY))
                doubt = max(self.doubts(emulators, sample).values())
                self.say(_("wave {wave}: emulators are off by up to {doubt} of what their targets leave open",
                           wave=wave - 1, doubt=f"{doubt:.2f}"))  # fmt: skip
                points = (
                    np.empty((0, len(asked.priors))) if doubt <= SHARP else far_apart(sample, self.cube, asked.each)
                )
                self._keep_points(wave, points)
            if not len(points):
                break
            self.run(points)
        return emulators

    def doubts(self, emulators: Mapping[str, Emulator], sample: Numbers) -> dict[str, float]:
        """How far each emulator may be off under the posterior, in standard deviations of its target."""
        with one_thread():
            shares = self.shares(sample)
            return {t.id: float(np.sqrt(emulators[t.id].predict(shares)[1].mean())) / t.tolerance
                    for t in self.calibration.fitted}  # fmt: skip

    def _file(self, wave: int) -> Path | None:
        return None if self.folder is None else Path(self.folder) / f"calibration-{self.identity}" / f"wave-{wave}.json"

    def _kept_points(self, wave: int) -> Numbers | None:
        """Points of a wave that was begun before."""
        file = self._file(wave)
        if file is None or not file.exists():
            return None
        points = np.array(json.loads(file.read_text(encoding="utf-8")), dtype=float)
        return points.reshape(len(points), len(self.calibration.priors))

    def _keep_points(self, wave: int, points: Numbers) -> None:
        file = self._file(wave)
        if file is not None:
            with replaced(file) as temporary:
                temporary.write_text(json.dumps(points.tolist()), encoding="utf-8")


def far_apart(sample: Numbers, run: Numbers, count: int) -> Numbers:
    """Draws far from each other and from what was run, in standard deviations of the draws (greedy maximin).

    Args:
        sample: draws, ``(n, parameters)``.
        run: points that were run.
        count: draws that are wanted.
    """
    scale = np.maximum(sample.std(axis=0), 1e-9)
    scaled = sample / scale
    distance = np.full(len(sample), np.inf)
    for point in run / scale:
        distance = np.minimum(distance, ((scaled - point) ** 2).sum(axis=1))
    chosen: list[int] = []
    for _place in range(min(count, len(sample))):
        chosen.append(int(distance.argmax()))
        distance = np.minimum(distance, ((scaled - scaled[chosen[-1]]) ** 2).sum(axis=1))
    return sample[chosen]


def calibrate(
    calibration: Calibration, *, workers: Workers = None, folder: Path | None = WORK, progress: bool = False,
    say: Callable[[str], None] = lambda _line: None,
) -> Posterior:  # fmt: skip
    """Search, or read what of the search was run before, and sum up what is known.

    Args:
        calibration: what is asked.
        workers: who runs it, all processors of this machine by default.
        folder: where studies are kept, so that a stopped search can go on; None keeps nothing.
        progress: show progress bars.
        say: takes one line for each wave.

    Raises:
        Mistake: when a parameter leaves its range, or too many runs fail.
    """
    search = Search(calibration, workers, folder, progress, say)
    emulators = search.waves()
    sample, effective = search.posterior(emulators, 0, calibration.steps)
    priors = [prior.shown() for prior in calibration.priors]
    columns = [prior.name for prior in priors]
    frame = pd.DataFrame({
        name: declared.at(sample[:, place])
        for place, (name, declared) in enumerate(zip(columns, calibration.priors, strict=True))
    })  # fmt: skip
    table = parameter_table(priors, frame)
    picked = np.linspace(0, len(sample) - 1, calibration.draws).round().astype(int)
    fit, values = _checked(search, sample[picked], frame.iloc[picked], table)
    return Posterior(
        table, frame.corr(method="spearman"), fit, _emulator_table(search, emulators, sample, picked, values), frame,
        _long(values), tuple(priors), calibration.targets, _budget(search, sample, effective, values),
        _provenance(search),
    )  # fmt: skip


def _checked(
    search: Search, points: Numbers, drawn: pd.DataFrame, table: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Run the model at draws from the posterior: targets that were fitted, and those that nothing was fitted to."""
    asked = search.calibration
    values = dict(search.simulated(asked.patterns_of(asked.fitted, asked.seeds), points))
    compared = [target for target in asked.targets if not target.fitted]
    few = np.linspace(0, len(points) - 1, asked.validation_draws).round().astype(int)
    if compared:
        values |= search.simulated(asked.patterns_of(compared, asked.validation_seeds), points[few])
    learnt = dict(zip(table["name"], ~table["prior_driven"].to_numpy(bool), strict=True))
    before = {name: rows.iloc[: asked.points] for name, rows in search.known.items()}
    parts = [fit_table(asked.fitted, values, before, drawn.reset_index(drop=True), learnt)]
    if compared:
        parts.append(fit_table(compared, values, {}, drawn.iloc[few].reset_index(drop=True), learnt))
    return pd.concat(parts, ignore_index=True), values


def _emulator_table(
    search: Search, emulators: Mapping[str, Emulator], sample: Numbers, picked: NDArray[Any], values: Values
) -> pd.DataFrame:
    """How well each target is emulated: by leaving points out, and at the draws that were run afterwards."""
    doubts, rows = search.doubts(emulators, sample), []
    for target in search.calibration.fitted:
        emulator = emulators[target.id]
        explained, covered = emulator.left_out()
        told = emulator.predict(search.shares(sample[picked]))[0]
        errors = values[target.id].mean(axis=1).to_numpy(float) - told
        rows.append({
            "target": target.id, "points": emulator.points, "explained": explained, "covered": covered,
            "doubt": doubts[target.id], "error": float(np.sqrt(np.nanmean(errors**2))) / target.tolerance,
        })  # fmt: skip
    return pd.DataFrame(rows)


def _long(values: Values) -> pd.DataFrame:
    """Predictive values, one row a target, draw and seed."""
    parts = [
        table.rename_axis("draw").reset_index().melt("draw", var_name="seed").assign(target=name)
        for name, table in values.items()
    ]
    return pd.concat(parts, ignore_index=True)[["target", "draw", "seed", "value"]]


def _budget(search: Search, sample: Numbers, effective: float, values: Values) -> dict[str, Any]:
    tables = list(search.known.values())
    return {
        "points": len(search.cube), "first_wave": min(search.calibration.points, len(search.cube)),
        "seeds": search.calibration.seeds, "values": int(sum(table.size for table in tables)),
        "missing": int(sum(table.isna().sum().sum() for table in [*tables, *values.values()])),
        "draws_kept": len(sample), "effective": round(effective),
        "predictive_draws": search.calibration.draws,
    }  # fmt: skip


def _provenance(search: Search) -> dict[str, Any]:
    return {
        "study": search.identity, "code": search.calibration.laboratory.version(),
        "calibration": search.calibration.name,
        "parameters": digest({name: parameter.value for name, parameter in all_parameters().items()}),
        "packages": packages(),
    }  # fmt: skip

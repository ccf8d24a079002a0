"""Runs of the page that are written down week by week: arms that start from one saved world, each whole or absent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from agents.mistakes import Mistake
from results.messages import _
from results.run import MANIFEST
from scenarios.running import WEEKS_PER_YEAR, recorder_of
from scenarios.study import CARETEAMS
from scenarios.study.essence import digest_of
from scenarios.study.workers import WorkerDied, completed
from scenarios.study.worlds import warmed_up
from scenarios.teaching.grid import Arm, Grid, Place, Recording
from sim.specification import RecordSpec, ScenarioSpec

PANEL_FACTOR: Final = 5
"""Patients followed in a run for each one whose weeks are told: the page takes those to whom most happens."""


@dataclass(frozen=True)
class Job:
    """One run to be made.

    Attributes:
        id: as in the payload, ``village/fees``.
        territory, arm: ids.
        base: what all arms of the territory start from.
        spec: the scenario of the arm.
        world: file of the warmed-up world.
        folder: where the run is, or will be.
    """

    id: str
    territory: str
    arm: str
    base: ScenarioSpec
    spec: ScenarioSpec
    world: Path
    folder: Path

    @property
    def whole(self) -> bool:
        """Whether the run is there."""
        return (self.folder / MANIFEST).is_file()


def jobs(grid: Grid, work: Path) -> Iterator[Job]:
    """Every recorded run of a grid; its folder is named after all that decides its content."""
    version = CARETEAMS.version()
    for territory, recording in grid.runs.items():
        place = grid.territories[territory]
        base = _base(place, recording)
        world = work / "worlds" / f"{digest_of([base, version])[:16]}.npz"
        for name in recording.arms:
            spec = _spec(place, base, grid.arms[name])
            folder = work / "weekly" / f"{territory}-{name}-{digest_of([spec, base, version])[:12]}"
            yield Job(f"{territory}/{name}", territory, name, base, spec, world, folder)


def _base(place: Place, recording: Recording) -> ScenarioSpec:
    record = RecordSpec(panel=recording.followed * PANEL_FACTOR, events=True, map=True)
    return replace(place.spec(), years=recording.years, record=record)


def _spec(place: Place, base: ScenarioSpec, arm: Arm) -> ScenarioSpec:
    return CARETEAMS.resolve(base, arm.overrides(place, base))


def made(grid: Grid, work: Path, *, workers: int, progress: bool) -> list[Job]:
    """Make every recorded run that is not there yet; a run that was stopped is made again from its saved world.

    Args:
        grid: what is recorded.
        work: folder where runs and worlds are kept.
        workers: processes.
        progress: show a progress bar.

    Raises:
        Mistake: when a run cannot be made.
    """
    from tqdm import tqdm

    every = list(jobs(grid, work))
    missing = [job for job in every if not job.whole]
    with tqdm(total=len(every), initial=len(every) - len(missing), disable=not progress, unit=_(" runs"),
              desc=_("recorded runs")) as bar:  # fmt: skip
        for tasks in ([by_world[0] for by_world in _by_world(missing)], missing):
            for job, done in completed(make, [job for job in tasks if not job.whole], workers):
                if isinstance(done, WorkerDied):
                    raise Mistake("run {name}: its process ended without an answer. Run the same command again.",
                                  name=job.id)  # fmt: skip
                bar.update()
    return every


def _by_world(missing: Sequence[Job]) -> list[list[Job]]:
    """Jobs by the world that they start from: the first of each is made first, and saves the world for the others."""
    found: dict[Path, list[Job]] = {}
    for job in missing:
        found.setdefault(job.world, []).append(job)
    return list(found.values())


def make(job: Job) -> str:
    """Make one run."""
    begun = CARETEAMS.begin(warmed_up(CARETEAMS, job.base, job.world), job.base, job.base)
    model: Any = CARETEAMS.fork(begun, job.base, job.spec)
    with recorder_of(model, job.spec, job.folder) as recorder:
        model.recorder = recorder
        model.run(job.spec.years * WEEKS_PER_YEAR)
        recorder.finish({"notes": model.world.notes})
    return job.id

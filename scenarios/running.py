"""Running one scenario, from its specification to the folder of the run."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agents.mistakes import Mistake
from results.messages import _
from scenarios.garbage import seldom_looked_for
from sim.specification import ScenarioSpec

if TYPE_CHECKING:
    from sim.recorder import Recorder

RUNS = Path("results/runs")
MOST_THREADS = 256
WEEKS_PER_YEAR = 52

type Progress = Callable[[int], object]
"""Told how many weeks have just passed."""


def default_folder(spec: ScenarioSpec) -> Path:
    """Where a run goes when its user names no folder."""
    return RUNS / f"{spec.name}-seed{spec.seed}"


def simulate(
    spec: ScenarioSpec,
    *,
    out: str | Path | None = None,
    threads: int = 1,
    progress: bool | Progress = True,
) -> Path:
    """Found the world, warm it up, run its years, and write the run.

    Args:
        spec: the checked scenario.
        out: folder of the run, by default one under ``results/runs`` (the next free name where that has another run).
        threads: threads that share the week.
        progress: whether a bar is drawn on the error stream, or a function told of the weeks passed.

    Returns:
        The folder of the run, whole: nothing is left when the run is stopped. The same run made again renews its
        files there, and leaves what else is in the folder.

    Raises:
        Mistake: when the scenario cannot be built, or the folder cannot be written or is in use for something else.
    """
    if not 1 <= threads <= MOST_THREADS:
        raise Mistake("threads = {value} is outside its range, 1 to {most}.", value=threads, most=MOST_THREADS)
    from scenarios.norms import norms_for
    from sim.model import prepared

    folder = default_folder(spec) if out is None else _asked(Path(out), spec)
    norms = norms_for(spec, workers=threads, progress=bool(progress))
    with seldom_looked_for():
        with bar(_("warm-up"), None, progress) as passed:
            model = prepared(spec, threads=threads, norms=norms, progress=passed)
        recorder = recorder_of(model, spec, folder)
        weeks = spec.years * WEEKS_PER_YEAR
        with recorder, bar(_("simulation"), weeks, progress) as passed:
            model.recorder = recorder
            model.run(weeks, progress=passed)
            return recorder.finish({"notes": model.world.notes})


def _asked(folder: Path, spec: ScenarioSpec) -> Path:
    """A folder that was asked for, as long as this very run can stand there."""
    from sim.recording.folder import identity, is_free, writing
    from sim.recording.manifest import identity_ahead

    if folder.resolve() in (Path.cwd(), *Path.cwd().parents):
        raise Mistake(
            '"{folder}" is the folder you are in, or above it: name a folder for this run alone.', folder=folder
        )
    with writing(folder):
        free = is_free(folder)
    if not free and identity(folder) != identity_ahead(spec):
        raise Mistake('"{folder}" holds another run or something else, which is left alone. Choose a new folder with '
                      "--out.", folder=folder)  # fmt: skip
    return folder


def recorder_of(model: Any, spec: ScenarioSpec, folder: Path) -> "Recorder":
    """What writes a run as its scenario asks (``[record]``).

    Args:
        model: the model, before its first recorded week.
        spec: the scenario.
        folder: final place of the run.
    """
    from sim.recorder import Recorder

    asked = spec.record
    return Recorder(model.world, spec, folder, panel=asked.panel, events=asked.events, map_of_weeks=asked.map)


@contextmanager
def bar(title: str, weeks: int | None, progress: bool | Progress) -> Iterator[Progress]:
    """A progress bar in weeks on the error stream, or the function that stands for it."""
    if callable(progress):
        yield progress
        return
    from tqdm import tqdm

    drawn: Any = tqdm(total=weeks, desc=title, unit=_(" weeks"), file=sys.stderr, disable=not progress, leave=False)
    first = not weeks  # the warm-up is the first to use compiled code, which is made once and kept on disk
    if first:
        drawn.set_postfix_str(_("the very first time, code is compiled for one to two minutes"))

    def passed(count: int) -> None:
        nonlocal first
        if first:
            first = False
            drawn.set_postfix_str("", refresh=False)
        drawn.update(count)

    with drawn:
        yield passed

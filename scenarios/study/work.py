"""Doing the work of a study: what is not known yet, batch by batch, whatever happens to the workers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from tqdm import tqdm

from agents.mistakes import Mistake
from scenarios.study.batches import Batch, Done, Engine, Merger, Pace, batches_of, handed_in, run_batch
from scenarios.study.unit import Rows, Unit, died
from scenarios.study.workers import WorkerDied
from scenarios.study.worlds import taken

if TYPE_CHECKING:
    from scenarios.study.design import Study

PART: Final = re.compile(r"(\d+)/(\d+)")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the units of a study, for a job of a job array: as many as any other, one after the other.

    So units that start from one world are mostly in one part.
    """

    number: int = 1
    of: int = 1

    @staticmethod
    def read(text: str) -> "Part":
        """A part written ``3/100``.

        Raises:
            Mistake: when it is not.
        """
        found = PART.fullmatch(text.strip())
        part = Part(int(found[1]), int(found[2])) if found else Part(0, 0)
        if not 1 <= part.number <= part.of:
            raise Mistake("--shard {value}: expected a part such as 3/100.", value=text)
        return part

    def of_units(self, total: int) -> range:
        """Which of so many units it has."""
        return range(total * (self.number - 1) // self.of, total * self.number // self.of)

    @property
    def label(self) -> str:
        """First letters of the names of its shards."""
        return "" if self.of == 1 else f"part{self.number}of{self.of}-"


def batches_done(study: "Study", like: Batch, engine: Engine, *, progress: bool, part: Part) -> Iterator[Done]:
    """Run the units of a part of a study whose runs a store does not know, and keep its shards few.

    Args:
        study: what is tried.
        like: a batch without units: the store, and what is asked of the workers.
        engine: where batches are run.
        progress: show a progress bar.
        part: which units are run here.
    """
    todo, total = unknown(study, like, part)
    merger = None if like.store is None else Merger(like.store, like.recipe, like.code)
    if todo:
        study.laboratory.ready(study.specs(todo), engine.here, progress)
    pace = Pace(like.seconds, max(1, min(engine.workers, len(todo))))
    batches = batches_of(todo, len(todo), pace, like)
    with tqdm(total=total, initial=total - len(todo), disable=not progress, unit="world") as bar:
        results = engine.completed(run_batch, batches, Batch.split) if todo else iter(())
        try:
            for batch, result in results:
                done = _lost(batch) if isinstance(result, WorkerDied) else result
                pace.learn(done)
                if merger is not None:
                    merger.add(done.shards)
                bar.update(done.units)
                yield done
        finally:
            taken().let_go()
    if merger is not None:
        merger.merge()


def unknown(study: "Study", like: Batch, part: Part) -> tuple[list[Unit], int]:
    """Units of a part with the arms that are to be run, and how many units the part has."""
    known = set() if like.store is None else set(like.store.known())
    own, todo = part.of_units(study.size), []
    for unit in islice(study.units(), own.start, own.stop):
        points = {arm: point for arm, point in unit.points.items() if (point, unit.seed) not in known}
        if points:
            todo.append(replace(unit, points=points) if len(points) < len(unit.points) else unit)
    return todo, len(own)


def _lost(batch: Batch) -> Done:
    """What is kept of a unit whose worker died."""
    done, rows, back = Done(len(batch.units)), Rows(), Rows() if batch.hand_back else None
    for unit in batch.units:
        for found in died(batch.recipe, unit):
            rows.add(found)
    handed_in(batch, rows, done, back)
    done.rows = back
    return done

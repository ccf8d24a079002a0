"""Warmed-up worlds: made once, and kept by a worker as long as units that start from them may come."""

import threading
from dataclasses import dataclass
from pathlib import Path

from scenarios.study.files import replaced
from scenarios.study.laboratory import Laboratory, Model
from sim.specification import ScenarioSpec


@dataclass(slots=True)
class Worlds:
    """The last world that a worker warmed up; it is let go before the next one is made, so that there is ever one.

    Attributes:
        laboratory, digest: how the world was made, and its content.
        model: the world.
    """

    laboratory: Laboratory | None = None
    digest: str = ""
    model: Model | None = None

    def of(self, laboratory: Laboratory, ground: ScenarioSpec, digest: str, path: Path | None) -> Model:
        """A world, which nobody may change: the one that is kept, or another one in its place.

        Args:
            laboratory: how models are made.
            ground: the scenario that is founded and warmed up.
            digest: content of the world.
            path: where it is kept; None keeps it nowhere but here.
        """
        if self.model is None or self.digest != digest or self.laboratory != laboratory:
            self.let_go()
            self.model = warmed_up(laboratory, ground, path)
            self.laboratory, self.digest = laboratory, digest
        return self.model

    def let_go(self) -> None:
        """Hold no world any more."""
        if self.laboratory is not None and self.model is not None:
            self.laboratory.close(self.model)
        self.laboratory, self.digest, self.model = None, "", None


_OF_THIS_WORKER = threading.local()
"""Worlds between two batches of a thread. A batch takes them away, so that a study within it has its own."""


def taken() -> Worlds:
    """The worlds of this worker, for who will :func:`put_back` them."""
    worlds = _OF_THIS_WORKER.__dict__.pop("worlds", None)
    return worlds if isinstance(worlds, Worlds) else Worlds()


def put_back(worlds: Worlds) -> None:
    """Keep worlds for the next batch of this worker."""
    taken().let_go()
    _OF_THIS_WORKER.worlds = worlds


def warmed_up(laboratory: Laboratory, ground: ScenarioSpec, path: Path | None) -> Model:
    """A warmed-up world: read where it is kept, else made, and kept for the next.

    Args:
        laboratory: how models are made.
        ground: the scenario that is founded.
        path: where the world is kept; None keeps nothing.
    """
    if path is None:
        return laboratory.prepare(ground)
    if path.exists():
        return laboratory.load(path, ground)
    model = laboratory.prepare(ground)
    try:
        with replaced(path) as temporary:
            laboratory.save(model, temporary)
    except OSError:
        pass  # a world that could not be kept (a full disk) is made again when it is needed
    return model

"""Looking for garbage seldom while the model runs."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

OBJECTS: Final = 50_000
"""Objects made before any is looked at for being garbage: a world is thousands, all needed. Python's own number, 700,
took a tenth of the time of a run, and of the time of compiling."""


@contextmanager
def seldom_looked_for() -> Iterator[None]:
    """Let Python look for garbage after :data:`OBJECTS` only; what counted before counts again afterwards."""
    before = gc.get_threshold()
    gc.set_threshold(OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)

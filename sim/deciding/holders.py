"""Who holds the posts of physicians: those who went and those who came within a quarter, for the diary."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.deciding.diary import Diary
from sim.world import WEEKS_PER_QUARTER, World

NOBODY: Final = 0
LEFT, RETIRED = "left", "retired"


def holders(world: World) -> NDArray[np.uint64]:
    """Who holds each post of a physician today, 0 where it stands empty, ``(physicians,)``."""
    p = world.physicians
    return np.where(p["vacant_until"] < 0, p["who"], np.uint64(NOBODY))


def gone(world: World) -> NDArray[np.bool_]:
    """Posts that somebody left within the quarter, whether another holds them already or not, ``(physicians,)``."""
    known = world.physicians["known_who"]
    return np.logical_and(known != NOBODY, known != holders(world))


def reasons(world: World) -> NDArray[np.str_]:
    """Why the holder of each post is gone, where one is: on a day that was due or decided, or on retiring."""
    leaves = world.physicians["leaves_week"]
    due = np.logical_and(leaves >= world.week - WEEKS_PER_QUARTER, leaves < world.week)
    return np.where(due, LEFT, RETIRED)


def tell_holders(world: World, left: NDArray[np.bool_], why: NDArray[np.str_], diary: Diary) -> None:
    """Put down who went (:func:`gone`, :func:`reasons`) and who came within the quarter."""
    p, today = world.physicians, holders(world)
    went = np.flatnonzero(left)
    diary.add("departure", team=p["team"][went], physician=went, text=why[went])
    came = np.flatnonzero(np.logical_and(today != NOBODY, today != p["known_who"]))
    diary.add("hire", team=p["team"][came], physician=came, text="successor")


def know_holders(world: World) -> None:
    """A quarter begins with those who hold the posts today."""
    world.physicians["known_who"] = holders(world)

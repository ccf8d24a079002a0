"""What holds for all tests: none of them fails for being slow, on however busy a machine, nor is slow for no reason."""

import gc
import os

from hypothesis import HealthCheck, settings

from scenarios.garbage import OBJECTS

# A desk tries new examples every time; the CI tries the same ones, so that only what was changed can fail there.
settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
settings.load_profile("house")

gc.disable()


def pytest_collection_finish() -> None:
    """Look for garbage from here on only, and never among the half a million objects of libraries and tests.

    They stay until the end; going through them over and over took a twentieth of the time of all tests.
    """
    gc.freeze()
    gc.set_threshold(OBJECTS)
    gc.enable()

"""careteams: care teams under payment rules, on a territory.

import careteams

run = careteams.load("agapanthes").run(years=2)
run.plot()
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from results.run import Run
    from sim.specification import ScenarioSpec

__all__ = ["Scenario", "load", "open_run", "presets"]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A checked scenario, ready to run.

    Attributes:
        specification: what the scenario says, key by key.
    """

    specification: "ScenarioSpec"

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self.specification.name

    def run(
        self,
        years: int | None = None,
        seed: int | None = None,
        threads: int = 1,
        out: str | Path | None = None,
        progress: bool | Callable[[int], object] = True,
    ) -> "Run":
        """Simulate the scenario and open what it left.

        Args:
            years: years after the warm-up, instead of those of the scenario.
            seed: seed of every draw, instead of that of the scenario.
            threads: threads that share the week; results are the same for any number of them.
            out: folder of the run; by default one under ``results/runs``.
            progress: whether a progress bar is drawn, or a function told how many weeks have just passed.

        Raises:
            Mistake: when a number is out of its range, or the folder cannot be written.
        """
        from results.run import open_run
        from scenarios.running import simulate

        return open_run(simulate(self._with(years, seed), out=out, threads=threads, progress=progress))

    def _with(self, years: int | None, seed: int | None) -> "ScenarioSpec":
        from scenarios.overrides import overridden

        given = {"years": years, "seed": seed}
        return overridden(self.specification, [f"{key}={value}" for key, value in given.items() if value is not None])

    def changed(self, *overrides: str, **values: Any) -> "Scenario":
        """A copy with ``key=value`` overrides, as after ``--set``, or top-level keys by name.

        Raises:
            Mistake: as :func:`load`.
        """
        from scenarios.overrides import overridden

        return replace(self, specification=overridden(self.specification, [*overrides, *_as_text(values)]))


def load(name_or_path: str | Path, *overrides: str, **values: Any) -> Scenario:
    """Read a preset or a scenario file.

    Args:
        name_or_path: name of a preset, or path of a TOML file.
        overrides: ``"team.agapanthes.physicians=6"``, as after ``--set``.
        values: top-level keys by name, such as ``years=5``.

    Raises:
        Mistake: one line that says what is wrong, where, and what was expected.
    """
    from scenarios.reading import load as read

    return Scenario(read(name_or_path, [*overrides, *_as_text(values)]))


def presets() -> Sequence[str]:
    """Names of the scenarios that come with careteams."""
    from scenarios.files import presets as names

    return names()


def open_run(folder: str | Path) -> "Run":
    """Open a run that was written earlier.

    Raises:
        Mistake: when the folder holds no whole run.
    """
    from results.run import open_run as opened

    return opened(Path(folder))


def _as_text(values: dict[str, Any]) -> list[str]:
    from scenarios.wording import written

    return [f"{key}={written(value)}" for key, value in values.items()]

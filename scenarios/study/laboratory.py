"""How a study gets its models: the few functions through which the engine touches the simulation.

The engine knows nothing of care. It asks a :class:`Laboratory` for a warmed-up model, forks it, runs years and reads
outcomes. Tests hand it a toy laboratory; everybody else uses :data:`CARETEAMS`. Its members are functions of modules,
so that a worker process can import them by name.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sim.specification import ScenarioSpec


class Model(Protocol):
    """What the engine asks of a model."""

    world: Any

    def run_year(self) -> Any:
        """Simulate one more year of 52 weeks."""


class Outcome(Protocol):
    """One declared outcome (``sim.outcomes``)."""

    @property
    def function(self) -> Callable[..., float]:
        """``function(model, year)``: its value in a year that has just been simulated."""


def nothing_to_make(_specs: Sequence[ScenarioSpec], _workers: int, _progress: bool, /) -> None:
    """What makes ready a study that needs nothing."""


def always(_parameter: str, /) -> bool:
    """Every parameter acts on the warm-up."""
    return True


def itself(model: Model, _ground: ScenarioSpec, _base: ScenarioSpec, /) -> Model:
    """A world that is ready for its arms as it is."""
    return model


def declared_parameters() -> Mapping[str, Any]:
    """The parameters of the model, by id."""
    from sim.parameters import all_parameters

    return all_parameters()


@dataclass(frozen=True, slots=True)
class Laboratory:
    """The functions that make, copy, keep and read models.

    Attributes:
        prepare: founds a scenario and warms it up.
        fork: a model of an arm that starts where a model stands: ``fork(model, base, arm)``.
        save, load: keep a warmed-up world in one file, and read it back: ``save(model, path)``, ``load(path, spec)``.
        outcomes: every outcome that can be asked for, by name.
        resolve: a scenario with overrides applied, checked: ``resolve(spec, ["team.x.physicians=6"])``.
        check: raises ``Mistake`` for a parameter that does not exist or leaves its range: ``check(id, value)``.
        version: digest of the code and of the parameter files.
        close: lets go of all that a model holds, when nothing more is asked of it.
        parameters: every parameter that a design may vary, by id, with its ``value``, ``low`` and ``high``.
        ready: makes what scenarios need and several processes would otherwise make at once: ``ready(specs, workers,
            progress)``.
        acts: whether a parameter acts on the founding or the warm-up: points that differ in others share a world.
        begin: a model of a point, ready for its arms, that starts where a warmed-up world stands, which others may
            start from too: ``begin(world, ground, base)``.
    """

    prepare: Callable[[ScenarioSpec], Model]
    fork: Callable[[Model, ScenarioSpec, ScenarioSpec], Model]
    save: Callable[[Model, Path], None]
    load: Callable[[Path, ScenarioSpec], Model]
    outcomes: Callable[[], Mapping[str, Outcome]]
    resolve: Callable[[ScenarioSpec, Sequence[str]], ScenarioSpec]
    check: Callable[[str, Any], None]
    version: Callable[[], str]
    close: Callable[[Model], None]
    ready: Callable[[Sequence[ScenarioSpec], int, bool], None] = nothing_to_make
    parameters: Callable[[], Mapping[str, Any]] = declared_parameters
    acts: Callable[[str], bool] = always
    begin: Callable[[Model, ScenarioSpec, ScenarioSpec], Model] = itself

    def called(self, outcomes: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Label and unit of outcomes; of one that declares neither, its name and no unit."""
        known = self.outcomes()
        return {name: (getattr(known[name], "label", name), getattr(known[name], "unit", "")) for name in outcomes}


def _prepare(spec: ScenarioSpec) -> Model:
    from scenarios.norms import norms_for
    from sim.founding import found
    from sim.model import CareModel  # imported here: a study is described without the weight of the kernels

    model = CareModel(found(spec), spec, norms=norms_for(spec))
    model.warm(spec)
    return model


def _begin(world: Any, ground: ScenarioSpec, base: ScenarioSpec) -> Model:
    model: Any = _fork(world, ground, base)
    model.remember()
    return model


def _fork(model: Any, base: ScenarioSpec, arm: ScenarioSpec) -> Model:
    from scenarios.norms import norms_for
    from scenarios.study.forking import applied

    forked: Model = model.fork(arm, applied(model.world.fork(), base, arm), norms_for(arm))
    return forked


def _save(model: Any, path: Path) -> None:
    model.save(path)


def _load(path: Path, spec: ScenarioSpec) -> Model:
    from scenarios.norms import norms_for
    from sim.model import CareModel

    return CareModel.load(path, spec, norms_for(spec))


def _outcomes() -> Mapping[str, Outcome]:
    from sim.outcomes import OUTCOMES

    return OUTCOMES


def _resolve(spec: ScenarioSpec, overrides: Sequence[str]) -> ScenarioSpec:
    from scenarios.overrides import overridden

    return overridden(spec, overrides)


def _version() -> str:
    from sim.recording.manifest import code_version

    return code_version()


def _check(parameter: str, value: Any) -> None:
    from sim.parameters import check_override

    check_override(parameter, value)


def _acts(parameter: str) -> bool:
    from sim.warm_up import acts

    return acts(parameter)


def _close(model: Model) -> None:
    """Mesa's scheduler and its model hold each other: a forgotten model would stay until Python looks for such rings.

    It does so by the number of small objects, and a world is a few large ones: worker processes grew with every
    territory.
    """
    vars(model).clear()


def _ready(specs: Sequence[ScenarioSpec], workers: int, progress: bool) -> None:
    from scenarios.norms import make_ready

    make_ready(specs, workers=workers, progress=progress)


CARETEAMS = Laboratory(
    _prepare, _fork, _save, _load, _outcomes, _resolve, _check, _version, _close, _ready, acts=_acts, begin=_begin
)
"""The real thing."""

"""Finding the norms of a scenario, or making them: its own file, those that come with careteams, the cache, a study."""

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from agents.mistakes import Mistake
from scenarios.norms.design import Design, about, declared_design, key_of
from scenarios.norms.estimation import norms_of, worlds_of
from scenarios.norms.reference import reference_study
from scenarios.study.store import replaced
from sim.payment.contract import contract_of, signed_by, usual
from sim.payment.norms import Norms
from sim.payment.norms_file import known_norms, norms_text
from sim.payment.reform import reform_of
from sim.recording.manifest import code_version
from sim.specification import ScenarioSpec

SHIPPED: Final = Path(__file__).parents[2] / "sim" / "payment" / "national_norms"
OWN, WITH_CARETEAMS, IN_CACHE = "own", "shipped", "cache"


@dataclass(frozen=True, slots=True)
class Found:
    """Where norms are.

    Attributes:
        path: their file.
        origin: ``own`` (a user's table), ``shipped`` (comes with careteams) or ``cache`` (made here earlier).
    """

    path: Path
    origin: str

    def read(self) -> Norms:
        """The norms in the file.

        Raises:
            Mistake: as :func:`known_norms`.
        """
        return known_norms(self.path)


def cache_folder() -> Path:
    """Where norms that were made here are kept: the user's cache folder."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "careteams" / "norms"


def find(spec: ScenarioSpec, design: Design | None = None) -> Found | None:
    """The norms of a scenario where they exist: its own file, then those that come with careteams, then the cache."""
    if spec.norms:
        return Found(Path(spec.norms), OWN)
    name = f"{key_of(spec, design)}.toml"
    for folder, origin in ((SHIPPED, WITH_CARETEAMS), (cache_folder(), IN_CACHE)):
        if (folder / name).is_file():
            return Found(folder / name, origin)
    return None


def make(
    spec: ScenarioSpec, design: Design | None = None, *, workers: int | None = None, progress: bool = False,
    out: Path | None = None,
) -> Path:  # fmt: skip
    """Run the reference study of a scenario and write its norms; a study that was stopped goes on where it was.

    Args:
        spec: the scenario; its place, teams and seed do not matter.
        design: size of the study, that of ``design.toml`` by default.
        workers: processes, all processors by default.
        progress: show a progress bar.
        out: file to write, one in the cache by default.

    Returns:
        The file.

    Raises:
        Mistake: when a world fails, or the file cannot be written.
    """
    design = design or declared_design()
    key = key_of(spec, design)
    path, work = out or cache_folder() / f"{key}.toml", cache_folder() / f"{key}-{code_version()}"
    study = reference_study(spec, design)
    try:
        table = study.run(work, workers=workers, progress=progress, keep_worlds=False)
        norms = norms_of(
            worlds_of(table, study.territories), key, spec.first_year, design.prior_patient_years,
            {**about(spec), "code": code_version()},
        )  # fmt: skip
        with replaced(path) as temporary:
            temporary.write_text(norms_text(norms), encoding="utf-8")
    except OSError as error:
        raise Mistake("{file}: cannot be written ({reason}).", file=path, reason=error.strerror) from None
    shutil.rmtree(work, ignore_errors=True)
    return path


def needs_norms(spec: ScenarioSpec) -> bool:
    """Whether a payment rule of some contract of a scenario reads norms."""
    signed: list[tuple[Sequence[str], Mapping[str, Any]]] = []
    if spec.fill_with_default_teams:
        signed += [(usual(spec, kind), {}) for kind in ("solo", "group")]
    signed += [(signed_by(spec, team), team.terms) for team in spec.teams.values()]
    signed += [(offer.policies, offer.terms) for offer in spec.offers.values()]
    changes = reform_of(spec)
    contracts = [contract_of(names, terms, spec.start, changes) for names, terms in signed]
    return any(policy.reads_norms() for contract in contracts for policy in contract.policies)


def norms_for(spec: ScenarioSpec, *, workers: int = 1, progress: bool = False) -> Norms:
    """The norms that a scenario's payment rules compare with; none where no rule asks for them.

    Norms that do not exist yet are made, which takes a minute or two on a processor: call :func:`make_ready` first,
    where several processes will ask.

    Raises:
        Mistake: when they cannot be read or made.
    """
    if not needs_norms(spec):
        return Norms()
    found = find(spec) or Found(make(spec, workers=workers, progress=progress), IN_CACHE)
    return found.read()


def make_ready(specs: Iterable[ScenarioSpec], *, workers: int | None = None, progress: bool = False) -> None:
    """Make the norms that scenarios need and that do not exist, each once, before any of them is run.

    Raises:
        Mistake: as :func:`norms_for`.
    """
    asked = {key_of(spec): spec for spec in specs if needs_norms(spec) and not spec.norms}
    for spec in asked.values():
        if find(spec) is None:
            make(spec, workers=workers, progress=progress)

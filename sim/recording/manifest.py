"""Who a run is: its scenario, parameters, code and seed, and the identity made of them (design 5)."""

import hashlib
import json
import os
import platform
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import numpy as np

from agents.declarations import Table
from sim.mechanisms import effective_parameters
from sim.parameters import parameter_record
from sim.specification import ScenarioSpec
from sim.world import World

FORMAT: Final = 1  # of the run folder; grows when a reader of older runs must do something else
PACKAGES: Final = ("careteams", "mesa", "numpy", "numba", "llvmlite", "pandas", "pyarrow", "scipy")
_ROOT: Final = Path(__file__).parents[2]


def plain(value: Any) -> Any:
    """A value as JSON can hold it: specifications become mappings, dates text, arrays lists."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, date | Path):
        return str(value)
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    return value


def digest(content: Any) -> str:
    """A short stable digest of anything that :func:`plain` understands."""
    text = json.dumps(plain(content), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def parameter_digest(parameters: Table) -> str:
    """Digest of the value of every parameter, by name, so that the order of the files does not matter."""
    return _parameter_digest(parameters.dtype, parameters[:1].tobytes())


@lru_cache(maxsize=16)
def _parameter_digest(dtype: np.dtype[np.void], raw: bytes) -> str:
    """Digest of a record, which a run asks for again and again."""
    record = np.frombuffer(raw, dtype)[0]
    return digest({name: np.asarray(record[name]) for name in dtype.names or ()})


@cache
def code_version() -> str:
    """Digest of everything that decides what happens: the code and data files of ``agents`` and ``sim``."""
    whole = hashlib.blake2b(digest_size=8)
    files = sorted(f for room in ("agents", "sim") for f in (_ROOT / room).rglob("*") if f.suffix in (".py", ".toml"))
    for file in files:
        whole.update(str(file.relative_to(_ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return whole.hexdigest()


def identity(specification: ScenarioSpec, parameters: Table, seed: int) -> dict[str, str | int]:
    """What makes two runs the same run, and the id made of it."""
    parts: dict[str, str | int] = {
        "scenario_digest": digest(specification),
        "parameter_digest": parameter_digest(parameters),
        "code_version": code_version(),
        "seed": seed,
    }
    return {"run_id": digest(parts), **parts}


def parameters_ahead(specification: ScenarioSpec) -> Table:
    """The parameters that a run of a scenario will have, before anything is built."""
    return parameter_record(effective_parameters(specification))


def identity_ahead(specification: ScenarioSpec) -> str:
    """The id that a run of a scenario will have, before anything is built."""
    return str(identity(specification, parameters_ahead(specification), specification.seed)["run_id"])


def origin(world: World, specification: ScenarioSpec) -> dict[str, str]:
    """What each table of a run says of where it comes from: its run, and the scenario to run it again."""
    parts = identity(specification, world.parameters, world.seed)
    kept = {
        "format": 1, "run_id": parts["run_id"], "code": parts["code_version"], "parameters": parts["parameter_digest"],
        "seed": parts["seed"], "scenario": plain(specification),
    }  # fmt: skip
    return {"careteams": json.dumps(kept, ensure_ascii=False, separators=(",", ":"))}


def packages() -> dict[str, str]:
    """Versions of the packages that a result may depend on."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = ""
    return found


def machine() -> dict[str, str | int]:
    """Platform and processor: bits are promised per processor family only (design 7)."""
    return {
        "python": platform.python_version(),
        "system": platform.system(),
        "release": platform.release(),
        "architecture": platform.machine(),
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
    }


def _processor() -> str:
    """Name of the processor, as far as the system tells it without starting another program."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def now() -> datetime:
    """The time of the clock, with its zone."""
    return datetime.now(UTC)

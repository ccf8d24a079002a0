"""Compiled code: one signature a kernel, and a folder of its own for each generation of the code."""

import os
import shutil
from pathlib import Path
from typing import Any, Final, NamedTuple

import numba
import numpy as np
import pytest
from numba import types
from numba.core.funcdesc import default_mangler

from sim import kernel as kernels

_typeof: Final[Any] = numba.typeof  # Numba types none of its own functions
_name: Final[Any] = default_mangler


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (types.uint8, types.int64),
        (types.int32, types.int64),
        (types.IntegerLiteral(3), types.int64),
        (types.uint64, types.uint64),  # ids and keys keep their width
        (types.float64, types.float64),
    ],
)
def test_small_integers_are_widened(given: types.Type, taken: types.Type) -> None:
    assert kernels.widened(given) == taken


def test_a_kernel_called_with_constants_and_bytes_is_compiled_once() -> None:
    made = kernels.kernel(doubled)

    @kernels.kernel
    def caller(numbers: np.ndarray) -> int:
        return made(1) + made(2) + made(numbers[0])

    assert caller(np.array([5], dtype=np.uint8)) == 16
    assert len(made.signatures) == 1  # type: ignore[attr-defined]


def doubled(x: int) -> int:
    """Compiled by a test."""
    return 2 * x


class Field(NamedTuple):
    """What a test's kernel is given."""

    corn: np.ndarray
    year: int


def test_a_named_tuple_is_short_in_the_names_of_functions_and_no_two_are_alike() -> None:
    columns = [(f"column_{number}", np.float32) for number in range(50)]
    tables = (np.zeros(1, columns), np.zeros(1, [*columns[:-1], ("column_49", np.int32)]))
    kinds: list[Any] = [_typeof(Field(table, 3)) for table in tables]
    names = {_name("f", [kind]) for kind in kinds}
    assert len(names) == 2
    assert min(len(kind.name) for kind in kinds) > 1000
    assert max(map(len, names)) < 60


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """Two small rooms: a kernel, what it reads, and what it does not."""
    files = {
        "agents/read.py": "A = 1\n",
        "agents/unread.py": "A = 1\n",
        "sim/compiled.py": (
            "from agents.read import (\n    A,\n)\nfrom sim.kernel import kernel\nfrom sim import constants\n"
            "from sim.classes import Tariffs\n\ndef late():\n    from sim.late import B\n"
        ),
        "sim/constants.py": "import sim.deeper\n",
        "sim/deeper.py": "C = 1\n",
        "sim/classes.py": "class Tariffs: ...\n",
        "sim/late.py": "B = 1\n",
        "sim/driver.py": "from sim.compiled import late\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path / "sim"


@pytest.mark.parametrize("file", ["agents/read.py", "sim/compiled.py", "sim/constants.py", "sim/deeper.py"])
def test_the_digest_follows_what_kernels_read(code: Path, file: str) -> None:
    before = kernels.code_digest(code)
    with (code.parent / file).open("a") as end:
        end.write("D = 2\n")
    assert kernels.code_digest(code) != before


@pytest.mark.parametrize("file", ["agents/unread.py", "sim/classes.py", "sim/late.py", "sim/driver.py"])
def test_the_digest_ignores_what_no_kernel_reads(code: Path, file: str) -> None:
    before = kernels.code_digest(code)
    (code.parent / file).write_text("A = 2\n")
    assert kernels.code_digest(code) == before


def test_who_drives_the_kernels_is_not_part_of_them() -> None:
    read = {file.relative_to(kernels.ROOT).as_posix() for file in kernels.read_by_kernels() if "sim" in file.parts}
    assert {"week/needs.py", "week/requests.py", "events.py", "draws.py", "kernel.py"} <= read
    drivers = {"model.py", "warm_up.py", "recorder.py", "registry.py", "founding.py", "accounts.py"}
    assert not read & (drivers | {"counting.py", "week/passage.py"})


def test_old_generations_are_removed(tmp_path: Path) -> None:
    for age in range(kernels.GENERATIONS_KEPT + 2):
        old = tmp_path / f"kernels-{age}"
        old.mkdir()
        os.utime(old, (age, age))
    kept = kernels.keep_in(tmp_path)
    left = sorted(path.name for path in tmp_path.iterdir())
    assert kept.name in left
    assert len(left) == kernels.GENERATIONS_KEPT
    assert "kernels-0" not in left
    shutil.rmtree(kept)

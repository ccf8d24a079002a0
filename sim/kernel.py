"""How functions are compiled, and where compiled code is kept.

Numba keeps compiled code beside its source and looks only at that one file to see whether it is still right: a kernel
that calls a function of another file, or holds a constant of one, would go on running old code after that file changed.
So the code is kept in a folder named after the digest of every file that kernels may read from, as imports tell.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, cast

import numba
from numba import njit, types
from numba.core import config

ROOT: Final = Path(__file__).parent
COMPILERS: Final = frozenset({"sim.kernel", "numba"})
"""Who imports one of these may define compiled functions."""
GENERATIONS_KEPT: Final = 4

OPTIONS: Final = {"cache": True, "nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
"""No divisor of a kernel is 0, so none is tested: each test is a branch, and keeps apart what goes together.

Nothing written in C calls a kernel; the entry for it takes a tenth of the time of compiling one.
"""

WIDEST_NARROW_BITS: Final = 32
_IMPORTS: Final = re.compile(r"^(?:from ([\w.]+) import (\([^)]*\)|[^\n]*)|import ([\w.]+))", re.MULTILINE)
_NAMES: Final = re.compile(r"\w+")
_TYPES: Final[Any] = types  # Numba types none of its own functions


def kernel[F: Callable[..., Any]](function: F) -> F:
    """Compile a function once and keep it on disk; it releases the interpreter and allocates nothing.

    Without Numba's run time (``_nrt``) no reference is counted: a scene holds a dozen tables, and counting them at
    each call cost more than the work itself (five times, measured).

    A kernel becomes part of whoever calls it (``forceinline``): a scene is some eighty words, and handing them on at
    each call cost nearly half of the week. Compiling takes no longer for it.

    A kernel called by another takes every small or literal integer as ``int64``. Left alone, Numba compiles a function
    anew for each constant and each width that it is called with, which nearly doubled the time of the first run.
    """
    options = {**OPTIONS, "_nrt": False, "forceinline": True}
    made: Any = njit(**cast(dict[str, Any], options))(function)
    template = made.get_call_template

    def one_template(args: tuple[Any, ...], kws: dict[str, Any]) -> Any:
        return template(tuple(map(widened, args)), {name: widened(kind) for name, kind in kws.items()})

    made.get_call_template = one_template
    return cast(F, made)


def compiled[F: Callable[..., Any]](function: F) -> F:
    """Compile a function that makes arrays of its own; kept on disk, releases the interpreter."""
    return cast(F, njit(**cast(dict[str, Any], OPTIONS))(function))


def widened(kind: Any) -> Any:
    """The type that a kernel's argument is compiled for."""
    plain = _TYPES.unliteral(kind)
    narrow = isinstance(plain, _TYPES.Integer) and (plain.signed or plain.bitwidth <= WIDEST_NARROW_BITS)
    return types.int64 if narrow else plain


def _short_name(kind: Any) -> tuple[str, tuple[()]]:
    """A named tuple in the names of compiled functions: its own, and a digest of what it holds.

    Written out, a scene is 35,000 characters, and stands in the name of every function that takes one, wherever that
    is called: two thirds of the kept code, and a tenth of the time of compiling it.
    """
    digest = hashlib.blake2b(kind.name.encode(), digest_size=8).hexdigest()
    return f"{kind.instance_class.__name__}_{digest}", ()


def code_digest(root: Path = ROOT) -> str:
    """Digest of the code that kernels are made of, see :func:`read_by_kernels`."""
    whole = hashlib.blake2b(numba.__version__.encode(), digest_size=8)
    for file in read_by_kernels(root):
        whole.update(file.relative_to(root.parent).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return whole.hexdigest()


def read_by_kernels(root: Path = ROOT) -> list[Path]:
    """Files of ``sim`` and ``agents`` that define compiled functions, and all that these import, directly or not.

    Neither an import within a function is followed, which compiled code never sees, nor that of a class, which it
    meets only as the type of an argument; the type is part of the signature that a kernel is compiled for.
    """
    files = dict((*_modules_in(root), *_modules_in(root.with_name("agents"))))
    texts = {module: file.read_text(encoding="utf-8") for module, file in files.items()}
    compile_some = (module for module, text in texts.items() if any(name in text for name in COMPILERS))
    waiting = [module for module in compile_some if not COMPILERS.isdisjoint(_imported(texts[module]))]
    found: set[str] = set()
    while waiting:
        module = waiting.pop()
        if module in texts and module not in found:
            found.add(module)
            waiting += _imported(texts[module])
    return [files[module] for module in sorted(found)]


def _modules_in(folder: Path) -> Iterator[tuple[str, Path]]:
    """Python files under a folder by the names by which they are imported; a package has that of its folder.

    Where Python keeps its own, nothing is looked for.
    """
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        package = ".".join((folder.name, *Path(place).relative_to(folder).parts))
        for name in files:
            if name.endswith(".py"):
                yield f"{package}.{name.removesuffix('.py')}".removesuffix(".__init__"), Path(place, name)


def _imported(text: str) -> set[str]:
    """Modules from which the imports at the left margin take anything but classes, and names that may be modules."""
    names: set[str] = set()
    for package, listed, plain in _IMPORTS.findall(text):
        taken = [name for name in _NAMES.findall(listed) if name.isupper() or not name[0].isupper()]
        names |= {f"{package}.{name}" for name in taken} | ({package} if taken else {plain})
    return names


def keep_in(base: Path) -> Path:
    """The folder of this generation of compiled code under ``base``; long unused generations are removed."""
    folder = base / f"kernels-{code_digest()}"
    folder.mkdir(parents=True, exist_ok=True)
    os.utime(folder)
    generations = sorted(base.glob("kernels-*"), key=lambda path: path.stat().st_mtime)
    for old in generations[:-GENERATIONS_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return folder


def _base() -> Path:
    """Where compiled code goes: where Numba is told, beside the source, or in the user's cache."""
    told = str(getattr(config, "CACHE_DIR", ""))
    if told:
        return Path(told)
    if os.access(ROOT, os.W_OK):
        return ROOT / "__pycache__"
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "careteams"


_TYPES.NamedTuple.mangling_args = property(_short_name)
vars(config)["CACHE_DIR"] = str(keep_in(_base()))

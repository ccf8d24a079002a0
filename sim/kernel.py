"""How the functions of the weekly passage are compiled."""

from collections.abc import Callable
from typing import Any, Final, cast

from numba import njit, types

OPTIONS: Final[dict[str, Any]] = {"cache": True, "nogil": True, "_nrt": False}
WIDEST_NARROW_BITS: Final = 32


def kernel[F: Callable[..., Any]](function: F) -> F:
    """Compile a function once and keep it on disk; it releases the interpreter and allocates nothing.

    Without Numba's run time (``_nrt``) no reference is counted: a scene holds a dozen tables, and counting them at
    each call cost more than the work itself (five times, measured).

    A kernel called by another takes every small or literal integer as ``int64``. Left alone, Numba compiles a function
    anew for each constant and each width that it is called with, which doubled the time of the first run.
    """
    compiled: Any = njit(**OPTIONS)(function)
    template = compiled.get_call_template

    def one_template(args: tuple[Any, ...], kws: dict[str, Any]) -> Any:
        return template(tuple(map(widened, args)), {name: widened(kind) for name, kind in kws.items()})

    compiled.get_call_template = one_template
    return cast(F, compiled)


def widened(kind: Any) -> Any:
    """The type that a kernel's argument is compiled for."""
    kind = types.unliteral(kind)
    narrow = isinstance(kind, types.Integer) and (kind.signed or kind.bitwidth <= WIDEST_NARROW_BITS)
    return types.int64 if narrow else kind

"""Rows in compiled code: asked for before they are read, and copied whole.

Few patients are touched in a week and their rows lie far apart, so that most of the time of a kernel would be spent
waiting for memory. A kernel that knows its next rows asks for them while it works on another.
"""

from typing import Any, Final

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from agents.declarations import Table
from sim.kernel import kernel

CACHE_LINE: Final = 64
ROWS_AHEAD: Final = 8
"""Rows between the one asked for and the one worked on: their work takes longer than memory needs."""
SCANNED_AHEAD: Final = 128
"""The same for kernels that hardly do more than look at each row."""

_IR: Final[Any] = ir  # neither LLVM's tools nor Numba's have types of their own
_TOOLS: Final[Any] = cgutils
_TYPES: Final[Any] = types


def _place(context: Any, builder: Any, kind: Any, table: Any, row: Any, offset: Any) -> Any:
    """Where the byte ``offset`` of a row stands."""
    array = context.make_array(kind)(context, builder, table)
    stride = _TOOLS.unpack_tuple(builder, array.strides)[0]
    place = builder.add(builder.mul(row, stride), offset)
    return builder.gep(builder.bitcast(array.data, _IR.IntType(8).as_pointer()), [place])


def _asking(_typing: Any, table: Any, row: Any, offset: Any) -> Any:  # noqa: ARG001  compiled code has them
    """Ask for the line of cache that holds the byte ``offset`` of a row of any table or array; no row need be there."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        number = _IR.IntType(32)
        start = _place(context, builder, signature.args[0], *arguments)
        declared = _IR.FunctionType(_IR.VoidType(), [start.type, number, number, number])
        asked = _TOOLS.get_or_insert_function(builder.module, declared, "llvm.prefetch.p0i8")
        builder.call(asked, [start, number(0), number(3), number(1)])  # to read, to be kept, data
        return context.get_dummy_value()

    return _TYPES.void(table, _TYPES.intp, _TYPES.intp), code


def _copying(_typing: Any, table: Any, row: Any, source: Any, of: Any) -> Any:  # noqa: ARG001  compiled code has them
    """Copy a row of ``source`` over another of ``table``; no code where their types differ."""
    if table.dtype != source.dtype:
        return None

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        nothing = context.get_constant(_TYPES.intp, 0)
        to = _place(context, builder, signature.args[0], arguments[0], arguments[1], nothing)
        start = _place(context, builder, signature.args[2], arguments[2], arguments[3], nothing)
        _TOOLS.raw_memcpy(builder, to, start, context.get_constant(_TYPES.intp, 1), signature.args[0].dtype.size)
        return context.get_dummy_value()

    return _TYPES.void(table, _TYPES.intp, source, _TYPES.intp), code


_prefetch: Final[Any] = intrinsic(_asking)
_copy: Final[Any] = intrinsic(_copying)


@kernel
def fetch_head(table: Table, row: int) -> None:
    """Ask for the first columns of a row, of patients the hot ones; beyond the last row nothing happens."""
    _prefetch(table, row, 0)


@kernel
def fetch_row(table: Table, row: int) -> None:
    """Ask for a whole row of any table or array."""
    for byte in range(0, table.strides[0], CACHE_LINE):
        _prefetch(table, row, byte)
    _prefetch(table, row, table.strides[0] - 1)


@kernel
def copy_row(table: Table, row: int, source: Table, of: int) -> None:
    """Copy row ``of`` of a table over row ``row`` of another of the same type, or of the same table.

    Compiled code assigns a record byte by byte, which took a tenth of the time in which patients ask.
    """
    _copy(table, row, source, of)

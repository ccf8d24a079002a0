"""Formulas of payment rules: text that is computed and shown, so that what is explained is what was paid.

    formula("max(0, base - leak_rate * leaked_value)")(lookup)

A formula knows arithmetic, comparisons, ``and``, ``or``, ``not``, ``a if condition else b``, and the functions of
:data:`FUNCTIONS`, all of them row by row over NumPy arrays. It can do nothing else: names are looked up by whoever asks
for its value.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agents.mistakes import Mistake

type Values = NDArray[Any]
type Lookup = Callable[[str], Any]


def _smallest(*values: Values) -> Values:
    return np.minimum.reduce(np.broadcast_arrays(*values))


def _largest(*values: Values) -> Values:
    return np.maximum.reduce(np.broadcast_arrays(*values))


FUNCTIONS: Final[Mapping[str, Callable[..., Values]]] = {
    "min": _smallest,
    "max": _largest,
    "clip": lambda value, low, high: np.minimum(np.maximum(value, low), high),
    "floor": np.floor,
}
"""What a formula may call."""

_ARITHMETIC: Final[Mapping[type[ast.operator], Callable[[Any, Any], Values]]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.true_divide,
}
_COMPARISONS: Final[Mapping[type[ast.cmpop], Callable[[Any, Any], Values]]] = {
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
}


@dataclass(frozen=True, slots=True)
class Formula:
    """A parsed formula.

    Attributes:
        text: as it was written.
        names: what it reads, in order of appearance.
    """

    text: str
    names: tuple[str, ...]
    _tree: ast.expr

    def __call__(self, lookup: Lookup) -> Values:
        """Its value, row by row.

        Args:
            lookup: gives the value of a name: a number, a text, or an array of rows.
        """
        # The branch of a conditional that is not taken may divide by zero; its value is thrown away.
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(_value(self._tree, lookup))


@cache
def formula(text: str) -> Formula:
    """Parse a formula, once.

    Raises:
        Mistake: when it is not an expression, or does something that a formula cannot do.
    """
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise Mistake('formula "{text}" cannot be read: {problem}.', text=text, problem=error.msg) from None
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if not _allowed(node):
            raise Mistake(
                'formula "{text}" cannot use {part}; it knows arithmetic, comparisons, and, or, if-else, {functions}.',
                text=text, part=type(node).__name__, functions=", ".join(FUNCTIONS),
            )  # fmt: skip
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called]
    names.sort(key=lambda node: (node.lineno, node.col_offset))
    return Formula(text, tuple(dict.fromkeys(node.id for node in names)), tree)


def _allowed(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS and not node.keywords
    if isinstance(node, ast.BinOp):
        return type(node.op) in _ARITHMETIC
    if isinstance(node, ast.Compare):
        return all(type(operator) in _COMPARISONS for operator in node.ops)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int | float | str)
    parts = (ast.Name, ast.UnaryOp, ast.BoolOp, ast.IfExp, ast.expr_context, ast.operator, ast.unaryop,
             ast.boolop, ast.cmpop)  # fmt: skip
    return isinstance(node, parts)


def _value(node: ast.expr, lookup: Lookup) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return lookup(name)
        case ast.BinOp(left=left, op=operator, right=right):
            return _ARITHMETIC[type(operator)](_value(left, lookup), _value(right, lookup))
        case ast.UnaryOp(op=operator, operand=operand):
            value = _value(operand, lookup)
            return np.logical_not(value) if isinstance(operator, ast.Not) else np.negative(value)
        case ast.BoolOp(op=operator, values=parts):
            join = np.logical_and if isinstance(operator, ast.And) else np.logical_or
            return join.reduce(np.broadcast_arrays(*(_value(part, lookup) for part in parts)))
        case ast.IfExp(test=test, body=body, orelse=other):
            return np.where(_value(test, lookup), _value(body, lookup), _value(other, lookup))
        case ast.Compare(left=left, ops=operators, comparators=others):
            values = [_value(part, lookup) for part in (left, *others)]
            held = [_COMPARISONS[type(o)](a, b) for o, a, b in zip(operators, values, values[1:], strict=False)]
            return np.logical_and.reduce(np.broadcast_arrays(*held))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return FUNCTIONS[name](*(_value(part, lookup) for part in arguments))
    raise AssertionError(f"not refused when it was read: {ast.dump(node)}")

"""Formulas of payment rules: text that is computed and shown, so that what is explained is what was paid.

    formula("max(0, base - leak_rate * leaked_value)")(lookup)

A formula knows arithmetic, comparisons, ``and``, ``or``, ``not``, ``a if condition else b``, and the functions of
:data:`FUNCTIONS`, all of them row by row over NumPy arrays. It can do nothing else: names are looked up by whoever asks
for its value.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agents.mistakes import Mistake

type Values = NDArray[Any]
type Lookup = Callable[[str], Any]
type Evaluator = Callable[[Lookup], Any]
"""Gives the value of a part of a formula, from a lookup of its names."""


def _of_all(function: np.ufunc) -> Callable[..., Values]:
    """A function of two values, of as many as there are."""
    return lambda *values: reduce(function, values)


FUNCTIONS: Final[Mapping[str, Callable[..., Values]]] = {
    "min": _of_all(np.minimum),
    "max": _of_all(np.maximum),
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
        divides: whether it does: the branch of a conditional that is not taken may divide by zero.
    """

    text: str
    names: tuple[str, ...]
    divides: bool
    _evaluate: Evaluator

    def __call__(self, lookup: Lookup) -> Values:
        """Its value, row by row.

        Args:
            lookup: gives the value of a name: a number, a text, or an array of rows.
        """
        if not self.divides:
            return np.asarray(self._evaluate(lookup))
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self._evaluate(lookup))


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
    divides = any(isinstance(node, ast.Div) for node in ast.walk(tree))
    return Formula(text, tuple(dict.fromkeys(node.id for node in names)), divides, _evaluator(tree))


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


def _evaluator(node: ast.expr) -> Evaluator:
    """What gives the value of a node: made once, since the same few formulas are computed all the time."""
    match node:
        case ast.Constant(value=value):
            return lambda _: value
        case ast.Name(id=name):
            return lambda lookup: lookup(name)
        case ast.BinOp(left=left, op=operator, right=right):
            return _joined(_ARITHMETIC[type(operator)], left, right)
        case ast.UnaryOp(op=operator, operand=operand):
            return _joined(np.logical_not if isinstance(operator, ast.Not) else np.negative, operand)
        case ast.BoolOp(op=operator, values=parts):
            return _joined(_of_all(np.logical_and if isinstance(operator, ast.And) else np.logical_or), *parts)
        case ast.IfExp(test=test, body=body, orelse=other):
            return _joined(np.where, test, body, other)
        case ast.Compare(left=left, ops=operators, comparators=others):
            return _joined(_comparison([_COMPARISONS[type(operator)] for operator in operators]), left, *others)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _joined(FUNCTIONS[name], *arguments)
    raise AssertionError(f"not refused when it was read: {ast.dump(node)}")


def _joined(function: Callable[..., Any], *nodes: ast.expr) -> Evaluator:
    """A function of the values of some nodes."""
    parts = [_evaluator(node) for node in nodes]
    match parts:
        case left, right:  # most are sums and products
            return lambda lookup: function(left(lookup), right(lookup))
    return lambda lookup: function(*(part(lookup) for part in parts))


def _comparison(operators: Sequence[Callable[[Any, Any], Values]]) -> Callable[..., Values]:
    """A chain of comparisons, all of which must hold."""
    if len(operators) == 1:
        return operators[0]
    return lambda *values: reduce(
        np.logical_and, (held(a, b) for held, a, b in zip(operators, values, values[1:], strict=False))
    )

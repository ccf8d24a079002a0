"""Formulas of payment rules as people read them: the rule itself, and the rule with somebody's numbers in it.

Of "a if condition else b", the numbers show only the branch that is taken. The grammar is that of
``sim/payment/formula.py``, which this room does not know: a run is read without the code that made it.
"""

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from results.messages import _

SIGNS: Final = {"*": "×", "-": "\u2212", "/": "÷", ">=": "≥", "<=": "≤", "==": "=", "!=": "≠"}
SIGN: Final = re.compile(r"(?<= )(\*|-|/|>=|<=|==|!=)(?= )")
WORD: Final = re.compile(r"\b(if|else|and|or|not)\b")

_ARITHMETIC: Final[Mapping[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip
_COMPARISONS: Final[Mapping[type[ast.cmpop], Callable[[Any, Any], bool]]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}  # fmt: skip
_FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "min": min, "max": max, "clip": lambda value, low, high: min(max(value, low), high), "floor": math.floor,
}  # fmt: skip

type Worth = Mapping[str, Any]
"""What each name is worth for one payee: a number, yes or no, or a word."""


@cache
def parsed(formula: str) -> ast.expr:
    """The tree of a formula."""
    return ast.parse(formula, mode="eval").body


def names(formula: str) -> list[str]:
    """What a formula reads, in order of appearance."""
    called = {id(node.func) for node in ast.walk(parsed(formula)) if isinstance(node, ast.Call)}
    found = [node for node in ast.walk(parsed(formula)) if isinstance(node, ast.Name) and id(node) not in called]
    return list(dict.fromkeys(node.id for node in sorted(found, key=lambda node: (node.lineno, node.col_offset))))


def value(formula: str, worth: Worth) -> Any:
    """What a formula gives for one payee."""
    return _value(parsed(formula), worth)


def as_read(text: str) -> str:
    """A formula with the signs of arithmetic, and its words in the language in use."""
    words = {"if": _("if"), "else": _("else"), "and": _("and"), "or": _("or"), "not": _("not")}
    signed = SIGN.sub(lambda found: SIGNS[found[0]], text)
    return WORD.sub(lambda found: words[found[0]], signed)


def with_numbers(formula: str, worth: Worth, written: Callable[[str, bool], str]) -> str:
    """A formula with numbers in the place of names, without the branches that are not taken.

    Args:
        formula: the rule.
        worth: what each name is worth.
        written: how a name's value is written; the flag says whether it is a number or an answer, yes or no.
    """
    shown: dict[str, str] = {}
    tree = _Reader(worth, written, shown).visit(ast.parse(formula, mode="eval").body)
    text = as_read(ast.unparse(tree))
    return re.sub(r"\b_value_\d+_\b", lambda found: shown[found[0]], text)


class _Reader(ast.NodeTransformer):
    """Takes the branches that hold, and puts a mark in the place of each name."""

    def __init__(self, worth: Worth, written: Callable[[str, bool], str], shown: dict[str, str]) -> None:
        self._worth, self._written, self._shown = worth, written, shown

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        taken = node.body if _value(node.test, self._worth) else node.orelse
        return self.visit(taken)  # type: ignore[no-any-return]

    def visit_Call(self, node: ast.Call) -> ast.AST:
        node.args = [self.visit(part) for part in node.args]
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        node.values = [self._answer(part) for part in node.values]
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        node.operand = self._answer(node.operand) if isinstance(node.op, ast.Not) else self.visit(node.operand)
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self._put(node.id, answer=False)

    def _answer(self, node: ast.expr) -> ast.expr:
        """A name that stands alone among ``and`` and ``or`` is an answer."""
        return self._put(node.id, answer=True) if isinstance(node, ast.Name) else self.visit(node)

    def _put(self, name: str, *, answer: bool) -> ast.Name:
        mark = f"_value_{len(self._shown)}_"
        self._shown[mark] = self._written(name, answer)
        return ast.Name(mark)


def _value(node: ast.expr, worth: Worth) -> Any:
    match node:
        case ast.Constant(value=plain):
            return plain
        case ast.Name(id=name):
            return worth[name]
        case ast.BinOp(left=left, op=sign, right=right):
            return _ARITHMETIC[type(sign)](_value(left, worth), _value(right, worth))
        case ast.UnaryOp(op=sign, operand=operand):
            return not _value(operand, worth) if isinstance(sign, ast.Not) else -_value(operand, worth)
        case ast.BoolOp(op=sign, values=parts):
            return (all if isinstance(sign, ast.And) else any)(_value(part, worth) for part in parts)
        case ast.IfExp(test=test, body=body, orelse=other):
            return _value(body if _value(test, worth) else other, worth)
        case ast.Compare(left=left, ops=signs, comparators=others):
            values = [_value(part, worth) for part in (left, *others)]
            held = zip(signs, values, values[1:], strict=False)
            return all(_COMPARISONS[type(sign)](one, other) for sign, one, other in held)
        case ast.Call(func=ast.Name(id=name), args=given):
            return _FUNCTIONS[name](*(_value(part, worth) for part in given))
    raise ValueError(f"no formula of a payment rule: {ast.unparse(node)}")

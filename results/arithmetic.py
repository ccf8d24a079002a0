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

from results.messages import NARROW_SPACE, _, language

SIGNS: Final = {"*": "×", "-": "\u2212", "/": "÷", ">=": "≥", "<=": "≤", "==": "=", "!=": "≠"}
SIGN: Final = re.compile(r"(?<= )(\*|-|/|>=|<=|==|!=)(?= )")
WORD: Final = re.compile(r"\b(if|else|and|or|not)\b")
POINT: Final = re.compile(r"(\d)\.(\d)")
MARK: Final = re.compile(r"\b_\d+_\b")
ALONE: Final = re.compile(r"(?<!\w)\((_\d+_|[\d.,]+)\)")
"""One value between parentheses of its own."""

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


def plain(text: str) -> Any:
    """A value as the tables write it: yes or no, a number, or a word."""
    if text in ("True", "False"):
        return text == "True"
    try:
        return float(text)
    except ValueError:
        return text


def value(formula: str, worth: Worth) -> Any:
    """What a formula gives for one payee."""
    return _value(parsed(formula), worth)


def as_read(text: str) -> str:
    """A formula with the signs of arithmetic, and its words in the language in use."""
    words = {"if": _("if"), "else": _("else"), "and": _("and"), "or": _("or"), "not": _("not")}
    signed = SIGN.sub(lambda found: SIGNS[found[0]], text)
    said = WORD.sub(lambda found: words[found[0]], signed)
    if language() != "fr":
        return said
    return POINT.sub(r"\1,\2", said.replace(", ", f"{NARROW_SPACE}; "))  # where the comma stands for decimals


def with_numbers(formula: str, worth: Worth, written: Callable[[str, bool], str]) -> str:
    """A formula with numbers in the place of names, without the branches that are not taken.

    Args:
        formula: the rule, on one line.
        worth: what each name is worth.
        written: how a name's value is written; the flag says whether it is a number or an answer, yes or no.
    """
    text = as_taken(formula, worth)
    tree = parsed(text)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    answers = {id(part) for node in ast.walk(tree) for part in _asked(node)}
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called]
    marks: dict[str, str] = {}
    for node in sorted(found, key=lambda node: -node.col_offset):
        mark = f"_{len(marks)}_"  # what is written may hold signs and words, which are not those of the formula
        marks[mark] = written(node.id, id(node) in answers)
        text = text[: node.col_offset] + mark + text[node.end_col_offset :]
    return MARK.sub(lambda mark: marks[mark[0]], ALONE.sub(r"\1", as_read(text)))


def as_taken(formula: str, worth: Worth) -> str:
    """A formula as it applies: of each condition, only the branch that is taken."""
    return _taken(formula, parsed(formula), worth)


def _taken(source: str, node: ast.expr, worth: Worth) -> str:
    if isinstance(node, ast.IfExp):
        return _taken(source, node.body if _value(node.test, worth) else node.orelse, worth)
    text, begin = "", node.col_offset
    for condition in _conditions(node):
        text += source[begin : condition.col_offset] + _taken(source, condition, worth)
        begin = condition.end_col_offset or begin
    return text + source[begin : node.end_col_offset]


def _conditions(node: ast.AST) -> list[ast.IfExp]:
    """The conditions in an expression, without those inside another one, from left to right."""
    found: list[ast.IfExp] = []
    for child in ast.iter_child_nodes(node):
        found += [child] if isinstance(child, ast.IfExp) else _conditions(child)
    return sorted(found, key=lambda condition: condition.col_offset)


def _asked(node: ast.AST) -> list[ast.expr]:
    """What is an answer, yes or no, where it stands alone."""
    if isinstance(node, ast.BoolOp):
        return node.values
    return [node.operand] if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not) else []


def _value(node: ast.expr, worth: Worth) -> Any:
    match node:
        case ast.Constant(value=plain):
            return plain
        case ast.Name(id=name):
            return worth[name]
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _ARITHMETIC:
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

"""What worksheets of payments say to people: found in the code of the rules, for the catalogue of messages.

A rule calls functions that take a ``label``, a ``unit`` or a ``component`` and work on a sheet: ``sheet.let``,
``sheet.bring``, ``sheet.pay``, and helpers of its own. What such a call gives is a text, a choice between texts, or a
name; a name is followed to where the module or the function binds it: a constant, or a loop over a dict of them.
"""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

SAID: Final = ("label", "unit", "component")
ON_A_SHEET: Final = ("self", "sheet")
DOCUMENT: Final = "systems "
"""What a section of the specification begins with; it is cited the same in every language."""

type Parameters = dict[str, dict[str, int]]


def of_rules(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every label, unit, component, title and plain-word source of the payment rules, with its file.

    Args:
        folder: the package of the rules.
    """
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in sorted(folder.rglob("*.py"))}
    takers = _takers(trees.values())
    for file, tree in trees.items():
        for text in (*_titles(tree), *_of_calls(tree, takers)):
            if text:
                yield text, file


def _takers(trees: Iterable[ast.Module]) -> Parameters:
    """Functions that write on a sheet, with the places of the arguments that people read."""
    found: Parameters = {}
    for tree in trees:
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef):
                continue
            names = [argument.arg for argument in node.args.args]
            first = 1 if names[:1] == ["self"] else 0
            if names[:1] and names[0] in ON_A_SHEET:
                said = {name: place - first for place, name in enumerate(names) if name in (*SAID, "source")}
                found.setdefault(node.name, {}).update(said)
    return {name: said for name, said in found.items() if set(said) & set(SAID)}


def _titles(tree: ast.Module) -> Iterator[str]:
    """The ``title`` of each class."""
    for kind in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        for line in kind.body:
            if isinstance(line, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "title" for t in line.targets):
                yield from _texts(line.value, [])


def _of_calls(tree: ast.Module, takers: Parameters) -> Iterator[str]:
    for scope in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        bindings = [node for node in (*tree.body, *ast.walk(scope)) if isinstance(node, ast.Assign | ast.AnnAssign)]
        loops = [node for node in ast.walk(scope) if isinstance(node, ast.For)]
        for call in (node for node in ast.walk(scope) if isinstance(node, ast.Call)):
            for name, given in _given(call, takers):
                texts = list(_texts(given, [*bindings, *loops]))
                if name == "component":
                    texts = [text.replace("_", " ") for text in texts]
                if name == "source":
                    texts = [text for text in texts if text[:1].islower() and not text.startswith(DOCUMENT)]
                yield from texts


def _given(call: ast.Call, takers: Parameters) -> Iterator[tuple[str, ast.expr]]:
    """What a call gives for the arguments that people read."""
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    for name, place in takers.get(called, {}).items():
        if place < len(call.args):
            yield name, call.args[place]
        yield from ((name, keyword.value) for keyword in call.keywords if keyword.arg == name)


def _texts(node: ast.expr, bindings: list[ast.stmt]) -> Iterator[str]:
    """The texts that an expression may be."""
    for one in _resolved(node, bindings):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value
        elif isinstance(one, ast.IfExp):
            yield from _texts(one.body, bindings)
            yield from _texts(one.orelse, bindings)
        elif isinstance(one, ast.Subscript):
            for part in _resolved(one.value, bindings):
                if isinstance(part, ast.Dict):
                    yield from (text for value in part.values for text in _texts(value, bindings))


def _resolved(node: ast.expr, bindings: list[ast.stmt]) -> Iterator[ast.expr]:
    """An expression; for a name, all that it is bound to."""
    if not isinstance(node, ast.Name):
        yield node
        return
    for line in bindings:
        others = [other for other in bindings if other is not line]
        for target, value in _pairs(line, node.id, others):
            yield from _bound(target, value, node.id)


def _pairs(line: ast.stmt, name: str, others: list[ast.stmt]) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Targets and values of a line that binds a name."""
    if isinstance(line, ast.For):
        if _names(line.target, name):
            yield from ((line.target, element) for element in _elements(line.iter, others))
    elif isinstance(line, ast.Assign):
        yield from ((target, line.value) for target in line.targets if _names(target, name))
    elif isinstance(line, ast.AnnAssign) and line.value is not None and _names(line.target, name):
        yield line.target, line.value


def _names(target: ast.expr, name: str) -> bool:
    return any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(target))


def _bound(target: ast.expr, value: ast.expr, name: str) -> Iterator[ast.expr]:
    """What a name in a target is bound to."""
    if isinstance(target, ast.Name):
        if target.id == name:
            yield value
    elif isinstance(target, ast.Tuple):
        if isinstance(value, ast.Tuple):
            for part, given in zip(target.elts, value.elts, strict=False):
                yield from _bound(part, given, name)
        elif isinstance(value, ast.Subscript) and isinstance(value.value, ast.Dict):
            for given in value.value.values:
                yield from _bound(target, given, name)


def _elements(node: ast.expr, bindings: list[ast.stmt]) -> Iterator[ast.expr]:
    """What a loop goes over: a tuple, the items of a dict, several of them side by side."""
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr == "items":
            for table in _resolved(node.func.value, bindings):
                if isinstance(table, ast.Dict):
                    yield from (ast.Tuple([k, v]) for k, v in zip(table.keys, table.values, strict=True) if k)
        elif getattr(node.func, "id", "") == "zip":
            columns = [list(_elements(argument, bindings)) for argument in node.args]
            yield from (ast.Tuple(list(row)) for row in zip(*columns, strict=False))
        return
    for one in _resolved(node, bindings):
        if isinstance(one, ast.Tuple | ast.List):
            yield from one.elts

"""Tables of what is declared: columns, parameters, draws, codes, fees, measures, keys of a scenario."""

import ast
import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date
from functools import cache
from typing import Any, Final

import numpy as np

import sim
from agents.declarations import Column
from agents.mistakes import Mistake
from results.messages import _, label, ngettext
from scenarios.odd.code_read import ROOT
from scenarios.odd.markdown import code, folded, plain, table
from sim import draws, specification
from sim.draws import decision
from sim.parameters import all_parameters
from sim.registry import TABLES, everything
from sim.tariffs import all_tariffs
from sim.week.requests import COLUMNS as REQUEST_COLUMNS

COLUMNS: Final = {**TABLES, "requests": REQUEST_COLUMNS}
KEY_DIGITS: Final = 16


def columns(name: str) -> str:
    """The columns of a table."""
    rows = [
        (code(c.name), code(_type(c)), label(c.unit), plain(c.default), _span(c.low, c.high), label(c.label), c.source)
        for c in COLUMNS[name]
    ]
    head = [_("column"), _("type"), _("unit"), _("default"), _("range"), _("meaning"), _("source")]
    summary = ngettext("{name}: {n} column", "{name}: {n} columns", len(rows), name=name)
    return folded(summary, table(head, rows))


def _type(column: Column) -> str:
    kind = np.dtype(column.dtype)
    own = ", ".join(f"{name} {part[0].str[1:]}" for name, part in (kind.fields or {}).items())
    shape = "".join(f"[{size}]" for size in column.shape)
    return (f"({own})" if own else str(column.dtype)) + shape


def _span(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{plain(low)} – {plain(high)}"


def parameters(group: str) -> str:
    """The parameters of a file, with values, units, ranges and sources."""
    found = [p for p in all_parameters().values() if p.id.split(".")[0] == group]
    if not found:
        raise Mistake('"{group}" is no group of parameters.', group=group)
    rows = [
        (code(p.id), code(plain(p.value)), label(p.unit), _span(p.low, p.high), label(p.title),
         f"{p.source} ({label(p.label)}{', ' + _('calibrated') if p.calibrated else ''})")
        for p in found
    ]  # fmt: skip
    head = [_("parameter"), _("value"), _("unit"), _("range"), _("meaning"), _("source, and how sure")]
    summary = ngettext("{group}: {n} parameter", "{group}: {n} parameters", len(rows), group=group)
    return folded(summary, table(head, rows))


def random_draws() -> str:
    """Every named random decision, with its key and the file that takes it."""
    said, taken = declared_draws(), _taken()
    rows = sorted((_file(name, taken), name) for name in said)
    cells = [
        (code(name), label(said[name]), code(file), code(f"{int(decision(name, said[name])):0{KEY_DIGITS}x}"))
        for file, name in rows
    ]
    head = [_("decision"), _("what it decides"), _("taken in"), _("key (hexadecimal)")]
    return folded(ngettext("{n} named draw", "{n} named draws", len(rows)), table(head, cells))


def declared_draws() -> dict[str, str]:
    """Labels of the random decisions that the model declares, by name; those of tests are left out."""
    everything("draw")
    taken = _taken()
    return {name: said for name, said in draws.DECISIONS.items() if _file(name, taken)}


def _file(name: str, taken: dict[str, str]) -> str:
    """The file that declares a decision, by its name or, for a family, the beginning of its name."""
    families = [begin for begin in taken if begin.endswith("_") and name.startswith(begin)]
    return taken.get(name) or (taken[families[0]] if families else "")


@cache
def _taken() -> dict[str, str]:
    """Files that declare decisions, by the name of the decision or the beginning of it."""
    found: dict[str, str] = {}
    for module in pkgutil.walk_packages(sim.__path__, "sim."):
        path = ROOT / (module.name.replace(".", "/") + ("/__init__.py" if module.ispkg else ".py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "decision":
                first = node.args[0]
                begin = first.values[0] if isinstance(first, ast.JoinedStr) else first
                if isinstance(begin, ast.Constant):
                    found[str(begin.value)] = path.relative_to(ROOT).as_posix()
    return found


CODES: Final[tuple[tuple[str, str, str], ...]] = (
    ("patients.flags", "agents.patients",
     "ALIVE WOMAN ALD C2S AME POOR CHRONIC INAPPROPRIATE_DRUG READMITTED_IF_UNSEEN SEEN_7_DAYS SEEN_30_DAYS NOTICED "
     "KEEPS_NO_GP STAY_FOLLOWED NEWS"),
    ("patients.conditions", "agents.patients", "CONDITIONS"),
    ("patients.prevention_due", "agents.patients", "VACCINE_DUE SCREENING_DUE CHILD_CHECK_DUE"),
    ("need", "agents.patients", "NEEDS"), ("priority", "agents.patients", "PRIORITIES"),
    ("age_band", "agents.patients", "AGE_BANDS"), ("patients.spend", "agents.patients", "SPENDING"),
    ("NEVER, FAR, NO_PENDING", "agents.patients", "NEVER FAR NO_PENDING PENDING_SLOTS"),
    ("requests.target", "sim.week.requests", "TARGETS"),
    ("requests.marks", "sim.week.requests", "REPLACES AT_HOME BY_PHONE READMITTED PLANNED NEW_REQUEST"),
    ("events.kind", "sim.events", "KINDS"), ("events.code", "sim.events", "CODES"),
    ("events.scope", "sim.events", "SCOPES"), ("channel", "sim.events", "CHANNELS"),
    ("events.payee_kind", "sim.events", "PAYEES"), ("cause", "sim.events", "CAUSES"),
    ("events.marks", "sim.events",
     "LEAK ADMITTED AVOIDABLE DIRECT READMISSION NOTIFIED REPLACES TEST FIRST VALIDATED REGISTRATION SEEN_WITHIN_7 "
     "SEEN_WITHIN_30 DECOMPENSATION SUBSTITUTED INITIATED UNKNOWN_DAYS"),
    ("minutes", "agents.uses", "USES"), ("nurses.kind", "agents.nurses", "KINDS"),
    ("teams.kind", "agents.teams", "KINDS"), ("teams.sharing_rule", "agents.teams", "SHARING_RULES"),
    ("teams.perimeter", "agents.teams", "PERIMETERS"), ("teams.practised, reported", "agents.teams", "CRITERIA"),
    ("teams.profile", "agents.teams", "PROFILES"), ("support.role", "agents.support", "ROLES"),
    ("payer.mode", "agents.payer", "MODES"), ("tasks.scope", "agents.tasks", "SCOPES"),
    ("physicians.kappa", "agents.templates", "TEMPLATES"), ("physicians.trust", "agents.templates", "MESSENGERS"),
    ("physicians.effort", "agents.templates", "EFFORTS"), ("area_type", "sim.area_types", "AREA_TYPES"),
)  # fmt: skip
"""Columns that hold codes, and where the names of the codes stand."""


def codes() -> str:
    """What the codes in columns mean."""
    rows = []
    for column, module, names in CODES:
        place = importlib.import_module(module)
        values = {name: getattr(place, name) for name in names.split()}
        if len(values) == 1 and isinstance(next(iter(values.values())), tuple):
            values = {name: number for number, name in enumerate(next(iter(values.values())))}
        rows.append((code(column), ", ".join(f"{number} {name}" for name, number in values.items())))
    return table([_("column"), _("codes, or bits")], rows)


def constants(folder: str) -> str:
    """Numbers that stand at the top of the files of a folder: definitions and technical limits, no parameters."""
    rows = [
        (code(name), code(plain(value)), code(path.relative_to(ROOT).as_posix()))
        for path in sorted(ROOT.glob(f"{folder}.py"))
        for name, value in _numbers(ast.parse(path.read_text(encoding="utf-8")))
    ]
    head = [_("constant"), _("value"), _("file")]
    summary = ngettext("{folder}: {n} constant", "{folder}: {n} constants", len(rows), folder=folder)
    return folded(summary, table(head, rows))


def _numbers(tree: ast.Module) -> Iterator[tuple[str, Any]]:
    for node in tree.body:
        targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
        value = getattr(node, "value", None)
        if len(targets) == 1 and isinstance(targets[0], ast.Name) and targets[0].id.isupper() and value is not None:
            found = _literal(value)
            if isinstance(found, int | float) or (isinstance(found, tuple) and found and _all_numbers(found)):
                yield targets[0].id, found


def _literal(value: ast.expr) -> Any:
    """What an expression is when it is a number, a power of numbers or a tuple of numbers; else None."""
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Pow):
        base, power = _literal(value.left), _literal(value.right)
        return None if base is None or power is None else base**power
    try:
        return ast.literal_eval(value)
    except ValueError:
        return None


def _all_numbers(values: Iterable[Any]) -> bool:
    return all(isinstance(value, int | float) for value in values)


def tariffs() -> str:
    """Dated amounts by which claim lines are priced."""
    rows = []
    for t in all_tariffs().values():
        dated = "; ".join(f"{entry.valid_from.isoformat()}: {plain(entry.value)}" for entry in t.entries)
        variants = ", ".join(f"{name}: {plain(value)}" for name, value in t.variants.items())
        rows.append((code(t.name), label(t.title), label(t.unit), dated, t.before, t.on_top_of, variants,
                     f"{t.source} ({label(t.label)})"))  # fmt: skip
    head = [_("tariff"), _("meaning"), _("unit"), _("values, each from its day"), _("before the first day"),
            _("on top of"), _("variants"), _("source, and how sure")]  # fmt: skip
    return folded(ngettext("{n} tariff", "{n} tariffs", len(rows)), table(head, rows))


def scenario_keys(name: str) -> str:
    """The keys of a part of a scenario."""
    rows = []
    for field in fields(getattr(specification, name)):
        key = field.metadata["key"]
        choices = (
            "" if set(key.choices) >= set(specification.POLICIES) else ", ".join(one or '""' for one in key.choices)
        )
        default = plain(field.default) if isinstance(field.default, int | float | str | date) else ""
        rows.append((code(key.table or field.name), code(default), label(key.unit), _span(key.low, key.high), choices,
                     label(key.label), key.source))  # fmt: skip
    head = [_("key"), _("default"), _("unit"), _("range"), _("choices"), _("meaning"), _("source")]
    summary = ngettext("{name}: {n} key", "{name}: {n} keys", len(rows), name=name)
    return folded(summary, table(head, rows))

"""Tables of what comes out, of mechanisms, payment rules and dates of law."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from agents.deciding.diary_kinds import EVENT_KINDS
from agents.nurses import KINDS as NURSE_KINDS
from agents.tasks import SCOPES, TASKS
from results.messages import _, label, ngettext
from scenarios.odd.markdown import code, folded, plain, table
from sim.footprints import ACTIONS
from sim.law import openings
from sim.measures import MEASURES, Between, Bits, Condition, Measure
from sim.mechanisms import all_mechanisms
from sim.payment.policy import Layer
from sim.payment.rules import policy_class
from sim.payment.sharing.rule import terms_of_package
from sim.registry import everything
from sim.specification import POLICIES


def measures() -> str:
    """Everything that accounts count."""
    everything("policy")  # a rule declares its own measures where it is written
    rows = [
        (code(m.name), label(m.label), label(m.unit), code(m.source), code(_held(m.where)), code(_added(m)), code(m.of),
         ", ".join(m.per), m.reference)
        for m in MEASURES.values()
    ]  # fmt: skip
    head = [_("measure"), _("meaning"), _("unit"), _("counted on"), _("where"), _("adds up"), _("belongs to"),
            _("kept by"), _("source")]  # fmt: skip
    return table(head, rows)


def _held(where: Iterable[tuple[str, Condition]]) -> str:
    """Conditions as they would be asked of columns."""
    return " and ".join(_condition(name, condition) for name, condition in where)


def _condition(name: str, condition: Condition) -> str:
    if isinstance(condition, Bits):
        return f"{name} & {condition.all | condition.none} == {condition.all}"
    if isinstance(condition, Between):
        low = f"{plain(condition.low)} <= " if condition.low > -np.inf else ""
        high = f" <= {plain(condition.high)}" if condition.high < np.inf else ""
        return f"{low}{name}{high}"
    return f"{name} in {condition}" if isinstance(condition, tuple) else f"{name} == {condition}"


def _added(m: Measure) -> str:
    """What a measure adds up: rows, values of a column, or rows with another value of one; ``f`` is said by hand."""
    if m.distinct:
        return f"distinct({m.distinct})" + (f" * {m.periods}" if m.periods > 1 else "")
    value: Any = m.value
    if isinstance(value, tuple):
        value = f"{value[0]}[{value[1]}]"
    said = "f" if callable(value) else str(value or 1)
    return f"{said} / {m.divisor}" if m.divisor > 1 else said


def actions() -> str:
    """Actions that have footprints, with the claim lines that are one."""
    everything("action")
    rows = [
        (code(a.name), label(a.label), label(a.unit), code(_held(a.where)), code(a.side), a.reference)
        for a in ACTIONS.values()
    ]
    return table([_("name"), _("meaning"), _("unit"), _("where"), _("belongs to"), _("source")], rows)


def declared(kind: str) -> str:
    """Outcomes, or another kind of what is declared by name."""
    rows = [(code(d.name), label(d.label), label(d.unit), d.source) for d in everything(kind).values()]
    return table([_("name"), _("meaning"), _("unit"), _("source")], rows)


def mechanisms() -> str:
    """Mechanisms of behaviour, with the options that switch them."""
    rows = [
        (code(m.id), m.number, label(m.line), "; ".join(_option(*one) for one in m.options.items()), m.source,
         code(m.where), label(m.note) if m.note else "")
        for m in all_mechanisms().values()
    ]  # fmt: skip
    head = [_("mechanism"), _("number"), _("what it says"), _("options"), _("source"), _("where"), _("note")]
    return table(head, rows)


def _option(name: str, values: Mapping[str, Any]) -> str:
    """An option, with the values of parameters that it stands for."""
    return f"{code(name)}: " + ", ".join(code(f"{one} = {plain(value)}") for one, value in values.items())


def policies() -> str:
    """Payment rules by layer."""
    rows = sorted(
        ((policy_class(name).layer, code(name), label(policy_class(name).title)) for name in POLICIES),
        key=lambda row: int(row[0]),
    )
    names = {layer: layer.name.lower() for layer in Layer}
    return table([_("layer"), _("rule"), _("meaning")], [(names[layer], name, title) for layer, name, title in rows])


def terms() -> str:
    """Terms of the payment rules, with their dated values; the first also holds before its day."""
    rows = []
    for rule in (*(policy_class(name)().terms for name in POLICIES), terms_of_package()):
        for t in rule.of.values():
            span = "" if t.low is None or t.high is None else f"{plain(t.low)} – {plain(t.high)}"
            values = [plain(entry.value) for entry in t.entries]
            if len(values) > 1:
                values = [f"{entry.valid_from.isoformat()}: {plain(entry.value)}" for entry in t.entries]
            rows.append((code(f"{rule.policy}.{t.name}"), label(t.title), "; ".join(values), label(t.unit), span,
                         t.entries[-1].source))  # fmt: skip
    head = [_("term"), _("meaning"), _("values, each from its day"), _("unit"), _("range"), _("source")]
    return table(head, rows)


def law() -> str:
    """Dates of law: which kinds of nurse may take which tasks from when on."""
    rows = [
        (label(text.title), text.valid_from.isoformat(), ", ".join(NURSE_KINDS[n] for n in text.nurses),
         ", ".join(TASKS[k] for k in text.tasks), SCOPES[text.before], text.source)
        for text in openings()
    ]  # fmt: skip
    head = [_("text of law"), _("from"), _("nurses"), _("tasks"), _("before"), _("source")]
    return folded(ngettext("{n} date of law", "{n} dates of law", len(rows)), table(head, rows))


def diary() -> str:
    """Kinds of events that the diary of a run tells."""
    rows = [(code(name), label(kind.label), kind.before and label(kind.before), kind.after and label(kind.after))
            for name, kind in EVENT_KINDS.items()]  # fmt: skip
    head = [_("kind"), _("meaning"), _("first number"), _("second number")]
    return folded(ngettext("{n} kind of event", "{n} kinds of event", len(rows)), table(head, rows))

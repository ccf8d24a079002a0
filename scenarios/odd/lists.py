"""Tables of what comes out, of mechanisms, payment rules and dates of law."""

from agents.deciding.diary_kinds import EVENT_KINDS
from agents.nurses import KINDS as NURSE_KINDS
from agents.tasks import SCOPES, TASKS
from results.messages import _, label, ngettext
from scenarios.odd.markdown import code, folded, plain, table
from sim.deciding.law import openings
from sim.measures import MEASURES
from sim.mechanisms import all_mechanisms
from sim.payment.policy import Layer
from sim.payment.rules import policy_class
from sim.registry import everything
from sim.specification import POLICIES


def measures() -> str:
    """Everything that accounts count."""
    everything("policy")  # a rule declares its own measures where it is written
    rows = [
        (code(m.name), label(m.label), label(m.unit), code(m.source), code(m.of), ", ".join(m.per), m.reference)
        for m in MEASURES.values()
    ]
    head = [_("measure"), _("meaning"), _("unit"), _("counted on"), _("belongs to"), _("kept by"), _("source")]
    return table(head, rows)


def declared(kind: str) -> str:
    """Actions or outcomes."""
    rows = [(code(d.name), label(d.label), label(d.unit), d.source) for d in everything(kind).values()]
    return table([_("name"), _("meaning"), _("unit"), _("source")], rows)


def mechanisms() -> str:
    """Mechanisms of behaviour, with the options that switch them."""
    rows = [
        (code(m.id), m.number, label(m.line), ", ".join(code(o) for o in m.options), m.source, code(m.where),
         label(m.note) if m.note else "")
        for m in all_mechanisms().values()
    ]  # fmt: skip
    head = [_("mechanism"), _("number"), _("what it says"), _("options"), _("source"), _("where"), _("note")]
    return table(head, rows)


def policies() -> str:
    """Payment rules by layer."""
    rows = sorted(
        ((policy_class(name).layer, code(name), label(policy_class(name).title)) for name in POLICIES),
        key=lambda row: int(row[0]),
    )
    names = {layer: layer.name.lower() for layer in Layer}
    return table([_("layer"), _("rule"), _("meaning")], [(names[layer], name, title) for layer, name, title in rows])


def terms() -> str:
    """Terms of the payment rules, in force on their latest day."""
    rows = []
    for t in everything("term").values():
        span = "" if t.low is None or t.high is None else f"{plain(t.low)} – {plain(t.high)}"
        rows.append((code(t.name), label(t.label), plain(t.default), label(t.unit), span, t.source))
    head = [_("term"), _("meaning"), _("latest value"), _("unit"), _("range"), _("source")]
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

"""``careteams explain``, ``policies`` and ``budget``: what is paid, by which rule, and who pays it."""

import argparse
import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from agents.mistakes import Mistake
from results.messages import _, label, number

NO_UNIT = ("", "count", "rule", "yes/no", "names")


def explain(options: argparse.Namespace) -> int:
    """Print the statement of a year, and why each payment and each share is what it is."""
    from results.explain import as_text, explanations
    from results.paid import paid
    from results.statement import as_text as statement

    run = opened(options.run)
    asked = {"team": options.team, "year": options.year, "policy": options.policy}
    found = _asked(lambda: list(explanations(run, **asked)))
    if options.json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
        return 0
    print(statement(run, paid(run, **asked), persons=bool(options.team)))
    for one in found:
        print(f"\n{as_text(one)}")
    print(
        "\n" + _("Numbers are shown to six decimals; amounts are computed from unrounded ones, then shared in cents.")
    )
    return 0


def budget(options: argparse.Namespace) -> int:
    """Print what a run cost by line and payer, or how much more than another one."""
    from results.budget import as_text, difference
    from results.budget import budget as budget_of

    run = opened(options.run)
    if options.against:
        other = opened(options.against)
        impact = _asked(lambda: difference(run, other, options.year))
    else:
        impact = _asked(lambda: budget_of(run, options.year))
    if options.json:
        print(json.dumps({"year": impact.year, "lines": impact.lines.to_dict("index")}, indent=1))
        return 0
    if options.against:
        print(_("{run} less {other}", run=options.run, other=options.against))
    print(as_text(impact))
    return 0


def policies(options: argparse.Namespace) -> int:
    """List the payment rules, or one of them with its terms and their sources.

    ``sharing`` is how teams share; ``fees`` are those of every act, which fee-for-service pays.
    """
    from sim.payment.rules import installed, policy_class
    from sim.payment.sharing.rule import terms_of_package
    from sim.specification import FEES, POLICIES, SHARING

    beside = {SHARING: _("How the money of teams reaches persons"), FEES: _("Fees of every act, and who pays them")}
    if options.policy in beside:
        print(_("{name}: {meaning}", name=options.policy, meaning=beside[options.policy]))
    if options.policy == SHARING:
        _terms(terms_of_package())
    elif options.policy and options.policy != FEES:
        kind = policy_class(options.policy)
        meaning = f"{label(kind.title)} ({_(LAYERS[kind.layer])})"
        print(_("{name}: {meaning}", name=kind.name, meaning=meaning))
        _terms(kind().terms)
    if options.policy in (FEES, "fee_for_service"):
        _fees()
    if not options.policy:
        for name in (*POLICIES, *installed()):
            kind = policy_class(name)
            print(f"{name:<24}{_(LAYERS[kind.layer]):<24}{label(kind.title)}")
        for name, meaning in beside.items():
            print(f"{name:<24}{'':<24}{meaning}")
    return 0


LAYERS = {1: "base", 2: "substitution", 3: "add-on", 4: "funded staff", 5: "organisation"}
"""Layers of payment rules, as people call them; by ``sim.payment.policy.Layer``."""


def _terms(terms: Any) -> None:
    """Print terms with their ranges, and each value with its day, label and source."""
    for name, term in terms.of.items():
        print("\n  " + _("{name}: {meaning}", name=name, meaning=label(term.title)))
        if term.choices:
            print("    " + _("one of: {known}", known=", ".join(term.choices)))
        elif term.low is not None and term.high is not None:
            print("    " + _("from {low} to {high}", low=_value(term.low), high=_value(term.high)))
        _entries(term.unit, term.entries)


def _fees() -> None:
    """Print the fee of every act and who pays it, as terms are; a reform changes them under ``fees``."""
    from sim.tariffs import NOTHING, all_tariffs

    for name, fee in all_tariffs().items():
        print("\n  " + _("{name}: {meaning}", name=name, meaning=label(fee.title)))
        if fee.on_top_of:
            print("    " + _("on top of {name}", name=fee.on_top_of))
        if fee.low is not None and fee.high is not None:
            print("    " + _("from {low} to {high}", low=_value(fee.low), high=_value(fee.high)))
        if fee.before == NOTHING:
            print("    " + _("before: nothing is paid"))
        elif fee.before:
            print("    " + _("before: billed as {name}", name=fee.before))
        _entries(fee.unit, fee.entries)
        for variant, value in fee.variants.items():
            print(f"    {_value(value)} {label(fee.unit)}  [{variant}: {fee.source}]")


def _entries(unit: str, entries: Sequence[Any]) -> None:
    """Print dated values, each with its day, label and source."""
    for entry in entries:
        since = f"{entry.valid_from.isoformat()}  " if entry.valid_from.year > 1 else ""
        said = f" {label(unit)}" if unit not in NO_UNIT else ""
        source = _("{name}: {meaning}", name=label(entry.label), meaning=entry.source)
        print(f"    {since}{_value(entry.value)}{said}  [{source}]")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if not isinstance(value, int | float) or math.isinf(value):
        return str(value)
    text = number(value, 4)
    return text.rstrip("0").rstrip(".,")


def opened(path: str) -> Any:
    """An open run, or a mistake in one line."""
    from results.run import open_run

    return _asked(lambda: open_run(path))


def _asked(question: Any) -> Any:
    """What a question to a run's files gives; what is wrong with them is a mistake of the user's."""
    from results.run import RunError

    try:
        return question()
    except RunError as error:
        raise Mistake("{problem}", problem=str(error)) from None

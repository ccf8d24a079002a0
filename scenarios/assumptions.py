"""Assumptions that a comparison rests on: labelled ones among the parameters and terms that its arms touch."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from results.comparison_shown import shown
from results.messages import _, label
from results.posterior import prior_driven
from results.report.blocks import Assumption
from scenarios.comparing import Question
from scenarios.study.forking import changed_keys
from sim.parameters import all_parameters
from sim.payment.rules import policy_class

ASSUMED: Final = "assumption"


def assumptions_of(question: Question, posterior: Path | None = None) -> list[Assumption]:
    """Assumptions among what the arms of a question touch.

    Terms of the payment rules that some arm has and another has not, parameters that arms set, and parameters that the
    study draws.

    Args:
        question: the question.
        posterior: table of a calibration, which says of what something was learnt.
    """
    laboratory = question.laboratory
    specs = {name: question.arms.resolved(name, laboratory) for name in question.arms.parts}
    rules: list[set[str]] = [{rule for team in s.teams.values() for rule in team.contract} for s in specs.values()]
    touched = sorted(rules[0].union(*rules) - rules[0].intersection(*rules)) if rules else []
    keys = {key for spec in specs.values() for key in changed_keys(question.scenario, spec)}
    drawn = {key for vector in question.vectors for key in vector}
    ids = drawn | {key.removeprefix("parameters.") for key in keys if key.startswith("parameters.")}
    return [*_terms(touched), *_parameters(ids, posterior)]


def _terms(rules: Iterable[str]) -> Iterator[Assumption]:
    """Terms of payment rules whose value is ours."""
    for rule in rules:
        kind = policy_class(rule)
        for name, term in kind().terms.of.items():
            entry = term.entries[-1]
            if entry.label == ASSUMED:
                span = f"{_said(term.low)} – {_said(term.high)}" if term.low is not None else "–"
                title = f"{label(kind.title).partition(':')[0].rstrip()}: {label(term.title)}"
                yield Assumption(f"{rule}.{name}", title, _said(entry.value), span, str(entry.source))


def _parameters(ids: Iterable[str], posterior: Path | None) -> Iterator[Assumption]:
    known = all_parameters()
    wanted = sorted(name for name in ids if name in known and known[name].label == ASSUMED)
    driven = set(prior_driven(wanted, posterior)) if posterior is not None else None
    for name in wanted:
        one = known[name]
        yield Assumption(
            name, label(one.title), _said(one.value), f"{_said(one.low)} – {_said(one.high)}", one.source,
            None if driven is None else name in driven,
        )  # fmt: skip


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return shown(float(value)) if isinstance(value, int | float) else str(value)

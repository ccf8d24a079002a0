"""Parts that reports of runs and of comparisons have in common: payments, assumptions, provenance."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from results.cast import first_team
from results.explain import Explanation, explanations
from results.messages import _, euros, label, number
from results.paid import paid, payee_name, pool_title
from results.provenance import record
from results.report.blocks import Assumption, Block, Detail, Section, Table, Text, Why
from results.run import Run, RunError
from results.statement import by_person

EXAMPLES: Final = 3
"""Payments that are explained step by step."""
MOST_ASSUMPTIONS: Final = 25


def statements(run: Run, title: str = "") -> Detail:
    """The largest payments and shares of a team in the last year, each with the arithmetic that gives it.

    Args:
        run: an open run.
        title: what is said over them; the team's name when empty.
    """
    team = ""
    try:
        team = first_team(run)
        found = list(explanations(run, team=team))
    except RunError as error:
        return Detail(title or team or _("the teams"), [Text([str(error)])])
    largest: dict[str, Explanation] = {}
    for one in sorted(found, key=lambda one: -abs(one.amount)):
        largest.setdefault(one.system, one)
    blocks: list[Block] = [
        Text([_("The largest payment of each rule to {team}, in the last year of one run, and why it is what it is.",
                team=team)])
    ]  # fmt: skip
    for one in list(largest.values())[:EXAMPLES]:
        said = f"{label(one.title)} · {one.component} · {one.payee}"
        facts = [_("{label}: {value}", label=f"{fact.name} = {fact.value}", value=f"{fact.label} ({fact.origin})")
                 for fact in one.facts]  # fmt: skip
        head = _("{label}: {value}", label=said, value=f"{euros(one.amount, 2)} ({one.paid})")
        blocks.append(Why(head, [_step(step) for step in one.steps], facts))
    return Detail(title or team, blocks)


def _step(step: Any) -> str:
    numbers = f" = {step.numbers}" if " " in step.numbers else ""
    return _("{label}: {value}", label=step.label, value=f"{step.name} = {step.formula}{numbers} = {step.value}")


def incomes(run: Run) -> dict[str, float]:
    """What each person of the first team got in the last year, EUR, by name."""
    try:
        people = by_person(paid(run, team=first_team(run)))
    except (RunError, KeyError):
        return {}
    sums = zip(people.index, people.sum(axis=1).to_numpy(), strict=True)
    return {payee_name(run, *person): float(total) for person, total in sums}


def sharing(run: Run) -> Table | None:
    """What persons of the first team got of a year's money, by kind of money; None where nobody got any."""
    try:
        people = by_person(paid(run, team=first_team(run)))
    except (RunError, KeyError):
        return None
    heads = [_("person"), *(pool_title(str(pool)) for pool in people.columns), _("sum")]
    rows = [[payee_name(run, *person), *(number(v) for v in row), number(sum(row))]
            for person, row in zip(people.index, people.to_numpy(), strict=True)]  # fmt: skip
    return Table(_("What each person of the team got in the last year, EUR"), heads, rows, "persons")


def assumed(found: Sequence[Assumption]) -> Section:
    """The assumptions that the results rest on, those that weigh most first."""
    if not found:
        return Section("assumptions", _("Assumptions that matter most"),
                       [Text([_("No labelled assumption is among what was tried.")])])  # fmt: skip
    weighed = any(one.weight is not None for one in found)
    ordered = sorted(found, key=lambda one: -abs(one.weight or 0.0))[:MOST_ASSUMPTIONS]
    heads = [_("assumption"), _("value"), _("range"), _("source"), _("learnt")]
    heads += [_("rank correlation")] if weighed else []
    rows = [
        [f"{one.title} ({one.id})", one.value, one.span, one.source, _learnt(one),
         *([number(one.weight, 2) if one.weight is not None else "–"] if weighed else [])]
        for one in ordered
    ]  # fmt: skip
    how = (
        _("Ordered by how strongly each moves the key difference over the ensemble of parameters.") if weighed
        else _("How strongly each moves the results was not measured: compare with --ensemble, or see "
               "careteams sensitivity.")
    )  # fmt: skip
    said = [_("Assumptions among what the arms touch: {shown} of {count} are shown.",
              shown=number(len(ordered)), count=number(len(found))), how]  # fmt: skip
    return Section("assumptions", _("Assumptions that matter most"),
                   [Text(said), Table(_("Labelled assumptions"), heads, rows, "assumptions")])  # fmt: skip


def _learnt(one: Assumption) -> str:
    if one.prior_driven is None:
        return _("not calibrated")
    return _("prior-driven") if one.prior_driven else _("from data")


def origin(facts: Mapping[str, Any], file: str) -> Section:
    """Where the numbers come from, and how to make them again."""
    kept = record(facts)
    said = {
        _("run"): kept.get("run_id", ""), _("study"): kept.get("study", ""), _("code"): kept.get("code", ""),
        _("parameters"): kept.get("parameters", ""), _("seeds"): _span(kept.get("seeds") or [kept.get("seed", "")]),
        _("command"): "careteams " + " ".join(kept["command"]) if kept.get("command") else "",
    }  # fmt: skip
    rows = [[name, str(value)] for name, value in said.items() if value]
    packages = [f"{name} {version}" for name, version in dict(facts.get("packages", {})).items() if version]
    return Section("provenance", _("Where this comes from"), [
        Table(_("Provenance"), [_("what"), _("value")], rows, "provenance"),
        Text([_("Packages: {packages}.", packages=", ".join(packages))] if packages else []),
        Text([_("To make it again from this page: careteams rerun {file}", file=file)]),
    ])  # fmt: skip


def _span(seeds: Sequence[Any]) -> str:
    whole = len(seeds) > 1 and list(seeds) == list(range(seeds[0], seeds[-1] + 1))
    return f"{seeds[0]}–{seeds[-1]}" if whole else ", ".join(map(str, seeds))

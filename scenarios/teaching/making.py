"""``careteams teach``: the runs of the page, made or found again, and the payload that they become."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from agents.teams import SHARING_RULES
from results.run import open_run
from results.teaching.estimates import Known, known
from results.teaching.payload import Parts, Recorded, condensed
from results.teaching.texts import labelled, own
from scenarios.study.workers import processors
from scenarios.teaching import outcomes, recorded, studies
from scenarios.teaching.factorial import as_payload
from scenarios.teaching.grid import Arm, Grid
from sim.parameters import EVIDENCE
from sim.payment.rules import policy_class
from sim.payment.sharing.registry import sharing_rule
from sim.recording.manifest import code_version

WORK: Final = Path("results/runs/teaching")


def payload(grid: Grid, *, work: Path = WORK, workers: int | None = None, progress: bool = False) -> dict[str, Any]:
    """Make what is not there yet, and condense all of it.

    Args:
        grid: what the page is made of.
        work: folder where runs, worlds and studies are kept, so that a stopped command can go on.
        workers: processes, all processors by default.
        progress: show progress bars.

    Raises:
        Mistake: when a run cannot be made.
    """
    count = workers or processors()
    jobs = recorded.made(grid, work, workers=count, progress=progress)
    found = studies.made(grid, work, workers=count, progress=progress)
    told = {name: _known(one) for name, one in found.items()}
    runs = [
        Recorded(job.id, job.territory, job.arm, open_run(job.folder), grid.runs[job.territory].frames,
                 grid.runs[job.territory].followed)
        for job in jobs
    ]  # fmt: skip
    return condensed(Parts(
        about={"version": version(), "code": code_version(), "quick": grid.quick}, territories=_territories(grid),
        arms=_arms(grid), outcomes=outcomes.declared(), runs=runs, studies=told, sources=sources(),
        factorial=as_payload(grid), sharing_rules={name: sharing_rule(name).title for name in SHARING_RULES},
    ))  # fmt: skip


def version() -> str:
    """Version of careteams."""
    from importlib.metadata import version as installed

    return installed("careteams")


def _known(one: studies.Found) -> Known:
    plan = one.plan
    shares = [name for name, said in outcomes.declared().items() if said.get("percent")]
    return known(one.table, plan.territory, plan.arms, plan.baseline, plan.read, one.outcomes, shares)


def _territories(grid: Grid) -> dict[str, Any]:
    found = {}
    for name, place in grid.territories.items():
        spec = place.spec()
        found[name] = {"title": own(spec.title), "text": own(spec.description), "main": place.main}
    return found


def _arms(grid: Grid) -> dict[str, Any]:
    """Every arm of the page, designs of the factorial included."""
    arms = {**{name: design.arm for name, design in grid.designs.items()}, **grid.arms}
    return {name: _arm(grid, arm) for name, arm in arms.items()}


def _arm(grid: Grid, arm: Arm) -> dict[str, Any]:
    place = grid.territories[arm.territory]
    team = place.spec().teams[place.main]
    rules = [*team.contract, *arm.rules]
    return {
        "title": dict(arm.title), "text": dict(arm.text), "colour": arm.colour,
        "territory": arm.territory, "rules": [labelled(policy_class(rule).title) for rule in rules],
        "sharing": labelled(sharing_rule(arm.sharing or team.sharing_rule).title),
    }  # fmt: skip


@cache
def sources() -> dict[str, dict[str, Any]]:
    """Records of the evidence, by id."""
    raw = tomllib.loads(EVIDENCE.read_text(encoding="utf-8"))
    found = {}
    for group in raw.values():
        for record in group.values() if isinstance(group, dict) else ():
            if isinstance(record, dict) and "id" in record:
                found[record["id"]] = _source(record, raw)
    return found


def _source(record: Mapping[str, Any], raw: Mapping[str, Any]) -> dict[str, Any]:
    references = [str(raw["bibliography"][key]) for key in record.get("ref", [])]
    whole = " ".join(references)
    found = re.search(r"doi (10\.\S+?)\.?(?:\s|$)", whole)
    strength = record.get("label") or record["values"][-1].get("label", "")
    return {
        "title": labelled(str(record["title"])), "reference": whole, "strength": str(strength),
        "url": f"https://doi.org/{found[1]}" if found else "",
    }  # fmt: skip

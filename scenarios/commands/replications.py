"""``careteams replications COMPARISON``: when the warm-up of its scenario may end, and how many worlds are enough."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from agents.mistakes import Mistake
from results.messages import _

if TYPE_CHECKING:
    from results.replications import Settling
    from sim.specification import ScenarioSpec

YEARS: Final = 6
"""Years of warm-up that are shown, as many as the rule ever takes."""
WORLDS: Final = 3


def replications(options: argparse.Namespace) -> int:
    """Draw both rules on what a comparison ran, and say what they ask for."""
    from results.comparison_shown import Named
    from results.figures.replications import draw
    from results.figures.style import save, styled
    from results.replications import running
    from results.report.of_comparison import Opened
    from results.run import RunError
    from scenarios.examples import question_again

    folder = Path(options.path)
    try:
        opened = Opened(folder)
    except RunError as error:
        raise Mistake("{problem}", problem=str(error)) from None
    if not opened.facts.get("command"):
        raise Mistake("{path}: it does not say how it was asked for.", path=folder)
    question = question_again(list(opened.facts["command"]))
    seeds = list(opened.facts["seeds"])[:WORLDS]
    settling = [_settled(question.scenario, seed, not options.quiet) for seed in seeds]
    rows = opened.rows("")
    found = [
        running(opened.read(), str(row["outcome"]), str(row["arm"]), question.baseline, float(row["wanted"]))
        for row in rows.to_dict("records")
    ]  # fmt: skip
    names = {name: Named(named.label, named.unit) for name, named in opened.names.items()}
    with styled():
        drawn = draw(settling, found, names, opened.facts)
    out = Path(options.out) if options.out else folder
    files = save(drawn, out)
    if not options.quiet:
        print(drawn.text)
        print(_("figure: {file}", file=files[0]))
    return 0


def _settled(spec: "ScenarioSpec", seed: int, progress: bool) -> "Settling":
    """A warm-up as long as the rule ever takes, and where its levels stood each year."""
    from dataclasses import replace

    from results.replications import Settling
    from scenarios.norms import norms_for
    from scenarios.running import bar
    from sim.model import prepared

    own = replace(spec, seed=seed, warm_up_years=YEARS)
    with bar(_("warm-up"), None, progress) as passed:
        model: Any = prepared(own, norms=norms_for(own), progress=passed)
    watched = {
        "contacts": _("contacts with physicians a person"), "booked": _("booked share of the physicians' time"),
        "control": _("mean control of chronic conditions"),
    }  # fmt: skip
    levels = {said: [float(getattr(level, name)) for level in model.warm_up.levels] for name, said in watched.items()}
    return Settling(seed, levels, float(model.world.parameters[0]["service_warm_up_tolerance"]))

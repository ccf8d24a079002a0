"""``careteams report PATH``: a run, a comparison or a sweep as one page for people, its pictures and tables beside."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from agents.mistakes import Mistake
from results.messages import _

if TYPE_CHECKING:
    from results.report.blocks import Assumption, Report
    from results.run import Run


def report(options: argparse.Namespace) -> int:
    """Write the page, and say where it is."""
    from results.report.writing import write
    from results.run import RunError

    folder = Path(options.path)
    out = Path(options.out) if options.out else folder / "report.html"
    if out.suffix.lower() not in (".html", ".htm"):
        raise Mistake("--out {file}: a report ends in .html.", file=out)
    try:
        made = _made(folder, out.name, options)
        out.parent.mkdir(parents=True, exist_ok=True)
        files = write(made, out)
    except RunError as error:
        raise Mistake("{problem}", problem=str(error)) from None
    except OSError as error:
        raise Mistake("{file}: cannot be written ({reason}).", file=out, reason=error.strerror) from None
    if not options.quiet:
        print(_("report: {file}", file=out))
        print(_("pictures and tables: {folder}", folder=files[1].parent))
    return 0


def _made(folder: Path, file: str, options: argparse.Namespace) -> "Report":
    from results.report.of_comparison import FILE
    from results.report.of_comparison import report as of_comparison
    from results.report.of_run import report as of_run
    from results.report.of_sweep import POINTS
    from results.report.of_sweep import report as of_sweep
    from results.run import MANIFEST, open_run

    if (folder / FILE).is_file():
        runs, assumptions = _cases(folder, options)
        return of_comparison(folder, runs, assumptions, file)
    if (folder / POINTS).is_file():
        return of_sweep(folder, file)
    if folder.is_dir() and not (folder / MANIFEST).is_file():
        raise Mistake("{path}: this is neither a run nor a comparison nor a sweep. Give a folder that careteams run, "
                      "careteams sweep or careteams compare --out has written.", path=folder)  # fmt: skip
    return of_run(open_run(folder), file)


def _cases(folder: Path, options: argparse.Namespace) -> "tuple[dict[str, Run], list[Assumption]]":
    """A run of each arm as an example, and the assumptions that the arms touch, where the question is understood."""
    from results.report.of_comparison import Opened
    from results.run import open_run
    from scenarios.assumptions import assumptions_of
    from scenarios.examples import EXAMPLES, example_runs, question_again
    from sim.recording.manifest import code_version

    facts = Opened(folder).facts
    places = {one.name: one for one in sorted((folder / EXAMPLES).glob("*")) if one.is_dir()}
    if not facts.get("command"):
        return {name: open_run(place) for name, place in places.items()}, []
    question = question_again(list(facts["command"]))
    missing = [name for name in question.arms.parts if name not in places]
    if missing and not options.no_examples:
        if facts.get("code") != code_version() and not options.accept_changes:
            raise Mistake("{path}: it was made by code {before}, and examples would be by {now}; say --no-examples, or "
                          "--accept-changes.", path=folder, before=facts.get("code"), now=code_version())  # fmt: skip
        first = min(facts.get("seeds") or [1])
        places = example_runs(question, folder / EXAMPLES, seed=first, progress=not options.quiet)
    runs = {name: open_run(places[name]) for name in question.arms.parts if name in places}
    return runs, assumptions_of(question, Path(options.posterior) if options.posterior else None)

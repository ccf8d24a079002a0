"""The command line: ``careteams run agapanthes --years 5``.

Nothing heavy is imported here: each command imports what it needs, so that ``careteams --help`` answers at once.
"""

import argparse
import errno
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import Any

from agents.mistakes import Mistake, nearest
from results.messages import _, rendered, set_language
from results.provenance import commanded
from scenarios.options import running, studying, teams, telling
from scenarios.options.common import scenario
from scenarios.options.parser import Parser

BAD_INPUT, INTERRUPTED, BROKEN_PIPE = 2, 130, 141


def later(path: str) -> Callable[[argparse.Namespace], int]:
    """A command by the path of its function, ``family.function``, imported when it is called."""
    family, name = path.split(".")

    def command(options: argparse.Namespace) -> int:
        return int(getattr(import_module(f"scenarios.commands.{family}"), name)(options))

    return command


def parser() -> Parser:
    """The whole command line, in the language in use."""
    top = Parser(prog="careteams", description=_("Care teams under payment rules, simulated on a territory."))
    top.add_argument("--version", action="store_true", help=_("show the version and exit"))
    commands = top.add_subparsers(title=_("commands"), metavar=_("COMMAND"), dest="command", parser_class=Parser)

    def command(name: str, path: str, text: str) -> Parser:
        made: Parser = commands.add_parser(name, help=text, description=text)
        made.set_defaults(function=later(path))
        return made

    running.run(command("run", "runs.run", _("run a scenario: summary, tables and figure")))
    command("presets", "describing.presets", _("list the scenarios that come with careteams"))
    scenario(command("describe", "describing.describe", _("say what a scenario holds")))
    scenario(command("check", "describing.check", _("check a scenario file without running it")))
    teams.team(command("team", "own_team.team", _("build a preset of your own team from a table of counts")))
    running.territory(command("territory", "ground.territory", _("describe and draw a territory")))
    _studies(command)
    running.lab(command("lab", "lab.lab", _("play the stylised laboratory with the decision rule alone")))
    running.live(command("live", "live.live", _("show a scenario week by week in a browser (extra live)")))
    running.bench(command("bench", "studies.bench", _("measure the speed of the model on this machine")))
    made = command("parameters", "describing.parameters", _("list the parameters of the model with their sources"))
    made.add_argument("id", metavar="ID", nargs="?", default="", help=_("one parameter, or one group"))
    made = command(
        "mechanisms", "mechanisms.mechanisms", _("list the mechanisms of behaviour that a scenario can switch")
    )
    made.add_argument("id", metavar="ID", nargs="?", default="", help=_("one mechanism"))
    telling.replications(
        command(
            "replications", "replications.replications", _("show when a warm-up may end, and how many worlds suffice")
        )
    )
    telling.report(command("report", "report.report", _("a run, a comparison or a sweep as one page for people")))
    telling.rerun(command("rerun", "rerun.rerun", _("run again what a figure, table or page was made from")))
    telling.explain(command("explain", "payments.explain", _("say why each payment of a run is what it is")))
    made = command("policies", "payments.policies", _("list the payment rules, or the terms of one with their sources"))
    made.add_argument("policy", metavar=_("RULE"), nargs="?", default="", help=_("one payment rule"))
    running.norms(command("norms", "norms.norms", _("show the national norms that payment rules compare with")))
    telling.budget(command("budget", "payments.budget", _("what a run cost, by line and by who pays it")))
    telling.story(command("story", "story.story", _("tell the years of a team, from what its people decided")))
    telling.teach(command("teach", "teach.teach", _("make the teaching page, one file that needs no network")))
    return top


def _studies(command: Callable[[str, str, str], Parser]) -> None:
    """The commands that run many scenarios."""
    studying.validate(command("validate", "studies.validate", _("compare the model with patterns of evidence")))
    studying.compare(command("compare", "compare.compare", _("compare policies on the same worlds")))
    studying.attribute(
        command("attribute", "attribute.attribute", _("say what a payment is made of: merit, territory or luck"))
    )
    studying.evaluate(
        command("evaluate", "evaluate.evaluate", _("set what evaluators would find against what is true"))
    )
    studying.sweep(command("sweep", "sweeps.sweep", _("run every combination that a design file describes")))
    studying.sensitivity(
        command("sensitivity", "sensitivity.sensitivity", _("say which uncertain parameters decide a difference"))
    )
    studying.calibrate(
        command("calibrate", "calibrate.calibrate", _("fit parameters to targets, and say what was learnt of each"))
    )
    studying.textbook(command("textbook", "textbook.textbook", _("say what the simple model would have said")))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0, 2 for a user's mistake, 130 when stopped."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    _never_refuse_a_letter()
    set_language(_asked_language(words))
    try:
        code = _obeyed(words)
        sys.stdout.flush()
    except Mistake as mistake:
        print(f"careteams: {rendered(mistake)}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("\n" + _("careteams: stopped; no half-written run is left."), file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output, such as `head`, has seen enough
        _drop_output()
        return BROKEN_PIPE
    except SystemExit as stop:  # argparse, after --help
        return int(stop.code or 0)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _drop_output()
        print(f"careteams: {_('there is no room left where this is written.')}", file=sys.stderr)
        return BAD_INPUT
    except Exception as error:
        if not _is_about_a_run(error):
            raise
        print(f"careteams: {error}", file=sys.stderr)
        return BAD_INPUT
    return code


def _never_refuse_a_letter() -> None:
    """Print a question mark for a letter that the terminal's encoding lacks: a run is not lost for a narrow space."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a test or a notebook puts others in their place
            stream.reconfigure(errors="replace")


def _drop_output() -> None:
    """Throw away what could not be printed: Python would try again, and complain, when it leaves."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _is_about_a_run(error: Exception) -> bool:
    """Whether a run folder could not be opened: ``results`` says so in words of its own, already translated."""
    opened = sys.modules.get("results.run")
    return opened is not None and isinstance(error, opened.RunError)


def _obeyed(words: list[str]) -> int:
    made = parser()
    _refuse_unknown_command(made, words)
    options, rest = made.parse_known_args(words)
    if rest:
        raise (_subparsers(made)[options.command] if options.command else made).unknown(rest[0])
    if options.version:
        print(version())
        return 0
    if options.command is None:
        made.print_help()
        return 0
    commanded(words)
    return int(options.function(options))


def _asked_language(words: list[str]) -> str | None:
    """The language that ``--lang`` asks for, before the parser exists: its help is translated too."""
    for i, word in enumerate(words):
        if word == "--lang" and i + 1 < len(words):
            return words[i + 1]
        if word.startswith("--lang="):
            return word.partition("=")[2]
    return None


def _subparsers(made: Parser) -> dict[str, Parser]:
    found: Any = next(a.choices for a in made._actions if a.dest == "command")  # argparse has no public way
    return dict(found)


def _refuse_unknown_command(made: Parser, words: list[str]) -> None:
    known = _subparsers(made)
    first = next((w for i, w in enumerate(words) if not w.startswith("-") and words[i - 1 : i] != ["--lang"]), None)
    if first is None or first in known:
        return
    names = ", ".join(known)
    if near := nearest(first, known):
        raise Mistake(
            'the command "{word}" is not known. Did you mean "{nearest}"? Commands: {known}.',
            word=first, nearest=near, known=names,
        )  # fmt: skip
    raise Mistake('the command "{word}" is not known. Commands: {known}.', word=first, known=names)


def version() -> str:
    """Version of the installed distribution."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return f"careteams {installed('careteams')}"
    except PackageNotFoundError:
        return "careteams (not installed)"


if __name__ == "__main__":
    sys.exit(main())

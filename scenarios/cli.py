"""The command line: ``careteams run agapanthes --years 5``.

Nothing heavy is imported here: each command imports what it needs, so that ``careteams --help`` answers at once.
"""

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, NoReturn

from agents.mistakes import Mistake, nearest
from results.messages import LANGUAGES, _, rendered, set_language

BAD_INPUT, INTERRUPTED, BROKEN_PIPE = 2, 130, 141
REQUIRED = re.compile(r"the following arguments are required: (.+)")
NEEDS_VALUE = re.compile(r"argument ([^:]+): expected .+ argument")


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are mistakes: one line, in the user's language, with the nearest valid name."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(
            **facts, add_help=False, allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        self._positionals.title, self._optionals.title = _("arguments"), _("options")
        self.add_argument("-h", "--help", action="help", help=_("show this help and exit"))
        self.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=_("language of messages"))

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command line.

        Raises:
            Mistake: always.
        """
        if found := REQUIRED.fullmatch(message):
            raise Mistake("{command}: missing {names}. See {command} --help.", command=self.prog, names=found[1])
        if found := NEEDS_VALUE.fullmatch(message):
            raise Mistake("{command}: {option} needs a value.", command=self.prog, option=found[1])
        raise Mistake("{command}: {reason}. See {command} --help.", command=self.prog, reason=message)

    def unknown(self, word: str) -> Mistake:
        """What to say of a word that no argument expects."""
        near = nearest(word, [o for action in self._actions for o in action.option_strings])
        if near:
            return Mistake(
                '{command}: "{word}" is not known. Did you mean "{nearest}"?',
                command=self.prog, word=word, nearest=near,
            )  # fmt: skip
        return Mistake('{command}: "{word}" is not known. See {command} --help.', command=self.prog, word=word)


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

    _run(command("run", "runs.run", _("run a scenario: summary, tables and figure")))
    command("presets", "describing.presets", _("list the scenarios that come with careteams"))
    _scenario(command("describe", "describing.describe", _("say what a scenario holds")))
    _scenario(command("check", "describing.check", _("check a scenario file without running it")))
    _territory(command("territory", "ground.territory", _("describe and draw a territory")))
    _validate(command("validate", "studies.validate", _("compare the model with patterns of evidence")))
    _compare(command("compare", "compare.compare", _("compare policies on the same worlds")))
    _sweep(command("sweep", "sweeps.sweep", _("run every combination that a design file describes")))
    _lab(command("lab", "lab.lab", _("play the stylised laboratory with the decision rule alone")))
    _bench(command("bench", "studies.bench", _("measure the speed of the model on this machine")))
    made = command("parameters", "describing.parameters", _("list the parameters of the model with their sources"))
    made.add_argument("id", metavar="ID", nargs="?", default="", help=_("one parameter, or one group"))
    made = command(
        "mechanisms", "mechanisms.mechanisms", _("list the mechanisms of behaviour that a scenario can switch")
    )
    made.add_argument("id", metavar="ID", nargs="?", default="", help=_("one mechanism"))
    _explain(command("explain", "payments.explain", _("say why each payment of a run is what it is")))
    made = command("policies", "payments.policies", _("list the payment rules, or the terms of one with their sources"))
    made.add_argument("policy", metavar=_("RULE"), nargs="?", default="", help=_("one payment rule"))
    _norms(command("norms", "norms.norms", _("show the national norms that payment rules compare with")))
    _budget(command("budget", "payments.budget", _("what a run cost, by line and by who pays it")))
    _story(command("story", "story.story", _("tell the years of a team, from what its people decided")))
    return top


def _scenario(made: Parser, default: str | None = None) -> None:
    text = _("name of a preset, or path of a TOML file")
    if default:
        made.add_argument("scenario", metavar="SCENARIO", nargs="?", default=default, help=text)
    else:
        made.add_argument("scenario", metavar="SCENARIO", help=text)
    made.add_argument(
        "--set", metavar="KEY=VALUE", action="append", default=[],
        help=_("change one value, such as team.agapanthes.physicians=6; may be repeated"),
    )  # fmt: skip


def _run(made: Parser) -> None:
    _scenario(made)
    made.add_argument("--years", metavar="N", help=_("years after the warm-up"))
    made.add_argument("--seed", metavar="N", help=_("seed of every draw"))
    made.add_argument("--out", metavar=_("FOLDER"), help=_("folder of the run (by default under results/runs)"))
    made.add_argument(
        "--threads", metavar="N", type=_count, default=1, help=_("threads; results do not depend on them")
    )
    made.add_argument("--record-events", action="store_true", help=_("write every claim line too"))
    made.add_argument("--panel", metavar="N", help=_("patients to follow week by week"))
    made.add_argument("--no-figure", action="store_true", help=_("draw no figure"))
    made.add_argument("--quiet", action="store_true", help=_("no progress bar, no summary"))


def _explain(made: Parser) -> None:
    made.add_argument("run", metavar=_("RUN"), help=_("folder of a run"))
    made.add_argument("--team", metavar=_("TEAM"), default="", help=_("one team, by name"))
    made.add_argument("--year", metavar="N", type=_count, default=0, help=_("year of the run (by default, the last)"))
    made.add_argument("--policy", metavar=_("RULE"), default="", help=_("one payment rule"))
    _json(made)


def _budget(made: Parser) -> None:
    made.add_argument("run", metavar=_("RUN"), help=_("folder of a run"))
    made.add_argument("--against", metavar=_("RUN"), help=_("folder of the run to compare with"))
    made.add_argument("--year", metavar="N", type=_count, default=0, help=_("year of the run (by default, the last)"))
    _json(made)


def _story(made: Parser) -> None:
    made.add_argument("run", metavar=_("RUN"), help=_("folder of a run"))
    made.add_argument("--team", metavar=_("TEAM"), default="", help=_("one team, by name (by default, the first)"))
    made.add_argument("--years", metavar="N-N", default="", help=_("a year, or the first and the last"))
    made.add_argument("--events", action="store_true", help=_("print every event with all its terms instead"))
    made.add_argument("--figures", metavar=_("FOLDER"), help=_("also draw the figures of the team into this folder"))
    _json(made)


def _territory(made: Parser) -> None:
    _scenario(made, default="default")
    made.add_argument("--epci", metavar=_("NAME"), help=_("a real intercommunal area, by name or nine-digit code"))
    made.add_argument("--out", metavar=_("FILE"), help=_("draw a map into this file"))


def _validate(made: Parser) -> None:
    made.add_argument("files", metavar=_("FILE"), nargs="*", help=_("files of patterns (by default, all of ours)"))
    made.add_argument("--seeds", metavar="N", type=_count, help=_("replicates, instead of those of the patterns"))
    made.add_argument("--workers", metavar="N", type=_count, help=_("processes that share the work"))
    made.add_argument("--markdown", metavar=_("FILE"), help=_("also write the table into this file"))
    made.add_argument("--quiet", action="store_true", help=_("no progress bar"))
    _json(made)


def _compare(made: Parser) -> None:
    _scenario(made)
    made.add_argument(
        "--arm", metavar=_("NAME[=WHAT]"), action="append", default=[],
        help=_("what is tried: an override, a reform file, a scenario, or payment rules such as peps; may be repeated"),
    )  # fmt: skip
    made.add_argument(
        "--baseline", metavar=_("NAME"), default="", help=_("arm to compare with (by default, the first)")
    )
    made.add_argument(
        "--outcome", metavar=_("NAME"), action="append", default=[], help=_("what is compared; may be repeated")
    )  # fmt: skip
    made.add_argument(
        "--by", metavar=_("GROUP"), action="append", default=[],
        help=_("also by group: age, ald, c2s, area or profession; may be repeated"),
    )  # fmt: skip
    made.add_argument("--seeds", metavar="N", type=_count, help=_("worlds (with --stop, the most worlds)"))
    made.add_argument("--years", metavar="N", type=_count, help=_("years after the warm-up"))
    made.add_argument("--read", metavar="N-N", default="", help=_("years that are read (by default, all)"))
    made.add_argument("--warm-up", metavar="N", type=_count, help=_("years of warm-up (by default, by the rule)"))
    made.add_argument(
        "--precision", metavar="X", default="1%",
        help=_("half-width of the interval that is wanted: 1%% of the baseline, or a number"),
    )  # fmt: skip
    made.add_argument(
        "--stop", choices=("sign", "precision"), default="",
        help=_("add worlds until the sign of each difference is known, or its interval is as narrow as wanted"),
    )  # fmt: skip
    made.add_argument(
        "--ensemble", metavar="N", type=_count, default=0, help=_("draw uncertain parameters so many times")
    )  # fmt: skip
    made.add_argument(
        "--parameters", metavar="ID", action="append", default=[],
        help=_("parameters or groups of them to draw (by default, all that are uncertain)"),
    )  # fmt: skip
    made.add_argument("--workers", metavar="N", type=_count, help=_("processes that share the work"))
    made.add_argument("--out", metavar=_("FOLDER"), help=_("write tables and a figure into this folder"))
    made.add_argument("--figure", metavar=_("FILE"), help=_("draw the differences into this file"))
    made.add_argument("--quiet", action="store_true", help=_("no progress bar"))
    _json(made)


def _sweep(made: Parser) -> None:
    made.add_argument("design", metavar="DESIGN", help=_("path of a design file"))
    made.add_argument("--workers", metavar="N", type=_count, help=_("processes that share the work"))
    made.add_argument("--out", metavar=_("STORE"), default="", help=_("folder or address that keeps the runs"))
    made.add_argument("--engine", choices=("local", "dask"), default="local", help=_("processes here, or a cluster"))
    made.add_argument("--address", metavar=_("ADDRESS"), default="", help=_("the Dask scheduler"))
    made.add_argument("--shard", metavar="I/N", default="", help=_("run one part only, for a job of a job array"))
    made.add_argument("--progress", action="store_true", help=_("show a progress bar with an estimate of the end"))
    made.add_argument("--accept-changes", action="store_true", help=_("go on with runs made by other versions"))
    made.add_argument("--quiet", action="store_true", help=_("no progress bar, no summary"))


def _lab(made: Parser) -> None:
    made.add_argument(
        "--set", metavar="KEY=VALUE", action="append", default=[],
        help=_("change one parameter, such as parameters.utility.precision=1; may be repeated"),
    )  # fmt: skip
    made.add_argument("--figure", metavar=_("FILE"), help=_("draw what players do into this file"))
    _json(made)


def _norms(made: Parser) -> None:
    _scenario(made, default="default")
    made.add_argument("--workers", metavar="N", type=_count, help=_("processes that share the work"))
    made.add_argument("--out", metavar=_("FILE"), help=_("also write the norms into this file"))
    made.add_argument("--quiet", action="store_true", help=_("no progress bar"))
    _json(made)


def _bench(made: Parser) -> None:
    made.add_argument("--sizes", metavar="N,N", type=_counts, help=_("patients, several sizes with commas"))
    made.add_argument("--threads", metavar="N,N", type=_counts, help=_("numbers of threads"))
    made.add_argument(
        "--territories", metavar="N,N", type=_counts, help=_("measure studies over so many real territories instead")
    )
    made.add_argument("--workers", metavar="N", type=_count, help=_("processes that share the work"))
    made.add_argument("--save", action="store_true", help=_("add the figures to the history in benchmarks"))
    _json(made)


def _json(made: Parser) -> None:
    made.add_argument("--json", action="store_true", help=_("print JSON"))


def _count(text: str) -> int:
    from scenarios.commands.runs import whole_number

    return whole_number(text)


def _counts(text: str) -> list[int]:
    return [_count(part) for part in text.split(",")]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0, 2 for a user's mistake, 130 when stopped."""
    words = list(sys.argv[1:] if arguments is None else arguments)
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
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except SystemExit as stop:  # argparse, after --help
        return int(stop.code or 0)
    except Exception as error:
        if not _is_about_a_run(error):
            raise
        print(f"careteams: {error}", file=sys.stderr)
        return BAD_INPUT
    return code


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

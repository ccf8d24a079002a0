"""The parser of the command line: its complaints are mistakes, in the user's language."""

import argparse
import re
from typing import Any, NoReturn

from agents.mistakes import Mistake, nearest
from results.messages import LANGUAGES, _
from scenarios.wording import printable, with_nearest

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

    def _get_value(self, action: argparse.Action, arg_string: str) -> Any:
        """The value of an argument; a mistake in it names the argument (which the type of a value does not know)."""
        try:
            return super()._get_value(action, arg_string)
        except Mistake as problem:
            raise Mistake("{option}: {problem}", option=_named(action), problem=problem) from None

    def _get_values(self, action: argparse.Action, arg_strings: list[str]) -> Any:
        """The values of an argument; an empty one would stand for something else: this folder, or the default."""
        if action.option_strings and "" in arg_strings:
            raise Mistake("{command}: {option} needs a value.", command=self.prog, option=_named(action))
        return super()._get_values(action, arg_strings)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Refuse a value that is none of the choices; argparse does so in English."""
        if action.choices is None or value in action.choices:
            return
        known = list(map(str, action.choices))
        problem = Mistake("{option} {value}: expected one of {known}.",
                          option=_named(action), value=printable(str(value)), known=", ".join(known))  # fmt: skip
        raise with_nearest(problem, value, known)

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


def _named(action: argparse.Action) -> str:
    """An argument as a command's help has it."""
    return "/".join(action.option_strings) or str(action.metavar or action.dest)

"""The reader: one page at a time, in an empty folder, block after block. Sybil finds the blocks and runs the Python."""

import io
import re
import shlex
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import pytest
from sybil import Document, Example, Sybil
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser

import careteams
from scenarios.cli import main, parser
from scenarios.norms import finding
from scenarios.norms.design import Design
from scenarios.reading import load
from sim.specification import ScenarioSpec
from tests.pages.shrinking import LARGE, NOT_OURS, ONLY_PARSED, shrunk, smaller, smaller_design

ROOT: Final = Path(__file__).parents[2]
LANGUAGES: Final = {"python", "sh", "console", "toml", "csv", "text", "math"}
"""What a block may be in; ``text`` is for formulas and drawings, and holds no command."""
FILE: Final = re.compile(r"`([\w./-]+\.(?:py|toml|csv))`")
OWN_SCENARIO: Final = "my_scenario.toml"
"""A file that pages name where the reader has written one."""
FENCE: Final = re.compile(r"^( *)```([^\n`]*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
NUMBER: Final = re.compile(r"[+-]?\d[\d,.]*%?")
SCENARIO: Final = {field.metadata["key"].table or field.name for field in fields(ScenarioSpec)} | {"extends"}


def pages() -> list[Path]:
    """Pages whose blocks are executed."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "odd").glob("*.md")]
    return sorted(page for page in found if FENCE.search(page.read_text(encoding="utf-8")))


def unreadable(text: str) -> list[str]:
    """Blocks that nobody would execute: of an unknown language, or commands that are shown as plain text."""
    found = [f"```{language}" for _indent, language, _body in FENCE.findall(text) if language not in LANGUAGES]
    plain = [body for _indent, language, body in FENCE.findall(text) if language == "text"]
    outside = FENCE.sub("", text)
    plain += re.findall(r"(?m)^ {4,}(?:\$ )?careteams \w.*$", outside)
    return found + [body for body in plain if re.search(r"(?m)^\s*(?:\$ )?careteams \w", body)]


def plain(output: str) -> list[str]:
    """What a command printed, line by line, with every number as ``#`` and columns one space apart."""
    lines = [" ".join(NUMBER.sub("#", line).split()) for line in output.strip().splitlines()]
    return [re.sub(r"(?:[-–—=] ?){4,}", "---", line) for line in lines]


class Reader:
    """Somebody who does what a page says.

    Attributes:
        folder: where she works; files of the page are saved here.
        shared: a whole run, for pages that take one for granted.
        done: what was executed, for tests of the reader.
    """

    def __init__(self, folder: Path, shared: Path) -> None:
        self.folder = folder
        self.shared = shared
        self.done: list[str] = []
        self._sybil = Sybil(
            parsers=[
                PythonCodeBlockParser(), *(CodeBlockParser(language, getattr(self, language))
                                           for language in ("sh", "console", "toml", "csv")),
            ],
            path=str(ROOT), patterns=["*.md"],
        )  # fmt: skip

    def read(self, page: Path) -> int:
        """Execute every block of a page, in order; returns how many there were."""
        document = self._sybil.parse(page)
        count = 0
        for example in document.examples():
            if isinstance(example.region.evaluator, PythonEvaluator) and self._saved(example):
                self.done.append("save")
            else:
                self._evaluate(example)
            count += 1
        return count

    def _evaluate(self, example: Example) -> None:
        try:
            example.evaluate()
        except Exception as error:
            error.add_note(f"{Path(example.path).name}, line {example.line}")
            raise

    def sh(self, example: Example) -> None:
        """Commands, one a line; a line that ends in a backslash goes on."""
        for line in str(example.parsed).replace("\\\n", " ").splitlines():
            if words := shlex.split(line, comments=True):
                self.typed(words)

    def console(self, example: Example) -> None:
        """A command after ``$ ``, and below it what it prints, in which numbers may differ."""
        for part in re.split(r"(?m)^\$ ", str(example.parsed))[1:]:
            command, _newline, expected = part.partition("\n")
            said = self.typed(shlex.split(command, comments=True))
            assert plain(said) == plain(expected), f"$ {command}\n{said}\nis not\n{expected}"

    def typed(self, words: list[str]) -> str:
        """Type a command; returns what it prints."""
        if words[0] in NOT_OURS:
            return ""
        assert words[0] == "careteams", f"who types {words[0]}?"
        if words[1] in ONLY_PARSED or any(word.startswith(LARGE) for word in words):
            parser().parse_args(words[1:])
            return ""
        self._taken_for_granted(words)
        self._small_design(words)
        said = io.StringIO()
        with redirect_stdout(said):
            assert main(shrunk(words[1:])) == 0, words
        self.done.append(words[1])
        return said.getvalue()

    def toml(self, example: Example) -> None:
        """A file: saved when the text says so; a scenario is checked by loading it."""
        content = tomllib.loads(str(example.parsed))
        if not self._saved(example) and set(content) <= SCENARIO:
            unnamed = self.folder / "unnamed.toml"
            unnamed.write_text(str(example.parsed), encoding="utf-8")
            load(unnamed)

    def csv(self, example: Example) -> None:
        """A table that the text says to save."""
        assert self._saved(example), "a table in a page is saved as a file"

    def _saved(self, example: Example) -> bool:
        """Save a block as the paragraph before it says ("Save it as `name.toml`")."""
        before = FENCE.sub("", example.document.text[: example.start]).rstrip().split("\n\n")[-1]
        names = FILE.findall(before)
        if not names or not re.search(r"\b[Ss]ave", before):
            return False
        path = self.folder / names[-1]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(example.parsed), encoding="utf-8")
        return True

    def _taken_for_granted(self, words: list[str]) -> None:
        """Her own scenario is the preset with another name; a run of hers is the shared one."""
        if OWN_SCENARIO in words and not (self.folder / OWN_SCENARIO).exists():
            (self.folder / OWN_SCENARIO).write_text('extends = "agapanthes"\n', encoding="utf-8")
        if words[1] in ("explain", "budget", "story"):
            for word in words[2:]:
                if word.startswith("results/runs/") and not (self.folder / word).exists():
                    (self.folder / word).parent.mkdir(parents=True, exist_ok=True)
                    (self.folder / word).symlink_to(self.shared, target_is_directory=True)

    def _small_design(self, words: list[str]) -> None:
        if words[1] == "sweep":
            file = self.folder / words[2]
            file.write_text(smaller_design(file.read_text(encoding="utf-8")), encoding="utf-8")


@contextmanager
def small_front_door(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Scenarios are small, runs are short and norms are at hand for as long as the block lasts."""
    whole, run, find = careteams.load, careteams.Scenario.run, finding.find

    def small(name: Any, *overrides: str, **values: Any) -> careteams.Scenario:
        found = whole(name, *overrides, **values)
        return found.changed(*smaller(found.specification))

    def brief(self: careteams.Scenario, years: int | None = None, **facts: Any) -> Any:
        short = 1 if self.specification.territory.name == "Agapanthes" else years
        return run(self, short, **{**facts, "progress": False})

    def at_hand(spec: ScenarioSpec, design: Design | None = None) -> finding.Found | None:
        return find(spec, design) or finding.Found(min(finding.SHIPPED.glob("*.toml")), finding.WITH_CARETEAMS)

    with patch.context() as patched:
        patched.setattr(finding, "find", at_hand)
        patched.setattr(careteams, "load", small)
        patched.setattr(careteams.Scenario, "run", brief)
        yield


__all__ = ["Document", "Reader", "pages", "plain", "small_front_door", "unreadable"]

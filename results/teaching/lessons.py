"""The eight lessons: texts from ``lessons/*.toml``, with the numbers and answers that the runs give.

A lesson names its numbers; its texts say where they stand (``{contacts}``). A text that depends on what came out has
three forms, for a difference that is ``more``, ``less`` or ``unclear``: nothing is said which the runs do not say.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from results.messages import LANGUAGES, _, language, number, percent
from results.teaching.estimates import Known, Studies, plain, sign
from results.teaching.texts import Text, both, read

FOLDER: Final = Path(__file__).with_name("lessons")
FORMS: Final = ("more", "less", "unclear")
PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
MINUS: Final = "\u2212"
NOT_ZERO: Final = re.compile("[1-9]")
SPREAD: Final = (0.1, 0.9)
"""Shares of runs between which eight in ten lie."""
type Lesson = dict[str, Any]
type Estimate = tuple[float, float, float]


@cache
def lessons() -> tuple[Lesson, ...]:
    """The lessons as they are written, in order."""
    found = [read(file) for file in sorted(FOLDER.glob("*.toml"))]
    return tuple(sorted(found, key=lambda lesson: lesson["number"]))


class Filled:
    """Numbers and facts of a lesson, in words.

    Attributes:
        estimates: by name.
    """

    def __init__(
        self, lesson: Lesson, studies: Studies, outcomes: Mapping[str, Any], facts: Mapping[str, float]
    ) -> None:
        """Read the numbers that a lesson names.

        Args:
            lesson: as it is written.
            studies: what is known.
            outcomes: outcomes of the payload.
            facts: counts of the territories, by ``territory.name``.
        """
        self._asked, self._outcomes = lesson.get("numbers", {}), outcomes
        self._studies = studies
        self._facts = {name: facts[where] for name, where in lesson.get("facts", {}).items()}
        self.estimates = {name: _estimate(studies, asked) for name, asked in self._asked.items()}

    def apart(self, one: str, other: str) -> Estimate:
        """One number of the lesson less another of the same study, on the same seeds."""
        mine, theirs = self._asked[one], self._asked[other]
        return self._studies[mine["study"]].apart((mine["outcome"], mine["arm"]), (theirs["outcome"], theirs["arm"]))

    def text(self, text: Text) -> Text:
        """A text with its numbers."""
        return both(lambda: PLACEHOLDER.sub(lambda found: self._written(found[1]), text[language()]))

    def form(self, written: Mapping[str, Any]) -> Text:
        """A text, or the form of it that the runs ask for."""
        if "of" not in written:
            return self.text({one: written[one] for one in LANGUAGES})
        return self.text(written[sign(self.estimates[written["of"]])])

    def table(self) -> list[dict[str, Any]]:
        """The numbers, for a table beside the explanation."""
        return [
            {
                "label": asked.get("label") or self._outcomes[asked["outcome"]]["label"],
                "study": asked["study"], "arm": asked["arm"], "versus": asked.get("versus", ""),
                "outcome": asked["outcome"], "spread": bool(asked.get("spread")),
                "estimate": plain(self.estimates[name]),
            }
            for name, asked in self._asked.items()
        ]  # fmt: skip

    def _written(self, name: str) -> str:
        if name in self._facts:
            return number(self._facts[name])
        asked = self._asked[name]
        return written(self.estimates[name], self._outcomes[asked["outcome"]], difference=bool(asked.get("versus")),
                       spread=bool(asked.get("spread")))  # fmt: skip


def _estimate(studies: Studies, asked: Mapping[str, Any]) -> Estimate:
    study = studies[asked["study"]]
    if asked.get("spread"):
        return spread(study, asked["arm"], asked["outcome"])
    return study.estimate(asked["outcome"], asked["arm"], asked.get("versus", ""))


def spread(study: Known, arm: str, outcome: str) -> Estimate:
    """Median of an arm over seeds, and between which values eight seeds in ten lie."""
    values = study.values[study.arms.index(arm), :, study.outcomes.index(outcome)]
    low, high = np.nanquantile(values, SPREAD)
    return float(np.nanmedian(values)), float(low), float(high)


def written(estimate: Estimate, outcome: Mapping[str, Any], *, difference: bool = False, spread: bool = False) -> str:
    """An estimate in words: the mean and its interval."""

    def one(value: float) -> str:
        write = percent if outcome["percent"] else number
        text = write(abs(value), outcome["decimals"])
        if not NOT_ZERO.search(text):  # what rounds to nothing has no sign
            return text
        return (MINUS if value < 0 else "+" if difference else "") + text

    mean, low, high = estimate
    if not (np.isfinite(low) and np.isfinite(high)):
        return one(mean) if np.isfinite(mean) else _("unknown")
    facts = {"mean": one(mean), "low": one(low), "high": one(high)}
    if spread:
        return _("{mean} (eight runs in ten: {low} to {high})", **facts)
    return _("{mean} (95% interval: {low} to {high})", **facts)


def filled(
    lesson: Lesson, studies: Studies, outcomes: Mapping[str, Any], facts: Mapping[str, float], runs: Sequence[str]
) -> dict[str, Any]:
    """A lesson as the page has it.

    Args:
        lesson: as it is written.
        studies: what is known.
        outcomes: outcomes of the payload.
        facts: counts of the territories.
        runs: ids of the recorded runs; a quick page has fewer than a lesson asks for.
    """
    own, experiment = Filled(lesson, studies, outcomes, facts), lesson["experiment"]
    view = {**experiment["view"]}
    if "runs" in view:
        view["runs"] = [run for run in view["runs"] if run in runs]
    return {
        **{name: lesson[name] for name in ("id", "number", "minutes", "title", "aim", "sources")},
        "story": [own.text(text) for text in lesson["story"]],
        "question": _question(lesson["question"], own, outcomes, lesson),
        "experiment": {"text": own.text(experiment["text"]), "steps": [own.text(text) for text in experiment["steps"]],
                       "view": view},
        "explanation": [own.form(part) for part in lesson["explanation"]],
        "numbers": own.table(),
        "discussion": lesson["discussion"], "takeaway": own.form(lesson["takeaway"]),
    }  # fmt: skip


def _question(question: Mapping[str, Any], own: Filled, outcomes: Mapping[str, Any], lesson: Lesson) -> dict[str, Any]:
    found = {"kind": question["kind"], "text": own.text(question["text"]), "verdict": own.form(question["verdict"])}
    if question["kind"] == "estimate":
        asked = lesson["numbers"][question["number"]]
        outcome = outcomes[asked["outcome"]]
        scale = 100 if outcome["percent"] else 1
        mean, least, most = (scale * value for value in own.estimates[question["number"]])
        return found | {
            "unit": question.get("unit") or outcome["unit"],
            **{name: question[name] for name in ("low", "high", "step")},
            "answer": plain((mean, least, most)), "decimals": outcome["decimals"],
        }  # fmt: skip
    options = [
        {"id": option["id"], "text": own.text(option["text"]), "comment": own.text(option["comment"])}
        for option in question["options"]
    ]
    return found | {"options": options, "right": right(question, own.estimates, own.apart)}


def right(
    question: Mapping[str, Any], estimates: Mapping[str, Estimate], apart: Callable[[str, str], Estimate]
) -> list[str]:
    """Ids of the options that the runs bear out.

    Either by the sign of a number (``of``, with an option for each form), or by which option has the lowest or highest
    number (``pick``): that one, and every one that the same seeds do not tell from it.

    Args:
        question: as it is written.
        estimates: numbers of the lesson, by name.
        apart: one number less another, by their names.
    """
    if "of" in question:
        return [question["right"][sign(estimates[question["of"]])]]
    numbers = {option["id"]: option["number"] for option in question["options"]}
    means = {option: estimates[name][0] for option, name in numbers.items() if np.isfinite(estimates[name][0])}
    best = (min if question["pick"] == "lowest" else max)(means, key=lambda option: means[option])
    return [
        option for option in means
        if option == best or sign(apart(numbers[option], numbers[best])) == "unclear"
    ]  # fmt: skip


def placeholders(lesson: Lesson) -> Iterator[tuple[str, str]]:
    """Every placeholder of a lesson, with the language of the text where it stands."""

    def inside(node: Any, lang: str) -> Iterator[tuple[str, str]]:
        if isinstance(node, str) and lang:
            yield from ((name, lang) for name in PLACEHOLDER.findall(node))
        elif isinstance(node, dict):
            for key, value in node.items():
                yield from inside(value, key if key in LANGUAGES else lang)
        elif isinstance(node, list):
            for value in node:
                yield from inside(value, lang)

    yield from inside(lesson, "")

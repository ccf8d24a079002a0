"""How things are said aloud: rounded numbers, months, tasks, and sentences that read well in French too."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from results.messages import NARROW_SPACE, SPACE, _, language, ngettext, number, percent
from results.run import Run

DAYS_PER_WEEK: Final = 7
CONTRACTIONS: Final = (
    (r"\bde le (?=\S)", "du "),
    (r"\bde les (?=\S)", "des "),
    (r"\bà le (?=\S)", "au "),
    (r"\bà les (?=\S)", "aux "),
)
"""What French makes of two small words that meet. The names of people and tasks bear their article."""


def sentence(text: str) -> str:
    """A sentence with its capital and, in French, its contractions."""
    if language() == "fr":
        for found, said in CONTRACTIONS:
            text = re.sub(found, said, text)
    return text[:1].upper() + text[1:]


def part(share: float) -> str:
    """A share as it is said: ``22%``, never a decimal."""
    return _("less than {share}", share=percent(0.01)) if 0 < share < 0.005 else percent(share)  # noqa: PLR2004 - half of 1 %


def span(before: str, after: str) -> str:
    """From one number to another."""
    return _("from {before} to {after}", before=before, after=after)


def several(items: Iterable[str]) -> str:
    """Parts of a sentence, one after the other, when they bear commas of their own."""
    return f"{NARROW_SPACE if language() == 'fr' else ''}; ".join(items)


def headed(head: str, text: str) -> str:
    """A name and what there is to say of it."""
    return f"{head}{SPACE if language() == 'fr' else ''}: {text}"


def plain(value: float) -> str:
    """A number with one decimal, where it has one."""
    return number(value, 0 if abs(value - round(value)) < 0.05 else 1)  # noqa: PLR2004 - half a decimal


def months(value: float) -> str:
    """A time between two renewals."""
    return ngettext("{n} month", "{n} months", round(value))


def month_of(run: Run, week: int) -> str:
    """In which month of the calendar a week lies."""
    start = date.fromisoformat(str(run.manifest["start"])[:10])
    day = start + timedelta(days=DAYS_PER_WEEK * (week - int(run.manifest["first_week"])))
    return (
        _("in January"), _("in February"), _("in March"), _("in April"), _("in May"), _("in June"),
        _("in July"), _("in August"), _("in September"), _("in October"), _("in November"), _("in December"),
    )[day.month - 1]  # fmt: skip


def task_names() -> tuple[str, ...]:
    """Every task, as a sentence names it."""
    return (
        _("diagnosis and first prescription"), _("the renewal of stable prescriptions"), _("the follow-up of diabetes"),
        _("the follow-up of hypertension"), _("spirometry"), _("counselling on smoking, weight and diet"),
        _("memory tests and frailty visits"), _("checks of school children"), _("checks of infants"),
        _("vaccination"), _("technical tests"), _("the dose of anticoagulants"), _("dressings and home care"),
        _("the watch over homebound patients"), _("the call after a hospital stay"), _("the file of new patients"),
        _("forms and social rights"), _("bookings and guidance"), _("preparing the visit"),
        _("simple acute complaints"), _("mental-health follow-up"),
    )  # fmt: skip


def task_labels() -> tuple[str, ...]:
    """Every task, in the two or three words that a figure has room for."""
    return (
        _("Diagnosis"), _("Renewals"), _("Diabetes"), _("Hypertension"), _("Spirometry"), _("Smoking, diet"),
        _("Memory, frailty"), _("School children"), _("Infants"), _("Vaccination"), _("Technical tests"),
        _("Anticoagulants"), _("Dressings"), _("Homebound"), _("After hospital"), _("New patients"),
        _("Social rights"), _("Bookings"), _("Before the visit"), _("Acute complaints"), _("Mental health"),
    )  # fmt: skip


def task(place: int) -> str:
    """A task by its place in the catalogue."""
    return task_names()[place] if 0 <= place < len(task_names()) else _("a task")

"""What the teaching page itself says, by key: JavaScript refers to the key, the catalogue holds the words.

Placeholders stay in the text, for the page to fill in. What the runs and lessons say comes with the payload.
"""

from typing import Final

from results.messages import _
from results.teaching.texts import each
from results.teaching.words_of_tools import TOOLS


def both() -> dict[str, dict[str, str]]:
    """Messages by key for each language that the page speaks; the language in use stays what it was."""
    return each(words)


def words() -> dict[str, str]:
    """Messages by key, in the language in use."""
    return {key: text for family in FAMILIES for key, text in family().items()}


def _frame() -> dict[str, str]:
    """The frame of the page: navigation, link, print, footer."""
    return {
        "nav.page": _("the teaching page"),
        "nav.label": _("Main"),
        "nav.skip": _("Skip to the content"),
        "nav.lessons": _("Lessons"),
        "nav.map": _("Map"),
        "nav.compare": _("Compare"),
        "nav.statement": _("Statement"),
        "nav.story": _("Story"),
        "nav.about": _("About"),
        "nav.language": _("Language"),
        "nav.link": _("Copy a link to this view"),
        "nav.print": _("Print"),
        "link.copied": _("The link to this view is copied: it opens the same place in the same file."),
        "link.by_hand": _("Copy the address from the address bar: it holds everything that you chose."),
        "print.now": _("Print this lesson"),
        "print.leave": _("Back to the screen"),
        "print.worksheet": _("The question is not answered yet, so this is a worksheet without the result."),
        "footer.text": _(
            "Everything on this page was computed beforehand by the careteams model; the page only replays it. It "
            "asks nothing of any network."
        ),
    }


def _home() -> dict[str, str]:
    """The door."""
    return {
        "home.title": _("What a payment does to a village"),
        "home.lead": _(
            "Patients fall ill, ask for care, wait, go elsewhere or give up. Physicians and nurses serve them within "
            "the minutes they have. Change how they are paid, keep the same patients, and see what changes."
        ),
        "home.begin": _("Begin with the village"),
        "home.look": _("Look at the map"),
        "home.caption": _(
            "{place}, {people} inhabitants. Each moving mark is a contact on its way to a physician, a nurse or the "
            "hospital."
        ),
        "home.lessons": _("Eight lessons"),
        "home.ten_minutes": _(
            "About ten minutes each: answer a question, do an experiment, read what came out and why."
        ),
        "home.done_one": _("{n} lesson finished. The address of this page remembers it."),
        "home.done_many": _("{n} lessons finished. The address of this page remembers them."),
        "home.minutes": _("{minutes} minutes"),
        "home.finished": _("finished"),
        "home.tools": _("Tools"),
        "home.map": _("The territory, week by week; follow a cell, a team, a person."),
        "home.compare": _("Same patients, other payment: two arms side by side."),
        "home.statement": _("What was paid, euro by euro, and why."),
        "home.story": _("The years of a team in plain sentences."),
    }


def _lesson() -> dict[str, str]:
    """The steps of a lesson, and its question."""
    return {
        "lesson.number": _("Lesson {n} · {minutes} minutes"),
        "lesson.steps": _("Steps of the lesson"),
        "lesson.locked": _("Answer the question first: the other steps open then."),
        "lesson.to_result": _("See what came out"),
        "lesson.to_sources": _("Discuss it"),
        "lesson.finish": _("Finish this lesson"),
        "lesson.numbers": _("The numbers of this lesson, with their intervals"),
        "lesson.numbers_note": _(
            "A number with a sign is a difference between two arms on the same patients; a tinted row differs beyond "
            "chance. Lines are 95% intervals over seeds; they hold the chance of the model, not what is unknown about"
            " its parameters."
        ),
        "lesson.spread": _("median, and where eight runs in ten lie"),
        "lesson.discussion": _("To discuss"),
        "lesson.sources": _("Sources"),
        "lesson.new_tab": _("(on the web, in a new tab)"),
        "step.question": _("Question"),
        "step.experiment": _("Experiment"),
        "step.result": _("What came out"),
        "step.sources": _("Discussion and sources"),
        "question.commit": _("This is my answer"),
        "question.choose_first": _("Choose an answer first; a guess is fine."),
        "question.yours": _("your answer"),
        "question.found": _("what the model found"),
        "question.within": _("Your answer lies within the interval."),
        "question.outside": _("Your answer lies outside the interval."),
    }


def _about() -> dict[str, str]:
    """The page about the page."""
    return {
        "about.title": _("About this page"),
        "about.what": _(
            "careteams is an open laboratory for payment reform in primary care. This page replays and compares runs "
            "of its model; it computes no care and no money itself."
        ),
        "about.limits": _("What it must not be used for"),
        "about.uncertainty": _("How sure is a number?"),
        "about.intervals": _(
            "Arms start from the same world and share its luck, run by run. An interval says where the mean of very "
            "many such runs lies, with 95% confidence. It does not say how sure the parameters are: many are labelled"
            " assumptions, and other values may change sizes and even signs."
        ),
        "about.use": _("Using this page"),
        "about.link": _(
            "The address of the page holds what you chose: language, lesson, step, arms, week, what you follow. Send "
            "it with the file, and a class opens the same view. Figures can be taken away as PNG, SVG or CSV, and "
            "every view prints."
        ),
        "about.glossary": _("Words"),
        "about.licence": _("Licence and data"),
        "about.version": _("careteams {version}, code {code}."),
        "about.quick": _(
            "This page was made quickly, from few runs: its intervals are wide and its numbers are for trying it out."
        ),
        "keys.tab": _("goes from one control to the next"),
        "keys.arrows": _("choose an answer, move a slider, go from cell to cell on the map"),
        "keys.enter": _("presses a button, follows a cell"),
        "keys.escape": _("lets go of what is followed"),
    }


FAMILIES: Final = (
    _frame,
    _home,
    _lesson,
    _about,
    *TOOLS,
)
"""Who says what."""

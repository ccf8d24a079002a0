"""The teacher's kit: worksheets, answer key and plans as printable HTML, in both languages, from the same payload."""

import html
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from results.messages import _, language, number
from results.spoken import headed
from results.teaching.lessons import written
from results.teaching.texts import each, read

PLANS: Final = Path(__file__).with_name("kit.toml")
STYLE: Final = Path(__file__).with_name("kit.css")
LINES: Final = 3
"""Empty lines below what a class writes."""

type Payload = Mapping[str, Any]


def sheets(payload: Payload) -> dict[str, str]:
    """Every file of the kit, by name: worksheets, answers and plan for each language.

    Args:
        payload: the payload of the page.
    """
    makers = {"worksheets": worksheets, "answers": answers, "plan": plan}
    made = each(lambda: {name: make(payload) for name, make in makers.items()})
    return {f"{name}-{one}.html": text for one, texts in made.items() for name, text in texts.items()}


def worksheets(payload: Payload) -> str:
    """One page a lesson for the class: nothing on it gives the answer away."""
    body = [_worksheet(lesson) for lesson in payload["lessons"]]
    return _document(_("Worksheets"), payload, body)


def answers(payload: Payload) -> str:
    """The answer key: what came out, why, and the numbers with their intervals."""
    body = [_answers(lesson, payload["outcomes"], payload["sources"]) for lesson in payload["lessons"]]
    return _document(_("Answer key"), payload, body)


def plan(payload: Payload) -> str:
    """Timing plans, and the discussion questions of every lesson."""
    titles = {lesson["id"]: _lesson_title(lesson) for lesson in payload["lessons"]}
    tables = [_plan(one, titles) for one in _plans()]
    talks = [
        _section(_lesson_title(lesson), _list(_own(text) for text in lesson["discussion"]))
        for lesson in payload["lessons"]
    ]
    limits = _section(_("Say this first"), _list(_own(text) for text in payload["about"]["limits"]))
    return _document(_("Plans and discussion"), payload, [limits, *tables, *talks])


@cache
def _plans() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read(PLANS)["plans"]
    return found


def _own(text: Mapping[str, str]) -> str:
    return text[language()]


def _lesson_title(lesson: Mapping[str, Any]) -> str:
    return f"{lesson['number']}. {_own(lesson['title'])}"


def _worksheet(lesson: Mapping[str, Any]) -> str:
    question = lesson["question"]
    parts = [
        _paragraph(_own(lesson["aim"]), "aim"), *(_paragraph(_own(text)) for text in lesson["story"]),
        _heading(_("Before you look")), _paragraph(_own(question["text"])), _choices(question),
        _paragraph(_("My reason:")), _lines(),
        _heading(_("Experiment")), _paragraph(_own(lesson["experiment"]["text"])),
        "".join(f"{_paragraph(f'{n}. {_own(step)}')}{_lines()}" for n, step in _counted(lesson["experiment"]["steps"])),
        _heading(_("What I keep of it")), _lines(),
    ]  # fmt: skip
    return _section(_lesson_title(lesson), "".join(parts), _("{n} minutes", n=number(lesson["minutes"])))


def _counted(texts: Iterable[Mapping[str, str]]) -> Iterable[tuple[int, Mapping[str, str]]]:
    return enumerate(texts, 1)


def _choices(question: Mapping[str, Any]) -> str:
    if question["kind"] == "estimate":
        return _paragraph(_("My estimate: {blank} {unit}", blank="________", unit=_own(question["unit"])))
    return _list((f"\N{BALLOT BOX} {_own(option['text'])}" for option in question["options"]), "choices")


def _answers(lesson: Mapping[str, Any], outcomes: Mapping[str, Any], sources: Mapping[str, Any]) -> str:
    question = lesson["question"]
    parts = [_paragraph(_own(question["text"])), _paragraph(_own(question["verdict"]), "verdict")]
    if question["kind"] == "choice":
        parts.append(_list(_judged(option, question["right"]) for option in question["options"]))
    parts += [
        _heading(_("Explanation")), *(_paragraph(_own(text)) for text in lesson["explanation"]),
        _paragraph(_own(lesson["takeaway"]), "aim"), _heading(_("Numbers")), _numbers(lesson["numbers"], outcomes),
        _heading(_("Sources")), _list(headed(name, f"{_own(sources[name]['title'])}. {sources[name]['reference']}")
                                      for name in lesson["sources"]),
    ]  # fmt: skip
    return _section(_lesson_title(lesson), "".join(parts))


def _judged(option: Mapping[str, Any], right: list[str]) -> str:
    mark = _("right") if option["id"] in right else _("not borne out by these runs")
    return headed(_own(option["text"]), f"{mark}. {_own(option['comment'])}")


def _numbers(rows: Iterable[Mapping[str, Any]], outcomes: Mapping[str, Any]) -> str:
    """The numbers of a lesson, with their intervals."""
    lines = []
    for row in rows:
        outcome = outcomes[row["outcome"]]
        low, mean, high = (float("nan") if row["estimate"][n] is None else row["estimate"][n] for n in (1, 0, 2))
        value = written((mean, low, high), outcome, difference=bool(row["versus"]), spread=row["spread"])
        lines.append((_own(row["label"]), f"{value} {_own(outcome['unit'])}"))
    return _table((_("What"), _("Value")), lines)


def _plan(one: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    rows, at = [], 0
    for step in one["steps"]:
        rows.append((f"{at}\N{EN DASH}{at + step['minutes']}", titles.get(step["lesson"], ""), step[language()]))
        at += step["minutes"]
    return _section(_own(one["title"]), _table((_("Minutes"), _("Lesson"), _("What the class does")), rows))


def _document(title: str, payload: Payload, body: Iterable[str]) -> str:
    about = payload["about"]
    note = _("Made with careteams {version}. Places, teams and persons are invented.", version=about["version"])
    if about["quick"]:
        note = f"{_('Few runs: to look at, not to teach with.')} {note}"
    return (
        f'<!doctype html>\n<html lang="{language()}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{_safe(title)}</title>\n'
        f"<style>\n{STYLE.read_text(encoding='utf-8')}</style>\n</head>\n<body>\n<main>\n<h1>{_safe(title)}</h1>\n"
        f"{''.join(body)}<footer>{_paragraph(note)}</footer>\n</main>\n</body>\n</html>\n"
    )


def _safe(text: str) -> str:
    return html.escape(text)


def _section(title: str, body: str, aside: str = "") -> str:
    more = f' <span class="aside">{_safe(aside)}</span>' if aside else ""
    return f"<section>\n<h2>{_safe(title)}{more}</h2>\n{body}</section>\n"


def _heading(text: str) -> str:
    return f"<h3>{_safe(text)}</h3>\n"


def _paragraph(text: str, kind: str = "") -> str:
    return f"<p{f' class="{kind}"' if kind else ''}>{_safe(text)}</p>\n"


def _list(texts: Iterable[str], kind: str = "") -> str:
    items = "".join(f"<li>{_safe(text)}</li>\n" for text in texts)
    return f"<ul{f' class="{kind}"' if kind else ''}>\n{items}</ul>\n"


def _lines() -> str:
    return '<p class="line"></p>\n' * LINES


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f'<th scope="col">{_safe(text)}</th>' for text in heads)
    body = "".join(f"<tr>{''.join(f'<td>{_safe(text)}</td>' for text in row)}</tr>\n" for row in rows)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n"

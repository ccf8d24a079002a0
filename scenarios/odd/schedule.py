"""The schedule, read off the code: which steps a routine takes, in which order, and on what condition.

A step that the code takes and this file does not describe is a mistake, and so is one that it describes in vain.
"""

import ast
import builtins
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from agents.mistakes import Mistake
from results.messages import _
from scenarios.odd.code_read import ROOT
from scenarios.odd.markdown import code, table


class Routine(NamedTuple):
    """One routine of the schedule.

    Attributes:
        file, name: where it stands.
        steps: what each call in it does, by the call as it is written; "" for calls that only prepare another.
    """

    file: str
    name: str
    steps: Mapping[str, str]


def routines() -> dict[str, Routine]:
    """The routines by name, with their steps in the language in use."""
    return _of_the_model() | _of_the_week() | _of_decisions()


def _of_the_model() -> dict[str, Routine]:
    """How weeks make a year."""
    return {
        "week": Routine("sim/model.py", "CareModel._week", {
            "self._begin_week": _(
                "contracts: which acts are replaced by a lump sum from this day on; once, as year 1 begins: posts, "
                "trust, leaders and reports of the start; posts that are paid no more end"
            ),
            "self.passage.week": _("the week itself, see below"),
            "self.accounts.add": _("claim lines are counted"),
            "self.recorder.week": _("tables are written; nothing is changed"),
            "self._count_polymedication": _("a quarter more with many drugs"),
            "self.council.quarter": _("decisions of the quarter, see below"),
            "self._close_year": _("the end of the year, see below"),
        }),
        "year end": Routine("sim/model.py", "CareModel._close_year", {
            "self.world.year_of": "",
            "TriesOnPatients": _("what care would have changed on each patient is counted, for quotes"),
            "self.accounts.close_year": _("accounts are closed: patients and tables are counted as they stand"),
            "self.treasury.settle": _("every contract is settled, and teams share"),
            "self.recorder.payments": "", "self.recorder.accounts": "", "self.recorder.decided": "",
            "self.council.year": _("decisions of the year, see below"),
            "self._begin_year": _("yearly columns of the patients start again at 0"),
        }),
    }  # fmt: skip


def _of_the_week() -> dict[str, Routine]:
    """The passage of a week, and what is due to one patient in it."""
    return {
        "passage": Routine("sim/week/passage.py", "Passage.week", {
            "scene": "", "self._prices": "", "world.day": "",
            "clear_counts": _("counters of the week start at 0"),
            "presence": _("who works this week"),
            "self._in_lands": _("phases 1 to 4 and demography of each land, see below"),
            "close_hospital_week": _("occupancy of the hospitals"),
            "support_load": _("load of the secretaries"),
            "work_of_desk": _("what secretaries' tasks do next week"),
        }),
        "land": Routine("sim/week/passage.py", "Passage._land", {
            "count_lists": _("registered patients of each physician are counted"),
            "self._parts": "", "self._room": "",
            "self._ask": _("phase 1: patients, in the order of their rows, write requests"),
            "self._serve": _("phase 2: nurses, then physicians, serve their queues"),
            "self._apply": _("phase 3: what came of each request, in the order of the requests"),
            "book_lines": _("phase 4: claim lines are added up by provider"),
            "demography_week": _("deaths, births, moves, retirements and successions"),
        }),
        "serve": Routine("sim/week/passage.py", "Passage._serve", {
            "by_provider": _("requests are sorted by provider, stably"),
            "self._each": "", "self._parts": "",
            "serve_nurses": _("nurses: rounds first, then tasks"),
            "book_nurse_events": _("what nurse events owe and free physicians"),
            "serve_physicians": _("physicians: the queue up to its limit, then everybody by class"),
        }),
        "patient": Routine("sim/week/needs.py", "scheduled", {
            "birthday": _("a year older: new conditions, then all that follows"),
            "review_drugs": _("inappropriate drugs, where the médecin traitant makes an effort"),
            "accrue_other_spending": _("a year of drugs and other spending"),
            "ceiling_of": _("the ceiling of the year to come"),
            "refresh_control": _("control drifts to this week"),
            "retry": _("open requests are asked again, or lapse"),
            "waits_for": "", "ask_for": _("a renewal that is due is asked for"),
            "nurse_near": _("another nurse takes over from one who has left"),
            "blank": _("a week of home nursing is asked of the nurse"),
            "draw_key": "",
            "after_stay": _("notice, follow-up, readmission and report after a stay"),
        }),
    }  # fmt: skip


def _of_decisions() -> dict[str, Routine]:
    """What professionals, teams and the payer decide, by quarter and by year."""
    return {
        "quarter": Routine("sim/deciding/council.py", "Council.quarter", {
            "self._turn_to": "", "attends": _("who comes to how many meetings"),
            "self.quotes": _("quotes, anew when the year or a contract has changed; changes of pay are noticed"),
            "talk": _("intermediaries learn from the payer, colleagues from them"),
            "mind_of": _("what physicians hold: incentives as they see them, facts of their practice"),
            "reconsider": _("each physician reconsiders one habit at most"),
            "_earmarked": _("new earmarked money of the teams, in the first quarter"),
            "work_together": _("those who work together, see below"),
            "self._facts": "", "self.organised": _("which contracts ask teams for criteria, for what they pay (7.20)"),
            "lead_quarter": _("leaders: fatigue, the role, projects, years of learning"),
        }),
        "together": Routine("sim/deciding/partners.py", "work_together", {
            "live_together": _("knowledge, calls, experience, trust; adverse events"),
            "staff_nurses": _("nurses complain, leave, come"),
            "staff_desk": _("secretaries: one more task, quitting, coming"),
            "coordinate": _("hours of the coordinators"),
            "prevention_around": _("effort on prevention of the staff whom they set to it"),
            "delegate": _("every dyad moves a drop; new tasks begin or are declined"),
            "open_to_town": _("hospitals: base of notices and direct admissions, ties"),
            "agree_on_attribution": _("a leading hospital asks whether patients count for it"),
            "forget_events": _("events of the quarter start at 0"),
        }),
        "year": Routine("sim/deciding/council.py", "Council.year", {
            "self._turn_to": "", "self.quotes": "", "self.organised": "", "treasury.income_of": "",
            "mind_of": _("what physicians hold"),
            "work_less_or_more": _("half-days of next year"),
            "remember_income": _("the usual income"),
            "consider_offers": _("votes: staying, quarrels over the split, then offers"),
            "spend_collective_money": _("posts are opened or closed, commitments made"),
            "practise_and_report": _("what teams do, and what they write of it"),
            "attract": _("what draws successors to each place"),
            "start_projects": _("groups that suffer enough begin a project"),
            "know_usual_patients": _("what a usual patient needs is known to physicians who select"),
            "payer_year": _("the payer adapts rules, and looks at teams under contract"),
        }),
    }  # fmt: skip


def schedule(name: str) -> str:
    """The steps of a routine as a table, in the order of the code.

    Raises:
        Mistake: a step that the code takes and nobody has described, or the other way round.
    """
    routine = routines()[name]
    taken = [(call, when) for call, when in _calls(_body(routine), ()) if not _is_plain(call)]
    new = [call for call, _when in taken if call not in routine.steps]
    gone = [call for call in routine.steps if call not in {known for known, _when in taken}]
    if new or gone:
        raise Mistake(
            "{file}: {routine} takes steps that scenarios/odd/schedule.py does not describe ({new}), "
            "or no longer takes some ({gone}).",
            file=routine.file, routine=routine.name, new=", ".join(new) or "-", gone=", ".join(gone) or "-",
        )  # fmt: skip
    said = [(call, when) for call, when in taken if routine.steps[call]]
    rows = [
        (place + 1, code(call.removeprefix("self.").removeprefix("_")), " ".join(code(one) for one in when),
         routine.steps[call])
        for place, (call, when) in enumerate(dict.fromkeys(said))
    ]  # fmt: skip
    return table([_("step"), code(routine.name), _("only if"), _("what happens")], rows)


def _is_plain(call: str) -> bool:
    """Whether a call is Python's or NumPy's own, and no step of the model."""
    return call in vars(builtins) or call.endswith(".astype") or call.startswith("np.")


def _body(routine: Routine) -> list[ast.stmt]:
    """The statements of a routine."""
    nodes: list[ast.stmt] = ast.parse((ROOT / routine.file).read_text(encoding="utf-8")).body
    for part in routine.name.split("."):
        nodes = next(n.body for n in nodes if isinstance(n, ast.ClassDef | ast.FunctionDef) and n.name == part)
    return nodes


def _calls(nodes: list[ast.stmt], when: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Calls in the order in which they are made, each with the conditions that it stands under."""
    for node in nodes:
        if isinstance(node, ast.If):
            yield from _inside(node.test, when)
            yield from _calls(node.body, (*when, ast.unparse(node.test)))
            yield from _calls(node.orelse, (*when, f"not ({ast.unparse(node.test)})"))
        else:
            yield from _inside(node, when)


def _inside(node: ast.AST, when: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Calls within one statement, arguments before the call that takes them."""
    for child in ast.iter_child_nodes(node):
        yield from _inside(child, when)
    if isinstance(node, ast.Call):
        yield ast.unparse(node.func), when

"""The ODD document agrees with the code, and is enough: half a week is written again from its text alone."""

import ast
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from agents.declarations import Table
from agents.mistakes import Mistake
from scenarios.odd import curves_of_people, curves_of_week, schedule
from scenarios.odd.code_read import described_files, marks, stale
from scenarios.odd.regions import by_hand, filled, regions
from sim import draws
from sim.parameters import parameter_record
from sim.week.buffers import Buffers
from sim.week.choice import CHOICE
from sim.week.lands import whole
from sim.week.ledger import clear_counts, count_lists
from sim.week.passage import LIST_WEEKS, Passage
from sim.week.requests import DTYPE as REQUESTS
from sim.week.scene import scene
from sim.week.service import presence
from sim.world import World
from tests import odd_by_hand as hand
from tests.sim.made_weeks import seasoned

ROOT = Path(__file__).parents[1]
ENGLISH, FRENCH = (ROOT / "docs" / name for name in ("odd.md", "odd.fr.md"))
ASKED = (
    "patient", "provider", "dyad", "physician", "target", "need", "task", "cause", "priority", "misplaced", "channel",
    "slot", "day", "marks", "count", "since", "tie", "minutes_tenths", "gp_minutes_tenths",
)  # fmt: skip
LEFT = (
    "wake", "flags", "nurse_tie", "home_stops", "home_until", "control_week", "followup_day", "readmission_day",
    "discharge_day",
)  # fmt: skip
"""Columns of a patient that phase 1 may change, birthdays apart."""


# The pages and the code.


def test_pages_and_figures_are_those_of_the_code() -> None:
    """In a process of its own, where no other test has declared a measure or a draw."""
    checked = subprocess.run(
        [sys.executable, "-m", "scenarios.odd", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_file_of_the_week_and_of_decisions_is_described() -> None:
    named = {name for files, _ in marks(ENGLISH.read_text(encoding="utf-8")) for name in files.split()}
    assert {"sim/week/needs.py", "sim/draws.py", "agents/deciding/voting.py", "sim/quotes/noise.py"} <= named
    assert set(described_files()) <= named


def test_code_that_has_changed_asks_to_be_read_again() -> None:
    text = "<!-- code: sim/draws.py = 000000000000 -->"
    assert any("sim/draws.py" in line and "--reviewed" in line for line in stale(text, "page.md"))
    assert "page.md: no section describes sim/week/needs.py" in stale(text, "page.md")


def test_french_and_english_describe_the_same() -> None:
    """The same headings in number and depth, the same regions, the same equations, the same parameters."""
    english, french = (by_hand(path.read_text(encoding="utf-8")) for path in (ENGLISH, FRENCH))

    def skeleton(text: str) -> list[str]:
        return [line.split(" ")[0] for line in text.splitlines() if line.startswith("#")]

    def equations(text: str) -> list[str]:
        return [block.split("```")[0].strip() for block in text.split("```math")[1:]]

    def in_code(text: str) -> set[str]:
        return {
            word for word in text.split("`")[1::2] if "." in word and word.replace(".", "").replace("_", "").isalpha()
        }

    assert skeleton(english) == skeleton(french)
    assert equations(english) == equations(french)
    assert len(equations(english)) > 25
    assert in_code(english) - in_code(french) == set()
    assert list(regions(ENGLISH.read_text(encoding="utf-8"))) == list(regions(FRENCH.read_text(encoding="utf-8")))
    assert len(french) > 0.9 * len(english)


def test_every_draw_of_the_ground_of_people_of_the_week_and_of_decisions_says_its_step_and_who() -> None:
    """The tables of 7.1 by hand name each draw that a file of these takes."""
    before, after = ENGLISH.read_text(encoding="utf-8").split("<!-- generated: draws -->")
    table = before.split("**Draws of people and of the week**")[1]
    explained = {name for line in table.splitlines() if line[:1] == "|" for name in line.split("|")[1].split("`")[1::2]}
    rows = [line.split("|") for line in after.split("<!-- /generated -->")[0].splitlines() if line[:1] == "|"]
    made_of = (
        "`sim/week/", "`sim/person.py", "`sim/population.py", "`sim/registration.py", "`sim/territory/",
        "`sim/deciding/",
    )  # fmt: skip
    taken = {row[1].strip(" `") for row in rows if row[3].strip().startswith(made_of)}
    assert len(taken) > 100
    assert taken - explained == set()


def by_option(path: Path) -> set[str]:
    """Beginnings of the names of the decisions that a file draws option by option."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = {
        ast.unparse(at): {
            ast.unparse(call.args[0]).lstrip("f").strip("'").split("{")[0]
            for call in ast.walk(node)
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "decision"
        }
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for at in (node.targets if isinstance(node, ast.Assign) else [node.target])
    }
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    drawing = [one for one in functions if "option_draws(" in ast.unparse(one)]
    used = {node.id for one in drawing for node in ast.walk(one) if isinstance(node, ast.Name)}
    return {said for name, decisions in named.items() if name in used for said in decisions}


def test_decisions_are_drawn_by_option_where_the_table_says_so() -> None:
    table = ENGLISH.read_text(encoding="utf-8").split("**Draws of decisions**")[1].split("<!-- generated")[0]
    rows = [line.split("|") for line in table.splitlines() if line.startswith("| `")]
    said = {name for row in rows if "option" in row[2] for name in row[1].split("`")[1::2]}
    plain = {name for row in rows if "option" not in row[2] for name in row[1].split("`")[1::2]}
    drawn = set().union(*(by_option(path) for path in (ROOT / "sim" / "deciding").glob("*.py")))
    assert len(drawn) > 5
    assert all(any(name.startswith(begin) for begin in drawn) for name in said)
    assert all(any(name.startswith(begin) for name in said) for begin in drawn)
    assert not plain & drawn


@pytest.mark.parametrize("text", ["<!-- generated: codes -->\n", "<!-- /generated -->\n"])
def test_regions_that_do_not_close_are_refused(text: str) -> None:
    with pytest.raises(Mistake, match=r"page\.md"):
        filled(text, lambda what: what, "page.md")


def test_a_region_is_made_anew_and_the_rest_is_kept() -> None:
    page = "by hand\n<!-- generated: one two -->\nold\n<!-- /generated -->\nalso by hand\n"
    made = filled(page, lambda what: f"made of {what}", "page.md")
    assert "old" not in made
    assert "made of one two" in made
    assert filled(made, lambda what: f"made of {what}", "page.md") == made
    assert by_hand(made).splitlines()[0] == "by hand"


def test_a_step_that_nobody_has_described_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    known = schedule.routines()["together"]
    fewer = {call: said for call, said in known.steps.items() if call != "delegate"}
    for steps, word in ((fewer, "delegate"), ({**known.steps, "sing_together": "they sing"}, "sing_together")):
        changed = {"together": known._replace(steps=steps)}
        monkeypatch.setattr(schedule, "routines", lambda changed=changed: changed)
        with pytest.raises(Mistake, match=word):
            schedule.schedule("together")


def test_curves_come_out_of_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another parameter is another curve, hence another digest, and a picture that is not up to date."""
    ground, care = curves_of_people.ground().digest(), curves_of_week.control().digest()
    monkeypatch.setattr(curves_of_people, "defaults", lambda: parameter_record({"territory.decay_nil_minutes": 24.0}))
    assert curves_of_people.ground().digest() != ground
    world = curves_of_week._founded().fork()
    world.parameters["care_gp_effect"] = 0.2
    monkeypatch.setattr(curves_of_week, "_founded", lambda: world)
    assert curves_of_week.control().digest() != care


# The text is enough: half a week, written again.


def test_draws_are_those_of_the_text() -> None:
    ids = np.array([0, 1, 2**32, 2**63, 2**64 - 1], dtype=np.uint64)
    for step in (0, 7, 519):
        kernel = draws.uniforms(11, CHOICE, ids, step)
        assert kernel.tolist() == [hand.uniform(hand.key(11, "choice", step, int(who))) for who in ids]


class Lived:
    """One week of a small world that has lived for more than a year: by the kernels, and by hand."""

    def __init__(self) -> None:
        world = seasoned()
        for _ in range(7):  # well away from a week in which lists are counted
            Passage(world).week()
        assert world.week % LIST_WEEKS
        self.world = world
        self.book = hand.Week(world.fork())
        self.birthdays = (world.week - world.patients["birth_week"].astype(int)) % 52 == 0
        self.requests, self.expected = self._kernels(world)
        self._asked()

    def _kernels(self, world: World) -> tuple[Table, Table]:
        s, passage = scene(world), Passage(world)
        if world.week % LIST_WEEKS == 0:
            count_lists(s, (0, len(world.physicians)), [(0, len(world.patients))])
        clear_counts(s)
        presence(s)
        self.book.w.physicians["present"] = self.book.present()
        requests = passage._ask(s, whole(world), Buffers(REQUESTS))
        before = requests.copy()
        passage._serve(s, whole(world), requests)
        return requests, before

    def _asked(self) -> None:
        book = self.book
        self.after = {i: state for i in range(len(book.w.patients)) if not self.birthdays[i] and (state := book.ask(i))}


@pytest.fixture(scope="module")
def lived() -> Lived:
    return Lived()


def test_who_works_is_drawn_as_the_text_says(lived: Lived) -> None:
    assert lived.book.present() == (lived.world.physicians["present"] > 0).tolist()


def test_requests_of_a_week_are_those_of_the_text(lived: Lived) -> None:
    """Every request of every patient, birthdays apart, field by field: needs, choices, hand-overs, follow-ups."""
    kernel = lived.expected[~lived.birthdays[lived.expected["patient"]]]
    written = lived.book.requests
    assert len(kernel) == len(written) > 150
    for name in ASKED:
        assert kernel[name].tolist() == [getattr(r, name) for r in written], name
    met = set(kernel["target"].tolist())
    assert {hand.GP, hand.NURSE, hand.ED, hand.HOSPITAL, hand.AGAIN, hand.ROUNDS} <= met, "too few kinds to be a test"
    assert (kernel["slot"] != hand.NEW).any()


def test_patients_are_left_as_the_text_says(lived: Lived) -> None:
    rows = np.array(sorted(lived.after))
    assert len(rows) > 300
    for name in LEFT:
        assert lived.world.patients[name][rows].tolist() == [getattr(lived.after[i], name) for i in rows], name
    assert lived.world.patients["control"][rows].tolist() == [lived.after[i].control for i in rows]


def test_nurses_serve_as_the_text_says(lived: Lived) -> None:
    served = lived.requests
    for j in range(len(lived.world.nurses)):
        if not lived.world.nurses["in_post"][j]:
            continue
        mine = np.flatnonzero(np.isin(served["target"], (hand.NURSE, hand.ROUNDS)) & (served["provider"] == j))
        queue = [request(lived.expected[n]) for n in mine]
        made = hand.serve_nurse(lived.book, j, queue)
        assert [bool(n) for n in served["served"][mine]] == [r.served for r in queue]
        for name, value in made.items():
            assert lived.world.nurses[name][j] == pytest.approx(value, rel=1e-5), name


def test_physicians_serve_as_the_text_says(lived: Lived) -> None:
    """Who is served, for how long, and what the physician posts; with what nurses owe and free."""
    served, world = lived.requests, lived.world
    minutes_gp = lived.book.p("tasks.minutes_gp")
    waited = 0
    for g in range(len(world.physicians)):
        if not world.physicians["present"][g]:
            continue
        of_nurses = served[(served["target"] == hand.NURSE) & (served["physician"] == g) & (served["served"] > 0)]
        owed = int(of_nurses["gp_minutes_tenths"].sum())
        replaced = [int(10 * minutes_gp[k]) for k in of_nurses["task"][of_nurses["marks"] & hand.REPLACES > 0]]
        mine = np.flatnonzero((served["target"] == hand.GP) & (served["provider"] == g))
        queue = [request(lived.expected[n]) for n in mine]
        made = hand.serve_physician(lived.book, g, queue, owed, max(0, sum(replaced) - owed))
        assert [bool(n) for n in served["served"][mine]] == [r.served for r in queue]
        assert served["minutes_tenths"][mine].tolist() == [r.minutes_tenths for r in queue]
        assert served["marks"][mine].tolist() == [r.marks for r in queue]
        waited += sum(not r.served for r in queue)
        for name, value in made.items():
            assert world.physicians[name][g] == pytest.approx(value, rel=1e-5, abs=1e-6), name
    assert waited > 0, "nobody had to wait: the order of the queue was not tried"


def request(row: np.void) -> SimpleNamespace:
    """A request of the kernels as the text's half of a week takes it."""
    return SimpleNamespace(served=False, **{name: int(row[name]) for name in ASKED})

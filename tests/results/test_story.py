"""A team's years, told from a diary that is known word for word."""

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from agents.deciding.diary_kinds import EVENT_KINDS
from agents.teams import CRITERIA
from results.cast import cast_of, letters_from, listed
from results.diary import Entry, entries_of, leaders
from results.messages import set_language
from results.reasons import because, heaviest, reasons, weighed
from results.run import Run, RunError, open_run
from results.spoken import part, sentence, several, task
from results.story import SLOW, as_text, contract_of, story_of
from results.story_events import TOLD, Teller, tell
from results.story_levers import LEVERS, SCALES, Moved
from results.story_lines import lines_of
from sim.deciding import diary
from sim.deciding.diary import Diary
from tests.invented import invented_run
from tests.told_run import ADVANCED, ASALEE, FIRST_WEEK, TEAM, YEARS, add_table, at, told_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return told_run(tmp_path_factory.mktemp("runs") / "told")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


def year(run: Run, which: int) -> str:
    """A year as it is told."""
    return " ".join(story_of(run, TEAM).chapters[which - 1].sentences)


def plain_spaces(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_every_kind_of_event_is_told_and_nothing_else() -> None:
    told = [*TOLD, *SLOW, *LEVERS]
    assert sorted(told) == sorted(EVENT_KINDS)
    assert SCALES.keys() == LEVERS.keys()


def test_the_opening_says_who_they_are(run: Run) -> None:
    said = story_of(run, TEAM).opening[0]
    assert said.startswith("The team Les Tilleuls: 5 physicians (Drs A, B, C, D and E), self-employed nurses F, ")
    assert said.endswith("Asalée nurse K and advanced-practice nurse L.")


def test_a_rule_of_ones_own_goes_by_the_name_that_it_bears() -> None:
    paid = pd.DataFrame({"team": [0, 0, 1], "year": [1, 1, 1], "system": ["rosp", "bonus", "peps"]})
    scenario = {"teams": {"a": {"contract": ["rosp", "mine:Bonus"]}}}
    run: Any = SimpleNamespace(manifest={"scenario": scenario}, has=lambda _table: True, payments=paid)
    cast: Any = SimpleNamespace(run=run, name="a", team=0)
    assert contract_of(cast) == ["rosp", "bonus"]


def test_quarters_of_one_pair_are_merged_and_the_heaviest_reasons_given(run: Run) -> None:
    said = year(run, 1)
    assert said.count("Delegation to Asalée nurse K") == 1
    assert "the renewal of stable prescriptions, from 5% to 21%; vaccination, from 0% to 40% (Dr C)" in said
    assert (
        "What weighed: a partner who is well known and overfull schedules, in spite of a task felt to be the heart of "
        "the trade." in said
    )


def test_a_vote_has_its_count_its_outcome_and_its_reasons(run: Run) -> None:
    first = year(run, 1)
    assert (
        "In March, the team votes on Payment of teams: 2 votes in favour out of 8, 4 needed. The proposal falls."
        in first
    )
    assert "fees that would disappear and money to be lost" in first
    second = year(run, 2)
    assert "6 votes in favour out of 8, 4 needed. The team joins." in second
    assert second.count("joins") == 1  # the entry of the contract is told by the vote


def test_a_year_is_told_in_order_and_a_month_is_said_once(run: Run) -> None:
    said = year(run, 2)
    marks = ["In June", "adjusted to the territory", "votes on", "shares its money", "open conflict", "In September",
             "Dr A stops leading the team and Dr C takes over", "leaves the post", "With Drs A, B and C"]  # fmt: skip
    places = [said.index(mark) for mark in marks]
    assert places == sorted(places)
    assert said.count("In June") == said.count("In September") == 1


def test_every_vote_of_a_year_has_its_outcome(tmp_path: Path) -> None:
    """Reasons that were given are not given again; an outcome is, though it has a colon too."""
    told_run(tmp_path)
    book = Diary()
    for week in (12, 26):
        at(book, 1, week)
        book.add("vote", team=0, before=0.5, after=0.25, text="peps", terms={"authority": 0.4, "money": 0.2})
        book.add("join", team=0, text="peps")
    add_table(tmp_path, "decisions", book.frame(), {name: label for name, (_, label) in diary.COLUMNS.items()})
    run = open_run(tmp_path)
    assert year(run, 1).count("The leader carries it against the vote: the team joins.") == 2
    assert year(run, 1).count("money to be gained") == 1
    set_language("fr")
    assert year(run, 1).count("malgré le vote\u00a0: l'équipe adhère.") == 2
    assert year(run, 1).count("un gain de revenu") == 1


def test_what_rounds_alike_is_no_change() -> None:
    assert LEVERS["hours"]("", Moved((0,), 9.11, 9.14, ())) == ""
    assert LEVERS["hours"]("", Moved((0,), 9.11, 9.24, ())) == "the week grows longer, from 9.1 to 9.2 half-days"
    assert LEVERS["slot"]("chronic", Moved((0,), 24.04, 23.9, ())) == ""
    assert LEVERS["slot"]("chronic", Moved((0,), 25.0, 23.9, ())).endswith("grow shorter, from 25 to 24 minutes")


def test_whoever_follows_takes_over_the_post(run: Run) -> None:
    teller = Teller(cast_of(run, TEAM), {}, set())
    entry = Entry(FIRST_WEEK + 80, 2, "hire", 0, -1, ADVANCED, -1, -1, -1, math.nan, math.nan, "successor", {})
    assert tell(teller, entry).endswith("somebody new takes over the post of advanced-practice nurse L.")
    set_language("fr")
    teller.month = ""
    assert "une nouvelle personne reprend le poste de l'infirmi" in tell(teller, entry)


def test_a_year_without_events_is_one_sentence(run: Run) -> None:
    assert story_of(run, TEAM).chapters[2].sentences == ("A quiet year: everybody keeps to the habits they had.",)


def test_what_is_taken_back_and_declined_is_told(run: Run) -> None:
    said = year(run, 4)
    assert (
        "Delegation to Asalée nurse K shrinks with Dr B: the renewal of stable prescriptions, from 21% to 10%." in said
    )
    assert "Self-employed nurse F declines: the follow-up of diabetes." in said


def test_other_teams_are_left_out(run: Run) -> None:
    assert all(entry.team in (0, -1) for entry in entries_of(cast_of(run, TEAM)))


def test_years_can_be_chosen_and_must_exist(run: Run) -> None:
    assert [chapter.year for chapter in story_of(run, TEAM, 2, 3).chapters] == [2, 3]
    with pytest.raises(RunError, match=f"years 3 to 9: the run has years 1 to {YEARS}"):
        story_of(run, TEAM, 3, 9)
    with pytest.raises(RunError, match=r'no team "Les Tileuls"\. Did you mean "Les Tilleuls"'):
        story_of(run, "Les Tileuls")


def test_a_run_without_decisions_says_so(tmp_path: Path) -> None:
    folder = invented_run(tmp_path / "bare", years=1, weeks_a_year=1)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["tables"].pop("decisions", None)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(RunError, match="nobody decides in this run"):
        story_of(open_run(folder), TEAM)


def test_french_is_spoken_as_french(run: Run) -> None:
    set_language("fr")
    said = plain_spaces(as_text(story_of(run, TEAM)))
    assert "La délégation à l'infirmière Asalée K progresse chez tous les médecins : " in said
    assert "le renouvellement des ordonnances stables, de 5 % à 21 % ; la vaccination" in said
    assert "En septembre, le Dr A cesse de porter l'équipe et le Dr C prend la suite." in said
    assert "2 voix pour sur 8, il en fallait 4. La proposition est rejetée." in said
    assert not re.search(r"\b(de|à) les? (Dr|Drs|suivi|dossier)\b", said)
    assert "{" not in said
    assert not re.search(r"\b(the|of|nurse)\b", said.replace("Payment of teams", ""))


def test_every_sentence_begins_with_a_capital_and_ends(run: Run) -> None:
    for language in ("en", "fr"):
        set_language(language)
        for chapter in story_of(run, TEAM).chapters:
            for said in chapter.sentences:
                assert said[0].isupper(), said
                assert said.endswith("."), said
                assert "  " not in said


def test_events_are_listed_with_all_their_terms(run: Run) -> None:
    lines = lines_of(run, TEAM, {name: kind.label for name, kind in EVENT_KINDS.items()}, 1, 1)
    assert len(lines) == 4 * 6 + 1 + 1 + 2
    assert lines[0].startswith("year 1, week 12 · the team votes · peps · from 0.50 to 0.25 · income_change -0.20")


def test_terms_that_weigh_little_or_nothing_are_not_told() -> None:
    found = heaviest({"overload": 1.0, "money": 0.1, "knowledge": 0.4, "core": -0.6, "unheard_of": 9.0}, 1)
    assert found.pushed == ["overfull schedules", "a partner who is well known"]
    assert found.pulled == ["a task felt to be the heart of the trade"]
    assert because({"unheard_of": 1.0}, 1) == because({}, -1) == ""
    assert heaviest({"peers": 0.2, "peers_yes": 0.1}, 1).pushed == ["the example of colleagues"]


def test_reasons_of_several_events_are_weighed() -> None:
    assert weighed([({"money": 1.0}, 3.0), ({"money": -1.0, "core": -2.0}, 1.0)]) == {"money": 0.5, "core": -0.5}
    assert weighed([({"money": 1.0}, 0.0)]) == {}
    assert weighed([({"voters": 8.0, "money": 1.0}, 1.0)]) == {"money": 1.0}


def test_every_reason_is_a_phrase_both_ways() -> None:
    for more, less in reasons().values():
        assert more
        assert less


def test_words_of_speech() -> None:
    assert part(0.004) == "less than 1%"
    assert (part(0.0), part(0.224)) == ("0%", "22%")
    assert listed(["A"]) == "A"
    assert listed([]) == ""
    assert task(99) == "a task"
    letters = letters_from(0)
    assert [next(letters) for _ in range(28)][-3:] == ["Z", "A2", "B2"]
    set_language("fr")
    assert sentence("chez le Dr A, l'avis de le Dr B, de les Drs C, à le Dr D") == (
        "Chez le Dr A, l'avis du Dr B, des Drs C, au Dr D"
    )
    assert several(["a", "b"]) == "a\u202f; b"


def test_changes_of_leader_are_read_from_either_form() -> None:
    nan = float("nan")
    common = Entry(FIRST_WEEK, 1, "leader", 0, 2, -1, -1, -1, -1, nan, nan, "", {})
    assert leaders(common) == (-1, 2)
    assert leaders(common._replace(before=1.0, after=2.0)) == (1, 2)
    assert leaders(common._replace(text="gives_up", terms={"successor": 4.0})) == (2, 4)


PROJECTS = ("begun", "written", "labelled", "no_leader", "conflict", "disavowed", *CRITERIA)


@pytest.mark.parametrize("text", PROJECTS)
def test_a_project_is_told_whether_or_not_it_was_counted(run: Run, text: str) -> None:
    nan = float("nan")
    counted = Entry(FIRST_WEEK, 1, "project", 0, -1, -1, -1, -1, -1, 1.0, 2.0, text, {})
    said = [tell(Teller(cast_of(run, TEAM), {}, set()), one)
            for one in (counted, counted._replace(before=nan, after=nan))]  # fmt: skip
    assert said[0] == said[1]
    assert said[0].endswith(".")


def test_who_follows_in_a_practice_is_somebody_new(run: Run) -> None:
    nan = float("nan")
    teller = Teller(cast_of(run, TEAM), {}, set())
    went = Entry(FIRST_WEEK, 1, "departure", 0, 2, -1, -1, -1, -1, nan, nan, "retired", {})
    lost = went._replace(kind="leader", text="left", terms={"successor": -1.0})
    said = [tell(teller, one) for one in (went, lost, went._replace(kind="hire", text="successor"))]
    assert said == [
        "In January, Dr C retires; whoever follows keeps the letter here.",
        "Dr C stops leading the team, and nobody takes over. The team has lost whoever led it.",
        "Somebody new takes over the practice of Dr C, and bears the letter from now on.",
    ]


def test_names_in_figures_are_short(run: Run) -> None:
    cast = cast_of(run, TEAM)
    assert cast.physician_label(0) == "Dr A"
    assert cast.nurse_label(ASALEE) == "Asalée K"
    assert cast.physician(999) == "a physician of another team"
    assert cast.nurse(999) == "a nurse from outside"

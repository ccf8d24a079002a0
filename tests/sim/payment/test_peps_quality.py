"""Quality of Peps: indicators of a perimeter, adjusted for case mix."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest

from agents import patients as people
from agents.mistakes import Mistake
from sim import events
from sim.accounts import Accounts
from sim.payment.accounts_of_year import LIST_CLASSES, AccountsOfYear
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.peps_quality import adjusted, peps_fractions, peps_names, peps_scores
from sim.payment.quality import INDICATORS, in_force, values
from tests.invented_lines import accounting_world, invented_lines

YOUNG, OLD = LIST_CLASSES[0].name, LIST_CLASSES[-1].name
POLYMEDICATION = np.where([one.name == OLD for one in LIST_CLASSES], 0.3, 0.1)
NORMS = Norms(
    base_year=2022,
    by_class={"list_polymedication_continuous": POLYMEDICATION},
    numbers={"peps_polymedication": 0.15},
    deciles={"peps_polymedication": np.arange(1, 10) / 50},
)


def year_of(columns: Mapping[str, Sequence[float]], year: int = 2022) -> AccountsOfYear:
    return AccountsOfYear.of_tables(year, {"team": columns})


TWO_TEAMS = year_of(
    {"registered_list": [1000, 1000], YOUNG: [1000, 500], OLD: [0, 500], "list_polymedication_continuous": [100, 200]}
)


def test_case_mix_is_taken_out() -> None:
    one = INDICATORS["peps_polymedication"]
    assert values(one, TWO_TEAMS) == pytest.approx([0.1, 0.2])
    assert adjusted(one, TWO_TEAMS, NORMS) == pytest.approx([0.15, 0.15])


def test_scores_with_and_without_case_mix() -> None:
    # Objectives: .14 and .04; an adjusted value of .15 is worse than the first and there is no year before.
    assert peps_scores(TWO_TEAMS, History(), NORMS) == pytest.approx([0, 0])
    raw = peps_scores(TWO_TEAMS, History(), NORMS, case_mix=False)
    assert raw == pytest.approx([70, 0])


def test_progress_is_told_by_the_year_before() -> None:
    listed = {"registered_list": [1000, 1000], YOUNG: [1000, 1000], "list_polymedication_continuous": [110, 60]}
    before = year_of(listed, 2021)
    marks = peps_fractions(["peps_polymedication"], TWO_TEAMS, History({2021: before}), NORMS)
    assert marks == pytest.approx(np.array([[0.5 * (0.165 - 0.15) / (0.165 - 0.14), 0]]))


def test_nothing_known_is_no_score() -> None:
    assert np.isnan(peps_scores(year_of({"registered_list": [10]}), History(), NORMS)).all()


def test_norms_must_hold_the_class_means() -> None:
    bare = replace(NORMS, by_class={})
    with pytest.raises(Mistake, match="list_polymedication_continuous"):
        peps_scores(TWO_TEAMS, History(), bare)


@pytest.mark.parametrize(
    ("contacts", "expected"),
    [
        ([60, 10, 0, 0], 7 * 50 / 60),
        ([40, 20, 0, 0], 11.0),
        ([40, 10, 0, 0], 14.0),
        ([30, 10, 5, 0], 90.0),
        ([0, 0, 0, 0], 90.0),
    ],
)
def test_median_days_to_contact(contacts: list[float], expected: float) -> None:
    days = zip(("0_7", "8_14", "15_30", "31_90"), contacts, strict=True)
    columns = {f"discharges_ald_seen_day_{name}": [count] for name, count in days}
    year = year_of({"registered_list": [1000], "discharges_ald": [100], **columns})
    assert values(INDICATORS["peps_days_to_contact"], year) == pytest.approx([expected])


def test_who_never_had_a_contact_counts_as_the_terms_say() -> None:
    year = year_of({"registered_list": [1000], "discharges_ald": [100]})
    terms = replace(in_force(year), no_contact_days=30.0)
    assert values(INDICATORS["peps_days_to_contact"], year, terms=terms) == pytest.approx([30])


def test_names_of_perimeters() -> None:
    assert len(peps_names("all")) == len(peps_names("elderly")) == len(peps_names("diabetic")) == 7
    assert len(peps_names("diabetic", True)) == 10
    assert len(peps_names("elderly", True)) == 7
    assert all(name in INDICATORS for name in peps_names("diabetic", True))


def test_perimeters_count_their_patients() -> None:
    world = accounting_world()
    accounts, lines = Accounts(world), invented_lines(world, 4000, weeks=40)
    accounts.add(lines, world)
    accounts.close_year(world, 1)
    living = world.patients[(world.patients["flags"] & people.ALIVE) > 0]
    age = (world.week - living["birth_week"].astype(int)) // 52
    neuro = living["conditions"] >> people.NEURO & 1 == 1
    sick = living["conditions"] >> people.DIABETES & 1 == 1
    perimeters = {
        "elderly": (age >= 65) | ((age >= 50) & neuro),
        "diabetic": sick & ((living["flags"] & people.ALD) > 0),
    }
    parts = {"elderly": ("elderly_65", "elderly_neuro"), "diabetic": ("diabetic_ald",)}
    for perimeter, inside in perimeters.items():

        def total(what: str, perimeter: str = perimeter) -> float:
            return sum(accounts.total(f"{part}_{what}", 1, "territory") for part in parts[perimeter])

        assert total("list") == inside.sum()
        assert total("adults") == (inside & (age >= 18)).sum()
        assert total("continuous") == (inside & (living["drugs_quarter"] >= 3)).sum()
        assert total("inappropriate") == (inside & ((living["flags"] & people.INAPPROPRIATE_DRUG) > 0)).sum()
        assert total("drugs") == living["n_drugs"][inside].sum()
        left = lines[(lines["kind"] == events.DISCHARGE) & ((lines["flags"] & people.ALD) > 0)]
        here = {
            "elderly": (left["age"] >= 65) | ((left["age"] >= 50) & (left["conditions"] >> people.NEURO & 1 == 1)),
            "diabetic": left["conditions"] >> people.DIABETES & 1 == 1,
        }[perimeter]
        assert total("discharges_ald") == here.sum()
    goal = 0.6 * 65535
    assert (
        accounts.total("diabetic_ald_controlled", 1, "team")
        == (perimeters["diabetic"] & (living["control"][:, people.DIABETES] >= goal)).sum()
    )

"""The ODD page of payments holds every formula that rules compute, and what 7.19 to 7.21 say is what the code does."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.deciding import collective_money, payer, sharing_choice
from agents.deciding.sharing_choice import Pot
from sim.parameters import behaviour_record
from sim.quotes.recast import Recast

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "docs" / "odd" / name for name in ("payments.md", "payments.fr.md")]
Q = behaviour_record({})[0]
EUROS = st.floats(0, 1e5, allow_nan=False)


def named_steps() -> Iterator[tuple[str, str]]:
    """Names, or patterns of names, that the files of rules put on worksheets, each with its place."""
    for path in sorted((ROOT / "sim" / "payment").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"let", "bring"}
            ):
                said = node.args[0]
                place = f"{path.name}:{node.lineno}"
                if isinstance(said, ast.Constant):
                    yield place, re.escape(str(said.value))
                elif isinstance(said, ast.JoinedStr):
                    parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+" for p in said.values]
                    yield place, "".join(parts)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_step_that_a_rule_can_write_stands_on_the_page(page: Path) -> None:
    shown = set(re.findall(r"^\| `([^`]+)` \|", page.read_text(encoding="utf-8"), re.MULTILINE))
    wanted = list(named_steps())
    assert len(wanted) > 200
    assert [place for place, name in wanted if not any(re.fullmatch(name, one) for one in shown)] == []


@st.composite
def pots(draw: Any) -> tuple[Pot, np.ndarray, str, bool]:
    physicians, nurses = draw(st.integers(1, 4)), draw(st.integers(0, 3))
    size = physicians + nurses

    def column(of_nurses: bool = True) -> np.ndarray:
        values = np.array(draw(st.lists(EUROS, min_size=size, max_size=size)))
        return values if of_nurses else np.where(np.arange(size) < physicians, values, 0.0)

    nurse = np.arange(size) >= physicians
    in_place = nurse & np.array(draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    pot = Pot(column(), column(), column(False), column(False), column(), nurse, in_place)
    return pot, column(), draw(st.sampled_from(["equal", "same_act_same_pay", "individual"])), draw(st.booleans())


@settings(max_examples=60)
@given(pots())
def test_a_quarrel_is_that_of_the_text(drawn: tuple[Pot, np.ndarray, str, bool]) -> None:
    """7.19, member by member."""
    pot, y, rule, pooled = drawn
    found = sharing_choice.quarrel(pot, rule, y, pooled, Q)
    by_hand = []
    for i in range(len(y)):
        z = [pot.reference[i]]
        z += [y.sum() * b[i] / b.sum() if b.sum() > 0 else 0.0 for b in (pot.days, pot.listed, pot.acts)]
        loud = [float(value) for value in Q["team_life_audible"]]
        if pooled:
            loud = [value if j == 1 else 0.0 for j, value in enumerate(loud)]
        if pot.nurse[i]:
            loud = [value if j == 3 and rule == "same_act_same_pay" else 0.0 for j, value in enumerate(loud)]
        income = max(pot.income[i], float(Q["team_life_least_income"]))
        q = max(one * max(0.0, claim - y[i]) / income for one, claim in zip(loud, z, strict=True))
        refused = pot.in_place[i] and rule != "same_act_same_pay"
        by_hand.append(max(q, float(Q["team_life_nurses_refused"])) if refused else q)
    assert found == pytest.approx(by_hand, abs=1e-9)


@settings(max_examples=60)
@given(st.lists(st.tuples(EUROS, EUROS), min_size=1, max_size=3), EUROS, EUROS, st.integers(0, 3))
def test_money_that_is_counted_on_and_posts_are_those_of_the_text(
    flows: list[tuple[float, float]], committed: float, hours: float, projects: int
) -> None:
    """7.20: two years, some sources, which are stacked, one team."""
    m = np.array(flows).sum(axis=0)
    u, step, cost = (float(Q[f"team_life_{name}"]) for name in ("uncertain", "post_step", "post_cost"))
    counted = [min(m) + u * (m[y] - min(m)) for y in range(2)]
    found = collective_money.counted_on(m[:, None], Q)[:, 0]
    assert found == pytest.approx(counted)
    p = projects * float(Q["team_life_project_cost"])
    f = min(max(0.0, one - committed - p - hours) for one in counted)
    one = np.ones(1)
    spent = collective_money.in_order(found[:, None], committed * one, p * one, hours * one)
    opened = collective_money.posts_to_open(spent.free, projects * one, one, Q).value[0]
    steps = np.floor(f / (float(Q["team_life_post_margin"]) * cost) / step)
    ready = projects >= float(Q["team_life_post_projects"])
    assert opened == pytest.approx(min(step * steps, float(Q["team_life_posts_a_year"])) if ready else 0.0)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=7))
def test_the_distance_of_ranks_is_that_of_the_text(pairs: list[tuple[int, int]]) -> None:
    """7.21: equal ones share the mean of their ranks."""

    def ranks(values: list[int]) -> list[float]:
        return [sum(other < v for other in values) + (sum(other == v for other in values) - 1) / 2 for v in values]

    n = len(pairs)
    paid, merit = ([pair[side] for pair in pairs] for side in (0, 1))
    furthest = sum(abs(2 * i - (n - 1)) for i in range(n))
    by_hand = sum(abs(a - b) for a, b in zip(ranks(paid), ranks(merit), strict=True)) / furthest if n > 1 else 0.0
    assert payer.surprise(np.array(paid, float), np.array(merit, float)) == pytest.approx(by_hand)


def test_acts_move_from_billed_to_replaced_as_the_text_says() -> None:
    """7.15, step 1: a perimeter of the elderly, half of whose acts lie inside; some acts were replaced last year."""
    last_year = {"acts_G_in_list": [80.0], "shadow_acts_G_in_list": [20.0], "elderly_65_acts_gp": [40.0],
                 "elderly_neuro_acts_gp": [10.0]}  # fmt: skip

    def of_team(name: str) -> np.ndarray:
        return np.array(last_year.get(name, [0.0]))

    recast = Recast({}, {}, {("G", "in_list"): "elderly"}, of_team, 1.0)
    assert recast.part("G", "in_list") == pytest.approx([0.5])
    moved = recast._moved(("G", "in_list"), "count", "team", lambda name, _level: of_team(name), np.zeros(1, int))
    assert moved == pytest.approx([(80.0 + 20.0) * 0.5 - 20.0])


def test_a_claw_back_is_what_help_and_reminders_leave() -> None:
    """7.21: answers by one draw, in the order of the text."""
    u = np.array([[0.0, 0.0], [0.0, 0.89], [0.0, 0.9], [0.0, 0.985], [0.0, 0.995], [0.999, 0.995]])
    made = SimpleNamespace(**{name: float(Q[f"payer_modes_{name}"]) for name in ("help", "reminder", "usual_hours")})
    assert (made.help, made.reminder) == pytest.approx((0.9, 0.09))
    done = payer.control(np.ones(6, bool), made.usual_hours / 2, u, Q).value
    assert done.tolist() == [1, 1, 2, 2, 3, 0]

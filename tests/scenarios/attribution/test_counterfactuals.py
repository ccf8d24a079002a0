"""Causes of a payment on toy books whose truth is known: each is found where it was planted, and nowhere else."""

import numpy as np
import pytest

from results.attribution import Attribution, Draws, attributed
from results.shapley import shapley
from scenarios.attribution.counterfactuals import CAUSES, TWIN, WITH_RULE, Game
from scenarios.attribution.planting import planted, resized
from sim.draws import normals
from tests.scenarios.attribution.rules import SHARE
from tests.scenarios.attribution.toy import BASE, LINEAR, MEAN, TOY_LUCK, Toy, game

DUE = 6_000 * MEAN
GROUPS = 10


def drawn(made: Game) -> Draws:
    draws = len(made.books.seeds)
    again = [Game(made.books.without(range(start, draws, GROUPS)), made.settler, made.norms, made.base)
             for start in range(GROUPS)]  # fmt: skip
    nothing = np.zeros(draws)
    return Draws(made.worth(), made.guaranteed(), [(one.worth(), one.guaranteed()) for one in again],
                 made.books.seeds, 6_000.0, nothing, nothing, nothing)  # fmt: skip


def parts(toy: Toy, draws: int = 40) -> tuple[Attribution, dict[str, float]]:
    found = attributed([drawn(game(toy, draws))], CAUSES)
    return found, dict(zip(found.parts["part"], found.parts["mean"], strict=True))


def test_parts_sum_to_the_payment_to_the_last_cent() -> None:
    toy = Toy(response=-0.02, territory=0.05, start=-0.08, trend=0.03, older=True)
    found, mean = parts(toy, 20)
    assert sum(value for part, value in mean.items() if part != "payment") == pytest.approx(mean["payment"], abs=1e-6)
    made = game(toy, 20)
    assert mean["payment"] == pytest.approx(made.settler.pay(made.books.of(WITH_RULE), made.norms).mean(), abs=1e-9)
    assert found.parts["share"].iloc[:-1].sum() == pytest.approx(1.0)


def test_a_response_that_is_switched_off_earns_nothing() -> None:
    found, mean = parts(Toy(territory=0.05, start=-0.08, trend=0.03, older=True))
    row = found.parts.set_index("part").loc["response"]
    assert mean["response"] == 0
    assert row["low"] <= 0 <= row["high"]
    draws = found.draws
    assert (draws["with_response"] == draws["without_response"]).all()


def test_a_planted_response_is_recovered() -> None:
    found, mean = parts(Toy(response=-0.02))
    truth = SHARE * 0.02 * DUE
    row = found.parts.set_index("part").loc["response"]
    assert row["low"] < truth < row["high"]
    assert mean["response"] == pytest.approx(truth, rel=0.03)
    assert row["p"] < 1e-6


@pytest.mark.parametrize(
    ("toy", "cause", "truth"),
    [
        (Toy(territory=0.10, luck=0.0), "territory", -SHARE * 0.10 * DUE),
        (Toy(start=-0.08, luck=0.0), "start", SHARE * 0.08 * DUE),
        (Toy(trend=-0.05, luck=0.0), "trend", SHARE * 0.05 * DUE),
        (Toy(response=-0.03, luck=0.0), "response", SHARE * 0.03 * DUE),
        (Toy(older=True, luck=0.0), "case_mix", 0.0),
    ],
)
def test_each_cause_is_found_where_it_was_planted_and_nowhere_else(toy: Toy, cause: str, truth: float) -> None:
    _found, mean = parts(toy, 10)
    assert mean[cause] == pytest.approx(truth, rel=1e-6, abs=0.1)
    others = [value for part, value in mean.items() if part not in (cause, "payment")]
    assert others == pytest.approx(np.zeros(len(others)), abs=0.1)


def test_case_mix_loses_where_the_rule_does_not_know_it() -> None:
    """An older list costs more than the nation: a rule that knows one mean for all takes it for waste."""
    toy = Toy(older=True, luck=0.0)
    made = game(toy, 10, rule="tests.scenarios.attribution.rules:Blind", name="blind")
    mean = dict(zip(("common", *CAUSES), [made.guaranteed(), *shapley(made.worth().mean(axis=1))], strict=True))
    spent = float(made.books.of(TWIN)["team"][0, 1, 0, made.books.names["team"].index("spend_all")])
    assert spent > 1.01 * DUE
    assert mean["case_mix"] == pytest.approx(-SHARE * (spent - DUE), rel=1e-6)
    assert [mean[cause] for cause in CAUSES if cause != "case_mix"] == pytest.approx([0.0] * 4, abs=0.1)


def test_luck_earns_nothing_where_losses_are_shared_too() -> None:
    found, mean = parts(Toy(luck=0.05))
    row = found.parts.set_index("part").loc["luck"]
    assert row["low"] <= 0 <= row["high"]
    assert abs(mean["luck"]) < SHARE * 0.05 * DUE


def test_resized_lists_have_means_in_proportion_and_chance_by_the_root() -> None:
    made = game(Toy(luck=0.05), 200)
    spent = [
        tables["team"][:, 1, 0, made.books.names["team"].index("spend_all")]
        for tables in (made.books.of(TWIN), resized(made.books.of(TWIN), made.books, 24_000.0))
    ]
    assert spent[1].mean() == pytest.approx(4 * spent[0].mean())
    assert spent[1].std() == pytest.approx(2 * spent[0].std())


def test_resizing_agrees_with_lists_put_together() -> None:
    """Four lists of one size with luck of their own are one list of four times the size."""
    luck = 0.05 * normals(7, TOY_LUCK, np.arange(4_000)).reshape(4, 1_000)
    together = (DUE * (1 + luck)).sum(axis=0)
    made = game(Toy(luck=0.05), 1_000)
    at = made.books.names["team"].index("spend_all")
    sized = resized(made.books.of(TWIN), made.books, 24_000.0)["team"][:, 1, 0, at]
    assert sized.std() == pytest.approx(
        together.std(), rel=0.1
    )  # two standard deviations of 1,000 draws: 4 sd of ratio
    assert sized.mean() == pytest.approx(together.mean(), rel=0.01)


def test_a_response_is_planted_from_its_year_on() -> None:
    made = game(Toy(luck=0.0), 5)
    at = made.books.names["team"].index("spend_all")
    changed = planted(made.books.of(TWIN), made.books, 0.02, BASE + 1)["team"][..., 0, at]
    assert changed[:, 0] == pytest.approx(np.full(5, DUE))
    assert changed[:, 1] == pytest.approx(np.full(5, 0.98 * DUE))
    pay = made.pay(planted(made.books.of(TWIN), made.books, 0.02, BASE + 1), 0)
    assert pay == pytest.approx(np.full(5, SHARE * 0.02 * DUE), abs=0.1)


def test_rows_are_settled_alone_where_they_look_at_each_other() -> None:
    made = game(Toy(), 6, rule="tests.scenarios.attribution.rules:Pot", name="pot")
    assert made.settler.pay(made.books.of(TWIN), made.norms) == pytest.approx(np.full((6, 1), 1000.0))
    plain = game(Toy(), 6, rule=LINEAR)
    alone = [plain.settler.pay({level: values[row : row + 1] for level, values in plain.books.of(TWIN).items()},
                               plain.norms)[0, 0] for row in range(6)]  # fmt: skip
    assert plain.settler.pay(plain.books.of(TWIN), plain.norms)[:, 0].tolist() == alone

"""Answering an attribution: run the studies, put the books together, settle every counterfactual, sum up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from agents.mistakes import Mistake
from results.attribution import Attribution, Draws, attributed, rate_of
from scenarios.attribution.books import LIST, TEAM, Books, books_of
from scenarios.attribution.counterfactuals import (
    CAUSES,
    RESPONSE,
    START,
    TERRITORY,
    TWIN,
    WITH_RULE,
    Game,
    bit,
)
from scenarios.attribution.planting import planted, resized
from scenarios.attribution.question import Question, world_name
from scenarios.origins import failures, made_by
from scenarios.study import WORK, Engine, Study, Workers, engine_of
from sim.payment.norms import Norms
from sim.payment.rules import policy_class
from sim.recording.manifest import digest, packages

type Numbers = NDArray[np.float64]

GROUPS: Final = 10
"""Groups of redraws that the jackknife leaves out, one after the other."""
CENT: Final = 0.01
LEAST_LIST: Final = 500.0
"""Registered patients from which a team lends its luck to the power curve."""
ALL: Final = (1 << len(CAUSES)) - 1
WHERE_BY_CLASS: Final = "share"


@dataclass(frozen=True)
class Answer:
    """What came out.

    Attributes:
        attribution: tables of parts, rates, power, places and other norms.
        runs: the tidy table behind them, without the accounts.
        provenance: what the numbers come from.
    """

    attribution: Attribution
    runs: pd.DataFrame
    provenance: dict[str, Any]


def answer(
    question: Question, *, workers: Workers = None, folder: Path | None = WORK, progress: bool = False
) -> Answer:
    """Run what is asked, or read what of it was run before, and attribute.

    Args:
        question: what is asked.
        workers: who runs it, all processors of this machine by default.
        folder: where studies are kept, so that a stopped one can go on; None keeps nothing.
        progress: show a progress bar.

    Raises:
        Mistake: when runs failed, or the rule paid what its accounts do not give.
    """
    engine = engine_of(workers)
    question.make_ready(engine.here, progress=progress)
    study = question.study()
    table = _run(study, folder, engine, progress)
    first = question.scenario.first_year
    plan = question.plan((question.team, *question.mapped))
    worlds = [world_name(question.scenario, number) for number in range(question.worlds)]
    games = [_game(question, books_of(table, plan, question.team, world, first)) for world in worlds]
    draws = [_draws(game) for game in games]
    teams = {team: _plain_game(question, books_of(table, plan, team, worlds[0], first)) for team in plan.teams}
    places = _places(question, teams)
    if question.areas:
        places += _areas(question, folder, engine, progress)
    found = attributed(
        draws, CAUSES, power=_power(question, _large(teams)), places=places, other_norms=_other_norms(games[0]),
    )  # fmt: skip
    return Answer(found, _short(draws), provenance(question, study.design(), table))


def _run(study: Study, folder: Path | None, engine: Engine, progress: bool) -> pd.DataFrame:
    table = study.run(study.kept_in(folder), workers=engine, progress=progress)
    failed = table[table["stage"] != ""]
    if failed["seed"].nunique() * 2 > len(study.seeds):
        raise Mistake("most runs failed, the first with: {reason}", reason=str(failed["message"].iloc[0]))
    return table


def _game(question: Question, books: Books) -> Game:
    """The game of one world, once it is known that its accounts give what was paid."""
    game = _plain_game(question, books)
    settler, arm = game.settler, books.arms.index(WITH_RULE)
    first = books.years.index(settler.settled[0])
    given = settler.pay(books.of(WITH_RULE), question.norms) * books.held[arm][:, first:]
    away = float(np.abs(given - books.paid[arm][:, first:]).max(initial=0.0))
    if away >= CENT:
        raise Mistake(
            "{policy} paid {team} up to {away} EUR a year more or less than its accounts give under its first terms: "
            "its terms changed on the way, or it shares a pot with other teams. Put no other team under the rule, and "
            "keep the payer as it is.", policy=question.policy, team=question.team, away=round(away, 2),
        )  # fmt: skip
    return game


def _plain_game(question: Question, books: Books) -> Game:
    """The game of some books, whose years may be fewer than were asked for: a short warm-up has no past."""
    return Game(books, replace(question.settler, years=list(books.years)), question.norms, question.base)


def _draws(game: Game) -> Draws:
    """What every coalition is worth in a world, and what it would be without some of the redraws."""
    books, draws = game.books, len(game.books.seeds)
    groups = [list(range(start, draws, GROUPS)) for start in range(min(GROUPS, draws))]
    arm = books.arms.index(WITH_RULE)
    first = books.years.index(game.settler.settled[0])
    listed = books.of(TWIN)[TEAM][:, first:, 0, books.names[TEAM].index(LIST)].mean()
    spent = books.names[TEAM].index("spend_all")
    saved = books.of(TWIN)[TEAM][:, first:, 0, spent] - books.of(WITH_RULE)[TEAM][:, first:, 0, spent]
    again = [replace(game, books=books.without(group)) for group in groups]
    return Draws(
        game.worth(), game.guaranteed(), [(one.worth(), one.guaranteed()) for one in again], books.seeds,
        float(listed), books.all_rules[arm][:, first:].mean(axis=1),
        books.all_rules[1 - arm][:, first:].mean(axis=1), saved.mean(axis=1),
    )  # fmt: skip


def _power(question: Question, games: Sequence[Game]) -> list[dict[str, Any]]:
    """Chance of a bonus of an average team, by size of its list and planted response.

    Every team lends its luck: its accounts are made those of an average team, and of another size.
    """
    since, rows = question.base + 1, []
    for size in question.sizes:
        common = np.concatenate([np.full(len(game.books.seeds), game.guaranteed(size)) for game in games])
        for effect in question.effects:
            drawn = []
            for game in games:
                sized = resized(game.books.of(TWIN), game.books, size)
                drawn.append(game.pay(planted(sized, game.books, effect, since), 0))
            pay = np.concatenate(drawn)
            own = {"size": size, "effect": effect, "mean": float(pay.mean()), "common": float(common.mean())}
            rows.append(own | rate_of(pay, common))
    return rows


def _places(question: Question, games: Mapping[str, Game]) -> list[dict[str, Any]]:
    """What the rule would pay each team of the scenario if nobody responded."""
    ground, rows = question.ground, []
    for team, game in games.items():
        cell = ground.teams["cell"][ground.names.index(team)]
        where = {"place": team, "kind": "team", "x_km": float(ground.cells["x_km"][cell]),
                 "y_km": float(ground.cells["y_km"][cell])}  # fmt: skip
        rows.append(where | _for_nothing(game))
    return rows


def _for_nothing(game: Game) -> dict[str, Any]:
    """What a team is paid if nobody responds, over the redraws."""
    pay, common = game.pay(game.books.of(TWIN), ALL), game.guaranteed()
    listed = float(game.books.of(TWIN)[TEAM][:, -1, 0, game.books.names[TEAM].index(LIST)].mean())
    low, high = np.quantile(pay, [0.05, 0.95])
    own = {"list": listed, "mean": float(pay.mean()), "low": float(low), "high": float(high), "common": common}
    return own | rate_of(pay, common)


def _areas(question: Question, folder: Path | None, engine: Engine, progress: bool) -> list[dict[str, Any]]:
    """What the team would be paid for nothing in each type of living area."""
    study, plan = question.study_of_areas(), question.plan((question.team,))
    table = _run(study, folder, engine, progress)
    rows = []
    for spec in study.territories:
        books = books_of(table, plan, question.team, spec.name, question.scenario.first_year)
        game = _plain_game(question, books)
        rows.append({"place": spec.name, "kind": "area", "x_km": np.nan, "y_km": np.nan} | _for_nothing(game))
    return rows


def _other_norms(game: Game) -> list[dict[str, Any]]:
    """What the rule would pay under other norms: blind to case mix, of the own territory, knowing all beforehand."""
    ratios, team = game.ratios, game.books.names[TEAM]
    changed = {"as_it_is": game.norms, "blind": _blind(game.norms)}
    for name, causes in (("own_territory", (TERRITORY,)), ("knows_all", (TERRITORY, START))):
        factors = {
            norm: float(np.prod([ratios.of[cause][TEAM][ratios.before, 0, team.index(measure)] for cause in causes]))
            for norm, measure in _normed(game).items()
        }
        by_class = {norm: values * factors.get(norm, 1.0) for norm, values in game.norms.by_class.items()}
        changed[name] = replace(game.neutral, by_class=by_class)
    rows = []
    for name, norms in changed.items():
        for arm in (TWIN, WITH_RULE):
            pay = game.settler.pay(game.books.of(arm), norms).mean(axis=1)
            rows.append({"norms": name, "arm": arm, "mean": float(pay.mean()), "sd": float(pay.std(ddof=1))})
    return rows


def _normed(game: Game) -> dict[str, str]:
    """Measures of the team that national means by class are compared with, by name of the norm."""
    from scenarios.norms.content import class_means

    names = game.books.names[TEAM]
    return {norm: one.name for norm, one in class_means().items() if one.name in names and norm in game.norms.by_class}


def _blind(norms: Norms) -> Norms:
    """Norms that know no case mix: every class is the national mean."""
    shares = np.asarray(norms.by_class.get(WHERE_BY_CLASS, np.zeros(0)))
    if not shares.size:
        return norms
    flat = {
        name: values if name == WHERE_BY_CLASS else np.full(len(values), float(np.average(values, weights=shares)))
        for name, values in norms.by_class.items()
    }
    return replace(norms, by_class=flat)


def _large(games: Mapping[str, Game]) -> list[Game]:
    """Games of teams whose lists are large enough for their luck to be carried over to others."""
    found = []
    for game in games.values():
        listed = game.books.of(TWIN)[TEAM][..., game.books.names[TEAM].index(LIST)].mean()
        if listed >= LEAST_LIST:
            found.append(game)
    return found or [next(iter(games.values()))]


def _short(draws: Sequence[Draws]) -> pd.DataFrame:
    """One row a world and redraw: what was paid, with and without response."""
    everything, null = ALL, ALL & ~bit(RESPONSE)
    return pd.concat(
        [
            pd.DataFrame({"world": world, "seed": one.seeds, "paid": one.worth[everything],
                          "paid_without_response": one.worth[null], "all_rules": one.all_rules,
                          "all_rules_without_the_rule": one.all_rules_twin, "saved": one.saved})
            for world, one in enumerate(draws, start=1)
        ],
        ignore_index=True,
    )  # fmt: skip


def provenance(question: Question, design: Mapping[str, Any], table: pd.DataFrame) -> dict[str, Any]:
    """What the numbers come from: enough to run them again, and digests to know them by."""
    return {
        **made_by(design, question.scenario),
        "scenario": question.scenario.name, "scenario_digest": digest(question.scenario), "arms": question.arms,
        "policy": question.policy, "title": policy_class(question.policy).title,
        "team": question.team, "seeds": question.seeds, "worlds": question.worlds,
        "founding_seed": question.scenario.seed, "years": question.settler.settled, "run_in": question.run_in,
        "norms": question.norms.digest, **failures(table),
        "packages": packages(),
    }  # fmt: skip

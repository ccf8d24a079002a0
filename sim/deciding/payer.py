"""The payer's year: rules are adapted where the scenario has an adaptive payer, and teams under contract are watched.

What a move changes is read from ``sim/payment/moves.toml``; what it costs, and whom it helps, is known by settling the
year that is over once more under the changed terms. Moves change terms of those who signed: nothing is imposed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.deciding import payer as deciding
from agents.deciding.decision import Decision, Numbers
from agents.declarations import Row
from agents.payer import ADAPTIVE
from sim.accounts import Accounts
from sim.deciding.diary import Diary
from sim.deciding.reports import demand
from sim.draws import child_ids, decision, uniforms
from sim.payment.contract import contract_of
from sim.payment.history import History
from sim.payment.moves import moves_of, watched_rules
from sim.payment.reform import reform_of
from sim.payment.terms import Change
from sim.staffing.payer import instruct
from sim.treasury import Group, Treasury
from sim.world import World

MOVES: Final = decision("payer_moves", "whether the payer changes a rule")
VETOES: Final = decision("payer_office", "whether the budget office stops a change")
EFFECTS: Final = decision("payer_effect", "when a change of a rule takes effect")
LOOKS: Final = decision("payer_looks", "whether the payer looks at a team")
ANSWERS: Final = decision("payer_answers", "what a deviation brings a team")
HEADS: Final = (
    decision("payer_agency", "whether the regional agency refuses a file"),
    decision("payer_fund", "whether the local fund refuses it"),
    decision("payer_disagreement", "what comes of it where they disagree"),
)

type Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Proposal:
    """One move, worked out for one rule.

    Attributes:
        name: kind of move.
        changes: changes of terms of the rule.
        teams: rows of the teams that it is for; None for all.
        cost: what it would cost (EUR/year).
        helped: share of the teams at risk that would be paid more.
    """

    name: str
    changes: tuple[Change, ...]
    teams: tuple[int, ...] | None
    cost: float
    helped: float


def payer_year(
    world: World, treasury: Treasury, accounts: Accounts, year: int, diary: Diary,
    exit_chance: Numbers | None = None,
) -> None:  # fmt: skip
    """The payer's decisions after a year has been settled, before the next begins.

    Args:
        world: the world; trust, goodwill, learning and funds of the teams change in place.
        treasury: the contracts; an adaptive payer changes terms of them.
        accounts: accounts, the year closed.
        year: year of the run that is over.
        diary: what happens is told to it.
        exit_chance: chance that each team leaves, ``(teams,)``; what the payer perceives of it by default.
    """
    instruct(world.payer, world.parameters, treasury.specification.payer)
    risk = perceived_risk(world) if exit_chance is None else exit_chance
    if int(world.payer["mode"][0]) == ADAPTIVE:
        for place, rule in enumerate(watched_rules()):
            rows = treasury.holders(rule)
            if len(rows):
                _Adaptation(world, treasury, accounts, year, rule, place, rows, risk).carry_out(diary)
    tell_written(world, treasury, year, diary)
    watch(world, treasury, accounts, year, diary)


def tell_written(world: World, treasury: Treasury, year: int, diary: Diary) -> None:
    """Put down the changes that a payer who replays its time makes in the year that begins, team by team.

    Nothing is decided: the contracts know these changes from the start. A value that a team has already is no change.
    """
    for rule, change, _teams in treasury.signatures.written:
        day = change.valid_from
        if day is None or day.year != treasury.calendar(year + 1):
            continue
        for group in treasury.groups:
            for policy in group.contract.policies:
                before, after = (getattr(policy.at(one), change.term, None) for one in (day - timedelta(days=1), day))
                if policy.name == rule and before != after:
                    weeks = max(0, (day - treasury.day(world)).days // 7)
                    diary.add("rule_change", team=group.teams, text=f"{rule}.{change.term}", terms={"weeks": weeks})


def perceived_risk(world: World) -> Numbers:
    """Chance that each team leaves, as the payer perceives it, ``(teams,)``."""
    teams = world.teams
    absence = 1 - np.clip(teams["reported"].astype(np.float64).mean(axis=1), 0, 1)
    trust, conflict = teams["payer_trust"].astype(np.float64), teams["conflict"].astype(np.float64)
    return deciding.perceived_exit(trust, conflict, absence, world.behaviour[0])


# Adapting.


class _Adaptation:
    """What an adaptive payer does about one rule in one year."""

    def __init__(
        self, world: World, treasury: Treasury, accounts: Accounts, year: int, rule: str, place: int, rows: Rows,
        risk: Numbers,
    ) -> None:  # fmt: skip
        self.world, self.treasury, self.accounts, self.year = world, treasury, accounts, year
        self.rule, self.rows, self.risk = rule, rows, risk
        self.q: Row = world.behaviour[0]
        self.who = child_ids(int(world.payer["who"][0]), [place])
        self.effect = treasury.day(world) + timedelta(weeks=deciding.weeks_to_effect(self._draw(EFFECTS), self.q))
        at_risk = rows[risk[rows] > float(self.q["payer_modes_risk_borne"])]
        self.at_risk = at_risk if len(at_risk) else rows[[int(np.argmax(risk[rows]))]]

    def carry_out(self, diary: Diary) -> None:
        """Make one move, or none."""
        budget, spent = float(self.world.payer["budget"][0]), paid_by_team(self.treasury, self.year, self.rule)
        total = float(spent[self.rows].sum())
        merit = self.world.teams["reported"][self.rows].astype(np.float64).mean(axis=1)
        patients = self.accounts.array("registered_list", self.year, "team")[self.rows]
        surprised = deciding.surprise(spent[self.rows] / np.maximum(patients, 1), merit)
        pressed = deciding.pressure(float(self.risk[self.rows].mean()), total, budget, surprised, self.q)
        proposals = list(self._proposals())
        chosen = deciding.choose_move(
            np.array([one.cost for one in proposals]), np.array([one.helped for one in proposals]), budget or total,
            self.treasury.specification.payer.budget_office, np.array([self._draw(MOVES), self._draw(VETOES)]),
            float(pressed.terms["chance"][0]), self.q,
        )  # fmt: skip
        if int(chosen.value[0]) != deciding.NO_MOVE:
            self._apply(proposals[int(chosen.value[0])], pressed, chosen, diary)

    def _apply(self, made: Proposal, pressed: Decision, chosen: Decision, diary: Diary) -> None:
        if not chosen.terms["vetoed"][0]:
            self.treasury.change_terms(self.world, self.rule, made.changes, made.teams)
        weeks = (self.effect - self.treasury.day(self.world)).days // 7
        terms = {"pressure": pressed.value, **pressed.terms, **chosen.terms, "weeks": np.array([weeks])}
        team = -1 if made.teams is None else made.teams[0]
        diary.add("rule_change", text=f"{self.rule}.{made.name}", team=team, terms=terms)

    def _proposals(self) -> Iterator[Proposal]:
        """The moves on the rule that would change something, each settled on the accounts of the year that is over."""
        groups = [g for g in self.treasury.groups if len(g.teams) and g.teams[0] in self.rows]
        before = {id(group): self._shadow(group, ()) for group in groups}
        most = int(self.at_risk[np.argmax(self.risk[self.at_risk])])
        for move in moves_of(self.rule, self.treasury.specification.payer.territorial_adjustment):
            reached = [group for group in groups if not move.one_team or most in group.teams]
            terms = next(p.terms for p in reached[0].contract.policies if p.name == self.rule)
            if changes := tuple(move.changes_of(terms, self.effect)):
                more = np.sum([self._shadow(group, changes) - before[id(group)] for group in reached], axis=0)
                if move.one_team:
                    more = np.where(np.arange(len(more)) == most, more, 0.0)
                helped = float((more[self.at_risk] > 0).mean())
                yield Proposal(move.name, changes, (most,) if move.one_team else None, float(more.sum()), helped)

    def _shadow(self, group: Group, changes: Sequence[Change]) -> Numbers:
        """What the rule would pay each team in the year of effect on last year's accounts (EUR), ``(all teams,)``."""
        treasury, spec = self.treasury, self.treasury.specification
        now, past = treasury.books(group, self.accounts, self.world, self.year)
        before = self.effect.year - 1  # where that is not yet over, it is taken to be like the last one
        known = {before: now, **past.accounts, now.year: now}
        paid = {(before, system): one for (year, system), one in past.statements.items() if year == now.year}
        history = History(known, {**paid, **past.statements})
        signed = treasury.signatures.today[int(group.teams[0])]
        decided = treasury.signatures.changes_for(int(group.teams[0])).get(self.rule, [])
        contract = contract_of(
            [self.rule], signed.terms, spec.start, reform_of(spec), {self.rule: [*decided, *changes]}
        )
        amounts = np.zeros(len(self.world.teams))
        for statement in contract.settle(replace(now, year=self.effect.year), history, treasury.norms):
            np.add.at(amounts, group.teams, statement.by_team(len(group.teams)) / 100)
        return amounts

    def _draw(self, which: np.uint64) -> float:
        return float(uniforms(self.world.seed, which, self.who, self.world.week)[0])


def paid_by_team(treasury: Treasury, year: int, rule: str = "", payee_kind: str = "") -> Numbers:
    """What a rule, or all of them, paid to each team and its members for a year of the run (EUR), ``(teams,)``.

    Args:
        treasury: the contracts.
        year: year of the run.
        rule: name of the rule; all but hospitals' by default.
        payee_kind: only what goes to this kind of payee, where given.
    """
    paid = np.zeros(len(treasury.signatures.today))
    for number, statement in treasury.settled.get(year, ()):
        rows = treasury.teams_of(year, number)
        if len(rows) and rule in ("", statement.system):
            np.add.at(paid, rows, statement.by_team(len(rows), payee_kind) / 100)
    return paid


# Watching.


def watched_teams(treasury: Treasury) -> Rows:
    """Rows of the teams that are under a rule which the payer handles."""
    rows = [treasury.holders(rule) for rule in watched_rules()]
    return np.unique(np.concatenate(rows)) if rows else np.zeros(0, dtype=np.int64)


def watch(world: World, treasury: Treasury, accounts: Accounts, year: int, diary: Diary) -> None:
    """Look at teams under contract as far as hours allow: at their claims and reports, never at their practice."""
    q, rows = world.behaviour[0], watched_teams(treasury)
    if not len(rows):
        return
    teams, who = world.teams, world.teams["who"][rows]
    reported = teams["reported"][rows].astype(np.float64).mean(axis=1)
    activity = _activity(accounts, year, rows)
    hours = deciding.hours_per_team(float(world.payer["monitoring_hours"][0]), len(rows), q)
    u = np.stack([uniforms(world.seed, which, who, world.week) for which in (LOOKS, ANSWERS)], axis=1)
    done = deciding.control(deciding.deviation(reported, activity, q), hours, u, q)
    teams["payer_trust"][rows] = deciding.trust_after(
        teams["payer_trust"][rows].astype(np.float64), done.value, deciding.steering(hours, q), q
    )
    teams["goodwill"][rows] = deciding.goodwill_after(
        teams["goodwill"][rows].astype(np.float64), reported, done.value, q
    )
    teams["learning_years"][rows] += (done.value == deciding.HELP) * q["payer_modes_help_learning"]
    on_accounts = paid_by_team(treasury, year, payee_kind="team_account")[rows]
    taken = np.where(done.value == deciding.CLAW_BACK, q["payer_modes_claw_back_share"] * on_accounts, 0.0)
    teams["fund"][rows] -= np.maximum(taken, 0)
    demands = np.zeros(len(teams), dtype=bool)
    demands[rows] = (done.value == deciding.REMINDER) | (done.value == deciding.CLAW_BACK)
    demand(world, demands, diary)
    # Unmet need stands beside, for those who read the diary: the payer does not see it.
    unmet = accounts.array("forgone_of_list", year, "team")[rows]
    told = {"reported": reported, "activity": activity, "claw_back": taken, "unmet_need": unmet, **done.terms}
    seen = np.flatnonzero(done.terms["looked"] > 0)
    names = np.array(deciding.ANSWERS)[done.value]
    diary.add("control", team=rows[seen], text=names[seen], terms={n: values[seen] for n, values in told.items()})


def _activity(accounts: Accounts, year: int, rows: Rows) -> Numbers:
    """Contacts with physicians a patient, over those of the year before; 1 where that is not known, ``(rows,)``."""
    if year - 1 not in accounts.years:
        return np.ones(len(rows))
    rates = [
        accounts.array("gp_contacts", one, "team")[rows]
        / np.maximum(accounts.array("registered_list", one, "team")[rows], 1)
        for one in (year - 1, year)
    ]  # fmt: skip
    return np.divide(rates[1], rates[0], out=np.ones(len(rows)), where=rates[0] > 0)


def refused(world: World, treasury: Treasury, rows: Rows, missing_core: Numbers) -> Decision:
    """Whether the payer refuses the files of teams that want to sign: yes or no, ``(rows,)``.

    Args:
        world: the world.
        treasury: the contracts.
        rows: rows of the teams.
        missing_core: part of the core requirements that each file does not meet, ``(rows,)``.
    """
    q, held = world.behaviour[0], watched_teams(treasury)
    instruct(world.payer, world.parameters, treasury.specification.payer)
    relaxed = deciding.shortfall(len(held), float(world.payer["count_target"][0]))
    new = (~np.isin(rows, held)).astype(np.float64)
    goodwill = world.teams["goodwill"][rows].astype(np.float64)
    chance = deciding.refusal(missing_core, goodwill, new, relaxed, q)
    who = world.teams["who"][rows]
    u = np.stack([uniforms(world.seed, which, who, world.week) for which in HEADS], axis=1)
    return deciding.heads(chance, u, q)

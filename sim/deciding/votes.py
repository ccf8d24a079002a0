"""A year of votes: whether teams stay under their contracts, and whether they join what is offered (behaviour F2, F3).

Exit is free each year. What was signed together is given up together. Only rules that somebody can leave are voted on:
those that stand in the place of fees, that add to them, or that fund an organisation.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.deciding import forming, leaders, voting
from agents.deciding.decision import Numbers
from agents.mistakes import Mistake
from agents.teams import KINDS
from sim.accounts import Accounts
from sim.deciding.diary import Diary
from sim.deciding.motions import (
    Offer,
    Quoted,
    Result,
    TeamYear,
    contract_under,
    expected_of,
    hold_vote,
    members_in_post,
    outvoted,
    quoted_by,
    recognition,
    setting_of,
    voters_of,
)
from sim.deciding.organisation import would_pay
from sim.deciding.payer import paid_by_team, refused
from sim.deciding.quarrels import (
    Agreed,
    adopt,
    agreed_rule,
    first_hourly_rule,
    holds_pool,
    pays_lump_sum,
    renegotiate,
    rule_of,
    settle_conflicts,
)
from sim.deciding.team_money import collective_flows, press_rate
from sim.draws import decision, uniforms
from sim.payment.contract import SINCE, Contract
from sim.payment.policy import Layer
from sim.payment.rules import policy_class
from sim.payment.sharing.rule import COLLECTIVE, LUMP_SUM
from sim.signing import Signed, with_rule, without_rules
from sim.specification import OfferSpec
from sim.treasury import Treasury
from sim.world import World

ANSWERS: Final = decision("call_answered", "whether a team answers a call for projects")
WINS: Final = decision("call_won", "whether its answer wins")
LEAVABLE: Final = (Layer.SUBSTITUTION, Layer.ADD_ON, Layer.ORGANISATION)
"""Layers of the rules that a team may leave, each bundle by a vote of its own."""
MONTHS: Final = 12

type Bundle = tuple[str, ...]


class Candidate(NamedTuple):
    """A team that could join an offer.

    Attributes:
        team: row.
        signed: the contract that it would be under.
        agreed: sharing rule, incomes and quarrel under it.
    """

    team: int
    signed: Signed
    agreed: Agreed


def consider_offers(
    world: World, treasury: Treasury, accounts: Accounts, year: int, offers: Mapping[str, OfferSpec], diary: Diary,
    quoted: Quoted | None = None,
) -> None:  # fmt: skip
    """Votes of all teams once a year has been settled: first on what they are under, then on what is offered.

    Args:
        world: the world, between two years; sharing rules, quarrels, conflict and commitments of the teams change.
        treasury: the contracts; those of teams that join or leave change from the coming year.
        accounts: the accounts, the year closed.
        year: year of the run that is over.
        offers: offers of the scenario, by name.
        diary: is told of votes, joins, exits, rules and conflicts.
        quoted: what members of a team (row) would get under a contract and a sharing rule; asked of
            the real rules by default.
    """
    asked = quoted or quoted_by(treasury, world, accounts, year)
    life = TeamYear(world, treasury, accounts, year, diary, asked)
    consider_leaving(life)
    for name, offer in offers.items():
        if offer.since <= treasury.day(world) <= offer.until:
            _Opening(life, name, offer).hold()


# Staying or leaving.


def bundles(signed: Signed) -> list[Bundle]:
    """Rules of a contract that can be left, those of one layer that began on one day together."""
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    for name in signed.names:
        layer = policy_class(name).layer
        if layer in LEAVABLE:
            found[int(layer), str(signed.terms.get(name, {}).get(SINCE, ""))].append(name)
    return [tuple(found[key]) for key in sorted(found)]


def consider_leaving(life: TeamYear) -> None:
    """Members of every team under a contract that can be left vote on each bundle of it, on its realised accounts."""
    world = life.world
    flows = collective_flows(life.treasury, life.year, len(world.teams))
    mean_quarrel = np.zeros(len(world.teams))
    for team in range(len(world.teams)) if world.behaviour[0]["team_life_free_exit"] else ():
        for bundle in bundles(life.treasury.signatures.today[team]):
            if not _begun(life, team, bundle):
                continue
            quarrel = _stay_or_leave(life, team, bundle, flows)
            mean_quarrel[team] = max(mean_quarrel[team], quarrel)
    settle_conflicts(life, mean_quarrel)


def _begun(life: TeamYear, team: int, bundle: Bundle) -> bool:
    """Whether the contract held in the year that is over: nobody leaves what has not begun."""
    since = life.treasury.signatures.today[team].terms.get(bundle[0], {}).get(SINCE, date.min)
    return bool(since.year <= life.treasury.calendar(life.year))


def _stay_or_leave(life: TeamYear, team: int, bundle: Bundle, flows: Mapping[str, Numbers]) -> float:
    """Vote on one bundle; returns the mean quarrel over the split of its money."""
    today = life.treasury.signatures.today[team]
    without = without_rules(today, bundle)
    lump_sum = pays_lump_sum(life, team, today, bundle)
    offer = life.quoted(team, without, rule_of(life, team))
    if not offer.moves_incomes() and (lump_sum or not (offer.moves_account() or _paid(life, team, _beside(bundle)))):
        return 0.0  # money that is nothing is nothing to vote on, or to quarrel over, as where it would be joined
    quarrel = renegotiate(life, team, without) if lump_sum else np.zeros(len(offer.now_mean))
    voters = voters_of(life.world, team, offer)
    expected = expected_of(life, voters, offer, quarrel, staying=True)
    pot = float(sum(flows[name][team] for name in _names(bundle) if name in flows))
    kept = voting.lock_in(float(life.world.teams["fixed_commitments"][team]), pot, recognition(life, team), life.q)
    hours = voting.paperwork(expected.replaced, lump_sum, life.q)
    result = hold_vote(life, team, expected, setting_of(life, team, hours, kept), voters, joining=False, against=True)
    _tell(life, team, result, f"leave: {', '.join(_names(bundle))}")
    if result.carried:
        life.treasury.change_contract(life.world, team, without.names, without.terms)
        life.diary.add("leave", team=team, text=", ".join(_names(bundle)), terms=result.terms)
    outvoted(life, team, result)
    return float(quarrel.mean()) if len(quarrel) else 0.0


def _beside(rules: Iterable[str]) -> list[str]:
    """Rules but lump sums: what of these moves nobody's income, as where an employer has it, is nobody's vote."""
    return [rule for rule in rules if policy_class(rule).pool != LUMP_SUM]


def _names(rules: Iterable[str]) -> list[str]:
    """The names that rules bear, in statements and for people; contracts call one's own ``module:Class``."""
    return [policy_class(rule).name for rule in rules]


def _tell(life: TeamYear, team: int, result: Result, text: str) -> None:
    life.diary.add("vote", team=team, before=result.needed, after=result.share, text=text, terms=result.terms)


# Joining.


class _Opening:
    """One offer in one year: who may join, who wants to, who is taken."""

    def __init__(self, life: TeamYear, name: str, offer: OfferSpec) -> None:
        self.life, self.name, self.offer = life, name, offer

    def hold(self) -> None:
        """Let every team that may join vote; sign with those that carry it, as far as places go."""
        life, taken = self.life, 0
        if self.offer.places:
            taken = sum(self._holds(team) for team in range(len(life.world.teams)))
        for team in self._order(np.flatnonzero(self._may_join())):
            if self.offer.places and taken >= self.offer.places:
                return
            candidate = self._candidate(int(team))
            if candidate is not None and self._wins(candidate) and self._joins(candidate):
                taken += 1

    def _holds(self, team: int) -> bool:
        signed = self.life.treasury.signatures.today[team]
        return any(signed.under(policy) for policy in self.offer.policies)

    def _may_join(self) -> NDArray[np.bool_]:
        """Teams that the offer is for, and that do not hold it yet, ``(teams,)``."""
        world, offer = self.life.world, self.offer
        found = np.array([not self._holds(team) for team in range(len(world.teams))], dtype=bool)
        if offer.kinds:
            found &= np.isin(world.teams["kind"], [KINDS.index(kind) for kind in offer.kinds])
        return found & np.isin(world.names, offer.only_teams) if offer.only_teams else found

    def _order(self, teams: NDArray[np.int64]) -> NDArray[np.int64]:
        """The order in which teams are taken: where places are few, those with most to their name come first."""
        if not self.offer.places:
            return teams
        return teams[np.argsort(-_endowment(self.life)[teams], kind="stable")]

    def _candidate(self, team: int) -> Candidate | None:
        """A team with what it would sign; None where the contract contradicts what it holds already."""
        life, offer = self.life, self.offer
        coming = date(life.treasury.calendar(life.year + 1), 1, 1)
        shadow = self._signed(team, coming)
        try:
            contract = contract_under(life.treasury, team, shadow)
        except Mistake:
            return None
        # Members are told what a year under the contract would bring, whenever it begins.
        agreed = agreed_rule(life, team, shadow, offer.sharing_rule)
        if not agreed.offer.moves_incomes() and not self._brings(team, shadow, contract, agreed.offer):
            return None
        return Candidate(team, self._signed(team, _later(coming, self._months())), agreed)

    def _brings(self, team: int, shadow: Signed, contract: Contract, offer: Offer) -> bool:
        """Whether an offer that moves nobody's income is still for a team: for its account, as far as reports bring it.

        A lump sum that moves nobody's income is not.
        """
        life, rules = self.life, self.offer.policies
        if pays_lump_sum(life, team, shadow, rules):
            return False
        names = _names(_beside(rules))
        offered = [policy for policy in contract.policies if policy.name in names]
        return offer.moves_account() or would_pay(
            life.treasury, life.world, life.accounts, life.year + 1, team, offered
        )

    def _signed(self, team: int, begins: date) -> Signed:
        """What a team would sign, were the contract to begin on a day."""
        signed = without_rules(self.life.treasury.signatures.today[team], self.offer.instead_of)
        for policy in self.offer.policies:
            signed = with_rule(signed, policy, begins, self.offer.terms.get(policy))
        return signed

    def _months(self) -> int:
        """Months from the vote to the contract."""
        if self.offer.writing_months >= 0:
            return round(self.offer.writing_months)
        collective = any(policy_class(name).layer is Layer.ORGANISATION for name in self.offer.policies)
        return round(float(self.life.q["team_life_writing_months"])) if collective else 0

    def _wins(self, candidate: Candidate) -> bool:
        """Whether a team answers a call and wins; an offer that is no call is open to all."""
        if not self.offer.call:
            return True
        world, team = self.life.world, candidate.team
        who = world.teams["who"][team : team + 1]
        u, won = (float(uniforms(world.seed, which, who, step=world.week)[0]) for which in (ANSWERS, WINS))
        chance = _endowment(self.life)[team]
        return bool(u < chance and won < chance)

    def _joins(self, candidate: Candidate) -> bool:
        """Put an offer to the vote, and sign where it is carried and the payer does not refuse the file."""
        life, team, agreed = self.life, candidate.team, candidate.agreed
        if agreed.withdrawn:
            terms = {f"quarrel_{rule}": total for rule, total in agreed.totals.items()}
            life.diary.add("conflict", team=team, text="withdrawn", terms=terms)
            return False
        voters = voters_of(life.world, team, agreed.offer)
        same_pay = agreed.rule == "same_act_same_pay"
        expected = expected_of(life, voters, agreed.offer, agreed.quarrel, staying=False, same_pay=same_pay)
        hours = voting.paperwork(expected.replaced, holds_pool(self.offer.policies, LUMP_SUM), life.q)
        result = hold_vote(life, team, expected, setting_of(life, team, hours), voters, joining=True)
        _tell(life, team, result, self.name)
        if not result.carried or not self._accepted(team):
            return False
        return self._sign(candidate, result)

    def _accepted(self, team: int) -> bool:
        """Whether the payer accepts the file of a collective contract; it can refuse before signature only."""
        if not any(policy_class(name).layer is Layer.ORGANISATION for name in self.offer.policies):
            return True
        life, rows = self.life, np.array([team])
        teams = life.world.teams[rows]
        # A file writes down what is reported already, and what is done and could be.
        met = np.logical_or(teams["reported"] > 0, teams["practised"] >= life.q["team_life_formalise_practice"])
        missing = 1 - met.mean(axis=1, dtype=np.float64)
        if refused(life.world, life.treasury, rows, missing).value[0]:
            life.diary.add("control", team=team, text="refused", terms={"missing": missing})
            return False
        return True

    def _sign(self, candidate: Candidate, result: Result) -> bool:
        life, team, signed = self.life, candidate.team, candidate.signed
        try:
            life.treasury.change_contract(life.world, team, signed.names, signed.terms)
        except Mistake:
            return False
        life.diary.add("join", team=team, text=", ".join(_names(self.offer.policies)), terms=result.terms)
        if candidate.agreed.totals or self.offer.sharing_rule:
            adopt(life, team, candidate.agreed.rule, candidate.agreed.totals)
        if holds_pool(self.offer.policies, COLLECTIVE):
            first_hourly_rule(life, team, signed)
            press_rate(life.world, team)
        outvoted(life, team, result)
        return True


def _paid(life: TeamYear, team: int, rules: Iterable[str]) -> bool:
    """Whether rules paid a team or its members anything for the year that is over."""
    return sum(round(100 * paid_by_team(life.treasury, life.year, rule)[team]) for rule in _names(rules)) != 0


def _endowment(life: TeamYear) -> Numbers:
    """Chance that each team answers a call, and that its answer wins, ``(teams,)``."""
    world = life.world
    carry = leaders.carriers(world.physicians, life.q)
    carrying = np.array([carry[members_in_post(world, team)].sum() for team in range(len(world.teams))], dtype=float)
    past = world.teams["learning_years"] > 0
    return forming.endowed_chance(carrying, world.teams["coordinator_fte"] > 0, past, life.q)


def _later(day: date, months: int) -> date:
    """The first of a month some months later."""
    count = day.month - 1 + months
    return date(day.year + count // MONTHS, count % MONTHS + 1, 1)

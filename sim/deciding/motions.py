"""Motions that teams vote on: what each member expects of them, who votes, and what is decided (behaviour F2).

What members hear of a motion are numbers on their own income, as quotes give them; no name of a rule reaches them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.deciding import leaders, voting
from agents.deciding.decision import Numbers
from agents.deciding.incentives import misread_rule
from agents.deciding.nurses import joins_pool
from agents.deciding.payer import uptake
from agents.declarations import Row
from sim.accounts import Accounts
from sim.deciding.diary import Diary
from sim.deciding.partner_facts import overlap_of
from sim.draws import child_ids, decision, uniforms
from sim.payment.contract import Contract, contract_of
from sim.payment.reform import reform_of
from sim.payment.terms import Change
from sim.quotes.quoting import Shadows
from sim.signing import Signed
from sim.treasury import Treasury
from sim.world import World

VOTE: Final = decision("vote", "how a member is inclined to vote, on any motion")
MISREADS: Final = decision("vote_misreads", "whether a member misreads what is voted on")
MISREADING: Final = decision("vote_misreading", "how far a member misreads it")
OUTVOTED: Final = decision("vote_outvoted", "whether an outvoted member leaves the team, and when")

TINY: Final = 1e-9
MEETING: Final = 0
"""Step of the draws of an inclination: a trait, the same in every vote, so that votes change when numbers do."""

NOTHING: Final = np.zeros(0)

type Rows = NDArray[np.int64]


class Offer(NamedTuple):
    """Incomes of the members of a team, physicians before nurses, under its contract and under another one.

    Attributes:
        physicians: rows of the physicians.
        nurses: rows of the nurses.
        now_mean: expected income as things stand (EUR/year), ``(members,)``; so are the columns below.
        now_direct: what of it is paid to the own account in the year.
        offered_mean: expected income under the other contract.
        offered_direct: what of it is paid to the own account in the year.
        change_sd: standard deviation of the change of income.
        now_account: what is paid to the account of the team as things stand, at every node of chance (EUR).
        offered_account: the same under the other contract.
    """

    physicians: Rows
    nurses: Rows
    now_mean: Numbers
    now_direct: Numbers
    offered_mean: Numbers
    offered_direct: Numbers
    change_sd: Numbers
    now_account: Numbers = NOTHING
    offered_account: Numbers = NOTHING

    def moves_incomes(self) -> bool:
        """Whether the other contract moves anybody's income."""
        mean = not np.array_equal(self.now_mean, self.offered_mean)
        return mean or not np.array_equal(self.now_direct, self.offered_direct)

    def moves_account(self) -> bool:
        """Whether it moves what is paid to the account of the team, if only by chance."""
        return not np.array_equal(self.now_account, self.offered_account)

    def as_good_as(self, other: "Offer") -> bool:
        """Whether two offers to a team bring its members and its account the same."""
        pairs = (
            (self.offered_mean, other.offered_mean),
            (self.offered_direct, other.offered_direct),
            (self.offered_account, other.offered_account),
        )
        return all(np.array_equal(one, two) for one, two in pairs)


type Quoted = Callable[[int, Signed, str], Offer]
"""Asks what a team's members would get under a contract and a sharing rule: team (row), contract, rule."""


def quoted_by(treasury: Treasury, world: World, accounts: Accounts, year: int) -> Quoted:
    """Numbers of offers by the real rules, on a shadow year.

    Args:
        treasury: the contracts.
        world: the world, in the first week of the year to come.
        accounts: the accounts, the year before closed.
        year: year of the run that is over.
    """
    shadows = Shadows(treasury, world, accounts, year + 1)

    def ask(team: int, signed: Signed, rule: str) -> Offer:
        found = shadows.offer(team, contract_under(treasury, team, signed), str(signed), rule)
        now, then = found.present, found.offered
        physician = now.level == 0
        nurse = ~physician
        nurse[nurse] = world.nurses["in_post"][now.row[nurse]] != 0
        there = physician | nurse
        # What a contract adds to, or takes from, the spread is believed independent of the rest.
        spread = np.sqrt(np.abs(then.deviation**2 - now.deviation**2))
        mean, direct, offered, offered_direct, deviation = (
            values[there] for values in (now.mean, now.direct, then.mean, then.direct, spread)
        )
        return Offer(now.row[physician], now.row[nurse], mean, direct, offered, offered_direct, deviation,
                     now.account, then.account)  # fmt: skip

    return ask


def contract_under(treasury: Treasury, team: int, signed: Signed) -> Contract:
    """The contract that a team would be under, with what the payer has decided of its terms.

    Raises:
        Mistake: a contract that contradicts itself.
    """
    spec, signatures = treasury.specification, treasury.signatures
    changes: dict[str, list[Change]] = {}
    for one in (*signatures.written, *signatures.decided):
        if one.holds_for(team) and signed.under(one.rule):
            changes.setdefault(one.rule, []).append(one.change)
    return contract_of(signed.names, signed.terms, spec.start, reform_of(spec), changes)


@dataclass(frozen=True)
class TeamYear:
    """A year of the teams that is over, and whom to ask about the next.

    Attributes:
        world: the world, in the first week of the next year.
        treasury: the contracts, settled for the year.
        accounts: the accounts, closed.
        year: year of the run that is over.
        diary: is told what happens.
        quoted: gives the numbers of an offer.
    """

    world: World
    treasury: Treasury
    accounts: Accounts
    year: int
    diary: Diary
    quoted: Quoted

    @property
    def q(self) -> Row:
        """Parameters of those who decide."""
        return self.world.behaviour[0]

    @cached_property
    def overlap(self) -> Numbers:
        """Share of each nurse's patients who are registered with a physician of the nurse's team, ``(nurses,)``."""
        world, d = self.world, self.world.dyads
        within = world.physicians["team"][d["physician"]] == world.nurses["team"][d["nurse"]]
        return np.bincount(d["nurse"], overlap_of(world) * within, minlength=len(world.nurses))


class Voters(NamedTuple):
    """Who votes in a team: physicians in post, self-employed nurses, then professionals without a row of their own.

    Attributes:
        physicians, nurses: rows.
        others: how many others.
        who: stable ids of all, ``(voters,)``.
        places: places of physicians and nurses among the members of an offer.
    """

    physicians: Rows
    nurses: Rows
    others: int
    who: NDArray[np.uint64]
    places: Rows


class Result(NamedTuple):
    """What a team has decided on a motion.

    Attributes:
        carried: whether it is carried.
        share: share of yes.
        voters: who voted.
        yes: their votes, ``(voters,)``.
        chance: chance of each one's yes, ``(voters,)``.
        terms: numbers that decided it, means over the voters.
    """

    carried: bool
    share: float
    needed: float
    voters: Voters
    yes: NDArray[np.bool_]
    chance: Numbers
    terms: Mapping[str, float]


def members_in_post(world: World, team: int) -> Rows:
    """Rows of the physicians of a team whose post is held."""
    row = world.teams[team]
    rows = np.arange(row["first_physician"], row["last_physician"])
    return rows[world.physicians["vacant_until"][rows] < 0]


def voters_of(world: World, team: int, offer: Offer) -> Voters:
    """Who votes in a team."""
    here = world.physicians["vacant_until"][offer.physicians] < 0
    nurses = world.nurses[offer.nurses]
    free = np.logical_and(nurses["salaried"] == 0, nurses["in_post"] != 0)
    others = int(world.teams["other_professionals"][team])
    physicians, nurse_rows = offer.physicians[here], offer.nurses[free]
    who = np.concatenate([
        world.physicians["who"][physicians],
        world.nurses["who"][nurse_rows],
        child_ids(int(world.teams["who"][team]), np.arange(others)),
    ])  # fmt: skip
    places = np.concatenate([np.flatnonzero(here), len(offer.physicians) + np.flatnonzero(free)])
    return Voters(physicians, nurse_rows, others, who, places)


def expected_of(
    year: TeamYear, voters: Voters, offer: Offer, quarrel: Numbers, *, staying: bool, same_pay: bool = True
) -> voting.Expected:
    """What voters expect of a motion.

    Args:
        year: the year of the teams.
        voters: who votes.
        offer: incomes under the contract of today and the other one.
        quarrel: over the split, ``(members,)``.
        staying: whether the motion is to keep the contract of today, rather than to take the other one.
        same_pay: whether the same act is paid the same to all under it.
    """
    world, q = year.world, year.q
    now, then = (offer.now_mean, offer.now_direct), (offer.offered_mean, offer.offered_direct)
    (before, direct_before), (after, direct_after) = (then, now) if staying else (now, then)
    moved = np.abs((after - direct_after) - (before - direct_before))

    def column(values: Numbers, of_others: float = 0.0) -> Numbers:
        return np.concatenate([values[voters.places], np.full(voters.others, of_others)])

    knows = world.physicians["kappa"][voters.physicians].mean(axis=1, dtype=np.float64)
    others = np.full(len(voters.nurses) + voters.others, float(q["incentives_nurse_knowledge"]))
    identity = (world.physicians["identity"][voters.physicians], world.nurses["autonomy"][voters.nurses])
    u, how = (uniforms(world.seed, which, voters.who, step=world.week) for which in (MISREADS, MISREADING))
    replaced = column(voting.replaced_share(direct_before, direct_after))
    return voting.Expected(
        income=column(offer.now_mean),
        gain=column(after - before),
        spread=column(offer.change_sd),
        moved=column(moved),
        replaced=replaced,
        identity=np.concatenate([*identity, np.zeros(voters.others)]).astype(np.float64),
        knowledge=voting.shared_knowledge(np.concatenate([knows, others]), q),
        reading=misread_rule(u, how, q),
        quarrel=column(quarrel),
        refuses=np.logical_and(not staying, _stays_out(year, voters, replaced, same_pay)),
    )


def _stays_out(year: TeamYear, voters: Voters, replaced: Numbers, same_pay: bool) -> NDArray[np.bool_]:
    """Self-employed nurses whose acts would be pooled, and who do not join such a pool, ``(voters,)``."""
    found = np.zeros(len(voters.who), dtype=bool)
    nurses = slice(len(voters.physicians), len(voters.places))
    if (replaced[nurses] > 0).any():
        overlap = year.overlap[voters.nurses]
        found[nurses] = (replaced[nurses] > 0) & ~joins_pool(overlap, np.full(len(overlap), same_pay), year.q)
    return found


def setting_of(year: TeamYear, team: int, admin_hours: float, lock_in: float = 0.0) -> voting.Setting:
    """What holds for all who vote in a team."""
    row, q = year.world.teams[team], year.q
    fit = q["team_life_fit_project"] if row["projects"] >= 1 else q["team_life_fit_alone"]
    return voting.Setting(recognition(year, team), float(fit), admin_hours, lock_in)


def recognition(year: TeamYear, team: int) -> float:
    """How far a team feels recognised by the payer."""
    return float(year.q["team_life_recognition_trust"] * year.world.teams["payer_trust"][team])


def power_of(world: World, team: int) -> float:
    """Authority of the leader of a team, 0 where nobody leads."""
    leader = int(world.teams["leader"][team])
    if leader < 0:
        return 0.0
    consultant = world.teams["consultant"][team : team + 1] != 0
    strength = leaders.strengths(world.physicians[leader : leader + 1], consultant, world.behaviour[0])
    return float(voting.authority(strength, world.teams["recognised"][team : team + 1])[0])


def hold_vote(
    year: TeamYear, team: int, expected: voting.Expected, setting: voting.Setting, voters: Voters, *, joining: bool,
    against: bool = False,
) -> Result:  # fmt: skip
    """Vote on a motion, by the rule of the team's kind; an employer decides alone.

    Args:
        year: the year of the teams.
        team: row.
        expected: what voters expect.
        setting: what holds for all.
        voters: who votes.
        joining: whether the motion is to sign a contract, for which the rule may ask for more.
        against: whether the motion is to give up what ``expected`` is about: a no to it is a yes to the motion.
    """
    world, q = year.world, year.q
    leaning = voting.leaning(expected, setting, q)
    kind, who = int(world.teams["kind"][team]), voters.who
    chance = np.where(expected.refuses, 0.0, leaning.value * (uptake(q) if joining else 1.0))
    if voting.employer_decides(kind, q):
        chance, who = np.array([chance.mean()] if len(chance) else []), world.teams["who"][team : team + 1]
    inclined = uniforms(world.seed, VOTE, who, step=MEETING)[: len(chance)] < chance
    yes, for_it = (~inclined, 1 - chance) if against else (inclined, chance)
    needs = voting.needed(kind, joining, q)
    at = np.flatnonzero(voters.physicians == world.teams["leader"][team])
    leads = bool(len(yes) == len(voters.who) and len(at) and yes[at[0]])
    result = voting.carried(yes, needs, leads, power_of(world, team))
    terms = {name: float(values.mean()) for name, values in leaning.terms.items() if len(values)}
    return Result(
        bool(result.value[0]), float(result.terms["yes"][0]), needs, voters, yes, for_it,
        {**terms, "authority": float(result.terms["authority"][0])},
    )  # fmt: skip


def outvoted(year: TeamYear, team: int, result: Result) -> None:
    """Some of those who were outvoted leave, each alone: physicians the team, other members its meetings."""
    world, voters, q = year.world, result.voters, year.q
    if len(result.yes) != len(voters.who) or len(voters.who) == voting.LONE:
        return
    went, chance = (result.yes, result.chance) if result.carried else (~result.yes, 1 - result.chance)
    u = uniforms(world.seed, OUTVOTED, voters.who, step=world.week)
    gone = voting.outvoted_leave(chance, went, u, q)
    within = (q["team_life_outvoted_weeks"] * u / max(float(q["team_life_outvoted_leaves"]), TINY)).astype(np.int64)
    first_nurse, first_other = len(voters.physicians), len(voters.places)
    leaves = world.physicians["leaves_week"]
    staying = np.logical_and(gone[:first_nurse], leaves[voters.physicians] < world.week)
    rows = voters.physicians[staying]
    leaves[rows] = world.week + 1 + within[:first_nurse][staying]
    year.diary.add("departure", team=team, physician=rows, text="outvoted")
    world.nurses["collective_minutes"][voters.nurses[gone[first_nurse:first_other]]] = 0

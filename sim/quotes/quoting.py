"""Quotes of all professionals of a world, and what an offer would bring (behaviour 0, F2).

quotes = quotes_of(treasury, world, accounts, year=3)
quotes.physicians["visit"].direct          # EUR a visit, one value a physician
quotes.nurses["handover_k02_asalee"].settled
quotes.incomes.physicians.mean             # EUR a year
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.quotes import Quote, Quotes
from agents.teams import OWN_RULE, SHARING_RULES
from sim.accounts import Accounts
from sim.payment.contract import Contract
from sim.payment.of_world import history_of, owners_of
from sim.payment.reform import fees_of, reform_of
from sim.payment.statement import Component
from sim.quotes.additions import NOTHING, Additions, Pairs
from sim.quotes.asking import Asked, Terms
from sim.quotes.batches import Answer, Batch, batches, with_rest
from sim.quotes.copies import MEMBERS
from sim.quotes.effects import NOBODY, Footprints
from sim.quotes.noise import N_NODES, NODES
from sim.quotes.recast import Recast, as_counted, claims_of
from sim.treasury import Group, Treasury
from sim.world import World

type Numbers = NDArray[np.float64]
type Rows = NDArray[np.int64]

DECIMALS: Final = 6
"""Quotes are whole millionths of a euro, so that sums in another order give the same bytes."""
LAST_DAY: Final = (12, 31)


@dataclass(frozen=True)
class Incomes:
    """Income expected of a year, one value a row of the table (EUR).

    Attributes:
        mean: expected income, after sharing.
        deviation: its standard deviation over what is uncertain.
        direct: the part of it that is paid to the own account in the year.
    """

    mean: Numbers
    deviation: Numbers
    direct: Numbers


@dataclass(frozen=True)
class PersonIncomes:
    """Expected incomes of all professionals."""

    physicians: Incomes
    nurses: Incomes


@dataclass(frozen=True)
class PersonQuotes:
    """What can be known of money, for every row of the tables of physicians and nurses.

    Attributes:
        physicians, nurses: quotes by action.
        incomes: expected incomes of the year.
    """

    physicians: Quotes
    nurses: Quotes
    incomes: PersonIncomes


@dataclass(frozen=True)
class Members:
    """Incomes of the members of one team, physicians before nurses.

    Attributes:
        level: 0 for a physician, 1 for a nurse, ``(members,)``.
        row: row of each in the table.
        mean, deviation: expected income of the year and its standard deviation (EUR).
        direct: the part that is paid to the own account in the year (EUR).
        account: what is paid to the account of the team at every node of chance (EUR), ``(nodes,)``.
    """

    level: Rows
    row: Rows
    mean: Numbers
    deviation: Numbers
    direct: Numbers
    account: Numbers


@dataclass(frozen=True)
class Offer:
    """A changed stack, on a shadow year: incomes as things stand, and under the offer."""

    present: Members
    offered: Members


def quotes_of(
    treasury: Treasury, world: World, accounts: Accounts, year: int, *, handovers: bool = True
) -> PersonQuotes:
    """Quotes for a year of the run, from the accounts of the year before.

    Args:
        treasury: contracts, norms and what was paid.
        world: the world as the year begins.
        accounts: its accounts; the year before is closed.
        year: year of the run.
        handovers: whether hand-overs of tasks are asked too; without them nothing is asked for nurses but an hour of
            collective work.
    """
    fees = fees_of(treasury.specification)
    footprints = Footprints(world, accounts, year - 1, fees, handovers=handovers)
    sizes = {"physician": len(world.physicians), "nurse": len(world.nurses)}
    effects = {"physician": footprints.of_physicians(), "nurse": footprints.of_nurses()}
    tables = {level: blank(len(effects[level]), sizes[level]) for level in MEMBERS}
    incomes = {level: Incomes(*(np.zeros(sizes[level]) for _ in range(3))) for level in MEMBERS}
    for group in treasury.groups:
        if not len(group.teams):
            continue
        asked = asked_of(treasury, world, accounts, year, group)
        asked.settle_base()
        _put_incomes(asked, incomes)
        for level in MEMBERS:
            if len(asked.owners[level]):
                additions = Additions(effects[level], asked.owners[level], asked.recast, footprints,
                                      float(asked.q["quotes_felt_step"]))  # fmt: skip
                staff = world.nurses[asked.owners["nurse"].rows]
                kinds = np.where(staff["in_post"] != 0, staff["kind"].astype(np.int64), NOBODY)
                answers = ask(asked, level, additions, kinds)
                put(asked, level, answers, additions, tables[level])
    footprints.forget()
    physicians, nurses = (told(effects[level], table) for level, table in tables.items())
    return PersonQuotes(physicians, nurses, PersonIncomes(incomes["physician"], incomes["nurse"]))


def offer_of(
    treasury: Treasury, world: World, accounts: Accounts, year: int, team: int, contract: Contract, sharing_rule: str
) -> Offer:
    """What a team's members would earn under another contract or sharing rule, and as things stand.

    Args:
        treasury: contracts, norms and what was paid.
        world: the world as the year begins.
        accounts: its accounts; the year before is closed.
        year: year of the run that is imagined.
        team: row of the team.
        contract: the contract that is offered.
        sharing_rule: the sharing rule that goes with it.
    """
    return Shadows(treasury, world, accounts, year).offer(team, contract, "offered", sharing_rule)


class Shadows:
    """Offers to teams on one shadow year: each contract is settled once a team, however many rules share its money.

    Args:
        treasury, world, accounts, year: as in :func:`offer_of`.
    """

    def __init__(self, treasury: Treasury, world: World, accounts: Accounts, year: int) -> None:
        self.treasury, self.world, self.accounts, self.year = treasury, world, accounts, year
        self._groups: dict[tuple[int, str], Group] = {}
        self._settled: dict[tuple[int, str, str], Asked] = {}
        self._members: dict[tuple[int, str, str, str], Members] = {}

    def offer(self, team: int, contract: Contract, known_as: str, sharing_rule: str) -> Offer:
        """What an offer would bring the members of a team.

        Args:
            team: row.
            contract: the contract that is offered.
            known_as: what tells it from other contracts.
            sharing_rule: the sharing rule that goes with it.
        """
        codes, names = rules_of(self.treasury, self.world, np.array([team]))
        present = self._of(team, None, "", names[int(codes[0])])
        return Offer(present, self._of(team, contract, known_as, sharing_rule))

    def _of(self, team: int, contract: Contract | None, known_as: str, rule: str) -> Members:
        today = str(self.treasury.signatures.today[team])
        key = team, today, known_as
        if (*key, rule) not in self._members:
            if key not in self._settled:
                asked = asked_of(
                    self.treasury, self.world, self.accounts, self.year, self._alone(team, today), contract, rule,
                    like=self._settled.get((team, today, "")),
                )  # fmt: skip
                asked.settle_base()
                self._settled[key] = asked
            self._members[*key, rule] = _members(self._settled[key].shared_by(rule))
        return self._members[*key, rule]

    def _alone(self, team: int, today: str) -> Group:
        if (team, today) not in self._groups:
            group = next(one for one in self.treasury.groups if team in one.teams)
            self._groups[team, today] = _alone(group, self.world, team)
        return self._groups[team, today]


def asked_of(
    treasury: Treasury, world: World, accounts: Accounts, year: int, group: Group, contract: Contract | None = None,
    sharing: str = "", like: Asked | None = None,
) -> Asked:  # fmt: skip
    """A group of teams, to be settled on imagined accounts of a year; under another contract or rule where given.

    ``like`` is the same group as it was asked about already, under whatever contract.
    """
    calendar = treasury.calendar(year)
    closed = [(known, treasury.calendar(known)) for known in sorted(accounts.years) if known < year]
    history = history_of(accounts, world, closed, group.owners, group.statements)
    codes, names = rules_of(treasury, world, group.teams)
    if sharing:
        codes, names = np.zeros(len(group.teams), dtype=np.int64), [sharing]
    spec = treasury.specification
    in_force = contract or group.contract
    terms = Terms(in_force, treasury.norms, codes, names, reform_of(spec), fees_of(spec))
    recast = _recast(treasury, accounts, year, group, in_force)
    return Asked(terms, group.owners, world, accounts, year, calendar, history, recast, like)


def rules_of(treasury: Treasury, world: World, teams: Rows) -> tuple[Rows, list[str]]:
    """Sharing rule of each team as its place in a list of names; a user's own rules follow those of the package."""
    codes = world.teams["sharing_rule"][teams].astype(np.int64)
    names = [*SHARING_RULES]
    for place in np.flatnonzero(codes == OWN_RULE):
        codes[place] = len(names)
        names.append(treasury.specification.teams[world.names[teams[place]]].sharing_rule)
    return codes, names


def _alone(group: Group, world: World, team: int) -> Group:
    """A team as a group of its own, with what it was paid before."""
    if len(group.teams) == 1:
        return group
    place = int(np.flatnonzero(group.teams == team)[0])
    alone = Group(group.contract, np.array([team]), owners_of(world, np.array([team])))
    for key, statement in group.statements.items():
        parts = tuple(_of_team(part, place) for part in statement.components)
        alone.statements[key] = replace(statement, components=parts)
    return alone


def _of_team(part: Component, place: int) -> Component:
    """What one team of a group, or its members, were paid, without the worksheet."""
    here = part.team == place
    weights = None if part.weights is None else part.weights[here]
    return replace(
        part, payees=part.payees[here], team=np.zeros(int(here.sum()), dtype=np.int64), cents=part.cents[here],
        weights=weights, sheet=None,
    )  # fmt: skip


def _recast(treasury: Treasury, accounts: Accounts, year: int, group: Group, contract: Contract) -> Recast:
    """Which of last year's acts the coming year's contract counts otherwise."""
    now = claims_of(contract.replaced(date(treasury.calendar(year), *LAST_DAY)))
    last = year - 1

    def of_team(name: str) -> Numbers:
        return np.asarray(accounts.array(name, last, "team")[group.teams], dtype=np.float64)

    tariff = accounts.total("budget_physicians_tariff", last)
    insurer = accounts.total("budget_physicians_insurer", last) / tariff if tariff else 1.0
    return Recast(accounts.measures, as_counted(now, of_team), now, of_team, insurer)


# Putting actions to a group.


def ask(asked: Asked, level: str, additions: Additions, kinds: Rows) -> list[Answer]:
    """Changes of incomes by all actions of the members of one level of a group.

    Args:
        asked: the group, its base settled.
        level: level of those who act.
        additions: what their actions add.
        kinds: kind of every nurse of the group, ``NOBODY`` for a post that is not held, ``(nurses,)``.
    """
    reach = asked.affected(additions.present, len(additions.effects))
    most = max(1, int(asked.q["quotes_copies_at_once"]) // N_NODES)
    answers, last = [], None
    for actions, actors, (policies, members) in batches(additions, reach, most):
        if asked.coupled:
            actions, actors = with_rest(actions, actors, asked.owners[level].team)  # noqa: PLW2901
        pairs = Pairs(additions, actions, actors)
        if last is None or not np.array_equal(last.actors, actors):
            last = Batch(asked, level, actors, kinds)
        answers.append(last.ask(pairs, policies, members))
    return answers


def put(asked: Asked, level: str, answers: Sequence[Answer], additions: Additions, table: Numbers) -> None:
    """Write answers into quotes; chance is that of a small effort of the whole team, against the noise of own pay.

    Only what an action moves can drown it: who is paid for what can be counted need not mind what becomes of patients
    elsewhere.

    Args:
        asked: the group, its base settled.
        level: level of those who act.
        answers: changes of incomes.
        additions: what their actions add.
        table: the quotes of the level, as :func:`blank` made them.
    """
    owners = asked.owners[level]
    spread = _noise_of_actions(asked, level, additions)
    chance_of = table[-1]
    chance_of[:, owners.rows] = np.where(spread > 0, 0.0, 1.0)
    of_team = np.array([effect.of_team[owners.rows] for effect in additions.effects])
    small = float(asked.q["quotes_small_effort"])
    for answer in answers:
        acts = answer.action != NOTHING
        action, actor = answer.action[acts], answer.actor[acts]
        money = np.array([answer.direct[acts], answer.settled[acts], answer.team[acts], answer.lag[acts]])
        known = np.round(money, DECIMALS) + 0.0
        table[:-1, action, owners.rows[actor]] = known
        effort = (known[1] * small * np.maximum(1.0, of_team[action, actor])) ** 2
        noise = spread[action, actor] ** 2
        chance = np.divide(effort, effort + noise, out=np.ones(len(actor)), where=noise > 0)
        chance_of[action, owners.rows[actor]] = np.round(chance, DECIMALS)


def blank(actions: int, rows: int) -> Numbers:
    """Quotes of nothing, to be written into: every field of a quote by action and row, the chance being 1."""
    table = np.zeros((len(Quote._fields), actions, rows))
    table[-1] = 1.0
    return table


def told(actions: Iterable[str], table: Numbers) -> dict[str, Quote]:
    """Quotes by the names of their actions."""
    return {name: Quote(*fields) for name, fields in zip(actions, table.swapaxes(0, 1), strict=True)}


# Incomes.


def _by_level(asked: Asked, values: NDArray[np.int64]) -> dict[str, Numbers]:
    """Cents of all persons at every node, by level: ``(owners, nodes)`` in EUR."""
    cut = len(asked.owners["physician"]) * N_NODES
    parts = {"physician": values[:cut], "nurse": values[cut:]}
    return {level: part.reshape(-1, N_NODES) / 100 for level, part in parts.items()}


def _noise_of_pay(asked: Asked, level: str) -> Numbers:
    """Standard deviation of the settled pay of each member that each source makes (EUR), ``(owners, sources)``."""
    at_nodes = _by_level(asked, asked.income().settled)[level]
    # The nodes are orthogonal: what each source moves by one standard deviation is a mean over them.
    return np.asarray(at_nodes @ NODES / N_NODES * np.asarray(asked.q["quotes_lottery"]))


def _noise_of_actions(asked: Asked, level: str, additions: Additions) -> Numbers:
    """Standard deviation of what each action moves in the settled pay of each member (EUR), ``(actions, owners)``."""
    by_source, known = _noise_of_pay(asked, level), dict[bytes, Numbers]()
    moved = asked.sources_moved(additions.present, len(additions.effects))
    for sources in moved:  # a handful of sets of sources are those of all actions
        if sources.tobytes() not in known:
            drowned = np.sqrt((by_source[:, sources] ** 2).sum(axis=1))
            known[sources.tobytes()] = np.round(drowned, DECIMALS)
    return np.array([known[sources.tobytes()] for sources in moved])


def _put_incomes(asked: Asked, incomes: Mapping[str, Incomes]) -> None:
    money = asked.income()
    whole, direct = _by_level(asked, money.income), _by_level(asked, money.direct)
    for level, known in incomes.items():
        rows = asked.owners[level].rows
        known.mean[rows] = np.round(whole[level].mean(axis=1), DECIMALS)
        known.deviation[rows] = np.round(whole[level].std(axis=1), DECIMALS)
        known.direct[rows] = np.round(direct[level].mean(axis=1), DECIMALS)


def _members(asked: Asked) -> Members:
    found = {
        level: Incomes(*(np.zeros(int(asked.owners[level].rows.max(initial=-1)) + 1) for _ in range(3)))
        for level in MEMBERS
    }
    _put_incomes(asked, found)
    rows = {level: asked.owners[level].rows for level in MEMBERS}
    mean, deviation, direct = (
        np.concatenate([getattr(found[level], name)[rows[level]] for level in MEMBERS])
        for name in ("mean", "deviation", "direct")
    )
    level = np.repeat(np.arange(len(MEMBERS)), [len(rows[one]) for one in MEMBERS])
    return Members(level, np.concatenate([rows[one] for one in MEMBERS]), mean, deviation, direct, _account(asked))


def _account(asked: Asked) -> Numbers:
    """What is paid to the account of the only team of a group at every node (EUR), ``(nodes,)``."""
    pools = asked.income().pools.values()
    whole = sum((cents for by_quarter in pools for cents in by_quarter.values()), np.zeros(N_NODES))
    return np.round(whole / 100, 2)
